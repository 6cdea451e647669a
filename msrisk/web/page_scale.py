"""Draws how far an answer reaches: from what is so already to the worst that is still open."""

from __future__ import annotations

from typing import Final, NamedTuple

from msrisk.model.results import Level, rank

__all__ = ["Bar", "HEIGHT", "WIDTH", "bars"]

_WIDE: Final = 34
_GAP: Final = 6
_LOWEST: Final = 12
_STEP: Final = 9
_HIGHEST: Final = _LOWEST + _STEP * (len(Level) - 1)
_EDGE: Final = 2
WIDTH: Final = len(Level) * (_WIDE + _GAP) - _GAP + 2 * _EDGE
HEIGHT: Final = _HIGHEST + 2 * _EDGE
"""The size of the picture."""


class Bar(NamedTuple):
    """One level as a bar: where it stands, how high it is, and what it is of the answer.

    `state` is "so-far" for what is so already, "open" for what can still come, "out" for others.
    """

    x: int
    y: int
    width: int
    height: int
    state: str


def bars(level: Level, worst_case: Level) -> tuple[Bar, ...]:
    """Return a bar for each level, from the least to the most; between both ends it is open."""
    found = []
    for one in Level:
        height = _LOWEST + _STEP * rank(one)
        inside = rank(level) < rank(one) <= rank(worst_case)
        state = "so-far" if one is level else "open" if inside else "out"
        x, y = rank(one) * (_WIDE + _GAP) + _EDGE, _HIGHEST - height + _EDGE
        found.append(Bar(x, y, _WIDE, height, state))
    return tuple(found)
