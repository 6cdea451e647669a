"""Finds the ways in which a condition can hold, and the numbers worth trying.

Implements *Each way of firing has smallest patients* and *Numbers are not ordered, so all are
tried*, docs/analysis.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from typing import Final

from msrisk.model import conditions as node
from msrisk.model.checks import BOUNDS, Range
from msrisk.model.conditions import Condition, ThresholdTest, walk
from msrisk.model.quantities import Number
from msrisk.model.rules import RuleSet

__all__ = ["MOST_WAYS", "Way", "cells", "leaves", "read_by", "values_of", "ways"]

MOST_WAYS: Final = 400

Way = frozenset[Condition]
"""Tests that make a condition hold when all of them hold."""


def leaves(*conditions: Condition) -> tuple[Condition, ...]:
    """Return the single tests of conditions, each once."""
    found = (part for one in conditions for part in walk(one))
    return tuple(dict.fromkeys(p for p in found if not isinstance(p, node.All | node.Any)))


def ways(condition: Condition) -> list[Way] | None:
    """Return the smallest sets of tests that make a condition hold; None if there are too many.

    There is no negation, so a condition is as true as the best of its ways, and a way as
    true as the worst of its tests.
    """
    match condition:
        case node.Any(of=parts):
            found: list[Way] = []
            for part in parts:
                inner = ways(part)
                if inner is None:
                    return None
                found = _smallest([*found, *inner])
        case node.All(of=parts):
            found = [frozenset()]
            for part in parts:
                inner = ways(part)
                if inner is None or len(found) * len(inner) > MOST_WAYS**2:
                    return None
                found = _smallest(one | other for one in found for other in inner)
        case _:
            return [frozenset([condition])]
    return found if len(found) <= MOST_WAYS else None


def _smallest(found: Iterable[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in sorted(dict.fromkeys(found), key=len):
        if not any(one <= way for one in kept):
            kept.append(way)
    return kept


def read_by(tests: Iterable[Condition], kinds: tuple[type, ...]) -> list[str]:
    """Return the thresholds that the tests of these kinds compare with."""
    return [t.threshold for t in tests if isinstance(t, ThresholdTest) and isinstance(t, kinds)]


def cells(field: str, limits: Iterable[Number]) -> tuple[Range, ...]:
    """Return a number or range for each answer that comparisons with the limits can give.

    A number on each limit, one in each gap, and each range from one of these to another,
    as far as the field can hold them; whole numbers where a gap has one. A number of which
    nothing is known is not among them.
    """
    least, most, _ = BOUNDS[field]
    cut = sorted(set(limits))
    points: list[Number] = []
    if cut:
        points.append(_between(least, cut[0]))
        for low, high in pairwise(cut):
            points += [low, _between(low, high)]
        points += [cut[-1], min(cut[-1] + 1, most)]
        points = sorted({point for point in points if least <= point <= most})
    return (*points, *combinations(points, 2))


def _between(low: Number, high: Number) -> Number:
    middle = math.ceil(high) - 1
    return middle if middle > low else (low + high) / 2


def values_of(ids: Iterable[str], *rulesets: RuleSet) -> Iterator[Number]:
    """Yield the numbers of thresholds, wherever they stand."""
    wanted = set(ids)
    for ruleset in rulesets:
        yield from (one.value for one in ruleset.thresholds if one.id in wanted)
