"""Reads how much and how often: Dosage and Timing, as milligrams and times a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.fhir.codes import MASSES_MG, PER_DAY, UCUM
from msrisk.fhir.elements import Element
from msrisk.fhir.saying import texts_in
from msrisk.fhir.walking import objects
from msrisk.model.checks import BOUNDS, Range

__all__ = ["Dosing", "Supply", "dosing_of", "scaled", "strength_of", "supply_of"]

_DAYS: Final = {
    "s": 1 / 86400,
    "min": 1 / 1440,
    "h": 1 / 24,
    "d": 1.0,
    "wk": 7.0,
    "mo": 30.4,
    "a": 365.25,
}
_SPELLED_DAYS: Final = {
    "day": "d",
    "tag": "d",
    "dag": "d",
    "week": "wk",
    "woche": "wk",
    "month": "mo",
}
_AMOUNTS: Final = ("doseQuantity", "quantity", "dose")
_HOW_OFTEN: Final = ("frequency", "frequencyMax", "period", "periodMax")
_ADVICE: Final = ("additionalInstruction", "additionalInstructions")
_RATES: Final = ("rateQuantity", "rateRange", "rateRatio")
_SPELLED: Final = {
    "milligram": "mg",
    "milligramme": "mg",
    "gram": "g",
    "gramme": "g",
    "gm": "g",
    "microgram": "ug",
    "microgramme": "ug",
}
_PIECES: Final = {
    "": ("", "1", "each", "stück", "stueck", "stk", "piece", "pc"),
    "capsules": (
        *("capsule", "cap", "kapsel", "hartkapsel", "weichkapsel", "gélule", "gelule"),
        *("cápsula", "capsula"),
    ),
    "softgels": ("softgel",),
    "tablets": (
        *("tablet", "tab", "tbl", "caplet", "tablette", "filmtablette", "comprimé", "comprime"),
        *("comprimido", "compressa", "dragee", "brausetablette"),
    ),
    "pills": ("pill",),
}
_COUNTED: Final = {word: plural for plural, words in _PIECES.items() for word in words}


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
        beside: other words that may tell an amount: advice, extensions, notes.
        unread: whether they tell an amount that is not understood.
        above: whether they allow more a day than they make, so that the times are open.

    """

    each_mg: Range | None = None
    daily_mg: Range | None = None
    times: Range | None = None
    count: Range | None = None
    piece: str = ""
    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    unread: bool = False
    above: bool = False

    @property
    def is_told(self) -> bool:
        """Return whether they tell an amount at all, understood or not."""
        return self.unread or self.each_mg is not None or self.count is not None


def dosing_of(directions: Iterable[Element]) -> Dosing:
    """Return what directions say together."""
    each = [_one(element) for element in directions]
    words = tuple(dict.fromkeys(text for one in each for text in one.words))
    beside = tuple(dict.fromkeys(text for one in each for text in one.beside))
    if len(each) == 1:
        return each[0]
    days = [scaled(one.each_mg, one.times) for one in each]
    # One after the other, or all of them.
    daily = _together(days) if days and all(days) else None
    told = any(one.is_told for one in each)
    return Dosing(
        daily_mg=_bounded("daily_dose_mg", daily) if daily else None,
        words=words,
        beside=beside,
        unread=told and daily is None,
        above=any(one.above for one in each),
    )


@frozen
class _Amounts:
    """The amounts that one direction tells, of which each may be the one, or all together."""

    masses: tuple[Range, ...] = ()
    counts: tuple[Range, ...] = ()
    pieces: frozenset[str] = frozenset()
    unread: bool = False


_NO_AMOUNTS: Final = _Amounts()


def _one(element: Element) -> Dosing:
    amounts = _amounts(element)
    timings = [*element.each("timing"), *element.each("schedule")]
    needed = element.flag("asNeededBoolean") is True or element.has("asNeededCodeableConcept")
    every = [_times(one) for one in timings]
    times = _bounded("times_per_day", _together(every)) if every and all(every) else None
    above = times is not None and _allows_more(element, amounts, times)
    if above:
        times = None
    if needed and times is not None:
        times = (BOUNDS["times_per_day"][0], _pair(times)[1])
    words = [element.text("text"), *_instructions(element), *_spoken(timings)]
    advice = [text for name in _ADVICE for text in texts_in({name: element.value.get(name)})]
    if amounts == _NO_AMOUNTS:
        # Where no number tells an amount, advice may be the directions.
        words, advice = [*words, *advice], []
    nothing = Dosing(
        times=times,
        words=tuple(dict.fromkeys(filter(None, words))),
        beside=tuple(dict.fromkeys((*advice, *_extended(element)))),
        unread=amounts.unread,
        above=above,
    )
    if amounts.unread or (amounts.masses and amounts.counts) or len(amounts.pieces) > 1:
        return evolve(nothing, unread=True)
    if amounts.masses:
        each = _bounded("dose_mg", _together(amounts.masses))
        return evolve(nothing, each_mg=each, unread=each is None)
    if amounts.counts:
        count, piece = _together(amounts.counts), min(amounts.pieces)
        return evolve(nothing, count=count, piece=piece)
    return nothing


