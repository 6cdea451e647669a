"""Says at a glance whether words can be about a dose, before what reads them is imported."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from msrisk.model.concepts import Dose
from msrisk.model.quantities import Amount, Unit
from msrisk.recognition.direction_words import STEMS, WEAK, WORDS

__all__ = ["Directions", "NAME", "OTHER", "STEMS_BY_FOUR", "UNKNOWN_DOSE", "says_nothing"]

NAME: Final = "\ufffc"
"""Stands where the product stood whose directions these are."""
OTHER: Final = "\ufffb"
"""Stands where anything else that is named stood: an illness, another medicine."""
UNKNOWN_DOSE: Final = Dose(
    Amount.unknown(Unit.MG), Amount.unknown(Unit.MG_PER_DAY), Amount.unknown(Unit.PER_DAY)
)


@frozen
class Directions:
    """The dose that words tell, and those of them that were not understood.

    Attributes:
        dose: unknown where nothing is certain.
        left: words of count, frequency or amount that leave it open.

    """

    dose: Dose
    left: tuple[str, ...] = ()


STEMS_BY_FOUR: Final = {stem[:4]: tuple(s for s in STEMS if s[:4] == stem[:4]) for stem in STEMS}
"""The stems of words that speak of change, by their first four letters."""
_PLAIN: Final = re.compile(r"[^\W_]+")
_DIGIT: Final = re.compile(r"\d")
# Words that make it worth while to read on; of a phrase its longest word is enough.
_STRONG: Final = frozenset(
    max(_PLAIN.findall(word), key=len)
    for word, (kind, _, _) in WORDS.items()
    if kind not in WEAK and _PLAIN.search(word)
)
_SYMBOLS: Final = re.compile(
    "["
    + re.escape(
        "".join(
            w for w in WORDS if len(w) == 1 and not w.isalnum() and w not in f"&+/@#{OTHER}{NAME}"
        )
    )
    + "]"
)


def says_nothing(words: str) -> bool:
    """Return whether no word can be about a dose: a quick look, which may say no too often."""
    if _DIGIT.search(words) is not None or _SYMBOLS.search(words) is not None:
        return False
    plain = _PLAIN.findall(words)
    return _STRONG.isdisjoint(plain) and STEMS_BY_FOUR.keys().isdisjoint([w[:4] for w in plain])
