"""How long it takes to say what a change of rules does to patients.

Absolute times mean little on a shared machine. Each job is therefore also given as a
multiple of the yardstick: loading the shipped rules in the same run. What is wanted is 2
seconds for one rule or name of the shipped rules, and 60 for 100 of 1,000 rules or for
thousands of names.
Run it with `python benchmarks/diff.py`; it is never part of the tests.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attrs import evolve

import msrisk
from msrisk.analysis import Verdict, compare
from msrisk.model import conditions as node
from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import Condition
from msrisk.model.rules import Kind, Rule, RuleSet

ROOT: Final = Path(__file__).parent.parent
RULES: Final = ROOT / "rules"
MANY: Final = 1000
CHANGED: Final = 100
RENAMED: Final = 1000
_KINDS: Final = (Kind.INFORM, Kind.CAUTION, Kind.CONTRAINDICATION, Kind.EMERGENCY)


def seconds(job: Callable[[], object]) -> float:
    """Return how long a job takes, once: what it remembers would make a second run shorter."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def renamed(rules: RuleSet, count: int) -> RuleSet:
    """Return rules in which this many medicines have one name more."""
    words = rules.vocabulary
    drugs = tuple(
        evolve(drug, names=(*drug.names, f"{drug.id.replace('-', '')}ozzo")) if n < count else drug
        for n, drug in enumerate(words.drugs)
    )
    return evolve(rules, digest="names", vocabulary=evolve(words, drugs=drugs))


def fewer(rules: RuleSet, count: int) -> RuleSet:
    """Return rules without this many medicines, each under all its names."""
    words = rules.vocabulary
    step = len(words.drugs) // count
    gone = {drug.id for drug in words.drugs[:: max(step, 1)][:count]}
    used = {part for drug in words.drugs if drug.id not in gone for part in drug.ingredients}
    used.update(id_ for term in words.terms for id_ in (*term.concepts, *term.possible))
    drugs = tuple(drug for drug in words.drugs if drug.id not in gone - used)
    return evolve(rules, digest="fewer", vocabulary=evolve(words, drugs=drugs))


def one_rule(rules: RuleSet) -> RuleSet:
    """Return rules of which one asks for both of two things where it asked for either."""
    old = next(rule for rule in rules.rules if isinstance(rule.when, node.Any))
    new = evolve(old, when=node.All(old.when.of)) if isinstance(old.when, node.Any) else old
    kept = (new if rule is old else rule for rule in rules.rules)
    return evolve(rules, digest="rule", rules=tuple(kept))


def leaf(chance: random.Random, rules: RuleSet) -> Condition:
    """Return a single test that rules could have."""
    words = rules.vocabulary

    def some(kind: ConceptKind) -> str:
        return chance.choice([one.id for one in words.concepts if one.kind is kind])

    tests: list[Callable[[], Condition]] = [
        lambda: node.Takes(chance.choice(words.drug_classes).id),
        lambda: node.HasCondition(some(ConceptKind.CONDITION)),
        lambda: node.AllergicTo(some(ConceptKind.ALLERGEN)),
        lambda: node.ReportsSymptom(some(ConceptKind.SYMPTOM)),
        lambda: node.TakesSupplement(some(ConceptKind.SUPPLEMENT)),
        lambda: node.AgeAtLeast("older-adult-years"),
        lambda: node.AgeBelow("adult-years"),
        lambda: node.WeightBelow("low-body-weight-kg"),
        lambda: node.DailyDoseAbove("ala-studied-daily-dose-high"),
        lambda: node.DosesPerDayBelow("ala-usual-doses-per-day"),
        node.Taking,
    ]
    return chance.choice(tests)()


def tree(chance: random.Random, rules: RuleSet, depth: int = 2) -> Condition:
    """Return a condition of several tests, of at most this many levels of "all" and "any"."""
    if not depth:
        return leaf(chance, rules)
    parts = tuple(
        dict.fromkeys(tree(chance, rules, depth - 1) for _ in range(chance.randint(1, 3)))
    )
    return chance.choice((node.All, node.Any))(parts) if len(parts) > 1 else parts[0]


