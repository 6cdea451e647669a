"""What every command shares: how an answer is laid out, and which rule set it uses."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO, TypeVar

from msrisk.api import shipped_rules
from msrisk.errors import MsriskError, Problem
from msrisk.loading import load_cases
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet
from msrisk.rendering.rule_words import Line
from msrisk.rendering.words import clean

__all__ = [
    "Answer",
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


def width() -> int:
    """Return how many columns there are to write in."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH


def prepare(out: TextIO) -> None:
    """Make a stream take every character."""
    if isinstance(out, io.TextIOWrapper):
        if out.isatty():
            out.reconfigure(errors="backslashreplace")
        else:
            # A file or a pipe gets the same bytes on every machine.
            out.reconfigure(encoding="utf-8", newline="\n")


def block(title: str, lines: Iterable[Line]) -> str:
    """Lay out labelled lines under a title."""
    out = textwrap.wrap(clean(title), width())
    for label, text in lines:
        # As an indent, the label keeps a path beside it that is longer than the line.
        wrapped = textwrap.TextWrapper(
            width(),
            initial_indent=f"  {label:<{_LABEL}}",
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
