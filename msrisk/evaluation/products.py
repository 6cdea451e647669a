"""Collects the products of one substance that a patient named, and adds up their dose."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from msrisk.model import conditions as node
from msrisk.model.concepts import ANYTHING, Dose
from msrisk.model.facts import Fact
from msrisk.model.quantities import Amount, Quantity, Unit
from msrisk.model.truth import Truth, all_of, any_of, known

__all__ = ["DoseTest", "Products", "may_be_unlisted", "names"]

DoseTest = node.DailyDoseAbove | node.DailyDoseBelow | node.DosesPerDayBelow


def names(fact: Fact, substance: str) -> bool:
    """Return whether an entry is, or may be, a product of a substance."""
    told = fact.recognition
    return told.says is not False and (substance in told.concepts or substance in told.may_be)


def may_be_unlisted(substance: str, supplements: Iterable[Fact], *, complete: bool) -> bool:
    """Return whether there may be a product that is not told, or is not recognised."""
    return not complete or any(
        one.recognition.possible is ANYTHING and not names(one, substance) for one in supplements
    )


class Products:
    """The entries that are, or may be, a product of a substance.

    An allergy to it tells of a product of its own only where none is told.

    Attributes:
        facts: those entries, in the order of the lists.
        unlisted: whether there may be another product, which is not told or not recognised.

    """

    def __init__(self, substance: str, named: Sequence[Fact], *, unlisted: bool) -> None:
        """Take in the entries of all lists that name the substance."""
        self._substance = substance
        taken = tuple(one for one in named if substance not in one.recognition.allergens)
        self.facts = taken or tuple(named)
        self.unlisted = unlisted

    def is_sure(self, fact: Fact) -> bool:
        """Return whether an entry tells of a product as taken: not stopped, denied or not borne."""
        told = fact.recognition
        return told.says is not None and self._substance not in told.allergens

    def taking(self) -> Truth:
        """Return whether any product was started; one not surely taken proves nothing."""
        truths = [known(one.taking if self.is_sure(one) else None) for one in self.facts]
        return any_of([*truths, Truth.UNKNOWN] if self.unlisted else truths)

    def started(self) -> tuple[Fact, ...]:
        """Return the products that were started."""
        return tuple(one for one in self.facts if one.taking is True and self.is_sure(one))

    def says(self, test: DoseTest, limit: Quantity) -> Truth:
        """Return the truth of a test of doses; of no product, none is less than a limit."""
        if isinstance(test, node.DailyDoseTakenAbove):
            return self.daily(started=True).above(limit)
        if isinstance(test, node.DailyDoseAbove):
            return self.daily().above(limit)
        below = isinstance(test, node.DailyDoseBelow)
        return self._if_taken(self.daily().below(limit) if below else self._fewer(limit))

    def daily(self, *, started: bool = False) -> Amount:
        """Return what a day brings on which all products are taken, or all that were started."""
        return self._sum(Unit.MG_PER_DAY, lambda dose: dose.of_a_day, started=started)

    def _fewer(self, limit: Quantity) -> Truth:
        """Decide whether there are fewer intakes a day than the limit.

        One product can reach it alone. Several that reach it only together may be taken at
        the same hours or at others.
        """
        taken = [one.dose_of(self._substance) for one in self.facts if self.is_sure(one)]
        if any(dose.times.below(limit) is Truth.FALSE for dose in taken):
            return Truth.FALSE
        together = self._sum(limit.unit, lambda dose: dose.times).below(limit)
        return Truth.TRUE if together is Truth.TRUE else Truth.UNKNOWN

    def _sum(
        self, unit: Unit, amount: Callable[[Dose], Amount], *, started: bool = False
    ) -> Amount:
        """Return the sum over all products, of which some may not be taken or listed.

        Only over those that were started, if asked for: what may have been started may count.
        """
        low: float = 0
        high: float = 0
        for fact in dict.fromkeys(self.facts):
            one, sure = amount(fact.dose_of(self._substance)), self.is_sure(fact)
            if started and sure and fact.taking is False:
                continue
            # Equal lines may be one product or several.
            most = self.facts.count(fact) if fact.field == "supplements" else 1
            low += one.low if sure and (fact.taking is True or not started) else 0
            high += one.high * most
        return Amount(low, math.inf if self.unlisted else high, unit)

    def _if_taken(self, truth: Truth) -> Truth:
        """Return the truth of "less than" where a product is taken: of none, nothing is less."""
        if any(map(self.is_sure, self.facts)):
            return truth
        return all_of([truth, Truth.UNKNOWN]) if self.facts or self.unlisted else Truth.FALSE