def many(rules: RuleSet) -> tuple[RuleSet, RuleSet]:
    """Return a thousand rules over the shipped vocabulary, before and after a hundred changes."""
    chance = random.Random(1)  # noqa: S311  # the same rules in each run, and no secret
    like = next(rule for rule in rules.rules if rule.when is not None)
    made = [
        evolve(
            like,
            id=f"made-{number}",
            kind=chance.choice(_KINDS),
            when=tree(chance, rules),
            applies_to=(chance.choice(rules.substances).id,),
        )
        for number in range(MANY)
    ]

    def changed(rule: Rule) -> Rule:
        if isinstance(rule.when, node.All | node.Any) and chance.randrange(2):
            return evolve(rule, when=type(rule.when)(rule.when.of[1:]))
        return evolve(rule, when=tree(chance, rules))

    chosen = set(chance.sample(range(MANY), CHANGED))
    after = (changed(rule) if number in chosen else rule for number, rule in enumerate(made))
    # Alone: beside them the shipped rules would only be compared as well.
    scope = tuple(rule for rule in rules.rules if rule.when is None)
    old = evolve(rules, digest="before", rules=(*scope, *made), claims=())
    return old, evolve(old, digest="after", rules=(*scope, *after))


def process(folder: Path) -> object:
    """Run the command on the shipped rules and those of a folder."""
    command = [sys.executable, "-m", "msrisk", "rules", "diff", str(RULES), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  # this program


def copied(folder: Path, file: str, find: str, put: str) -> Path:
    """Return a copy of the shipped rules in which the first of something in a file is another."""
    shutil.copytree(RULES, folder)
    path = folder / file
    before = path.read_text("utf-8")
    after = before.replace(find, put, 1)
    if after == before:
        raise AssertionError(file)
    path.write_text(after, "utf-8")
    return folder


def main() -> None:
    """Print a line for each job."""

    def load() -> RuleSet:
        return msrisk.RuleSet.load(RULES)

    # Once: of what was read before, a process remembers the most.
    yardstick = seconds(load)

    def report(name: str, time_: float, more: str = "") -> None:
        print(f"{name:58} {time_:8.2f} s  {time_ / yardstick:7.2f} × loading{more}")  # noqa: T201  # a report

    report("load the shipped rules (yardstick)", yardstick)
    for name, edit in (
        ("compare the shipped rules with themselves", lambda rules: rules),
        ("… with one rule changed", one_rule),
        ("… with one name added", lambda rules: renamed(rules, 1)),
        ("… with fifty names added", lambda rules: renamed(rules, 50)),
    ):
        old, new = load(), edit(load())
        report(name, seconds(lambda: compare(old, new)))  # noqa: B023  # called at once
    any_, all_ = 'when = { kind = "any"', 'when = { kind = "all"'
    thyroid = "vocabulary/drugs/H-hormones/H03-thyroid.toml"
    alpha = "substances/alpha-lipoic-acid.toml"
    for name, place in (
        ("one rule changed", (alpha, any_, all_)),
        ("one name added", (thyroid, '"Synthroid",', '"Synthroid", "levothyrozzo",')),
    ):
        with tempfile.TemporaryDirectory() as folder:
            other = copied(Path(folder) / "rules", *place)
            report(f"`msrisk rules diff` with {name}", seconds(lambda: process(other)))  # noqa: B023  # called at once
    new = load()
    old = fewer(load(), RENAMED)
    count = len(new.vocabulary.drugs) - len(old.vocabulary.drugs)
    report(f"… with {count} medicines added", seconds(lambda: compare(old, new)))
    old, new = many(load())
    found = []
    time_ = seconds(lambda: found.append(compare(old, new)))
    verdicts = [change.verdict for change in found[0].changes]
    counted = ", ".join(f"{verdicts.count(one)} {one.value}" for one in Verdict if one in verdicts)
    report(f"compare {MANY} rules with {CHANGED} of them changed", time_, f" ({counted})")


if __name__ == "__main__":
    main()
