"""Screens a Parquet file at once on DuckDB or Spark, for what Polars should not do."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from msrisk.cohort.screening import screen
from msrisk.cohort.summary import Summary, summary_of
from msrisk.errors import FrameError, Problem
from msrisk.model.rules import RuleSet

__all__ = ["whole"]


def whole(
    engine: str, source: Path, target: Path, ruleset: RuleSet, complete: Collection[str]
) -> Summary:
    """Screen a Parquet file, or a folder of them, into another, and return what it says.

    Raises:
        FrameError: if the engine is not installed, or a file cannot be read or is there.

    """
    problems = [
        Problem(str(path), "a name that ends in .parquet, for this engine")
        for path in (source, target)
        if path.suffix.lower() != ".parquet"
    ]
    if target.exists():
        problems.append(Problem(str(target), "no file here: nothing is overwritten", "a file"))
    if not source.exists():
        problems.append(Problem(str(source), "a file of patients", "none"))
    if problems:
        raise FrameError(problems)
    made = target.with_name(f"{target.name}.tmp")
    try:
        (_by_duckdb if engine == "duckdb" else _by_spark)(source, made, ruleset, complete)
    except ImportError:
        name = {"duckdb": "duckdb and pyarrow", "spark": "pyspark and Java"}[engine]
        raise FrameError([Problem(f"--engine {engine}", f"{name}, installed", "none")]) from None
    made.replace(target)
    files = target / "*.parquet" if target.is_dir() else target
    return summary_of(pl.scan_parquet(files), ruleset, complete=complete)


def _by_duckdb(source: Path, made: Path, ruleset: RuleSet, complete: Collection[str]) -> None:
    import duckdb

    where = str(source / "*.parquet") if source.is_dir() else str(source)
    try:
        patients = duckdb.connect().read_parquet(where)
    except duckdb.Error:
        raise FrameError([Problem(str(source), "a whole Parquet file", "another")]) from None
    screen(patients, ruleset=ruleset, complete=complete).write_parquet(str(made))


def _by_spark(source: Path, made: Path, ruleset: RuleSet, complete: Collection[str]) -> None:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    patients = session.read.parquet(str(source))
    screen(patients, ruleset=ruleset, complete=complete).write.parquet(str(made))
