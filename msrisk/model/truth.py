"""Defines true, false and unknown, and the only "and" and "or" in the package.

Strong Kleene logic without negation: there is no "not", so a fact can switch a rule
on and never off.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn

__all__ = ["Truth", "all_of", "any_of", "known"]


class Truth(Enum):
    """What is known of a statement. It has no truth value of its own."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth has three values: compare it with `is Truth.TRUE`")


def known(value: bool | None) -> Truth:
    """Return the truth of a yes/no field, where None is unknown."""
    if value is None:
        return Truth.UNKNOWN
    return Truth.TRUE if value else Truth.FALSE


def all_of(parts: Iterable[Truth]) -> Truth:
    """Return false if any part is false, else unknown if any is unknown, else true."""
    found = set(parts)
    for truth in (Truth.FALSE, Truth.UNKNOWN):
        if truth in found:
            return truth
    return Truth.TRUE


def any_of(parts: Iterable[Truth]) -> Truth:
    """Return true if any part is true, else unknown if any is unknown, else false."""
    found = set(parts)
    for truth in (Truth.TRUE, Truth.UNKNOWN):
        if truth in found:
            return truth
    return Truth.FALSE
