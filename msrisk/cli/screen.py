"""Runs `msrisk screen`: a file of patients in, the same file with answers out."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msrisk.api import rules_to_use
from msrisk.cli.layout import Answer, or_problems, ruleset_of
from msrisk.cli.options import INSTALL_COHORT
from msrisk.cli.records import day_of
from msrisk.errors import MsriskError, Problem
from msrisk.model.rules import RuleSet

__all__ = ["screen", "time_of"]

_AT_ONCE: Final = {"polars": 100_000, "duckdb": 250_000, "spark": 250_000}
"""The rows of a batch: each is planned before it is computed, for seconds by DuckDB and Spark."""
_OFTEN: Final = 0.2
_COLUMNS: Final = 79


def screen(arguments: argparse.Namespace) -> Answer:
    """`msrisk screen`: screen a file, and print what its patients say as a whole."""
    try:
        from msrisk.cohort.files import Source
        from msrisk.cohort.running import Job, run
        from msrisk.cohort.summary_words import FORMATS as WRITERS
    except ImportError:
        raise MsriskError(
            [Problem("msrisk screen", f"Polars, by {INSTALL_COHORT}", "none")]
        ) from None
    problems: list[Problem] = []
    packs = arguments.packs
    ruleset = or_problems(problems, lambda: rules_to_use(ruleset_of(arguments), packs))
    old = None
    if arguments.changed is not None:
        old = or_problems(problems, lambda: rules_to_use(RuleSet.load(arguments.changed), packs))
    day = or_problems(problems, lambda: day_of(arguments.on))
    if ruleset is None or problems:
        raise MsriskError(problems)
    source, target = Path(arguments.source), Path(arguments.target)
    of_tables = not source.is_dir() or any(source.glob("*.parquet"))
    size = _AT_ONCE[arguments.engine]
    rows = Source(source, arguments.separator, size, None if of_tables else day)
    complete = tuple(arguments.complete)
    job = Job(rows, target, ruleset, old, complete, arguments.engine)
    summary = run(job, _progress())
    return WRITERS[arguments.format](summary), 0


def _progress() -> Callable[[int, float], None]:
    """Return what shows on a terminal how many rows are done, how fast, and the time left."""
    done, shown, began = 0, 0.0, time.monotonic()

    def tell(rows: int, share: float) -> None:
        nonlocal done, shown
        done += rows
        now = time.monotonic()
        if sys.stderr is not None and sys.stderr.isatty() and now - shown > _OFTEN:
            shown = now
            gone = max(now - began, 1e-9)
            left = gone / share - gone if share else 0.0
            words = (
                f"{done:,} patients, {done / gone:,.0f} a second, {share:.0%}, {time_of(left)} left"
            )
            sys.stderr.write(f"\r{words:<{_COLUMNS}}")
            sys.stderr.flush()

    return tell


def time_of(seconds: float) -> str:
    """Return a time in words, such as `1 h 05 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
