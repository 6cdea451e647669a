"""Defines a goal: a patient who meets a rule, but none of the heirs that may keep it.

Implements *Two strengths, each of two answers*, docs/analysis.md. The answers of tests are
kept as bits, one for each test of the rule and of its heirs, in each of the two strengths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cached_property
from typing import Final, TypeVar

from attrs import frozen

from msrisk.evaluation.deciding import LIST_TESTS
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.profile import NUMBER_FIELDS
from msrisk.model.results import Level, rank
from msrisk.model.truth import Truth
from msrisk.search.ways import leaves

__all__ = [
    "Bits",
    "DOSE_TESTS",
    "Goal",
    "NOTHING",
    "NUMBER_TESTS",
    "Option",
    "PRODUCT_TESTS",
    "Strength",
    "bits_of",
    "undominated",
]

T = TypeVar("T")

_THRESHOLD_TESTS: Final = [kind for kind in node.KINDS if issubclass(kind, node.ThresholdTest)]

NUMBER_TESTS: Final[Mapping[str, tuple[type, ...]]] = {
    name: tuple(kind for kind in _THRESHOLD_TESTS if kind.field == name) for name in NUMBER_FIELDS
}
"""The tests of each number field."""

DOSE_TESTS: Final[Mapping[str, tuple[type, ...]]] = {
    name: tuple(kind for kind in _THRESHOLD_TESTS if kind.field == name)
    for name in ("daily_dose_mg", "times_per_day")
}
"""The tests of each number that is said of a product."""

PRODUCT_TESTS: Final = (*DOSE_TESTS["daily_dose_mg"], *DOSE_TESTS["times_per_day"], node.Taking)
"""The tests of the products of the substance."""


class Strength(IntEnum):
    """When a test counts: if it is true, or already if it is not false.

    Whoever has a finding meets its tests for certain; whoever has an open question leaves
    them open at least.
    """

    CERTAIN = 0
    OPEN = 1


Bits = tuple[int, int]
"""Which tests are true, and which are not false; a `Strength` picks one of the two."""

NOTHING: Final[Bits] = (0, 0)

Option = tuple[T, Bits, tuple[int, int]]
"""A choice, the answers of the tests to it, and by how much it makes a patient larger."""


@frozen(slots=False)
class Goal:
    """Somebody who meets a rule of a substance and none of the heirs that may keep it."""

    substance: str
    when: Condition
    level: Level
    heirs: tuple[tuple[Condition, Level], ...]

    @cached_property
    def own(self) -> tuple[Condition, ...]:
        """The tests of the rule."""
        return leaves(self.when)

    @cached_property
    def theirs(self) -> tuple[Condition, ...]:
        """The tests of the heirs at the level of the rule or above."""
        return leaves(*self._keeping)

    @cached_property
    def _keeping(self) -> tuple[Condition, ...]:
        return tuple(when for when, level in self.heirs if rank(level) >= rank(self.level))

    @cached_property
    def _places(self) -> tuple[Mapping[Condition, int], Mapping[Condition, int]]:
        own = {test: 1 << n for n, test in enumerate(self.own)}
        return own, {test: 1 << n for n, test in enumerate(self.theirs, len(own))}

    @cached_property
    def of_lists(self) -> tuple[tuple[int, Condition, int], ...]:
        """The tests of lists: whether an heir asks it (0 or 1), the test and its bit."""
        return self._of(tuple(LIST_TESTS))

    @cached_property
    def of_products(self) -> tuple[tuple[int, Condition, int], ...]:
        """The tests of the products of the substance, likewise."""
        return self._of(PRODUCT_TESTS)

    @cached_property
    def of_values(self) -> tuple[tuple[int, Condition, int], ...]:
        """The tests of numbers and of yes/no fields, likewise."""
        return self._of((node.States, *(kind for of in NUMBER_TESTS.values() for kind in of)))

    def _of(self, kinds: tuple[type, ...]) -> tuple[tuple[int, Condition, int], ...]:
        return tuple(
            (side, test, bit)
            for side, places in enumerate(self._places)
            for test, bit in places.items()
            if isinstance(test, kinds)
        )

    def bits(self, way: Iterable[Condition]) -> int:
        """Return the bits of tests of the rule."""
        return sum(self._places[0][test] for test in way)

    def is_kept(self, said: int) -> bool:
        """Return whether some heir keeps the rule, given the tests that count."""
        return any(_holds(when, self._places[1], said) for when in self._keeping)

    def against(self, said: int, wanted: int) -> int:
        """Return the bits that make a patient useless as a counterexample.

        These are tests of heirs that count, and tests of the rule that are wanted and do not.
        """
        theirs = said >> len(self.own) << len(self.own)
        return theirs | (wanted & ~said)


def _holds(condition: Condition, places: Mapping[Condition, int], said: int) -> bool:
    match condition:
        case node.All(of=parts):
            return all(_holds(part, places, said) for part in parts)
        case node.Any(of=parts):
            return any(_holds(part, places, said) for part in parts)
    return bool(places[condition] & said)


def bits_of(
    tests: Iterable[tuple[int, Condition, int]], said: Callable[[int, Condition], Truth]
) -> Bits:
    """Return the answers of tests as bits."""
    certain = open_ = 0
    for side, test, bit in tests:
        truth = said(side, test)
        if truth is not Truth.FALSE:
            open_ |= bit
            if truth is Truth.TRUE:
                certain |= bit
    return certain, open_


def undominated(
    options: Iterable[Option[T]], against: Callable[[Bits], int]
) -> Sequence[Option[T]]:
    """Leave out an option if another has no more against it and is no larger."""
    found: dict[int, Option[T]] = {}
    for option in options:
        done = against(option[1])
        if done not in found or option[2] < found[done][2]:
            found[done] = option
    return [
        option
        for done, option in found.items()
        if not any(
            other != done and other & ~done == 0 and smaller[2] <= option[2]
            for other, smaller in found.items()
        )
    ]
