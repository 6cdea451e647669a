"""How far the words of an entry reach: to the next sign, or over a clause."""

from __future__ import annotations

from collections.abc import Sequence

from msrisk.model.concepts import WordKind
from msrisk.recognition.items import Token
from msrisk.recognition.lexicon import Lexicon

__all__ = ["allergic_clauses", "room"]


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
    at = 0
    while at < len(tokens):
        match = lexicon.match(field, texts, at, room(tokens, at))
        if match and match[1].word is WordKind.ALLERGY:
            found.add(tokens[at].clause)
        at += match[0] if match else 1
    return frozenset(found)
