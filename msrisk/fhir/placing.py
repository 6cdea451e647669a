"""Decides whether a product is a medicine or a supplement, and writes down its dose."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from typing import Final

from attrs import evolve, frozen

from msrisk.fhir.context import Context
from msrisk.fhir.dosage import Dosing, Supply, scaled
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.products import Product
from msrisk.fhir.telling import may_raise, tells_more, tells_pieces
from msrisk.model.checks import BOUNDS, MOST_IN_AN_ENTRY, Range
from msrisk.model.concepts import ANYTHING, Dose, Recognition
from msrisk.model.profile import Entry, Supplement
from msrisk.recognition.doses import UNKNOWN_DOSE, dose_of

__all__ = ["EITHER", "Taken", "called_by_code", "place", "strengthened"]

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
# An amount that the reading of words asks about.
_UNITS: Final = ", some units"
_LONGEST_CODE: Final = 40
_UNSURE: Final = "its dose is not understood, or told in ways that differ"
_SUPPLIED: Final = "what was handed out is for another amount a day than its directions make"
# A package holds some pieces more, or lasts some days less, than it is given for.
_A_PACKAGE: Final = 1.25
EITHER: Final = "the record does not say whether it is a medicine or a supplement"
"""The doubt about a product that nobody knows."""


@frozen
class Taken:
    """How a product is taken.

    Attributes:
        dosing: how much and how often.
        planned: why it may not be taken yet, in a clause; empty if it is.
        reported: whether the record writes down what somebody says is taken.
        supply: how much was handed out for a day, if that is said.

    """

    dosing: Dosing
    planned: str
    reported: bool
    supply: Supply | None = None


def place(product: Product, taken: Taken, outcome: Outcome, context: Context) -> None:
    """Add a product to the list that it belongs in; to both where nobody knows which that is.

    What the vocabulary knows as a supplement is one, whoever ordered it; what it knows as a
    medicine is one, whoever reported it.
    """
    reader = context.reader
    known = frozenset[str]()
    if product.inside:
        told = [Entry(item.text, item.codes) for _, item in outcome.told]
        known = known.union(*(reader.named("medications", one) for one in told))
    for entry in reader.entries(product.concept, "medications", outcome):
        plain = Entry(entry.text, entry.codes)
        if product.inside and not reader.named("medications", plain) - known:
            continue
        medicine, supplement = _kinds(plain, context, reported=taken.reported)
        if supplement:
            item = _as_supplement(entry, product, taken, context)
            if taken.supply is not None:
                supplied = _of_supply(item, taken.supply, product, context)
                outcome.remarks += [_SUPPLIED] if supplied != item else []
                item = supplied
            outcome.told.append(("supplements", item))
            if taken.dosing.unread or _is_doubtful(item, context):
                outcome.remarks.append(_UNSURE)
            if taken.dosing.above:
                outcome.remarks.append("its directions allow more a day than they make")
        if medicine:
            doubts = [entry.doubt, taken.planned, EITHER if supplement else ""]
            doubt = "; ".join(filter(None, doubts)) or None
            outcome.told.append(("medications", Entry(entry.text, entry.codes, doubt)))


def strengthened(products: Sequence[Product], context: Context) -> list[Product]:
    """Return products with the strength of an ingredient that is what the product is.

    A name that tells another strength leaves the amount open.
    """
    reader = context.reader

    def named(one: Product) -> frozenset[str]:
        entry = Entry(next(iter(one.concept.words), None), one.concept.codes)
        return reader.told("supplements", entry).named

    def strong(one: Product) -> Product:
        mine = named(one)
        if one.inside or not mine or not one.concept.words:
            return one
        parts = (part for part in products if part.inside and named(part) == mine)
        told = {part.strength_mg for part in parts if part.strength_mg is not None}
        return _of_strength(one, told, context) if told else one

    return [strong(one) for one in products]


def _of_strength(product: Product, told: set[float], context: Context) -> Product:
    """Return a product with its strength in its name; several strengths leave it open."""
    name, *words = product.concept.words
    dose = context.reader.told("supplements", Entry(name)).dose
    mg = min(told)
    if len(told) == 1 and (dose is None or dose.each.low <= 0):
        strength = f" {mg:g} mg"
        name = name[: MOST_IN_AN_ENTRY - len(strength)] + strength
    elif len(told) > 1 or dose is None or (dose.each.low, dose.each.high) != (mg, mg):
        name = _opened(name)
    return evolve(product, concept=evolve(product.concept, words=(name, *words)))


def _kinds(entry: Entry, context: Context, *, reported: bool) -> tuple[bool, bool]:
    """Return whether an entry is to stand among the medicines, and among the supplements."""
    lexicon = context.reader.lexicon
    read = [context.reader.told(field, entry) for field in ("medications", "supplements")]
    supplements = lexicon.products - lexicon.medicines
    sure = frozenset[str]().union(*(one.named | one.concepts for one in read))
    if sure & lexicon.medicines:
        return True, False
    if sure & supplements:
        return False, True
    if not reported:
        return True, False
    maybe = frozenset[str]().union(*(one.may_be for one in read))
    if all(one.possible is not ANYTHING for one in read) and not maybe & supplements:
        return True, False
    return not maybe & supplements, True


def _as_supplement(entry: Entry, product: Product, taken: Taken, context: Context) -> Supplement:
    """Return an entry as a supplement, with its dose in numbers where the record has them.

    Where words may tell of more than its numbers do, these are the least that is taken.
    """
    dosing, name = taken.dosing, entry.text or _called(entry, context)
    each, daily = dosing.each_mg, None if product.inside else dosing.daily_mg
    known = {*map(float, _NUMBER.findall(name))}
    of_strength = product.inside or (each is None and product.strength_mg is not None)
    if of_strength:
        each = _within("dose_mg", scaled(product.strength_mg, dosing.count))
    count = _pieces_of(name, dosing.each_mg, context) if dosing.count is None else dosing.count
    a_day = scaled(count or 1, dosing.times)
    for value in (each, daily, dosing.times, count, a_day):
        known.update(_ends(value))
    more = may_raise(dosing.beside, known)
    if of_strength:
        more = more or tells_more(dosing.words, known)
        if each is None and not product.inside:
            name = _open(name, context)
    elif count is not None:
        name, raised = _counted_and_worded(name, count, dosing, known, context)
        more = more or raised
    elif dosing.unread:
        name = _open(name, context)
    else:
        name, raised = _worded(name, dosing, known, context)
        more = more or raised
    if more:
        name = name if name.endswith(_UNITS) else _opened(name)
        each, daily = _or_more("dose_mg", each), _or_more("daily_dose_mg", daily)
    doubt = entry.doubt
    return Supplement(
        name,
        dose_mg=each,
        daily_dose_mg=daily,
        times_per_day=dosing.times,
        taking=None if doubt else not taken.planned,
        codes=entry.codes,
        doubt=doubt,
    )


def _of_supply(item: Supplement, supply: Supply, product: Product, context: Context) -> Supplement:
    """Return a supplement whose amount a day is open where it was handed out for another one."""

    def dose(one: Supplement) -> Dose:
        told = context.reader.told("supplements", Entry(one.name))
        return dose_of(one, told.dose or UNKNOWN_DOSE)[0]

    words = next(iter(product.concept.words), item.name)
    strength = product.strength_mg or _strength_in(words, context)
    daily, mg = dose(item).daily, supply.a_day_mg(strength)
    if mg is None or math.isinf(daily.high):
        return item
    if daily.low <= mg * _A_PACKAGE and mg <= daily.high * _A_PACKAGE:
        return item
    item = evolve(item, daily_dose_mg=None, times_per_day=None)
    return item if math.isinf(dose(item).daily.high) else evolve(item, name=_opened(item.name))


def _strength_in(name: str, context: Context) -> float | None:
    """Return the milligrams of one piece of what a name tells the strength of; None if it does not.

    Behind "300 mg capsule" it has to be said how many are taken, before it is an amount.
    """
    for text in (name, _counted(name, 1.0, Dosing(times=1.0), context)):
        dose = context.reader.told("supplements", Entry(text)).dose
        if dose is not None and 0 < dose.each.low == dose.each.high:
            return dose.each.low
    return None


def _pieces_of(name: str, each: Range | None, context: Context) -> Range | None:
    """Return how many pieces an amount is, of a name that tells the strength of a piece alone.

    None if the name is understood without, or if the amount is of no pieces and halves.
    """
    if each is None or not context.reader.told("supplements", Entry(name)).directions_left:
        return None
    strength = _strength_in(name, context)
    count = None if strength is None else scaled(each, 1 / strength)
    return None if any(2 * end % 1 for end in _ends(count)) else count


def _is_doubtful(item: Supplement, context: Context) -> bool:
    """Return whether its words tell another dose than its numbers, or none that is understood."""
    told = context.reader.told("supplements", Entry(item.name))
    return bool(told.directions_left) or not dose_of(item, told.dose or UNKNOWN_DOSE)[1]


def _or_more(name: str, value: Range | None) -> Range | None:
    """Return an amount that may be any higher one as well."""
    return None if value is None else (min(_ends(value)), BOUNDS[name][1])


def _called(entry: Entry, context: Context) -> str:
    """Return what a code alone is called: a supplement has to have a name."""
    known = context.reader.told("supplements", entry).name
    return known or called_by_code(entry)


def called_by_code(entry: Entry) -> str:
    """Return what a product is called of which nothing but a code is told."""
    return f"product of code {entry.codes[0].code[:_LONGEST_CODE]}"


def _within(name: str, value: Range | None) -> Range | None:
    if value is None:
        return None
    low, high = value if isinstance(value, tuple) else (value, value)
    least, most, _ = BOUNDS[name]
    return value if least <= low and high <= most else None


def _counted(name: str, count: Range, dosing: Dosing, context: Context) -> str:
    """Return a name with how many pieces are taken how often, in words that msrisk reads."""
    piece = dosing.piece or ("tablets" if "tablet" in name.casefold() else "capsules")
    times = f" {_spoken(dosing.times)} times a day" if dosing.times is not None else ""
    amount = f"{_spoken(count)} {piece}{times}"
    # Behind a strength a number alone may be one more of it.
    ways = [f"{name}, {verb}{amount}"[:MOST_IN_AN_ENTRY] for verb in ("", "take ")]
    read = (w for w in ways if not context.reader.told("supplements", Entry(w)).directions_left)
    return next(read, ways[0])


def _counted_and_worded(
    name: str, count: Range, dosing: Dosing, known: Collection[float], context: Context
) -> tuple[str, bool]:
    """Return a name with its pieces, and whether its directions in words tell another amount."""
    counted, reader = _counted(name, count, dosing, context), context.reader
    worded = _with_words(name, dosing, context)
    if worded is None or worded == name:
        return counted, tells_more(dosing.words, known)
    mine, theirs = (reader.told("supplements", Entry(text)).dose for text in (counted, worded))
    differ = mine is not None and theirs is not None and not _agree(mine, theirs)
    return counted, differ or tells_more(dosing.words, known)


def _agree(one: Dose, other: Dose) -> bool:
    """Return whether two doses may be the same."""
    pairs = ((one.each, other.each), (one.daily, other.daily), (one.times, other.times))
    return all(a.low <= b.high and b.low <= a.high for a, b in pairs)


def _worded(
    name: str, dosing: Dosing, known: Collection[float], context: Context
) -> tuple[str, bool]:
    """Return a name with its directions in words, which may tell another dose than the numbers.

    Words that are not understood leave a dose open that the name or the numbers tell, if they
    hold a number of their own.
    """
    worded = _with_words(name, dosing, context)
    if worded is not None:
        told = context.reader.told("supplements", Entry(worded)).dose
        mass = told is not None and not (math.isinf(told.each.high) and math.isinf(told.daily.high))
        # Pieces that are not said to be of so many milligrams each.
        return worded, dosing.each_mg is not None and not mass and tells_pieces(dosing.words)
    if tells_more(dosing.words, known):
        return _open(name, context), dosing.each_mg is not None or dosing.daily_mg is not None
    return name, False


def _ends(value: Range | None) -> tuple[float, ...]:
    return () if value is None else value if isinstance(value, tuple) else (value,)


def _open(name: str, context: Context) -> str:
    """Return a name whose own amount, if it tells one, is not what is taken each time."""
    dose = context.reader.told("supplements", Entry(name)).dose
    return _opened(name) if dose is not None and dose.each.low > 0 else name


def _opened(name: str) -> str:
    return f"{name[: MOST_IN_AN_ENTRY - len(_UNITS)]}{_UNITS}"


def _spoken(value: Range) -> str:
    low, high = value if isinstance(value, tuple) else (value, value)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _with_words(name: str, dosing: Dosing, context: Context) -> str | None:
    """Return a name with its directions; None if these are not understood, or change more."""
    if not dosing.words:
        return name
    directions = "; ".join(dosing.words)
    told, strength = context.reader.told("supplements", Entry(name)), _strength_in(name, context)
    # "600 mg once a day" of tablets of 600 mg: their strength again.
    less = "" if strength is None else _without(directions, strength)
    for way in filter(None, (directions, less)):
        longer = f"{name}: {way}"
        if len(longer) <= MOST_IN_AN_ENTRY and _adds_directions(longer, told, context):
            return longer
    return None


def _adds_directions(longer: str, alone: Recognition, context: Context) -> bool:
    """Return whether a longer name tells the same thing, and directions that are understood."""
    told = context.reader.told("supplements", Entry(longer))
    return not told.directions_left and (
        (told.concepts, told.named, told.possible) == (alone.concepts, alone.named, alone.possible)
    )


def _without(directions: str, mg: float) -> str:
    """Return directions without an amount that they tell just once, else nothing."""
    found = list(re.finditer(rf"(?<![\d.,]){mg:g}\s?mg\b", directions, re.IGNORECASE))
    if len(found) != 1:
        return ""
    begin, end = found[0].span()
    return f"{directions[:begin].strip()} {directions[end:].strip()}".strip()
