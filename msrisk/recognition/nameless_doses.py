"""Finds where an entry tells that something is taken, and does not name what."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.direction_words import WORDS
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.pieces import PRODUCT_FIELDS, Read

__all__ = ["nameless_doses"]

_UNITS: Final = frozenset(
    {word for word, (kind, _, _) in WORDS.items() if kind in ("unit", "piece", "volume")}
    | {"iu", "unit", "units", "injection", "injections", "infusion", "infusions", "jab", "jabs"}
)
_TAKEN: Final = frozenset({"on", "take", "takes", "taking", "receives", "receiving", "maintained"})


def nameless_doses(read: Read, lexicon: Lexicon) -> frozenset[int]:
    """Return the items that tell an amount, or have a word such as "takes", and name no product.

    In "RA, takes 15 mg weekly" it is a medicine for the illness that is named.
    """
    units = {
        one.item
        for one, behind in pairwise(read.tokens)
        if one.number and behind.text in _UNITS and behind.item == one.item
    }
    marks = (mark.token for mark in read.words(WordKind.NOW))
    told = units.union(mark.item for mark in marks if mark.text in _TAKEN)
    if not told:
        return frozenset()
    return frozenset(told).difference(
        name.token.item
        for name in read.names
        if name.home in PRODUCT_FIELDS or not lexicon.products.isdisjoint(name.ids)
    )
