"""Runs `msrisk assess`, `msrisk recognise` and `msrisk schema`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msrisk import api
from msrisk.cli.entries import Entries
from msrisk.cli.layout import Answer, block, folder_of, or_problems, ruleset_of, width
from msrisk.documents import profile_from_json, schema_of
from msrisk.documents.intake import MOST_BYTES
from msrisk.errors import ConceptError, IntakeError, MsriskError, Problem, ProfileError
from msrisk.loading import Placed
from msrisk.model.concepts import Words
from msrisk.model.profile import Code, Entry, PatientProfile
from msrisk.model.results import Level, Report
from msrisk.rendering import to_text
from msrisk.rendering.recognition_words import recognition_lines, recognition_status
from msrisk.rendering.words import entry

__all__ = ["assess", "read_profile", "recognise", "rendered", "schema", "under"]


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


def recognise(arguments: argparse.Namespace) -> Answer:
    """`msrisk recognise`: what a name or code is taken for, and why."""
    text = " ".join(arguments.text) or None
    codes = tuple(Code(system, code) for system, code in arguments.code)
    if text is None and not codes:
        raise ConceptError([Problem("TEXT", "an entry, a --code, or both", "neither")])
    rules, kind = ruleset_of(arguments), arguments.kind
    found = api.recognise(Entry(text, codes) if codes else text or "", kind, ruleset=rules)
    alone = [
        (entry(None, code), api.recognise(Entry(None, (code,)), kind, ruleset=rules))
        for code in codes
    ]
    given = entry(text, None) or " and ".join(name for name, _ in alone)
    head = f"{given} as {'an' if kind[0] in 'aeiou' else 'a'} {kind}: {recognition_status(found)}"
    *lines, note = recognition_lines(found, alone)
    one_by_one = zip(codes, (told for _, told in alone), strict=True)
    used = Entries(folder_of(arguments)).used_by(found, one_by_one)
    return block(head, [*lines, *(("entry", _entry(one)) for one in used), note]), 0


def _entry(one: Placed) -> str:
    name = f"words: {one.made.kind.value}" if isinstance(one.made, Words) else one.name
    return f"{one.place} ({name})"


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
