"""Lays out lines for the terminal, and finds the rule set that a command uses."""

from __future__ import annotations

import argparse
import codecs
import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO, TypeVar

from attrs import frozen

from msrisk.api import shipped_rules
from msrisk.errors import MsriskError, Problem
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet
from msrisk.rendering.rule_words import Line
from msrisk.rendering.words import clean

__all__ = [
    "Answer",
    "Missing",
    "PLAIN",
    "block",
    "cases_of",
    "folder_of",
    "or_problems",
    "prepare",
    "ruleset_of",
    "width",
]

Answer = tuple[str, int]
"""What a command prints, and the exit code."""

T = TypeVar("T")
_WIDTH: Final = 80
_LABEL: Final = 16
PLAIN: Final = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "–": "-", "→": "->", "…": "...", "•": "*", "�": "#"}
)
"""What stands for the signs that msrisk writes where they cannot be shown."""


@frozen
class Missing(Problem):
    """A library that is not installed; what is expected is the command that installs it."""

    def __str__(self) -> str:
        """Return what needs it, and the command."""
        return f"{self.where}: {self.expected}"


def width() -> int:
    """Return how many columns there are to write in: those of COLUMNS, else of the terminal.

    A file or a pipe has 80, unless COLUMNS says how many.
    """
    if sys.stdout is not None and sys.stdout.isatty():
        from shutil import get_terminal_size  # brings compression along, which takes longer

        return get_terminal_size().columns
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and int(said) else _WIDTH


def prepare(out: TextIO, text: str = "") -> None:
    """Make a stream take every character of a text.

    A file or a pipe gets UTF-8, unless PYTHONIOENCODING names another encoding. What an
    encoding does not have is written in plain signs, and so that JSON and HTML stay what
    they are.
    """
    if isinstance(out, io.TextIOWrapper):
        if out.isatty() or _encoding_is_set():
            out.reconfigure(errors=_ERRORS.get(text[:1], "msrisk.plain"))
        if not out.isatty():
            # The same bytes on every machine.
            encoding = out.encoding if _encoding_is_set() else "utf-8"
            out.reconfigure(encoding=encoding, newline="\n", errors=out.errors)


def _encoding_is_set() -> bool:
    named = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    return bool(named) and not sys.flags.ignore_environment


def _plain(error: UnicodeError) -> tuple[str, int]:
    said, end = _not_encoded(error)
    return said.translate(PLAIN).encode("ascii", "backslashreplace").decode("ascii"), end


def _json(error: UnicodeError) -> tuple[str, int]:
    said, end = _not_encoded(error)
    return json.dumps(said)[1:-1], end


def _not_encoded(error: UnicodeError) -> tuple[str, int]:
    """Return the characters that an encoding does not have, and where they end."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end], error.end


codecs.register_error("msrisk.plain", _plain)
codecs.register_error("msrisk.json", _json)
_ERRORS: Final = {"{": "msrisk.json", "[": "msrisk.json", "<": "xmlcharrefreplace"}


def block(title: str, lines: Iterable[Line]) -> str:
    """Lay out labelled lines under a title."""
    import textwrap  # few commands do, and it takes as long as the smaller modules of msrisk

    out = textwrap.wrap(clean(title), width())
    for label, text in lines:
        # As an indent, the label keeps a path beside it that is longer than the line.
        wrapped = textwrap.TextWrapper(
            width(),
            initial_indent=f"  {label:<{_LABEL - 1}} ",
            subsequent_indent=" " * (_LABEL + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
        out += wrapped.wrap(clean(text))
    return "\n".join(out) + "\n"


def ruleset_of(arguments: argparse.Namespace) -> RuleSet:
    """Return the rule set of `--rules`, or the one that ships with the package."""
    return RuleSet.default() if arguments.rules is None else RuleSet.load(arguments.rules)


def cases_of(arguments: argparse.Namespace) -> tuple[Case, ...]:
    """Return the worked patients of the rule set that `ruleset_of` returns."""
    from msrisk.loading import load_cases

    return load_cases(folder_of(arguments))


def folder_of(arguments: argparse.Namespace) -> Path:
    """Return the folder of the rule set that `ruleset_of` returns."""
    return shipped_rules() if arguments.rules is None else Path(arguments.rules)


def or_problems(problems: list[Problem], build: Callable[[], T]) -> T | None:
    """Return what `build` makes; or None, with what it raised added to the problems."""
    try:
        return build()
    except MsriskError as error:
        problems += error.problems
        return None
