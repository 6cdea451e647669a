"""What engines that are not in memory are given, and which are refused."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest

from msrisk.cohort.engines import held_of, to_spark
from msrisk.errors import FrameError


def test_spark_is_given_tables_with_their_types() -> None:
    made: list[tuple[object, str]] = []

    class Session:
        def createDataFrame(self, given: object, schema: str) -> pl.LazyFrame:  # noqa: N802  # as Spark has it
            made.append((given, schema))
            return pl.LazyFrame()

    make = to_spark(SimpleNamespace(sparkSession=Session()))
    make(pl.DataFrame({"a": ["x"], "b": [1], "c": [0.5], "d": [True]}))
    assert made == [([("x", 1, 0.5, True)], "`a` string, `b` bigint, `c` double, `d` boolean")]


def test_other_engines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = SimpleNamespace(
        implementation=nw.Implementation.DASK,
        collect_schema=nw.Schema,
        lazy=lambda: SimpleNamespace(to_native=lambda: None),
    )
    monkeypatch.setattr(nw, "from_native", lambda _: frame)
    with pytest.raises(FrameError, match="got one of Dask"):
        held_of(frame, [])
    frame.implementation = nw.Implementation.PYSPARK
    assert not held_of(frame, []).by_row


def test_ibis_is_given_tables_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test-engines` compares Ibis itself with `assess`."""
    frame = SimpleNamespace(
        implementation=nw.Implementation.IBIS, collect_schema=nw.Schema, lazy=lambda: None
    )
    made: list[object] = []
    monkeypatch.setitem(sys.modules, "ibis", SimpleNamespace(memtable=made.append))
    with monkeypatch.context() as patched:
        patched.setattr(nw, "from_native", lambda given: frame if given is frame else "taken")
        held = held_of(frame, [])
        assert str(held.make(pl.DataFrame({"a": [1]}))) == "taken"
    assert not held.by_row
    assert [type(one) for one in made] == [pa.Table]
