"""Runs `msrisk rules book` and `msrisk rules digest`, which print a rule set as a whole."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final

from msrisk.book import book
from msrisk.book.html import book_to_html
from msrisk.book.markdown import book_to_markdown
from msrisk.book.shape import Part
from msrisk.cli.layout import Answer, cases_of, ruleset_of
from msrisk.rendering.words import clean

__all__ = ["BOOK_FORMATS", "digest", "print_book"]

BOOK_FORMATS: Final[Mapping[str, Callable[[Part], str]]] = {
    "markdown": book_to_markdown,
    "html": book_to_html,
}
"""What writes a book in each format."""


def print_book(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules book`: the whole rule set, for those who review it."""
    outline = book(ruleset_of(arguments), cases_of(arguments))
    return BOOK_FORMATS[arguments.format](outline), 0


def digest(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules digest`: version and digest of the rule set, on one line."""
    ruleset = ruleset_of(arguments)
    return f"{clean(ruleset.version)} {ruleset.digest}\n", 0
