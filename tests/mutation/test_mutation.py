"""Small weakenings of the shipped rules do not pass unseen: the loader, a diff or a case sees them.

`python -m tests.mutation.run --all` tries every one of the vocabulary as well; it takes many
hours, so `--kind` may be given too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from attrs import evolve

import msrisk
from msrisk.analysis import Diff
from msrisk.api import shipped_rules
from msrisk.loading import load_cases
from msrisk.model.rules import RuleSet
from tests.mutation import catch
from tests.mutation.catch import CAUGHT, Caught, Judge, Outcome
from tests.mutation.counted import PROPERTY
from tests.mutation.mutants import Mutant, rule_mutants
from tests.mutation.run import summary
from tests.mutation.words import WORD_KINDS, batches, sampled

pytestmark = pytest.mark.slow

Record = Callable[[str, object], None]

IN_CI = 6
# Those of the rules are tried in parts, which the processes of a test run share.
PARTS = 12
# Of these, which take longest and are all alike, one in four; all of them on demand.
MANY = {"ask for more", "cut a citation", "lower a kind", "make it a caveat"}
# What is no weakening at all, because nobody can tell or somebody is told more.
HARMLESS = {"equivalent", "rewords", "strengthens"}


@pytest.fixture(scope="module")
def judge(ruleset: msrisk.RuleSet) -> Judge:
    return Judge(ruleset, load_cases(shipped_rules()))


def tried(judge: Judge, mutants: Iterable[Mutant], record: Record) -> list[Caught]:
    found = [one for mutant in mutants for one in judge.tried(mutant)]
    record(PROPERTY, [(one.mutant.kind, one.mutant.what, one.outcome.value) for one in found])
    return found


def missed(results: Iterable[Caught]) -> list[str]:
    return [
        f"{one.mutant.kind}: {one.mutant.what}: {one.why}"
        for one in results
        if one.outcome is Outcome.MISSED
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_small_weakenings_of_the_rules_are_caught(
    judge: Judge, ruleset: RuleSet, record_property: Record, part: int
) -> None:
    mutants = enumerate(rule_mutants(ruleset))
    chosen = [one for n, one in mutants if one.kind not in MANY or n % 4 == 0]
    assert len(chosen) > len(ruleset.rules) * 9
    found = tried(judge, chosen[part::PARTS], record_property)
    assert len(found) >= len(chosen) // PARTS
    assert missed(found) == []
    assert {one.outcome.value for one in found} <= {one.value for one in CAUGHT} | HARMLESS


@pytest.mark.parametrize("seed", range(2026, 2030))
def test_a_sample_of_the_weakenings_of_the_vocabulary_is_caught(
    judge: Judge, ruleset: RuleSet, record_property: Record, seed: int
) -> None:
    found = tried(judge, sampled(ruleset, WORD_KINDS, seed=seed, most=IN_CI), record_property)
    assert missed(found) == []
    assert len(found) >= IN_CI


def test_many_weakenings_of_different_things_are_told_apart_in_one_diff(
    judge: Judge, ruleset: RuleSet
) -> None:
    first, *_ = batches(ruleset, "drop a membership")
    nothing = Mutant("nothing", "no such thing: at all", lambda rules: rules)
    *found, last = judge.tried_together([*first[:40], nothing])
    assert len({one.mutant.subject for one in found}) == 40
    assert [one.outcome for one in found] == [Outcome.DIFF] * 40
    assert all(one.mutant.subject in one.why for one in found)
    assert last.outcome is Outcome.EQUIVALENT


def test_many_weakenings_that_cannot_be_loaded_together_are_tried_alone(judge: Judge) -> None:
    def no_classes(rules: RuleSet) -> RuleSet:
        return evolve(rules, vocabulary=evolve(rules.vocabulary, drug_classes=()))

    (found,) = judge.tried_together([Mutant("no classes", "all of them", no_classes)])
    assert found.outcome is Outcome.LOAD


def test_a_sample_is_the_same_for_the_same_seed(ruleset: RuleSet) -> None:
    kinds = ["cut told_in", "cut a parent"]
    drawn = [
        [one.what for one in sampled(ruleset, kinds, seed=seed, most=20)] for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 20


def test_a_mutant_that_a_diff_passes_over_is_shown_up_by_the_worked_patients(
    judge: Judge, ruleset: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch, "compare", lambda old, new: Diff(old, new, ()))
    wanted = "lower a kind", "rule ala-diabetes to inform"
    lower = next(one for one in rule_mutants(ruleset) if (one.kind, one.what) == wanted)
    found = judge.judged(lower)
    assert found.outcome is Outcome.MISSED
    assert "loses" in found.why
    assert summary([found]).startswith("rule mutation: 0 of 1 caught")


def test_a_mutant_that_changes_nothing_is_counted_apart(judge: Judge) -> None:
    same = judge.judged(Mutant("nothing", "at all", lambda rules: rules))
    assert (same.outcome, same.why) == (Outcome.EQUIVALENT, "no change")
    assert summary([same]) == (
        "rule mutation: 0 of 0 caught: load 0, diff 0, check 0, case 0; apart: equivalent 1"
    )


def test_what_cannot_be_loaded_is_tried_again_once_it_is_tidied(
    judge: Judge, ruleset: RuleSet
) -> None:
    limiting = {id_ for claim in ruleset.claims for id_ in claim.qualified_by}
    caveats = (one.id for one in ruleset.rules if one.kind.level is None and one.id in limiting)
    wanted = "drop a caveat", f"rule {next(caveats)}"
    drop = next(one for one in rule_mutants(ruleset) if (one.kind, one.what) == wanted)
    assert [one.outcome for one in judge.tried(drop)] == [Outcome.LOAD, Outcome.DIFF]
