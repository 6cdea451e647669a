"""Defines sections, points and lines: what prose is before it is written in a format."""

from __future__ import annotations

from typing import Final, NamedTuple

from msrisk.model.results import Level

__all__ = ["FOOTNOTE", "Line", "Point", "Section"]

FOOTNOTE: Final = "(*)"
"""Stands behind what a note at the end of a page says more of, and before that note."""


class Line(NamedTuple):
    """One thing said of a point, with its label; `code` is for a program, and not in plain text."""

    label: str
    text: str
    code: bool = False


class Point(NamedTuple):
    """One finding, question, claim or caveat, and what belongs to it.

    `ids` are the rules or the claim that say it: keys for a program, and not in plain text.
    """

    text: str
    lines: tuple[Line, ...] = ()
    ids: tuple[str, ...] = ()


class Section(NamedTuple):
    """A heading and what stands under it.

    `part` is that of a report which begins here: "screen", "body", "appendix" or "handout".
    The first and the last of these are for one page, and are set close. A `box` before each
    point is to be ticked by hand. Points that `flow` stand behind the title as one paragraph where
    lines are few, in text those that are not `apart`; they have no lines of their own. `ids` are
    rules that stand in the title alone.
    """

    title: str
    level: Level | None = None
    notes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    sections: tuple[Section, ...] = ()
    part: str = ""
    box: bool = False
    flow: bool = False
    apart: bool = False
    ids: tuple[str, ...] = ()
