"""Runs `msrisk assess` and `msrisk schema`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msrisk import api
from msrisk.cli.layout import Answer, or_problems, ruleset_of, width
from msrisk.documents.intake import MOST_BYTES, profile_from_json
from msrisk.documents.schema import schema_of
from msrisk.errors import IntakeError, MsriskError, Problem, ProfileError
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level, Report
from msrisk.rendering import to_text

__all__ = ["assess", "read_profile", "rendered", "schema", "under"]


def assess(arguments: argparse.Namespace) -> Answer:
    """`msrisk assess`: from an intake to a report."""
    problems: list[Problem] = []
    profile = or_problems(problems, lambda: read_profile(arguments.file))
    if profile is None and arguments.rules is None:
        # The shipped rules take longer to load than a bad intake should take to be refused.
        raise MsriskError(problems)
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    if profile is None or ruleset is None:
        raise MsriskError(problems)
    with under(_shown(arguments.file)):
        report = api.assess(profile, ruleset=ruleset)
    at: Level | None = arguments.exit_at
    said = rendered(report, arguments.format, arguments.part)
    return said, int(at is not None and report.could_reach(at))


def schema(arguments: argparse.Namespace) -> Answer:
    """`msrisk schema`: the JSON Schema of a document."""
    document = schema_of(arguments.document)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n", 0


def read_profile(name: str) -> PatientProfile:
    """Return the profile in a file, or in standard input for "-"."""
    where = _shown(name)
    try:
        # One byte more than is read, so that a longer document is seen to be longer.
        if name == "-":
            text = getattr(sys.stdin, "buffer", sys.stdin).read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                text = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        got = "no file of this name"
    except IsADirectoryError:
        got = "a folder"
    except (OSError, ValueError, AttributeError):
        got = "one that the system does not let msrisk read"
    else:
        with under(where):
            return profile_from_json(text)
    raise IntakeError([Problem(where, "a readable file", got)])


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


@contextmanager
def under(where: str) -> Iterator[None]:
    """Name the file in each problem of the intake, found in reading it or in assessing it."""
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
