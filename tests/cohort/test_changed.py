"""The list of those to call of whom changed rules say something else."""

from __future__ import annotations

import polars as pl
from attrs import evolve

from msrisk.cohort.changed import UNTOUCHED, changed_of, proof_of
from msrisk.model.rules import RuleSet
from tests.cohort.frames import KEY


def test_those_to_call_first_are_those_of_whom_the_gravest_is_or_was_said() -> None:
    said = {
        3: ("no-finding", "caution", "urgent", "urgent"),
        1: ("inform", "inform", "caution", "urgent"),
        2: ("no-finding", "caution", "urgent", "urgent"),
        4: ("contraindicated", "undetermined", "urgent", "urgent"),
        5: ("urgent", "urgent", "urgent", "urgent"),
    }
    names = ["_msrisk_before_level", "level", "_msrisk_before_worst_case", "worst_case"]
    columns = dict(zip(names, map(list, zip(*said.values(), strict=True)), strict=True))
    _, listed, _ = changed_of(pl.LazyFrame({KEY: list(said), **columns}), RuleSet.default())
    assert listed.collect()[KEY].to_list() == [4, 2, 3, 1]


def test_each_rule_is_told_with_its_patients_and_what_became_of_it() -> None:
    old = RuleSet.default()
    gone = next(rule for rule in old.rules if rule.id == "ala-older-adult")
    new = evolve(old, rules=tuple(rule for rule in old.rules if rule is not gone), digest="x")
    told = proof_of(old, new, {"ala-minerals": 0, gone.id: 3, "ala-diabetes": 5})
    rules = [(one.id, one.patients) for one in told if one.patients is not None]
    assert rules == [("ala-diabetes", 5), (gone.id, 3), ("ala-minerals", 0)]
    verdicts = {one.id: one.verdict for one in told}
    assert verdicts["ala-diabetes"] == UNTOUCHED
    assert verdicts[gone.id] == "weakens"
