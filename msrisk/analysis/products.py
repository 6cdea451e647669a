"""The substance's own products, in every dose that the tests of a rule can tell apart.

One product can pass whatever several pass together: it has the dose of the one, the intakes
of another, and is taken like a third. Only for a small dose and a large sum, both for
certain, two are needed: one of the small dose, and one for the rest of the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from attrs import evolve

from msrisk.analysis.cells import Way, cells, read_by, values_of
from msrisk.analysis.entries import Both, Probe
from msrisk.analysis.stakes import CERTAIN, DOSE_TESTS, PRODUCT_TESTS, Stake
from msrisk.model import conditions as node
from msrisk.model.checks import BOUNDS, Range
from msrisk.model.conditions import Condition
from msrisk.model.profile import Supplement
from msrisk.model.quantities import Number

__all__ = ["Products"]

_DAILY: Final = "daily_dose_mg"
_SUM: Final = node.DailyDoseAbove


class Products:
    """The products of a substance that the tests of a rule and its heirs can tell apart."""

    def __init__(self, both: Both, stake: Stake, base: Probe) -> None:
        self.both = both
        self.base = base
        tests = [test for test in (*stake.own, *stake.theirs) if isinstance(test, PRODUCT_TESTS)]
        self.tests: Sequence[Condition] = tests if isinstance(base.entry, Supplement) else ()
        self._menus: dict[str, list[Range | bool | None]] = {
            name: [*self._cells(name, kinds), None]
            for name, kinds in DOSE_TESTS.items()
            if self._of(kinds)
        }
        if self._of((node.Taking,)):
            self._menus["taking"] = [False, None, True]

    def _of(self, kinds: tuple[type, ...]) -> list[Condition]:
        return [test for test in self.tests if isinstance(test, kinds)]

    def _cells(self, name: str, kinds: tuple[type, ...]) -> tuple[Range, ...]:
        ids = read_by(self._of(kinds), kinds)
        return cells(name, values_of(ids, self.both.old, self.both.new))

    @property
    def first(self) -> tuple[Probe, ...]:
        """One product whose dose, if any test reads it, is known."""
        return next(self._single(self._menus))

    def of(self, way: Way, reading: int) -> Iterator[tuple[Probe, ...]]:
        """Yield the products that can bring about a way of the rule, the plainest first."""
        yield from self._single(self._menus)
        kinds = {type(test) for test in way}
        if self.tests and reading == CERTAIN and {_SUM, node.DailyDoseBelow} <= kinds:
            yield from self._pairs()

    def _single(self, menus: dict[str, list[Range | bool | None]]) -> Iterator[tuple[Probe, ...]]:
        for said in product(*menus.values()):
            yield (self._probe(**dict(zip(menus, said, strict=True))),)

    def _pairs(self) -> Iterator[tuple[Probe, ...]]:
        """Yield a product of at most a dose, and one of at least a dose and perhaps much more.

        Of the first only the most counts, and of the sum only the least: for certain, a
        dose is small, or a sum large, by no other number.
        """
        points: list[Number] = [one for one in self._menus[_DAILY] if isinstance(one, int | float)]
        most = max(points)
        for first in self._single(
            {**self._menus, _DAILY: [(BOUNDS[_DAILY][0], n) for n in points]}
        ):
            for low in points:
                yield *first, self._probe(**{_DAILY: (low, most) if low < most else most})

    def _probe(self, **said: Range | bool | None) -> Probe:
        if not said:
            return self.base
        return self.both.probe("supplements", evolve(self.base.entry, **said))  # type: ignore[arg-type]  # each key is of its own type
