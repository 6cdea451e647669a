"""Measures `msrisk.cohort.screen` on made-up patients, beside rules written by hand in Polars.

    python -m benchmarks.cohort            # 100,000 and 200,000 patients
    python -m benchmarks.cohort 1000000

By hand are the same lists looked up and three rules of one substance; what is measured is the
processor time of one process, the best of three. The entries are recognised before.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

import polars as pl

import msrisk.cohort
from examples.many_patients import patients

_BY_HAND = ("medications", "conditions", "supplements")


def by_hand(frame: pl.DataFrame, read_as: pl.DataFrame) -> pl.DataFrame:
    """Return what three rules say, by joins and group-bys as one would write them at once."""
    numbered = frame.with_row_index("row").lazy()
    found = numbered
    for field in _BY_HAND:
        known = read_as.lazy().filter(pl.col("field") == field).select("entry", "concepts")
        told = (
            numbered.select("row", pl.col(field).alias("entry"))
            .explode("entry")
            .join(known, on="entry", how="left")
            .explode("concepts")
            .group_by("row")
            .agg(pl.col("concepts").drop_nulls().unique().alias(f"{field}_told"))
        )
        found = found.join(told, on="row", how="left")
    return found.with_columns(
        pl.col("medications_told").list.contains("thyroid-medication").alias("thyroid"),
        pl.col("conditions_told").list.contains("diabetes").alias("diabetes"),
        (pl.col("age_years") >= 65).alias("older"),
    ).collect()


def best(run: Callable[[], object]) -> float:
    """Return the least processor time of three runs, in seconds."""
    times = []
    for _ in range(3):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return min(times)


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    logging.getLogger("msrisk.cohort").disabled = True
    for size in sizes:
        frame = patients(size)
        read_as = msrisk.cohort.recognise(frame)
        ours = best(lambda f=frame, r=read_as: msrisk.cohort.screen(f, recognised=r))  # type: ignore[misc]  # bound at once
        hand = best(lambda f=frame, r=read_as: by_hand(f, r))  # type: ignore[misc]  # likewise
        sys.stdout.write(
            f"{size:>10,} patients: screen {ours:.2f} s ({size / ours:,.0f} a second), "
            f"three rules by hand {hand:.2f} s\n"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000, 200_000])
