"""Writes sections as plain text of a given width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final

from msrisk.model.results import Level
from msrisk.rendering.shape import FOOTNOTE, Section
from msrisk.rendering.words import clean

__all__ = ["line_counter", "section_text", "wrapped"]

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
    return "\n".join(_Sheet(max(width, _NARROWEST), colour).lines(section)) + "\n"


def line_counter() -> Callable[[Section], int]:
    """Return what tells how many lines a section takes on a usual terminal.

    It is asked again and again while a page is made smaller, most of whose texts stay.
    """
    sheet = _Sheet(80, colour=False)
    return lambda section: len([*sheet.lines(section)])


class _Sheet:
    """Lays out sections in lines of one width, and remembers each text that it wrapped."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self._wrapped = cache(partial(wrapped, width=width))

    def lines(self, section: Section) -> Iterator[str]:
        """Yield the lines of a section and all inside it."""
        lines = {"screen": self.page, "handout": self.page, "": self.section}
        return lines.get(section.part, self.part)(section, 0)

    def page(self, section: Section, depth: int) -> Iterator[str]:
        """Yield the lines of what is to fit on one page: its sections apart, all else close.

        A footnote begins with its mark, which sets it off.
        """
        if depth and not (section.notes and section.notes[0].startswith(FOOTNOTE)):
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
        if section.apart:
            yield from self._wrapped(f"{section.title}:", rest="  ")
            yield from self._points(section, "")
            return
        if section.flow:
            said = " • ".join(point.text for point in section.points)
            mark = "- " if depth > 1 else ""
            yield from self._wrapped(f"{section.title}: {said}", first=mark, rest="  ")
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
            yield _UNDERLINES[depth] * max(map(len, self._wrapped(section.title)))
        yield from self._notes(section, indent)
        yield from self._points(section, indent)
        for inner in section.sections:
            yield from self.section(inner, depth + 1)

    def _heading(self, section: Section, indent: str = "", fill: str = "") -> Iterator[str]:
        lines = [*self._wrapped(section.title, first=indent, rest=indent)]
        if fill:
            # Sets a heading off as a blank line would, and tells where it ends.
            lines[-1] = f"{lines[-1]} {fill * (self.width - len(lines[-1]) - 1)}".rstrip()
        for line in lines:
            yield f"\x1b[{_COLOURS[section.level]}m{line}\x1b[0m" if self.colour else line

    def _notes(self, section: Section, indent: str) -> Iterator[str]:
        for note in section.notes:
            yield from self._wrapped(note, first=indent, rest=indent)

    def _points(self, section: Section, indent: str) -> Iterator[str]:
        mark = "[ ] " if section.box else "- "
        rest = indent + " " * len(mark)
        for point in section.points:
            yield from self._wrapped(point.text, first=indent + mark, rest=rest)
            for label, text, code in point.lines:
                # Wrapped, what is for a program could not be copied.
                if not code:
                    yield from self._wrapped(f"{label}: {text}", first=rest, rest=f"{rest}  ")


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return text in lines of at most this width, longer only for a word of its own.

    Words stay whole: an id or a dose that is cut in two can be misread. The library's own
    wrapping takes ten times as long, most of the time of a report.
    """
    text = clean(text)
    if len(first) + len(text) <= width and not text.startswith(" "):
        return [(first + text).rstrip()] if text else []
    lines: list[str] = []
    line, left = first, text.lstrip(" ")
    while left:
        room = max(0, width - len(line))
        end = len(left)
        if end > room:
            # At the last blank that there is room for, else behind a word that is too long.
            cut = left.rfind(" ", 0, room + 1)
            end = cut if cut >= 0 else len(left.partition(" ")[0])
        lines.append((line + left[:end]).rstrip())
        line, left = rest, left[end:].lstrip(" ")
    return lines
