"""Try every mutant, or those of a kind: `python -m tests.mutation.run --help`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msrisk.api import default_ruleset, shipped_rules
from msrisk.loading import load_cases
from msrisk.model.rules import RuleSet
from tests.mutation.catch import CAUGHT, Caught, Judge, Outcome
from tests.mutation.mutants import Mutant, rule_mutants
from tests.mutation.words import APART, WORD_KINDS, batches, sampled, word_mutants

__all__ = ["counts", "main", "summary"]


def summary(results: Sequence[Caught]) -> str:
    """Return how many mutants were caught, and by what, in a line."""
    found = Counter(one.outcome for one in results)
    apart = [f"{one.value} {found[one]}" for one in Outcome if one not in CAUGHT and found[one]]
    harmless = sum(found[one] for one in Outcome if one not in (*CAUGHT, Outcome.MISSED))
    caught = sum(found[one] for one in CAUGHT)
    by = ", ".join(f"{one.value} {found[one]}" for one in CAUGHT)
    line = f"rule mutation: {caught} of {len(results) - harmless} caught: {by}"
    return f"{line}; apart: {', '.join(apart)}" if apart else line


def counts(results: Iterable[Caught]) -> Iterator[str]:
    """Yield a line for each kind of mutant: what became of how many."""
    kinds: dict[str, Counter[str]] = {}
    for one in results:
        kinds.setdefault(one.mutant.kind, Counter())[one.outcome.value] += 1
    for kind, found in sorted(kinds.items()):
        yield f"{kind}: {', '.join(f'{name} {n}' for name, n in sorted(found.items()))}"


def _chosen(ruleset: RuleSet, arguments: argparse.Namespace) -> Iterator[list[Mutant]]:
    """Yield the mutants to be tried, those together that do not meddle with one another."""
    for mutant in rule_mutants(ruleset):
        if not arguments.kind or mutant.kind in arguments.kind:
            yield [mutant]
    kinds = [kind for kind in WORD_KINDS if not arguments.kind or kind in arguments.kind]
    if not arguments.all:
        for mutant in sampled(ruleset, kinds, arguments.seed, arguments.sample):
            yield [mutant]
        return
    for kind in kinds:
        if kind in APART:
            yield from batches(ruleset, kind)
        else:
            yield from ([mutant] for mutant in word_mutants(ruleset, kind))


def main() -> int:
    """Try mutants of the shipped rules; 1 if one of them is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=main.__doc__)
    parser.add_argument("--all", action="store_true", help="every mutant of the vocabulary, too")
    parser.add_argument(
        "--kind", action="append", help="only mutants of this kind; may be given again"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sample of the vocabulary")
    parser.add_argument("--sample", type=int, default=150, help="size of that sample")
    arguments = parser.parse_args()
    ruleset = default_ruleset()
    judge = Judge(ruleset, load_cases(shipped_rules()))
    results: list[Caught] = []
    for mutants in _chosen(ruleset, arguments):
        together = judge.tried_together if len(mutants) > 1 else lambda few: judge.tried(few[0])
        for one in together(mutants):
            results.append(one)
            if one.outcome not in (Outcome.LOAD, Outcome.DIFF):
                said = f"{one.outcome.value}: {one.mutant.kind}: {one.mutant.what}: {one.why}"
                sys.stdout.write(f"{said}\n")
                sys.stdout.flush()
    for line in (*counts(results), summary(results)):
        sys.stdout.write(f"{line}\n")
    return int(any(one.outcome is Outcome.MISSED for one in results))


if __name__ == "__main__":
    sys.exit(main())
