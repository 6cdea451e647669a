"""The list of those to call of whom changed rules say something else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from attrs import evolve

from msrisk.cohort.changed import UNTOUCHED, changed_of, proof_of
from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
from msrisk.model.rules import RuleSet
from tests.cohort.frames import KEY, table
from tests.cohort.made import plain


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


def test_changed_rules_give_a_list_of_those_to_call(tmp_path: Path) -> None:
    old = RuleSet.default()
    older = next(rule for rule in old.rules if rule.id == "ala-older-adult")
    new = evolve(old, rules=tuple(rule for rule in old.rules if rule is not older), digest="x")
    one = {name: value for name, value in plain(1).to_dicts()[0].items() if name != KEY}
    frame = table(
        [
            {**one, "supplements": ["alpha lipoic acid"], "age_years": age}
            for age in (70.0, 30.0, None)
        ],
        old,
    )
    frame.write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet"), tmp_path / "out.parquet", new, old)
    summary = run(job, lambda *_: None)
    assert summary.changed == 2
    assert summary.changes is not None
    assert (summary.changes[0].id, summary.changes[0].patients) == ("ala-older-adult", 2)
    programs = pl.read_ndjson(job.to_call)["rules"].to_list()
    assert programs[1] == ["ala-older-adult: open -> no such rule"]
    listed = pl.read_csv(job.changed)
    assert listed[KEY].to_list() == [0, 2]
    assert listed["rules"].to_list() == [
        "ala-older-adult: applies -> no such rule",
        "ala-older-adult: open -> no such rule",
    ]
    assert not any(name.startswith("_msrisk") for name in pl.read_parquet(job.target).columns)
