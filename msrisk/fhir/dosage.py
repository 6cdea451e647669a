"""Reads how much and how often: Dosage and Timing, as milligrams and times a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from msrisk.fhir.codes import MASSES_MG, PER_DAY, UCUM
from msrisk.fhir.elements import Element
from msrisk.model.checks import BOUNDS, Range

__all__ = ["Dosing", "dosing_of", "scaled", "strength_of"]

_DAYS: Final = {
    "s": 1 / 86400,
    "min": 1 / 1440,
    "h": 1 / 24,
    "d": 1.0,
    "wk": 7.0,
    "mo": 30.4,
    "a": 365.25,
}
_COUNTED: Final = (
    ("", ""),
    ("1", ""),
    ("each", ""),
    ("capsule", "capsules"),
    ("cap", "capsules"),
    ("softgel", "softgels"),
    ("tablet", "tablets"),
    ("tab", "tablets"),
    ("tbl", "tablets"),
    ("caplet", "tablets"),
    ("pill", "pills"),
)


@frozen
class Dosing:
    """What the directions of a product say.

    Attributes:
        each_mg: milligrams each time.
        daily_mg: milligrams a day, where there are several directions.
        times: how many times a day.
        count: how many pieces each time.
        piece: what those are, in the plural; empty if that is not said.
        words: the directions in words.

    """

    each_mg: Range | None = None
    daily_mg: Range | None = None
    times: Range | None = None
    count: Range | None = None
    piece: str = ""
    words: tuple[str, ...] = ()


def dosing_of(directions: Iterable[Element]) -> Dosing:
    """Return what directions say together."""
    each = [_one(element) for element in directions]
    words = tuple(dict.fromkeys(text for one in each for text in one.words))
    if len(each) == 1:
        return each[0]
    days = [scaled(one.each_mg, one.times) for one in each]
    known = [_pair(day) for day in days if day is not None]
    daily = None
    if known and len(known) == len(each):
        # One after the other, or all of them.
        daily = _bounded("daily_dose_mg", (min(low for low, _ in known), sum(h for _, h in known)))
    return Dosing(daily_mg=daily, words=words)


def _one(element: Element) -> Dosing:
    rate = element.one("doseAndRate")
    amounts = [one for one in (rate, element) if one is not None]
    quantity = next(filter(None, (one.one("doseQuantity") for one in amounts)), None)
    quantity = quantity or element.one("quantity") or element.one("dose")
    between = next(filter(None, (one.one("doseRange") for one in amounts)), None)
    parts = [quantity] if quantity else []
    if between and not quantity:
        parts = [end for name in ("low", "high") if (end := between.one(name))]
        parts = parts if len(parts) == 2 else []  # both ends
    values = [one.number("value") for one in parts]
    if any(one.has("comparator") for one in parts):
        values = []
    numbers = [value for value in values if value is not None and value > 0]
    if len(numbers) < len(values):
        numbers = []
    timing = element.one("timing") or element.one("schedule")
    needed = element.flag("asNeededBoolean") is True or element.has("asNeededCodeableConcept")
    times = _times(timing) if timing else None
    if needed and times is not None:
        times = (BOUNDS["times_per_day"][0], _pair(times)[1])
    masses = [_mass_mg(one) for one in parts]
    words = tuple(filter(None, [element.text("text"), *_instructions(element)]))
    if numbers and all(masses):
        both = [n * m for n, m in zip(numbers, masses, strict=True) if m]
        return Dosing(each_mg=_bounded("dose_mg", _range(both)), times=times, words=words)
    piece = _piece(parts[0]) if parts else None
    if numbers and piece is not None:
        return Dosing(times=times, count=_range(numbers), piece=piece, words=words)
    return Dosing(times=times, words=words)


def _instructions(element: Element) -> list[str | None]:
    return [element.text("patientInstruction"), element.text("instruction")]


def _unit(quantity: Element) -> str | None:
    """Return the unit of a quantity, by its code, else as it is printed; None if they differ."""
    code, unit, system = (quantity.text(name) for name in ("code", "unit", "system"))
    if system not in (None, UCUM):
        code = None
    if code and unit and {code, unit} <= MASSES_MG.keys() and MASSES_MG[code] != MASSES_MG[unit]:
        return None
    return code or unit or ""


def _mass_mg(quantity: Element) -> float | None:
    return MASSES_MG.get(_unit(quantity) or "")


def _piece(quantity: Element) -> str | None:
    """Return what is counted; None if it is something that no name tells the strength of."""
    names = {_unit(quantity), quantity.text("unit") or ""}
    plain = {(name or "").casefold().strip("{}.() ").removesuffix("s") for name in names} - {""}
    for name in plain or {""}:
        for word, plural in _COUNTED:
            if name == word:
                return plural
    return None


def _times(timing: Element) -> Range | None:
    """Return how many times a day a Timing says."""
    repeat = timing.one("repeat")
    told = _repeated(repeat) if repeat else None
    if told is None:
        codes = [c for one in timing.each("code") for c in one.each("coding")]
        known = {PER_DAY.get((one.text("code") or "").upper()) for one in codes}
        found = [one for one in known if one]
        told = _range(found) if found else None
    return _bounded("times_per_day", told) if told is not None else None


def _repeated(repeat: Element) -> Range | None:
    period, days = repeat.number("period"), _DAYS.get(repeat.code("periodUnit") or "")
    longest = repeat.number("periodMax") or period
    if period is None or longest is None or days is None or period <= 0 or longest < period:
        return None
    at_times = len(list(repeat.texts("timeOfDay"))) or len(list(repeat.texts("when")))
    often = repeat.number("frequency") or at_times or 1.0
    most = repeat.number("frequencyMax") or often
    shortest, longest = period * days, longest * days
    if often <= 0 or most < often or shortest <= 0:
        return None
    low, high = often / longest, most / shortest
    if repeat.has("dayOfWeek"):
        low = low * len(list(repeat.texts("dayOfWeek"))) / 7
    return _range([low, high])


def strength_of(ingredient: Element) -> float | None:
    """Return the milligrams of an ingredient in one piece of a product."""
    ratio = ingredient.one("strength")
    above = ratio.one("numerator") if ratio else None
    below = ratio.one("denominator") if ratio else None
    if above is None or above.has("comparator"):
        return None
    value, unit = above.number("value"), _mass_mg(above)
    pieces = below.number("value") if below else 1.0
    counted = below is None or _piece(below) is not None
    if not value or not unit or not pieces or not counted or value < 0 or pieces < 0:
        return None
    return value * unit / pieces


def scaled(one: Range | None, other: Range | None) -> Range | None:
    """Return the product of two amounts; None if either is not known."""
    if one is None or other is None:
        return None
    (a, b), (c, d) = _pair(one), _pair(other)
    return _range([a * c, b * d])


def _pair(value: Range) -> tuple[float, float]:
    return value if isinstance(value, tuple) else (value, value)


def _range(values: Iterable[float]) -> Range:
    told = [round(value, 6) for value in values]
    low, high = min(told), max(told)
    return low if low == high else (low, high)


def _bounded(name: str, value: Range) -> Range | None:
    """Return an amount, or None if a profile cannot hold it."""
    low, high = _pair(value)
    least, most, _ = BOUNDS[name]
    return value if least <= low and high <= most else None
