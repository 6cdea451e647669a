"""Reads body weights, and finds which of them is the last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from msrisk.fhir.bundle import Resource
from msrisk.fhir.codes import UCUM, WEIGHT_CODES, WEIGHTS_KG, system_of
from msrisk.fhir.concepts import concept_in
from msrisk.fhir.context import Context
from msrisk.fhir.dates import span
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.model.checks import BOUNDS, Range

__all__ = ["Weight", "is_weight", "last_weight", "read_weight"]

_UNITS: Final = {
    "kg": "kg",
    "kgs": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "g": "g",
} | dict.fromkeys(("lb", "lbs", "pound", "pounds", "[lb_av]"), "[lb_av]")
_WORDS: Final = {"body weight", "weight", "body weight measured"}
_WEIGHT: Final = re.compile(r"\bweight\b|gewicht\b|\bpoids\b|\bpeso\b", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"birth|ideal|loss|gain|percent|lean|target|goal|score|geburt|soll|ziel|naissance|perte|nacim",
    re.IGNORECASE,
)
_DATES: Final = ("effectiveDateTime", "effectiveInstant", "effectivePeriod", "issued")
_DIFFER: Final = 1.02
# For how long a weight counts as that of today; msrisk's own number.
_KEEPS: Final = timedelta(days=366)


@frozen
class Weight:
    """A weight, and when it was taken.

    Attributes:
        kilograms: how much; None if that cannot be read.
        when: the first and last moment at which it may have been taken; None if not said.
        certain: whether nothing speaks against it.
        outcome: of the observation, to say more of it.

    """

    kilograms: float | None
    when: tuple[datetime, datetime] | None
    certain: bool
    outcome: Outcome


def is_weight(observation: Element) -> bool:
    """Return whether an Observation is a body weight, holds one, or may be one."""
    return any(True for _ in _weights(observation))


def _weights(observation: Element) -> Iterator[Element]:
    """Yield an Observation and those of its components that are body weights, or may be."""
    for one in (observation, *observation.each("component")):
        if _is_surely(one) or _may_be(one):
            yield one


def _is_surely(observation: Element) -> bool:
    """Return whether an Observation is a body weight, and nothing else besides."""
    codes, loinc = _codes(observation)
    if codes & WEIGHT_CODES:
        return loinc <= WEIGHT_CODES
    concept = observation.one("code")
    return not loinc and concept is not None and (concept.text("text") or "").casefold() in _WORDS


def _may_be(observation: Element) -> bool:
    """Return whether words or a code may mean the weight of the body, beside others."""
    codes, loinc = _codes(observation)
    if codes & WEIGHT_CODES:
        return True
    words = concept_in(observation, "code").words
    return not loinc and any(_WEIGHT.search(one) and not _OTHER.search(one) for one in words)


def _codes(observation: Element) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return the codes of what was observed, and those of LOINC among them."""
    concept = observation.one("code")
    codes = {
        (system_of(system), code)
        for one in (concept.each("coding") if concept else ())
        if (system := one.text("system")) and (code := one.text("code"))
    }
    return codes, {key for key in codes if key[0] == "http://loinc.org"}