def _allows_more(direction: Element, amounts: _Amounts, times: Range) -> bool:
    """Return whether a direction may allow more a day than its amounts and times make."""
    if not direction.has("maxDosePerPeriod"):
        return False
    limit = direction.one("maxDosePerPeriod")
    above = limit.one("numerator") if limit else None
    below = limit.one("denominator") if limit else None
    if above is None or below is None or not amounts.masses:
        return True
    most, over = scaled(_mass_mg(above), above.number("value")), below.number("value")
    days = _DAYS.get(below.code("code") or below.code("unit") or "")
    if most is None or not over or not days:
        return True
    told = scaled(_together(amounts.masses), times)
    return told is None or _pair(most)[1] / (over * days) > _pair(told)[1]


def _amounts(direction: Element) -> _Amounts:
    """Return every amount that a direction tells, wherever a release of FHIR puts it."""
    masses: list[Range] = []
    counts: list[Range] = []
    pieces: set[str] = set()
    unread = False
    for holder in (*direction.each("doseAndRate"), direction):
        told = [[one] for name in _AMOUNTS for one in holder.each(name)]
        for between in holder.each("doseRange"):
            told.append([end for name in ("low", "high") for end in between.each(name)])
            unread = unread or len(told[-1]) != len(("low", "high"))
        unread = unread or (not told and any(map(holder.has, (*_AMOUNTS, "doseRange", *_RATES))))
        for parts in told:
            values = [one.number("value") for one in parts]
            numbers = [value for value in values if value is not None and value > 0]
            mass, piece = [_mass_mg(one) for one in parts], {_piece(one) for one in parts}
            if (
                not parts
                or len(numbers) < len(parts)
                or any(one.has("comparator") for one in parts)
            ):
                unread = True
            elif all(mass):
                masses.append(_range(n * m for n, m in zip(numbers, mass, strict=True) if m))
            elif None not in piece:
                counts.append(_range(numbers))
                pieces.update(filter(None, piece))
                pieces.update({""} if piece == {""} else ())
            else:
                unread = True
    for one in direction.each("maxDosePerAdministration"):
        most = scaled(_mass_mg(one), one.number("value"))
        if most is None or not masses or _pair(most)[1] > _pair(_together(masses))[1]:
            unread = True
    return _Amounts(tuple(masses), tuple(counts), frozenset(pieces), unread)


def _together(values: Iterable[Range | None]) -> Range:
    """Return the range from the least of several amounts to all of them together."""
    pairs = [_pair(value) for value in values if value is not None]
    return _range([min(low for low, _ in pairs), sum(high for _, high in pairs)])


def _spoken(timings: Iterable[Element]) -> Iterator[str | None]:
    """Yield what the codes of timings are called, unless the code says the same."""
    for timing in timings:
        for one in timing.each("code"):
            names = [one.text("text"), *(coding.text("display") for coding in one.each("coding"))]
            yield from (name for name in names if name and name.upper() not in PER_DAY)


def _extended(element: Element) -> Iterator[str]:
    """Yield the words of the extensions of a direction, wherever in it they stand."""
    for name, one in objects(element.value):
        if name == "extension":
            yield from texts_in({name: one})


def _instructions(element: Element) -> list[str | None]:
    return [element.text("patientInstruction"), element.text("instruction")]


def _unit(quantity: Element) -> str | None:
    """Return the unit of a quantity, by its code, else as it is printed; None if they differ."""
    code, unit, system = (quantity.text(name) for name in ("code", "unit", "system"))
    if system not in (None, UCUM):
        code = None
    masses = {MASSES_MG.get(_plain(one)) for one in (code, unit) if one}
    return None if len(masses) > 1 else code or unit or ""


