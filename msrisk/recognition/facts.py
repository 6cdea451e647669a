"""Finds what the vocabulary says of a meaning by itself, once for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Elsewhere, Facts, Meaning

__all__ = ["all_told", "facts_of"]

_NOTHING: Final[frozenset[str]] = frozenset()


def facts_of(meaning: Meaning, lexicon: Lexicon) -> Facts:
    """Return what the vocabulary says of a meaning that is in it, which is kept."""
    # By identity, since to hash it takes long. What is kept holds the meaning, so that no other
    # gets its identity; after a copy of the lexicon, it is another one's.
    facts = lexicon.facts.get(id(meaning))
    if facts is None or facts.meaning is not meaning:
        ids = meaning.concepts.union(meaning.named)
        above = lexicon.above((*meaning.named, *meaning.possible))
        facts = lexicon.facts[id(meaning)] = Facts(
            meaning,
            lexicon.told_by(meaning),
            products=ids & lexicon.products,
            allergens=ids & lexicon.allergens - lexicon.products,
            assessed=not lexicon.substances.isdisjoint(above),
            symptom=not lexicon.symptoms.isdisjoint(meaning.named),
            joined={},
            content={},
        )
    return facts


def all_told(
    meaning: Meaning | None, others: Iterable[Elsewhere], lexicon: Lexicon
) -> frozenset[str]:
    """Return everything that a name tells, in its field and in others."""
    told = _NOTHING
    if meaning is not None and meaning.is_name:
        told = facts_of(meaning, lexicon).told
    for one in others:
        told |= facts_of(one.meaning, lexicon).told
    return told
