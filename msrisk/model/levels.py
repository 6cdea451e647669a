"""Defines the levels, which say how much an answer asks for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NoReturn

from msrisk.errors import ConceptError, Problem
from msrisk.model.checks import kind_of

__all__ = ["Level", "highest", "rank"]


class Level(Enum):
    """How much an answer asks for, from least to most; never how little is to fear.

    There is no `<` and no truth value: an open question stands below a caution and must
    not be skipped by a comparison. Ask `report.reaches(level)` or
    `report.could_reach(level)`.
    """

    NO_FINDING = "no-finding"
    INFORM = "inform"
    UNDETERMINED = "undetermined"
    CAUTION = "caution"
    CONTRAINDICATED = "contraindicated"
    URGENT = "urgent"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Level is neither true nor false: ask report.could_reach(level)")

    @property
    def words(self) -> str:
        """The level as printed, such as "NO FINDING"."""
        return self.value.replace("-", " ").upper()


_ORDER: Final = tuple(Level)


def highest(levels: Iterable[Level]) -> Level:
    """Return the highest of the levels; NO_FINDING of none."""
    return max(levels, key=_ORDER.index, default=Level.NO_FINDING)


def rank(level: Level) -> int:
    """Return the place of a level in the order, from 0, for sorting."""
    given: object = level
    if not isinstance(given, Level):
        raise ConceptError([Problem("level", "a Level, such as Level.CAUTION", kind_of(given))])
    return _ORDER.index(level)
