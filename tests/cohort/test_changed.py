"""The list of those to call of whom changed rules say something else."""

from __future__ import annotations

import polars as pl

from msrisk.cohort.changed import changed_of
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
    _, listed = changed_of(pl.LazyFrame({KEY: list(said), **columns}), RuleSet.default())
    assert listed.collect()[KEY].to_list() == [4, 2, 3, 1]
