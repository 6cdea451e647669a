"""Lists that are read as bits say the same however many bits a number has."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

import polars as pl
import pytest

import msrisk.cohort
from msrisk.cohort import numbered
from msrisk.model.rules import RuleSet
from tests.cohort.frames import KEY, table
from tests.cohort.made import patients, plain


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


@pytest.mark.parametrize("with_columns", [True, False])
def test_codes_in_several_numbers_say_what_they_say_in_one(
    monkeypatch: pytest.MonkeyPatch, *, with_columns: bool
) -> None:
    shipped = RuleSet.default()
    frame = table(patients(80, random.Random(7)), shipped)  # noqa: S311  # made-up patients are no secret
    if not with_columns:
        frame = frame.drop([name for name in frame.columns if "_of_" in name])
    wide = msrisk.cohort.screen(frame)
    monkeypatch.setattr(numbered, "_BITS", 5)
    assert msrisk.cohort.screen(frame).equals(wide)


def test_each_entry_that_is_in_no_table_counts_once() -> None:
    frame = (
        plain(1)
        .select(KEY)
        .with_columns(
            medications=pl.Series([["one", "two", "two", "insulin"]]),
            supplements=pl.Series([["NAC", "three"]]),
        )
    )
    known = msrisk.cohort.recognise(
        pl.DataFrame({"medications": [["insulin"]], "supplements": [["NAC"]]})
    )
    answered = msrisk.cohort.screen(frame, recognised=known)
    assert answered["not_read"].to_list() == [3]
    assert answered["level"].to_list() == ["undetermined"]
