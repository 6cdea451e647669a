"""Screens batches on the engine that is asked for: Polars, DuckDB or Spark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

import polars as pl

from msrisk.cohort.columns import PLACE, added_columns, wanted_columns
from msrisk.cohort.screening import screen
from msrisk.errors import FrameError, Problem
from msrisk.model.rules import RuleSet

__all__ = ["Screening", "screening_by"]

Screening = Callable[[pl.DataFrame, RuleSet, Collection[str]], pl.DataFrame]
"""Returns patients, screened by some rules, some of their lists complete for everybody."""

_NEEDS: Final = {"duckdb": "duckdb and pyarrow", "spark": "pyspark and Java"}


def screening_by(engine: str, folder: Path) -> Screening:
    """Return what screens a batch by an engine; a folder holds what it needs on the way.

    Raises:
        FrameError: if the engine is not installed.

    """
    if engine == "polars":
        return _by_polars
    try:
        work = _duckdb() if engine == "duckdb" else _spark(folder / "spark")
    except (ImportError, RuntimeError):  # PySpark without Java raises the latter
        expected = f"{_NEEDS[engine]}, installed"
        raise FrameError([Problem(f"--engine {engine}", expected, "none")]) from None

    def screened(
        patients: pl.DataFrame, ruleset: RuleSet, complete: Collection[str]
    ) -> pl.DataFrame:
        read = [name for name in patients.columns if name in wanted_columns(ruleset)]
        placed = patients.select(read).with_row_index(PLACE).with_columns(pl.col(PLACE).cast(int))
        _by_polars(patients.clear(), ruleset, complete)  # refuses columns, and says which are kept
        done = work(placed, lambda frame: screen(frame, ruleset=ruleset, complete=complete))
        added = [name for name in done.columns if name in added_columns(ruleset)]
        return patients.hstack(done.sort(PLACE).select(added))

    return screened


def _by_polars(patients: pl.DataFrame, ruleset: RuleSet, complete: Collection[str]) -> pl.DataFrame:
    return screen(patients, ruleset=ruleset, complete=complete)


_Work = Callable[[pl.DataFrame, Callable[[Any], Any]], pl.DataFrame]


def _duckdb() -> _Work:
    import duckdb
    import pyarrow as pa

    def work(patients: pl.DataFrame, answered: Callable[[Any], Any]) -> pl.DataFrame:
        found: pa.Table = answered(
            duckdb.connect().from_arrow(patients.to_arrow())
        ).to_arrow_table()
        return pl.DataFrame(found)

    return work


def _spark(folder: Path) -> _Work:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )

    def work(patients: pl.DataFrame, answered: Callable[[Any], Any]) -> pl.DataFrame:
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was ended
        folder.mkdir()
        try:
            patients.write_parquet(folder / "in.parquet")
            # Read often, once for each list: what does not change in between is best kept.
            found = answered(session.read.parquet(str(folder / "in.parquet")).cache())
            found.write.parquet(str(folder / "out"))
            return pl.read_parquet(folder / "out" / "*.parquet")
        finally:
            session.catalog.clearCache()
            shutil.rmtree(folder, ignore_errors=True)

    return work