def _plain(unit: str | None) -> str:
    """Return a unit of mass by the sign of UCUM; exporters print it in many ways."""
    plain = (unit or "").casefold().strip("{}.() ")
    return _SPELLED.get(plain.removesuffix("s"), plain)


def _mass_mg(quantity: Element) -> float | None:
    return MASSES_MG.get(_plain(_unit(quantity)))


def _piece(quantity: Element) -> str | None:
    """Return what is counted; None if it is something that no name tells the strength of."""
    if _unit(quantity) is None:
        return None
    names = {_unit(quantity), quantity.text("unit") or ""}
    plain = {(name or "").casefold().replace("(s)", "").strip("{}.() ") for name in names}
    found = {_COUNTED.get(name, _COUNTED.get(name.rstrip("sn"))) for name in plain}
    # The code of UCUM for "one of them" says as much as its printed unit does.
    return None if None in found else max(found, key=lambda one: one or "")


def _times(timing: Element) -> Range | None:
    """Return how many times a day a Timing says; what its parts say otherwise is a range."""
    repeats = list(timing.each("repeat"))
    if timing.has("event") or any(map(_is_bare, timing.each("code"))):
        return None
    if any(map(_is_unread, repeats)) or (timing.has("repeat") and not repeats):
        return None
    told = [_repeated(one) for one in repeats]
    for one in timing.each("code"):
        codes = [coding.text("code") for coding in one.each("coding")]
        told += [PER_DAY.get((code or "").upper()) for code in (*codes, one.text("text"))]
    ends = [end for value in told if value is not None for end in _pair(value)]
    return _bounded("times_per_day", _range(ends)) if ends else None


def _is_bare(code: Element) -> bool:
    """Return whether a code of timing is not known, and nothing says in words what it means."""
    names = [code.text("text"), *(one.text("display") for one in code.each("coding"))]
    codes = [one.text("code") for one in code.each("coding")]
    return not any(names) and any(one and one.upper() not in PER_DAY for one in codes)


def _is_unread(repeat: Element) -> bool:
    """Return whether a number of how often is there and cannot be read: it is no "once"."""
    return any(repeat.has(name) and (repeat.number(name) or 0) <= 0 for name in _HOW_OFTEN)


def _repeated(repeat: Element) -> Range | None:
    period, days = repeat.number("period"), _DAYS.get(repeat.code("periodUnit") or "")
    longest = repeat.number("periodMax") or period
    if period is None or longest is None or days is None or longest < period:
        return None
    at_times = max(len(list(repeat.texts(name))) for name in ("timeOfDay", "when"))
    often = repeat.number("frequency") or at_times or 1.0
    most = repeat.number("frequencyMax") or often
    shortest, longest = period * days, longest * days
    if most < often or shortest <= 0:
        return None
    low, high = often / longest, max(most, at_times) / shortest
    if repeat.has("dayOfWeek"):
        low = low * len(list(repeat.texts("dayOfWeek"))) / 7
    return _range([low, high])


@frozen
class Supply:
    """How much of a product was handed out for each day that it is to last.

    Attributes:
        amount: of it, in `unit_mg` or in pieces.
        unit_mg: milligrams of the unit; None if pieces were counted.

    """

    amount: float
    unit_mg: float | None

    def a_day_mg(self, strength_mg: float | None) -> float | None:
        """Return the milligrams of a day, of pieces that have a strength; None if not known."""
        unit = strength_mg if self.unit_mg is None else self.unit_mg
        return None if unit is None else self.amount * unit


def supply_of(resource: Element) -> Supply | None:
    """Return what a dispense, or the order of one, hands out for a day; None if it does not say."""
    asked = resource.one("dispenseRequest")
    quantity = (asked or resource).one("quantity")
    lasts = asked.one("expectedSupplyDuration") if asked else resource.one("daysSupply")
    if quantity is None or lasts is None:
        return None
    value, span = quantity.number("value") or 0, lasts.number("value") or 0
    unit = (lasts.code("code") or lasts.code("unit") or "d").replace("(s)", "")
    unit = next((u for word, u in _SPELLED_DAYS.items() if unit.startswith(word)), unit)
    days = span * _DAYS.get(unit, 0)
    mass = _mass_mg(quantity)
    if value <= 0 or days <= 0 or (mass is None and _piece(quantity) is None):
        return None
    return Supply(value / days, mass)


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
