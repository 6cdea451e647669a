"""Decides whether a product is a medicine or a supplement, and writes down its dose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import evolve, frozen

from msrisk.fhir.context import Context
from msrisk.fhir.dosage import Dosing, scaled
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.products import Product
from msrisk.model.checks import BOUNDS, MOST_IN_AN_ENTRY, Range
from msrisk.model.concepts import ANYTHING
from msrisk.model.profile import Entry, Supplement
from msrisk.recognition.direction_words import WORDS

__all__ = ["Taken", "place", "strengthened"]

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
# "Use as directed": as the numbers beside it say.
_AS_CODED: Final = frozenset({"directed", "prescribed", "advised", "instructed"})
# An amount that the reading of words asks about.
_UNITS: Final = ", some units"
_LONGEST_CODE: Final = 40
_EITHER: Final = "the record does not say whether it is a medicine or a supplement"


@frozen
class Taken:
    """How a product is taken.

    Attributes:
        dosing: how much and how often.
        planned: why it may not be taken yet, in a clause; empty if it is.
        reported: whether the record writes down what somebody says is taken.

    """

    dosing: Dosing
    planned: str
    reported: bool


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
            outcome.told.append(("supplements", item))
            if item.name.endswith(_UNITS):
                outcome.remarks.append("its dose is not understood, or told in ways that differ")
        if medicine:
            doubts = [entry.doubt, taken.planned, _EITHER if supplement else ""]
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
    """Return an entry as a supplement, with its dose in numbers where the record has them."""
    dosing, name = taken.dosing, entry.text or _called(entry, context)
    each = dosing.each_mg
    if product.inside or (each is None and product.strength_mg is not None):
        each = _within("dose_mg", scaled(product.strength_mg, dosing.count))
        if each is None and not product.inside:
            name = _open(name, context)
    elif dosing.count is not None:
        name = _counted_and_worded(name, dosing.count, dosing, context)
    elif dosing.unread:
        name = _open(name, context)
    else:
        name = _worded(name, dosing, context)
    doubt = entry.doubt
    return Supplement(
        name,
        dose_mg=each,
        daily_dose_mg=None if product.inside else dosing.daily_mg,
        times_per_day=dosing.times,
        taking=None if doubt else not taken.planned,
        codes=entry.codes,
        doubt=doubt,
    )


def _called(entry: Entry, context: Context) -> str:
    """Return what a code alone is called: a supplement has to have a name."""
    known = context.reader.told("supplements", entry).name
    return known or f"product of code {entry.codes[0].code[:_LONGEST_CODE]}"


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


def _counted_and_worded(name: str, count: Range, dosing: Dosing, context: Context) -> str:
    """Return a name with its pieces; open, if its directions in words tell another amount."""
    counted, reader = _counted(name, count, dosing, context), context.reader
    worded = _with_words(name, dosing, context)
    if worded is None:
        differ = _tells_more(dosing, (*_ends(count), *_ends(dosing.times)), name)
    else:
        mine, theirs = (reader.told("supplements", Entry(text)).dose for text in (counted, worded))
        differ = worded != name and mine is not None and mine != theirs
    return _opened(counted) if differ else counted


def _worded(name: str, dosing: Dosing, context: Context) -> str:
    """Return a name with its directions in words, which may tell another dose than the numbers.

    Words that are not understood leave a dose open that the name or the numbers tell, if they
    hold a number of their own.
    """
    worded = _with_words(name, dosing, context)
    if worded is not None:
        return worded
    numbers = [dosing.each_mg, dosing.daily_mg, dosing.times]
    if _tells_more(dosing, [end for one in numbers for end in _ends(one)], name):
        return _open(name, context) if dosing.each_mg is None else _opened(name)
    return name


def _tells_more(dosing: Dosing, known: Iterable[float], name: str) -> bool:
    """Return whether directions in words hold a number that nothing else holds, or a doubt."""
    words = " ".join(dosing.words).casefold()
    spelled = [WORDS[one] for one in _WORD.findall(words) if one in WORDS and one not in _AS_CODED]
    numbers = {float(one) for one in _NUMBER.findall(words)}
    numbers.update(number for kind, number, _ in spelled if kind == "number")
    doubted = any(kind == "doubt" for kind, _, _ in spelled)
    return doubted or not numbers <= {*known, *(float(one) for one in _NUMBER.findall(name))}


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
    reader = context.reader
    longer = f"{name}: {'; '.join(dosing.words)}"
    if len(longer) > MOST_IN_AN_ENTRY:
        return None
    alone, told = (reader.told("supplements", Entry(text)) for text in (name, longer))
    same = (told.concepts, told.named, told.possible) == (
        alone.concepts,
        alone.named,
        alone.possible,
    )
    return longer if same and not told.directions_left else None
