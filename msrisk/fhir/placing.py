"""Decides whether a product is a medicine or a supplement, and writes down its dose."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from msrisk.fhir.context import Context
from msrisk.fhir.dosage import Dosing, scaled
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.products import Product
from msrisk.model.checks import BOUNDS, MOST_IN_AN_ENTRY, Range
from msrisk.model.concepts import ANYTHING
from msrisk.model.profile import Entry, Supplement

__all__ = ["Taken", "place"]

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
            outcome.told += _as_supplement(entry, product, taken, context)
        if medicine:
            doubts = [entry.doubt, taken.planned, _EITHER if supplement else ""]
            doubt = "; ".join(filter(None, doubts)) or None
            outcome.told.append(("medications", Entry(entry.text, entry.codes, doubt)))


def _kinds(entry: Entry, context: Context, *, reported: bool) -> tuple[bool, bool]:
    """Return whether an entry is to stand among the medicines, and among the supplements."""
    lexicon = context.reader.lexicon
    read = [context.reader.told(field, entry) for field in ("medications", "supplements")]
    supplements = lexicon.products - lexicon.medicines
    sure = frozenset[str]().union(*(one.named | one.concepts for one in read))
    if sure & lexicon.medicines:
        return True, False
    if sure & supplements:
        return entry.text is None, entry.text is not None
    if not reported:
        return True, False
    maybe = frozenset[str]().union(*(one.may_be for one in read))
    if all(one.possible is not ANYTHING for one in read) and not maybe & supplements:
        return True, False
    known = bool(maybe & supplements) or entry.text is None
    return entry.text is None or not known, entry.text is not None


def _as_supplement(
    entry: Entry, product: Product, taken: Taken, context: Context
) -> list[tuple[str, Supplement]]:
    """Return an entry as a supplement, with its dose in numbers where the record has them."""
    dosing, name = taken.dosing, entry.text or ""
    each = dosing.each_mg
    if product.inside or (each is None and product.strength_mg is not None):
        each = _within("dose_mg", scaled(product.strength_mg, dosing.count))
    elif dosing.count is not None:
        name = _counted(name, dosing.count, dosing)
    elif each is None and dosing.daily_mg is None:
        name = _with_words(name, dosing, context)
    doubt = entry.doubt
    item = Supplement(
        name,
        dose_mg=each,
        daily_dose_mg=None if product.inside else dosing.daily_mg,
        times_per_day=dosing.times,
        taking=None if doubt else not taken.planned,
        codes=entry.codes,
        doubt=doubt,
    )
    return [("supplements", item)]


def _within(name: str, value: Range | None) -> Range | None:
    if value is None:
        return None
    low, high = value if isinstance(value, tuple) else (value, value)
    least, most, _ = BOUNDS[name]
    return value if least <= low and high <= most else None


def _counted(name: str, count: Range, dosing: Dosing) -> str:
    """Return a name with how many pieces are taken how often, in words that msrisk reads."""
    piece = dosing.piece or ("tablets" if "tablet" in name.casefold() else "capsules")
    times = f" {_spoken(dosing.times)} times a day" if dosing.times is not None else ""
    return f"{name}, {_spoken(count)} {piece}{times}"[:MOST_IN_AN_ENTRY]


def _spoken(value: Range) -> str:
    low, high = value if isinstance(value, tuple) else (value, value)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _with_words(name: str, dosing: Dosing, context: Context) -> str:
    """Return a name with its directions, if these are understood and change nothing else."""
    reader = context.reader
    longer = f"{name}: {'; '.join(dosing.words)}"
    if not dosing.words or len(longer) > MOST_IN_AN_ENTRY:
        return name
    alone, told = (reader.told("supplements", Entry(text)) for text in (name, longer))
    same = (told.concepts, told.named, told.possible) == (
        alone.concepts,
        alone.named,
        alone.possible,
    )
    return longer if same and not told.directions_left else name
