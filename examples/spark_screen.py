"""Screens a folder of Parquet files on a Spark cluster.

    spark-submit examples/spark_screen.py IN OUT

The driver needs `pip install "msrisk[cohort]"`, the executors nothing.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

import msrisk.cohort


def main(source: str, target: str) -> None:
    """Screen the patients of one folder into another, which must not be there."""
    session = SparkSession.builder.appName("msrisk screen").getOrCreate()
    patients = session.read.parquet(source)
    # Read often: once for each list. What does not change in between is best kept.
    msrisk.cohort.screen(patients.cache()).write.parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
