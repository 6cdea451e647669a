"""Two rule sets → every change between them, and what each does to patients."""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.analysis import texts
from msrisk.analysis.entries import Both
from msrisk.analysis.names import Names
from msrisk.analysis.results import Change, Diff, Verdict
from msrisk.analysis.rules import Rules
from msrisk.model.rules import RuleSet

__all__ = ["compare"]


def compare(old: RuleSet, new: RuleSet) -> Diff:
    """Return what the change from one rule set to another does to patients.

    Exact over the concepts of which rules speak, the numbers that thresholds tell apart
    and the names that the vocabularies list; docs/analysis.md has the argument.
    """
    both = Both(old, new)
    rules = Rules(both)
    of_rules = list(rules.rules())
    changes = [
        *_withdrawal(old, new),
        *rules.substances(),
        *of_rules,
        *texts.claims(rules),
        *texts.thresholds(rules, of_rules),
        *texts.sources(rules),
        *texts.prompts(rules),
        *Names(both, rules).changes(),
    ]
    order = list(Verdict)
    changes.sort(key=lambda one: order.index(one.verdict))
    return Diff(old, new, tuple(changes), tuple(_notes(old, new)))


def _withdrawal(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    if old.withdrawn == new.withdrawn:
        return
    # A rule set that must not answer gives nobody anything to compare with.
    verdict = Verdict.STRENGTHENS if new.withdrawn else Verdict.UNDECIDED
    says = "it was withdrawn" if new.withdrawn else "it is no longer withdrawn"
    yield Change(verdict, "rule set", new.name, (says,))


def _notes(old: RuleSet, new: RuleSet) -> Iterator[str]:
    if old.digest != new.digest and old.version == new.version:
        yield f"the content changed and the version did not: it is still {new.version}"
    for pack in sorted(set(old.packs) - set(new.packs)):
        yield f"there is no pack {pack} any more: whoever asks for it is refused"
