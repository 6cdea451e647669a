"""Finds where an entry tells that something is taken, and does not name what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from operator import attrgetter
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.direction_words import WORDS
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning
from msrisk.recognition.pieces import PRODUCT_FIELDS, Piece, Read

__all__ = ["may_be_any_medicine", "nameless_doses"]

_UNITS: Final = frozenset(
    {word for word, (kind, _, _) in WORDS.items() if kind in ("unit", "piece", "volume")}
    | {"iu", "unit", "units", "injection", "injections", "infusion", "infusions", "jab", "jabs"}
)
_FAR: Final = 9  # of more reasons for one medicine nobody tells
_OF: Final = {"of", "de", "von", "di", "van"}
_TREATING: Final = frozenset({WordKind.ANY_MEDICINE, WordKind.TREATED})
_START: Final = attrgetter("start")
_TAKEN: Final = frozenset({"on", "take", "takes", "taking", "receives", "receiving", "maintained"})


def nameless_doses(read: Read, lexicon: Lexicon) -> frozenset[int]:
    """Return the items that tell an amount, or have a word such as "takes", and name no product.

    In "RA, takes 15 mg weekly" it is a medicine for the illness that is named. Beside a product,
    in "Vitamin D 20 mcg with DVT 20 mg weekly", an amount behind an illness may be of another.
    """
    amounts = [
        at
        for at, (one, behind) in enumerate(pairwise(read.tokens))
        if one.number and behind.text in _UNITS and behind.item == one.item
    ]
    marks = [mark for mark in read.words(WordKind.NOW) if mark.token.text in _TAKEN]
    told = {mark.token.item for mark in marks}
    told.update(read.tokens[at].item for at in amounts)
    if not told:
        return frozenset()
    products = {name.token.item for name in read.names if _is_product(name, lexicon)}
    beside = {
        item
        for at in amounts
        if (item := read.tokens[at].item) in products and not _is_of_product(at, read, lexicon)
    }
    beside.update(
        mark.token.item
        for mark in marks
        if mark.token.item in products and _is_of_illness(mark, read, lexicon)
    )
    return frozenset(told - products | beside)


def _is_of_illness(mark: Piece, read: Read, lexicon: Lexicon) -> bool:
    """Whether a word beside a product says what an illness is treated with, and not with what.

    "Betaine 100 mg diabetic takes medication" does: the illness stands between.
    """
    end = bisect_left(read.names, mark.start, key=_START)
    here = mark.token.item
    behind = (one for one in read.names[end : end + _FAR] if one.token.item == here)
    before = (one for one in reversed(read.names[max(end - _FAR, 0) : end]) if not one.indicated)
    name = next(before, None)
    is_illness = name is not None and name.token.item == here and not _is_product(name, lexicon)
    return is_illness and not any(_is_product(one, lexicon) for one in behind)


def _is_of_product(at: int, read: Read, lexicon: Lexicon) -> bool:
    """Whether an amount beside a product is of that: "DVT, on 20 mg rivaroxaban".

    It is where no illness stands before it, or a medicine is named behind both.
    """
    end = bisect_left(read.names, at, key=_START)
    before = (one for one in reversed(read.names[max(end - _FAR, 0) : end]) if not one.indicated)
    name = next(before, None)
    if name is None or name.token.item != read.tokens[at].item or _is_product(name, lexicon):
        return True
    marks = read.words(WordKind.NOW)
    mark = bisect_left(marks, at, key=_START)
    said = mark > 0 and marks[mark - 1].start >= name.end
    # "15 mg of methotrexate", but not "1000 mg q4w with" another.
    first = at + 2 + any(token.text in _OF for token in read.tokens[at + 2 : at + 3])
    behind = (one for one in read.names[end : end + 1] if one.start == first)
    return said and any(_is_product(one, lexicon) for one in behind)


def _is_product(name: Piece, lexicon: Lexicon) -> bool:
    return name.home in PRODUCT_FIELDS or not lexicon.products.isdisjoint(name.ids)


def may_be_any_medicine(read: Read, lexicon: Lexicon, *, unclear: bool) -> bool:
    """Return whether words of a treatment leave open of which class the medicine is.

    "Hypertension, in drug trial" does. "MS, in drug trial" does not, since the vocabulary says
    what MS is treated with, and "Clexane injections" names the medicine. "On meds" is what an
    illness is treated with, and leaves all open only in an entry that is `unclear`.
    """
    if _TREATING.isdisjoint(read.said):
        return False
    kinds = (WordKind.ANY_MEDICINE, WordKind.TREATED) if unclear else (WordKind.ANY_MEDICINE,)
    marks = [mark for kind in kinds for mark in read.words(kind)]
    return any(not _is_settled(mark, read, lexicon) for mark in marks)


def _is_settled(mark: Piece, read: Read, lexicon: Lexicon) -> bool:
    """Whether a name says which medicine is meant by a word near it, or of which classes.

    It is the name before the word in its sentence; where there is none, the one behind it.
    """
    at = bisect_left(read.names, mark.start, key=_START)
    near = (*reversed(read.names[max(at - 1, 0) : at]), *read.names[at : at + 1])
    name = next((one for one in near if one.token.sentence == mark.token.sentence), None)
    if name is None:
        return False
    if name.home in PRODUCT_FIELDS:
        return name.token.item == mark.token.item
    company = name.start < mark.start and any(
        one.token.item == name.token.item for one in read.names[max(at - 2, 0) : at - 1]
    )
    meanings = (name.meaning, *(_endings(name, read, lexicon) if company else ()))
    return not any(
        lexicon.classes.isdisjoint((*lexicon.told_by(one), *one.if_treated)) for one in meanings
    )


def _endings(name: Piece, read: Read, lexicon: Lexicon) -> Iterator[Meaning]:
    """Yield what the last words of a name are the name of, which beside another may be meant.

    "Gout, rheumatoid arthritis injection" may tell of arthritis, of a kind that is not said.
    """
    words = tuple(token.text for token in read.tokens[name.start : name.end])
    for at in range(1, len(words)):
        found = lexicon.name(read.list_field, words[at:])
        if found is not None:
            yield found
