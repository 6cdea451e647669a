"""Measures `msrisk.cohort.screen` beside the same rules written by hand in Polars.

    python -m benchmarks.cohort            # 1,000,000 made-up patients
    python -m benchmarks.cohort 200000

First each row must be the same. Then both are run, each time in a process of its own, from a
Parquet file to another, as a stream and in memory, turn by turn: the least processor time, the
time by the clock with it, and the most memory. The entries are recognised before.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

import msrisk.cohort
from benchmarks.by_hand import by_hand, meanings
from benchmarks.timing import ROOT, memory
from examples.many_patients import patients
from msrisk.model.rules import RuleSet

_MADE: Final = 100_000
_TURNS: Final = 3
_COMPLETE: Final = ("medications",)


def made(size: int, folder: Path) -> None:
    """Write so many patients and what their entries are read as."""
    few = patients(min(size, _MADE)).lazy()
    key = pl.col("patient")
    many = [few.with_columns(pl.format("{}-{}", key, pl.lit(at))) for at in range(size // _MADE)]
    pl.concat(many or [few]).sink_parquet(folder / "in.parquet")
    msrisk.cohort.recognise(few.collect()).write_parquet(folder / "read.parquet")


def _by_hand(folder: Path) -> pl.LazyFrame:
    rules = RuleSet.default()
    meant = meanings(pl.read_parquet(folder / "read.parquet"), rules)
    return by_hand(pl.scan_parquet(folder / "in.parquet"), meant, rules, _COMPLETE)


def _screened(folder: Path) -> pl.LazyFrame:
    read_as = pl.read_parquet(folder / "read.parquet")
    frame = pl.scan_parquet(folder / "in.parquet")
    return msrisk.cohort.screen(frame, recognised=read_as, complete=_COMPLETE)


_WAYS: Final[Mapping[str, Callable[[Path], pl.LazyFrame]]] = {
    "by hand": _by_hand,
    "msrisk": _screened,
}


def once(way: str, how: str, folder: Path) -> None:
    """Print the seconds of the processor and of the clock, and MB, of one run."""
    RuleSet.default()
    cpu, clock = time.process_time(), time.monotonic()
    frame = _WAYS[way](folder)
    if how == "streamed":
        frame.sink_parquet(folder / "out.parquet")
    else:
        frame.collect()
    took = [time.process_time() - cpu, time.monotonic() - clock, memory()]
    print(json.dumps(took))  # noqa: T201  # for the parent


def _measured(way: str, how: str, folder: Path) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.cohort", way, how, str(folder)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)  # noqa: S603  # our own code
    found: list[float] = json.loads(done.stdout)
    return found


def main(arguments: list[str]) -> int:
    """Print a table; return 1 if a row is not the same."""
    logging.getLogger("msrisk.cohort").disabled = True
    if len(arguments) == 3:  # a way, how, and a folder: a run of its own
        once(arguments[0], arguments[1], Path(arguments[2]))
        return 0
    size = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(size, folder)
        for way, frame in _WAYS.items():
            frame(folder).sink_parquet(folder / f"{way}.parquet")
        both = [pl.read_parquet(folder / f"{way}.parquet").sort("patient") for way in _WAYS]
        if not both[0].equals(both[1].select(both[0].columns)):
            sys.stderr.write("by hand some rows are not the same\n")
            return 1
        del both
        print(f"{size:,} patients, each row the same\n")  # noqa: T201  # a table
        print("| | | processor | clock | memory |\n|---|---|---:|---:|---:|")  # noqa: T201
        for how in ("streamed", "in memory"):
            runs = [(way, _measured(way, how, folder)) for _ in range(_TURNS) for way in _WAYS]
            best = {way: min(took for of, took in runs if of == way) for way in _WAYS}
            for way, (cpu, clock, mb) in best.items():
                print(f"| {how} | {way} | {cpu:.2f} s | {clock:.2f} s | {mb:,.0f} MB |")  # noqa: T201
            ratio = [ours / hand for hand, ours in zip(*best.values(), strict=True)]
            print(f"| {how} | times | {ratio[0]:.2f} | {ratio[1]:.2f} | {ratio[2]:.2f} |")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
