"""Sections as plain text of a width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from msrisk.model.results import Level
from msrisk.rendering.shape import Section
from msrisk.rendering.words import clean

__all__ = ["line_count", "section_text", "wrapped"]

_NARROWEST: Final = 40
_PAGES: Final = ("screen", "handout")
_UNDERLINES: Final = ("=", "-")
# Of the levels none is green: no answer is a go-ahead. The words say it without colour.
_COLOURS: Final = {
    Level.URGENT: "1;37;41",
    Level.CONTRAINDICATED: "1;31",
    Level.CAUTION: "1;33",
    Level.UNDETERMINED: "1;35",
    Level.INFORM: "1;36",
    Level.NO_FINDING: "1",
    None: "1",
}


def section_text(section: Section, *, width: int = 80, colour: bool = False) -> str:
    """Return a section and all inside it as text of this width (at least 40)."""
    lines = _page if section.part in _PAGES else _section
    return "\n".join(lines(section, 0, max(width, _NARROWEST), colour)) + "\n"


def line_count(section: Section) -> int:
    """Return how many lines a section takes on a usual terminal."""
    return section_text(section).count("\n")


def _page(section: Section, depth: int, width: int, colour: bool) -> Iterator[str]:
    """Yield the lines of what is to fit on one page: its sections apart, all else close."""
    if depth:
        yield ""
    for line in wrapped(section.title, width):
        yield f"\x1b[{_COLOURS[section.level]}m{line}\x1b[0m" if colour else line
    indent = "  " if depth and section.title else ""
    mark = "[ ] " if section.box else "- "
    for point in section.points:
        yield from wrapped(point.text, width, f"  {mark}", " " * (2 + len(mark)))
    for note in section.notes:
        yield from wrapped(note, width, indent, indent)
    for part in section.sections:
        yield from _page(part, depth + 1, width, colour)


def _section(section: Section, depth: int, width: int, colour: bool) -> Iterator[str]:
    indent = "  " * max(0, depth - len(_UNDERLINES))
    heading = wrapped(section.title, width, indent, indent)
    if depth:
        yield ""
    for line in heading:
        yield f"\x1b[{_COLOURS[section.level]}m{line}\x1b[0m" if colour else line
    if depth < len(_UNDERLINES):
        yield _UNDERLINES[depth] * max(map(len, heading))
    for note in section.notes:
        yield from wrapped(note, width, indent, indent)
    for point in section.points:
        yield from wrapped(point.text, width, f"{indent}- ", f"{indent}  ")
        for label, text, code in point.lines:
            # Wrapped, what is for a program could not be copied.
            if not code:
                yield from wrapped(f"{label}: {text}", width, f"{indent}    ", f"{indent}      ")
    for part in section.sections:
        yield from _section(part, depth + 1, width, colour)


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return text in lines of at most this width, longer only for a word of its own."""
    # Words stay whole: an id or a dose that is cut in two can be misread.
    return textwrap.wrap(
        clean(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