def read_weight(resource: Resource, context: Context) -> tuple[Outcome, list[Weight]]:
    """Return what an Observation tells of the body weight, and the weights that may count."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("Observation.status", element.code("status"))
    if outcome.out:
        outcome.doubts.clear()
        return outcome, []
    weights = list(_weights(element))
    if not all(map(_is_surely, weights)):
        outcome.doubts.append("it may be another weight than that of the body")
    if element.has("focus"):
        outcome.doubts.append("it is about something or somebody besides (focus)")
    when = _when(element, outcome)
    if when is not None and when[0].date() > context.on:
        outcome.out = True
        outcome.remarks.append("it is dated after the day as of which the record is read")
        return outcome, []
    if when is not None and context.on - when[1].date() > _KEEPS:
        outcome.doubts.append("it was taken longer ago than a year")
    return outcome, [_weight(one, when, outcome) for one in weights]


def _weight(element: Element, when: tuple[datetime, datetime] | None, outcome: Outcome) -> Weight:
    kilograms = _kilograms(element, outcome)
    if kilograms is not None:
        dated = f", of {_dated(when)}" if when else ", without a date"
        outcome.numbers.append(f"weight_kg: {kilograms:g}{dated}")
    return Weight(kilograms, when, kilograms is not None and not outcome.doubts, outcome)


def _dated(when: tuple[datetime, datetime]) -> str:
    """Return a day, or the first and the last one where no more than the month or year is known."""
    first, last = when[0].date(), when[1].date()
    return f"{first}" if first == last else f"some day from {first} to {last}"


def _when(element: Element, outcome: Outcome) -> tuple[datetime, datetime] | None:
    period = element.one("effectivePeriod")
    told = (
        element.text("effectiveDateTime")
        or element.text("effectiveInstant")
        or (period.text("end") or period.text("start") if period else None)
        or element.text("issued")
    )
    when = span(told) if told else None
    if when is None and any(map(element.has, _DATES)):
        outcome.doubts.append("its date is no date")
    return when


def _kilograms(element: Element, outcome: Outcome) -> float | None:
    quantity = element.one("valueQuantity")
    reason = element.code("dataAbsentReason") or element.absent("valueQuantity")
    if reason in ("asked-unknown", "asked-declined"):
        outcome.asked_unknown.add("weight_kg")
    if quantity is None or reason is not None:
        outcome.remarks.append(f"it holds no quantity{f' ({reason})' if reason else ''}")
        return None
    value = quantity.number("value")
    several = len(list(element.each("valueQuantity"))) > 1
    if value is None or several or quantity.has("comparator"):
        outcome.remarks.append("its value is no single number")
        return None
    factor = _factor(quantity)
    if factor is None:
        outcome.remarks.append(
            "its unit is missing, unknown or told in two ways: no unit, no weight"
        )
        return None
    kilograms = round(value * factor, 3)
    least, most, _ = BOUNDS["weight_kg"]
    if not least <= kilograms <= most:
        outcome.remarks.append("nobody has such a weight")
        return None
    return kilograms


def _factor(quantity: Element) -> float | None:
    """Return the kilograms of a unit: the code is the unit, if its system is UCUM."""
    system, code, unit = (quantity.text(name) for name in ("system", "code", "unit"))
    printed = _UNITS.get((unit or "").casefold().rstrip("."))
    if code is not None:
        factor = WEIGHTS_KG.get(code) if system in (None, UCUM) else None
        if printed is not None and factor != WEIGHTS_KG[printed]:
            return None
        return factor
    return WEIGHTS_KG[printed] if printed else None


def last_weight(weights: Sequence[Weight], *, partial: bool) -> Range | None:
    """Return the last weight; a range where several may be the last and differ.

    One that is in doubt widens the range and makes none by itself; where one that cannot be
    read may be the last, the weight is not known. A bundle that does not hold all of the
    record (`partial`) may lack the last one.
    """
    dated = [one for one in weights if one.when]
    sure = [one.when[0] for one in dated if one.certain and one.when]
    latest = max(sure, default=None)
    last = [one for one in weights if latest is None or one.when is None or one.when[1] >= latest]
    for one in weights:
        if one not in last:
            one.outcome.out = True
            one.outcome.remarks.append("a later weight is in the record")
    read = [one.kilograms for one in last if one.kilograms is not None]
    if not any(one.certain for one in last):
        return None
    if partial or len(read) < len(last):
        where = "in what the bundle does not hold" if partial else "one that cannot be read"
        for one in last:
            one.outcome.doubts.append(f"a later weight may be {where}")
        return None
    low, high = min(read), max(read)
    if high > low * _DIFFER:
        for one in last:
            one.outcome.disputed = True
            one.outcome.remarks.append(
                "weights that may be the last differ: the range of them is read"
            )
    return low if low == high else (low, high)
