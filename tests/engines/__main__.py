"""Compares frames of each engine, also Spark in local mode and Ibis, with `assess`, row by row."""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

import msrisk
import msrisk.cohort
from msrisk.model.rules import RuleSet
from tests.cohort.frames import ENGINES, KEY, Screen, of_session, table
from tests.cohort.made import patients
from tests.cohort.rows import Row, expected, profile_of

Engine = Callable[[pl.DataFrame, Screen], list[Row]]

_AT_ONCE: Final = 20_000
# Nearly all of the time goes into planning and compiling the rules, not into rows: what Spark
# does to be fast with many rows is switched off, none of which may change an answer.
_SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"
    ),
}


def _spark() -> Engine:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return of_session(session)


def _ibis() -> Engine:
    import ibis

    def screened(frame: pl.DataFrame, screen: Screen) -> list[Row]:
        table = screen(ibis.memtable(frame.to_arrow()))
        rows: list[Row] = table.order_by(KEY).to_pyarrow().to_pylist()
        return rows

    return screened


_INSTALLED: Final = {"Spark": _spark, "Ibis": _ibis}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.engines", description=__doc__)
    parser.add_argument("--patients", type=int, default=100, help="made-up patients")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument(
        "--engines", nargs="+", choices=[*ENGINES, *_INSTALLED],
        default=list(_INSTALLED), metavar="ENGINE",
        help=f"some of: {', '.join([*ENGINES, *_INSTALLED])}",
    )  # fmt: skip
    return parser.parse_args()


def _wrong(engines: Mapping[str, Engine], rows: list[Row], shipped: RuleSet) -> Counter[str]:
    """Return how many rows each engine answers otherwise than `assess`; print what differs."""
    frame = table(rows, shipped)
    wanted = [
        expected(msrisk.assess(profile_of(row, shipped), ruleset=shipped), shipped) for row in rows
    ]
    wrong: Counter[str] = Counter()
    for engine, screened in engines.items():
        for answered, by_assess in zip(screened(frame, msrisk.cohort.screen), wanted, strict=True):
            apart = {name for name, value in by_assess.items() if answered[name] != value}
            wrong[engine] += bool(apart)
            for name in sorted(apart):
                sys.stdout.write(
                    f"{name}: assess says {by_assess[name]}, {engine} {answered[name]}\n"
                )
    return wrong


def main() -> int:
    """Print each difference; return 1 if there is one."""
    asked = _arguments()
    logging.getLogger("msrisk.cohort").disabled = True
    engines = {
        name: _INSTALLED[name]() if name in _INSTALLED else ENGINES[name] for name in asked.engines
    }
    chance = random.Random(asked.seed)  # noqa: S311  # made-up patients are no secret
    wrong: Counter[str] = Counter()
    for begin in range(0, asked.patients, _AT_ONCE):
        rows = patients(min(_AT_ONCE, asked.patients - begin), chance)
        wrong += _wrong(engines, rows, RuleSet.default())
    for name in engines:
        sys.stdout.write(
            f"{name}: {asked.patients - wrong[name]} of {asked.patients} patients as by assess\n"
        )
    return int(wrong.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
