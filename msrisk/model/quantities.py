"""Defines doses, weights and ages with their unit; comparing unlike units is an error."""

from __future__ import annotations

import math
from enum import Enum

from attrs import frozen

from msrisk.errors import Problem, UnitError
from msrisk.model.truth import Truth

__all__ = ["Amount", "Number", "Quantity", "Unit", "number_text"]

Number = int | float


class Unit(Enum):
    """The units that profiles and thresholds are in, by their UCUM codes."""

    MG = "mg"
    MG_PER_DAY = "mg/d"
    KG = "kg"
    YEARS = "a"
    PER_DAY = "/d"

    @property
    def words(self) -> str:
        """The unit as said to a person."""
        return _WORDS[self]


_WORDS = {
    Unit.MG: "mg",
    Unit.MG_PER_DAY: "mg a day",
    Unit.KG: "kg",
    Unit.YEARS: "years",
    Unit.PER_DAY: "doses a day",
}
_ONE = {Unit.YEARS: "year", Unit.PER_DAY: "dose a day"}


def number_text(number: Number) -> str:
    """Return a number as a person writes it: no exponent, no trailing zero."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _said(number: Number, unit: Unit) -> str:
    words = _ONE.get(unit, unit.words) if number == 1 else unit.words
    return f"{number_text(number)} {words}"


@frozen
class Quantity:
    """One number with its unit, such as a threshold."""

    value: Number
    unit: Unit

    def __str__(self) -> str:
        return _said(self.value, self.unit)


@frozen
class Amount:
    """What is known of a number: it lies from low to high, both included.

    `Amount(67, 67, Unit.YEARS)` is a known value; `Amount(0, math.inf, unit)` says
    that nothing is known.
    """

    low: Number
    high: Number
    unit: Unit

    @classmethod
    def unknown(cls, unit: Unit) -> Amount:
        """Return the amount of which nothing is known."""
        return cls(0, math.inf, unit)

    def __add__(self, other: Amount) -> Amount:
        self._same_unit(other.unit)
        return Amount(self.low + other.low, self.high + other.high, self.unit)

    def at_least(self, limit: Quantity) -> Truth:
        """Return whether the whole range agrees that it is the limit or more."""
        self._same_unit(limit.unit)
        return _agreed(self.low >= limit.value, self.high >= limit.value)

    def above(self, limit: Quantity) -> Truth:
        """Return whether the whole range agrees that it is more than the limit."""
        self._same_unit(limit.unit)
        return _agreed(self.low > limit.value, self.high > limit.value)

    def below(self, limit: Quantity) -> Truth:
        """Return whether the whole range agrees that it is less than the limit."""
        self._same_unit(limit.unit)
        return _agreed(self.low < limit.value, self.high < limit.value)

    def _same_unit(self, unit: Unit) -> None:
        if unit is not self.unit:
            raise UnitError(
                [Problem("quantity", f"a quantity in {self.unit.words}", f"one in {unit.words}")]
            )

    def __str__(self) -> str:
        if self.low == self.high:
            return _said(self.low, self.unit)
        if self.low > 0 and math.isinf(self.high):
            return f"{_said(self.low, self.unit)} or more"
        return f"{number_text(self.low)} to {number_text(self.high)} {self.unit.words}"


def _agreed(at_low: bool, at_high: bool) -> Truth:
    if at_low is not at_high:
        return Truth.UNKNOWN
    return Truth.TRUE if at_low else Truth.FALSE
