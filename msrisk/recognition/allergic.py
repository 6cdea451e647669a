"""Finds what words of allergy speak of, in lists other than the allergies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.model.profile import PRODUCT_FIELDS
from msrisk.recognition.items import Token
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Found, Meaning

__all__ = ["Allergic", "LONGEST", "is_food", "room"]

LONGEST: Final = 99
"""No name has as many words."""
_NO_CLAUSES: Final[frozenset[int]] = frozenset()
_FORWARD: Final = {"to", "of", "from", "due"}


def room(tokens: Sequence[Token], at: int, most: int | None = None) -> int:
    """Return how many words stand from here to the next sign, as far as `most` are looked at."""
    end = len(tokens) if most is None else min(len(tokens), at + most)
    return next((i for i in range(at + 1, end) if tokens[i].apart), end) - at


def is_food(found: tuple[int, Meaning], texts: tuple[str, ...], at: int, lexicon: Lexicon) -> bool:
    """Whether a name is that of a food: no medicine's, nor an illness from a food."""
    length, meaning = found
    inside = (lexicon.match("conditions", texts, i) for i in range(at + 1, at + length))
    return not lexicon.foods.isdisjoint(meaning.concepts) and not any(
        one is not None and one[1].is_name for one in inside
    )


class Allergic:
    """What words of allergy in an entry of another list than the allergies speak of.

    Attributes:
        speaks: whether there are any.
        clauses: numbers of the clauses in which they stand.

    """

    def __init__(
        self, tokens: Sequence[Token], texts: tuple[str, ...], field: str, lexicon: Lexicon
    ) -> None:
        self._tokens = tokens
        self._texts = texts
        self._field = field
        self._lexicon = lexicon
        self.speaks = False
        self.clauses = _NO_CLAUSES
        if field != "allergies" and not lexicon.of_allergy.keys().isdisjoint(texts):
            self.speaks = any(lexicon.says_allergy(texts, at) for at in range(len(texts)))
            self.clauses = frozenset(self._clauses() if self.speaks else ())

    def _clauses(self) -> set[int]:
        found: set[int] = set()
        at = end = 0
        while at < len(self._tokens):
            if end <= at:
                end = at + room(self._tokens, at)
            match = self._lexicon.match(self._field, self._texts, at, end - at)
            length = match[0] if match else 1
            if (match and match[1].word is WordKind.ALLERGY) or self.leads(at + length):
                found.add(self._tokens[at].clause)
            at += length
        return found

    def leads(self, at: int) -> bool:
        """Whether a name ends before a token in words of allergy that lead on to an allergen.

        "Contrast allergy to milk" names an allergy, and tells of another.
        """
        forward = self.speaks and at < len(self._texts) and self._texts[at] in _FORWARD
        return forward and self._marks("conditions", at - 1, 1)

    def is_one(self, at: int) -> bool:
        """Whether what is named at a token is called an allergy: "milk allergy"."""
        found = self._lexicon.match("allergies", self._texts, at)
        if found is None:
            return False
        last = at + found[0]
        if any(self._marks(self._field, i, last - i) for i in range(at + 1, last)):
            return True
        # "Milk induced allergy", but not what stands before "allergic to milk".
        while last < len(self._texts) and self._texts[last] not in self._lexicon.tokens:
            last += 1
        behind = self._texts[last + 1] if last + 1 < len(self._texts) else ""
        reach = room(self._tokens, last, LONGEST) if last < len(self._texts) else 0
        return self._marks(self._field, last, reach) and behind not in _FORWARD

    def is_taken(self, at: int, found: Found | None) -> bool:
        """Whether the name of an illness is made of a medicine that is taken: "on thyroxine"."""
        if found is None or found[1] is not None or self._field not in PRODUCT_FIELDS:
            return False
        first = self._lexicon.match(self._field, self._texts, at, found[0])
        return first is not None and first[1].word is WordKind.NOW

    def begins(self, at: int) -> bool:
        """Whether the name of an allergen begins with words of allergy: "allergie au lait"."""
        if not self.speaks or not self._lexicon.says_allergy(self._texts, at):
            return False
        found = self._lexicon.match("allergies", self._texts, at)
        if found is None or not found[1].is_name:
            return False
        if self._lexicon.name("medications", self._texts[at : at + found[0]]):
            return False  # "Allergy Comod" are eye drops.
        return any(self._marks("allergies", at, end) for end in range(1, found[0]))

    def calls(self, at: int) -> bool:
        """Whether "allergy", which may be a symptom by itself, speaks of what is named here."""
        found = self._lexicon.match("allergies", self._texts, at)
        if found is None or not found[1].is_name:
            return False
        last = at + found[0]
        # "Advil Allergy Congestion" is a product.
        product = self._lexicon.name("medications", self._texts[at:last]) is not None
        behind = last < len(self._texts) and not self._tokens[last].apart
        return any(
            self._marks("conditions", i, last - i if i < last else 99)
            for i in range(last if product else at + 1, last + behind)
        )

    def names_one(self, clause: int) -> bool:
        """Whether a clause names an allergen."""
        return any(
            token.clause == clause
            and (found := self._lexicon.match("allergies", self._texts, at))
            and found[1].is_name
            for at, token in enumerate(self._tokens)
        )

    def _marks(self, field: str, at: int, most: int) -> bool:
        found = self._lexicon.match(field, self._texts, at, most) if most > 0 else None
        return found is not None and found[1].word is WordKind.ALLERGY
