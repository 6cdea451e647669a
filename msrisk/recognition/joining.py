"""Joins names written in parts: "Cell Cept", and combinations by their ingredients."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, pairwise, permutations
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.characters import split_text
from msrisk.recognition.items import Token
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning

__all__ = ["combined", "rejoined"]

# Shorter names arise by chance from two words that mean something else.
_FEWEST_LETTERS: Final = 6
_MOST_PARTS: Final = 4
_WITH: Final = (" ", " with ", " and ")
_PARTS: Final = {None, WordKind.FILLER, WordKind.FORM}


def rejoined(
    tokens: tuple[Token, ...], texts: tuple[str, ...], field: str, lexicon: Lexicon
) -> tuple[Token, ...]:
    """Return the tokens of an entry, two that are unmistakably one name as one.

    They are if together, letter by letter, they spell a name of one word, no mark but a
    hyphen stands between them, and at least one of them alone means nothing in this field.
    """
    together = [one + two for one, two in pairwise(texts)]
    found = [
        at
        for at, word in enumerate(together)
        if len(word) >= _FEWEST_LETTERS
        and (word.isalpha() or word in lexicon.mixed)
        and not tokens[at + 1].apart
        and lexicon.behind(word) is not None
        and lexicon.name(field, (word,))
    ]
    if not found:
        return tokens
    alone = _alone(texts, field, lexicon)
    kept = list(tokens)
    for at in reversed(found):
        # A word that went to the name behind it is gone from here.
        free = kept[at + 1] is tokens[at + 1]
        # "Peg-interferon", which is a name among the medicines, leaves open which it is.
        listed = lexicon.anywhere(field, texts[at : at + 2], 0)
        if listed is not None and listed[0] > 1:
            continue
        if free and alone[at : at + 2] in ([None, None], [None, True], [True, None]):
            kept[at : at + 2] = [tokens[at]._replace(text=together[at], end=tokens[at + 1].end)]
    return tuple(kept)


def _alone(texts: tuple[str, ...], field: str, lexicon: Lexicon) -> list[bool | None]:
    """Return for each token whether it is a name or filler by itself; None if it is unknown."""
    found: list[bool | None] = []
    while len(found) < len(texts):
        match = lexicon.match(field, texts, len(found))
        if match is None:
            found.append(None)
        else:
            length, meaning = match
            found += [length == 1 and meaning.word in _PARTS] * length
    return found


def combined(
    names: Iterable[tuple[int, str, int]], field: str, lexicon: Lexicon
) -> dict[int, Meaning]:
    """Return by number which names together are the name of a combination.

    "Bupropion 90 mg / naltrexone 8 mg" is one product, which may be in a class that
    neither of its parts is in.

    Args:
        names: the number of each name, the name as written, and the number of its group.
        field: the list field.
        lexicon: what is known.

    """
    found: dict[int, Meaning] = {}
    for _, group in groupby(names, lambda one: one[2]):
        parts = {at: name for at, name, _ in group}
        if 1 < len(parts) <= _MOST_PARTS:
            meaning = _combination(list(parts.values()), field, lexicon)
            if meaning is not None:
                found.update(dict.fromkeys(parts, meaning))
    return found


def _combination(parts: list[str], field: str, lexicon: Lexicon) -> Meaning | None:
    for order in permutations(parts):
        for word in _WITH:
            meaning = lexicon.name(field, split_text(word.join(order)))
            if meaning is not None:
                return meaning
    return None
