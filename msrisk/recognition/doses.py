"""Finds the dose of a product from its words, its fields, or both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen

from msrisk.model.concepts import Dose, Fixed
from msrisk.model.profile import Supplement, amount_of
from msrisk.model.quantities import Amount, Unit
from msrisk.recognition.direction_glance import UNKNOWN_DOSE, Directions, says_nothing
from msrisk.recognition.facts import facts_of
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.pieces import PRODUCT_FIELDS, Read
from msrisk.recognition.places import worded, wordings_of

__all__ = ["Doses", "UNKNOWN_DOSE", "dose_of", "doses_in", "read_directions"]

# Two ways of telling one dose may differ by rounding.
_ROUNDING: Final = 1.02


def dose_of(supplement: Supplement, words: Dose) -> tuple[Dose, bool]:
    """Return the dose that fields and words tell together, and whether they agree.

    Where they do not, each amount is the range that holds both.
    """
    told = Dose(
        amount_of(supplement.dose_mg, Unit.MG),
        amount_of(supplement.daily_dose_mg, Unit.MG_PER_DAY),
        amount_of(supplement.times_per_day, Unit.PER_DAY),
    )
    fields = _completed(told)
    each, a = _both(fields.each, words.each)
    times, b = _both(fields.times, words.times)
    daily, c = _both(fields.daily, words.daily)
    product = _daily(each, times)
    agree = a and b and c and _overlap(daily, product)
    daily = _both(daily, product)[0] if agree else _hull(daily, product)
    return _completed(Dose(each, daily, times)), agree


def _completed(dose: Dose) -> Dose:
    """Return the dose with what follows from two of its three amounts."""
    each, daily, times = dose.each, dose.daily, dose.times
    if math.isinf(daily.high):
        product = _daily(each, times)
        daily = Amount(max(daily.low, product.low), product.high, daily.unit)
    if math.isinf(times.high) and each.low > 0 and not math.isinf(each.high) and daily.low > 0:
        times = Amount(daily.low / each.high, daily.high / each.low, Unit.PER_DAY)
    if math.isinf(each.high) and times.low > 0 and not math.isinf(daily.high):
        each = Amount(daily.low / times.high, daily.high / times.low, Unit.MG)
    return Dose(each, daily, times)


def summed(one: Dose, other: Dose) -> Dose:
    """Return the dose of two products of one substance, which may be told twice."""
    low = max(one.daily.low, other.daily.low)
    return evolve(
        UNKNOWN_DOSE, daily=Amount(low, one.daily.high + other.daily.high, Unit.MG_PER_DAY)
    )


def _daily(each: Amount, times: Amount) -> Amount:
    return Amount(each.low * times.low, each.high * times.high, Unit.MG_PER_DAY)


def _both(one: Amount, other: Amount) -> tuple[Amount, bool]:
    """Return what two statements of one amount tell together, and whether they agree."""
    if not _overlap(one, other):
        return _hull(one, other), False
    low, high = max(one.low, other.low), min(one.high, other.high)
    return (Amount(low, high, one.unit) if low <= high else one), True


def _hull(one: Amount, other: Amount) -> Amount:
    """Return the range that holds two statements, one that says nothing left aside."""
    if math.isinf(one.high) or math.isinf(other.high):
        return _both(one, other)[0]
    return Amount(min(one.low, other.low), max(one.high, other.high), one.unit)


def _overlap(one: Amount, other: Amount) -> bool:
    return one.low <= other.high * _ROUNDING and other.low <= one.high * _ROUNDING


@frozen
class Doses:
    """The dose of an entry, that of each substance in it, and what is not understood."""

    dose: Dose | None
    of_each: Mapping[str, Dose] = Fixed()
    left: tuple[str, ...] = ()


_NO_PRODUCT: Final = Doses(None)
_NO_DOSE: Final = Doses(UNKNOWN_DOSE)
_NO_DIRECTIONS: Final = Directions(UNKNOWN_DOSE)


def doses_in(read: Read, lexicon: Lexicon, *, every: bool) -> Doses:
    """Return the dose of the substance that an entry names, or that of each of several.

    No rule asks for the dose of anything else, so it is read only for those who ask.
    """
    assessed = [True for one in read.names if facts_of(one.meaning, lexicon).assessed]
    if not (every or assessed):
        return _NO_DOSE if read.list_field in PRODUCT_FIELDS else _NO_PRODUCT
    found: list[tuple[frozenset[str], Directions]] = []
    for wording in wordings_of(read):
        told = lexicon.above(id_ for piece in wording.products for id_ in piece.ids)
        told &= lexicon.substances
        if every or told:
            words = worded(read, wording) if wording.is_one(read) else ""
            found.append((told, read_directions(words)))
    found.sort(key=lambda one: not one[0])
    left = tuple(word for ids, one in found if ids for word in one.left)
    doses: dict[str, Dose] = {}
    for ids, one in found:
        for id_ in sorted(ids):
            doses[id_] = summed(doses[id_], one.dose) if id_ in doses else one.dose
    if not found:
        return _NO_PRODUCT
    first = next(iter(doses.values()), found[0][1].dose)
    return Doses(first, doses if len(found) > 1 else {}, left)


def read_directions(words: str) -> Directions:
    """Return the dose that the words of one item tell; unknown where they leave it open."""
    if says_nothing(words):
        return _NO_DIRECTIONS
    # It takes as long as some assessments do, and not every patient tells a dose.
    from msrisk.recognition.directions import directions_in

    return directions_in(words)
