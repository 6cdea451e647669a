"""What is at stake for a patient: a rule, the rules that may keep it, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

from attrs import frozen

from msrisk.analysis.cells import leaves
from msrisk.analysis.states import Value
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.results import Level, rank
from msrisk.model.truth import Truth, all_of, any_of

__all__ = ["Answers", "DOSE_TESTS", "NUMBER_TESTS", "PRODUCT_TESTS", "Stake", "Truths", "lost"]

NUMBER_TESTS: Final[Mapping[str, tuple[type, ...]]] = {
    "age_years": (node.AgeAtLeast, node.AgeBelow),
    "weight_kg": (node.WeightBelow,),
}
"""The tests of each number field."""

DOSE_TESTS: Final[Mapping[str, tuple[type, ...]]] = {
    "daily_dose_mg": (node.DailyDoseAbove, node.DailyDoseBelow),
    "times_per_day": (node.DosesPerDayBelow,),
}
"""The tests of each number that is said of a product."""

PRODUCT_TESTS: Final = (*DOSE_TESTS["daily_dose_mg"], *DOSE_TESTS["times_per_day"], node.Taking)
"""The tests of the products of the substance."""

Truths = Mapping[tuple[int, Condition], Truth]
"""What tests say: those of the rule (0), and those of its heirs (1)."""


@frozen(slots=False)
class Stake:
    """What a rule brings to a substance, and the conditions that may keep it."""

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
        """The tests of its heirs."""
        return leaves(*(when for when, _ in self.heirs))

    @cached_property
    def of_products(self) -> bool:
        """Whether a test looks at the products of the substance."""
        return any(isinstance(test, PRODUCT_TESTS) for test in (*self.own, *self.theirs))


class Answers:
    """What the tests of a rule (0) and of its heirs (1) say of one patient."""

    def __init__(
        self,
        listed: Truths,
        said: Callable[[int, Condition, Value], Truth],
        values: tuple[Value, ...],
    ) -> None:
        self._listed = listed
        self._said = said
        self._values = dict(values)

    def of(self, side: int, condition: Condition) -> Truth:
        """Return the truth of a condition."""
        match condition:
            case node.All(of=parts):
                return all_of(self.of(side, part) for part in parts)
            case node.Any(of=parts):
                return any_of(self.of(side, part) for part in parts)
            case node.States(field=name):
                return self._said(side, condition, (name, self._values[name]))
        for name, kinds in NUMBER_TESTS.items():
            if isinstance(condition, kinds):
                return self._said(side, condition, (name, self._values[name]))
        return self._listed[side, condition]


def lost(stake: Stake, answers: Answers) -> Truth | None:
    """Return what a patient had, if nothing keeps it."""
    had = answers.of(0, stake.when)
    if had is Truth.FALSE:
        return None
    enough = (Truth.TRUE,) if had is Truth.TRUE else (Truth.TRUE, Truth.UNKNOWN)
    kept = any(
        rank(level) >= rank(stake.level) and answers.of(1, when) in enough
        for when, level in stake.heirs
    )
    return None if kept else had
