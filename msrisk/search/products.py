"""Makes the products of a substance, one for each dose that the tests of a rule tell apart.

Implements *One product can stand for all*, docs/analysis.md: one product has the sum of the
doses of several, from as many intakes as the one with most to as many as all have together,
and is started like another. Where a test adds up what was started, one that was not stands
beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from attrs import evolve

from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.conditions import Condition
from msrisk.model.profile import Supplement
from msrisk.search.goal import DOSE_TESTS, PRODUCT_TESTS, Goal
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.ways import cells, read_by, values_of

__all__ = ["Products"]


class Products:
    """The products of a substance, one for each answer of the tests of a rule and its heirs."""

    def __init__(self, pair: RuleSetPair, goal: Goal, base: PairedEntry) -> None:
        self.pair = pair
        self.base = base
        tests = [test for test in (*goal.own, *goal.theirs) if isinstance(test, PRODUCT_TESTS)]
        self.tests: Sequence[Condition] = tests if isinstance(base.typed, Supplement) else ()
        self._menus: dict[str, list[Range | bool | None]] = {
            name: [*self._cells(name, kinds), None]
            for name, kinds in DOSE_TESTS.items()
            if self._of(kinds)
        }
        if self._of((node.Taking, node.DailyDoseTakenAbove)):
            self._menus["taking"] = [False, None, True]

    def _of(self, kinds: tuple[type, ...]) -> list[Condition]:
        return [test for test in self.tests if isinstance(test, kinds)]

    def _cells(self, name: str, kinds: tuple[type, ...]) -> tuple[Range, ...]:
        ids = read_by(self._of(kinds), kinds)
        return cells(name, values_of(ids, self.pair.old, self.pair.new))

    def all(self) -> Iterator[tuple[PairedEntry, ...]]:
        """Yield the products, first the one of which every dose that a test reads is known."""
        menu = [dict(zip(self._menus, one, strict=True)) for one in product(*self._menus.values())]
        yield from ((self._variant(**said),) for said in menu)
        if self._of((node.DailyDoseTakenAbove,)):
            for said in menu:
                for planned in self._beside(said["daily_dose_mg"]) if said["taking"] else ():
                    yield self._variant(**said), planned

    def _beside(self, daily: Range | bool | None) -> Iterator[PairedEntry]:
        """Yield a product that was not started, for each sum that it makes with one that was.

        Ranges tell sums apart only where a test asks for less.
        """
        ranges = bool(self._of((node.DailyDoseBelow,)))
        if daily is None or (isinstance(daily, tuple) and not ranges):
            return
        kinds = DOSE_TESTS["daily_dose_mg"]
        limits = values_of(read_by(self._of(kinds), kinds), self.pair.old, self.pair.new)
        ends = daily if isinstance(daily, tuple) else (daily,)
        left = {limit - end for limit, end in product(limits, ends) if limit > end}
        once = {"times_per_day": 1} if "times_per_day" in self._menus else {}
        for more in cells("daily_dose_mg", left or {1}):
            if ranges or not isinstance(more, tuple):
                yield self._variant(**once, daily_dose_mg=more, taking=False)

    def _variant(self, **said: Range | bool | None) -> PairedEntry:
        if not said:
            return self.base
        return self.pair.read("supplements", evolve(self.base.typed, **said))  # type: ignore[arg-type]  # each key is of its own type
