"""How far the words of an entry reach: to the next sign, or over a clause."""

from __future__ import annotations

from collections.abc import Sequence

from msrisk.model.concepts import WordKind
from msrisk.recognition.items import Token
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning

__all__ = ["allergic_clauses", "is_food", "room"]


def room(tokens: Sequence[Token], at: int) -> int:
    """Return how many words stand from here to the next sign."""
    ends = (i for i in range(at + 1, len(tokens)) if tokens[i].apart)
    return next(ends, len(tokens)) - at


def allergic_clauses(tokens: Sequence[Token], field: str, lexicon: Lexicon) -> frozenset[int]:
    """Return the clauses of another list than the allergies that speak of an allergy."""
    texts = tuple(token.text for token in tokens)
    if field == "allergies" or not any(map(lexicon.begins_allergy, texts)):
        return frozenset()
    found: set[int] = set()
    at = end = 0
    while at < len(tokens):
        if end <= at:
            end = at + room(tokens, at)
        match = lexicon.match(field, texts, at, end - at)
        if match and match[1].word is WordKind.ALLERGY:
            found.add(tokens[at].clause)
        at += match[0] if match else 1
    return frozenset(found)


def is_food(found: tuple[int, Meaning], texts: tuple[str, ...], at: int, lexicon: Lexicon) -> bool:
    """Whether a name is that of a food: no medicine's, nor an illness from a food."""
    length, meaning = found
    inside = (lexicon.match("conditions", texts, i) for i in range(at + 1, at + length))
    return not lexicon.foods.isdisjoint(meaning.concepts) and not any(
        one is not None and one[1].is_name for one in inside
    )
