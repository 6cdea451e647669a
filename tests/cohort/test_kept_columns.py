"""Columns of any type are kept, whatever the kind of the file that is written."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
from msrisk.model.rules import RuleSet
from tests.cohort.made import plain

SHIPPED = RuleSet.default()
BYTES = pl.lit(b"\xff\x01")
DAY = pl.lit("2026-01-31").str.to_date()
KEPT = {
    "bytes": (BYTES, "ff01"),
    "a duration": (pl.duration(hours=36), "P1DT12H"),
    "a day": (DAY, "2026-01-31"),
    "a time": (DAY.cast(pl.Datetime("us", "UTC")), None),
    "an exact number": (pl.lit("1.50").cast(pl.Decimal(10, 2)), None),
    "numbers": (pl.concat_list(pl.lit(1), pl.lit(None)), [1, None]),
    "bytes in a list": (pl.concat_list(BYTES), ["ff01"]),
    "bytes in an array": (pl.concat_list(BYTES).cast(pl.Array(pl.Binary, 1)), ["ff01"]),
    "a struct": (pl.struct(day=DAY, none=pl.lit(None)), {"day": "2026-01-31", "none": None}),
    "bytes far inside": (
        pl.struct(all=pl.concat_list(pl.struct(of=BYTES, is_=pl.lit(value=True)))),
        {"all": [{"of": "ff01", "is_": True}]},
    ),
    "an empty column": (pl.lit(None), None),
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


@pytest.mark.parametrize("ending", ["parquet", "csv", "ndjson"])
def test_columns_of_any_type_are_kept_in_each_file(tmp_path: Path, ending: str) -> None:
    frame = plain(3).with_columns(of.alias(name) for name, (of, _) in KEPT.items())
    frame = frame.with_columns(
        age_years=pl.Series([70.0, -1.0, 70.0]), supplements=pl.Series([["alpha lipoic acid"]] * 3)
    )
    frame.write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet"), tmp_path / f"out.{ending}", SHIPPED, old=_other())
    summary = run(job, lambda *_: None)
    assert (summary.patients, summary.aside, summary.changed) == (2, 1, 2)
    lines = [json.loads(line) for line in job.to_call.read_text("utf-8").splitlines()]
    (aside,) = [json.loads(line) for line in job.aside.read_text("utf-8").splitlines()]
    given = lines
    if ending == "ndjson":
        given = [json.loads(line) for line in job.target.read_text("utf-8").splitlines()]
    for name, (_, told) in KEPT.items():
        if told is not None:
            assert [row[name] for row in (*lines, *given, aside["patient"])] == [told] * (
                len(lines) + len(given) + 1
            )
    if ending == "csv":
        cells = pl.read_csv(job.target, infer_schema=False)
        assert cells["bytes"].to_list() == ["ff01", "ff01"]
        assert json.loads(cells["bytes far inside"][0]) == KEPT["bytes far inside"][1]
    if ending == "parquet":
        assert pl.read_parquet(job.target)["bytes"].to_list() == [b"\xff\x01"] * 2


def _other() -> RuleSet:
    """Return rules that say something else of anybody: without those of age."""
    kept = tuple(rule for rule in SHIPPED.rules if rule.id != "ala-older-adult")
    return evolve(SHIPPED, rules=kept, digest="x")
