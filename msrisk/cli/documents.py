"""Reads the file of a patient, names it in each problem, and renders a report for the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msrisk.cli.layout import width
from msrisk.errors import ConceptError, IntakeError, Problem, ProfileError
from msrisk.model.results import Level, Report
from msrisk.rendering import to_text

__all__ = ["exit_code", "read_file", "refuse_options", "rendered", "shown", "under"]


def read_file(name: str, most: int) -> bytes | str:
    """Return what is in a file, or in standard input for "-"; one byte more than `most` at most.

    A longer document is seen to be longer then.

    Raises:
        IntakeError: if it cannot be read.

    """
    try:
        if name == "-":
            data: bytes | str = getattr(sys.stdin, "buffer", sys.stdin).read(most + 1)
            return data
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        got = "no file of this name"
    except IsADirectoryError:
        got = "a folder"
    except (OSError, ValueError, AttributeError):
        got = "one that the system does not let msrisk read"
    raise IntakeError([Problem(shown(name), "a readable file", got)])


def shown(name: str) -> str:
    """Return how a file is named in a problem."""
    return "standard input" if name == "-" else name


@contextmanager
def under(where: str) -> Iterator[None]:
    """Name the file in each problem of the patient, found in reading it or in assessing it."""
    problems: list[Problem] = []
    try:
        yield
    except ProfileError as error:
        problems = [Problem(f"{where}: {p.where}", p.expected, p.got) for p in error.problems]
    # Raised here, not above, so that the error does not carry the document as its context.
    if problems:
        raise IntakeError(problems)


def rendered(report: Report, format_: str, part: str) -> str:
    """Return a part of a report; as text it fits the terminal and what that can show."""
    if format_ != "text":
        return report.render(format_, part)
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return to_text(report, part, width=width(), colour=sys.stdout.isatty() and not plain)


def exit_code(report: Report, arguments: argparse.Namespace) -> int:
    """Return 1 if the report could reach the level of `--exit-at`, else 0."""
    at: Level | None = arguments.exit_at
    return int(at is not None and report.could_reach(at))


def refuse_options(arguments: argparse.Namespace, *names: str) -> None:
    """Refuse options of a record where an intake document is read.

    Raises:
        ConceptError: if one of them was given.

    """
    given = [f"--{name}" for name in names if getattr(arguments, name)]
    if given:
        raise ConceptError([Problem(given[0], "--from fhir beside it", "an intake document")])
