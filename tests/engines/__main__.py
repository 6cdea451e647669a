"""Compares frames of Spark in local mode with `assess`, row by row."""

from __future__ import annotations

import logging
import random
import sys
from typing import Final

from pyspark.sql import SparkSession

import msrisk.cohort
from msrisk.model.rules import RuleSet
from tests.cohort.frames import of_session, table
from tests.cohort.made import patients
from tests.cohort.rows import differences

_PATIENTS: Final = 100
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
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def main() -> int:
    """Print each difference; return 1 if there is one."""
    logging.getLogger("msrisk.cohort").disabled = True
    builder = SparkSession.builder.master("local[2]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    shipped = RuleSet.default()
    rows = patients(_PATIENTS, random.Random(17))  # noqa: S311  # made-up patients are no secret
    screened = of_session(session)(table(rows, shipped), msrisk.cohort.screen)
    wrong = 0
    for answered, row in zip(screened, rows, strict=True):
        found = differences(answered, row, shipped)
        wrong += bool(found)
        for name, (by_assess, by_spark) in found.items():
            sys.stdout.write(f"{name}: assess says {by_assess}, Spark {by_spark}\n")
    sys.stdout.write(f"Spark: {len(rows) - wrong} of {len(rows)} patients as by assess\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
