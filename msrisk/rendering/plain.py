"""Writes sections as plain text of a given width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msrisk.model.results import Level
from msrisk.rendering.shape import Section
from msrisk.rendering.words import clean

__all__ = ["line_count", "section_text", "wrapped"]

_NARROWEST: Final = 40
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
    sheet = _Sheet(max(width, _NARROWEST), colour)
    lines = {"screen": sheet.page, "handout": sheet.page, "": sheet.section}
    return "\n".join(lines.get(section.part, sheet.part)(section, 0)) + "\n"


def line_count(section: Section) -> int:
    """Return how many lines a section takes on a usual terminal."""
    return section_text(section).count("\n")


class _Sheet:
    """Lays out sections in lines of one width."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour

    def page(self, section: Section, depth: int) -> Iterator[str]:
        """Yield the lines of what is to fit on one page: its sections apart, all else close."""
        if depth:
            yield ""
        if section.title:
            yield from self._heading(section)
        indent = "  " if depth and section.title else ""
        yield from self._points(section, indent)
        yield from self._notes(section, indent)
        for inner in section.sections:
            yield from self.page(inner, depth + 1)

    def part(self, section: Section, depth: int) -> Iterator[str]:
        """Yield the lines of a part of a report, its headings drawn out to the full width."""
        if section.flow:
            said = " • ".join(point.text for point in section.points)
            mark = "- " if depth > 1 else ""
            yield from wrapped(f"{section.title}: {said}", self.width, mark, "  ")
            return
        yield from self._heading(section, fill="-" if depth else "=")
        yield from self._notes(section, "")
        yield from self._points(section, "")
        for inner in section.sections:
            yield from self.part(inner, depth + 1)

    def section(self, section: Section, depth: int) -> Iterator[str]:
        """Yield the lines of anything else, with the upper headings underlined."""
        indent = "  " * max(0, depth - len(_UNDERLINES))
        if depth:
            yield ""
        yield from self._heading(section, indent)
        if depth < len(_UNDERLINES):
            yield _UNDERLINES[depth] * max(map(len, wrapped(section.title, self.width)))
        yield from self._notes(section, indent)
        yield from self._points(section, indent)
        for inner in section.sections:
            yield from self.section(inner, depth + 1)

    def _heading(self, section: Section, indent: str = "", fill: str = "") -> Iterator[str]:
        lines = wrapped(section.title, self.width, indent, indent)
        if fill:
            # Sets a heading off as a blank line would, and tells where it ends.
            lines[-1] = f"{lines[-1]} {fill * (self.width - len(lines[-1]) - 1)}".rstrip()
        for line in lines:
            yield f"\x1b[{_COLOURS[section.level]}m{line}\x1b[0m" if self.colour else line

    def _notes(self, section: Section, indent: str) -> Iterator[str]:
        for note in section.notes:
            yield from wrapped(note, self.width, indent, indent)

    def _points(self, section: Section, indent: str) -> Iterator[str]:
        mark = "[ ] " if section.box else "- "
        rest = indent + " " * len(mark)
        for point in section.points:
            yield from wrapped(point.text, self.width, indent + mark, rest)
            for label, text, code in point.lines:
                # Wrapped, what is for a program could not be copied.
                if not code:
                    yield from wrapped(f"{label}: {text}", self.width, rest, f"{rest}  ")


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return text in lines of at most this width, longer only for a word of its own.

    Words stay whole: an id or a dose that is cut in two can be misread. The library's own
    wrapping takes ten times as long, most of the time of a report.
    """
    text = clean(text)
    if len(first) + len(text) <= width and not text.startswith(" "):
        return [(first + text).rstrip()] if text else []
    lines: list[str] = []
    line, begun = first, False
    for word in text.split(" "):
        if not begun:
            line += word
            begun = bool(word)
        elif len(line) + 1 + len(word) <= width:
            line = f"{line} {word}"
        else:
            lines.append(line.rstrip())
            line, begun = rest + word, bool(word)
    if begun:
        lines.append(line.rstrip())
    return lines
