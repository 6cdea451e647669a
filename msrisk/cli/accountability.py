"""Runs `msrisk rules accountability`, which prints what became of each sentence."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from msrisk.accountability import Accountability, account
from msrisk.accountability.page import accountability_html
from msrisk.accountability.text import accountability_json, accountability_text
from msrisk.cli.layout import Answer, or_problems, ruleset_of, width
from msrisk.errors import MsriskError, Problem

__all__ = ["ACCOUNTABILITY_FORMATS", "accountability"]

ACCOUNTABILITY_FORMATS: Final[Mapping[str, Callable[[Accountability], str]]] = {
    "text": lambda made: accountability_text(made, width=width()),
    "json": accountability_json,
    "html": accountability_html,
}
"""What writes the table in each format."""


def accountability(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules accountability`: what became of each sentence of each source."""
    problems: list[Problem] = []
    files = None if arguments.texts is None else _files(problems, Path(arguments.texts))
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    if ruleset is None:
        raise MsriskError(problems)
    made = or_problems(problems, lambda: account(ruleset, files))
    if made is None or problems:
        raise MsriskError(problems)
    return ACCOUNTABILITY_FORMATS[arguments.format](made), int(not made.complete)


def _files(problems: list[Problem], folder: Path) -> dict[str, bytes] | None:
    """Return the text files of a folder by their paths; None if it is no folder."""
    if not folder.is_dir():
        problems.append(Problem(str(folder), "a folder with the texts of the sources"))
        return None
    files: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            files[str(path)] = path.read_bytes()
        except OSError:
            got = "one that the system does not let msrisk read"
            problems.append(Problem(str(path), "a readable file", got))
    return files
