"""Decides which words in no vocabulary are understood all the same: they name nothing."""

from __future__ import annotations

from msrisk.recognition.items import BETWEEN, parts_of
from msrisk.recognition.lexicon import Lexicon

__all__ = ["says_nothing"]


def says_nothing(
    texts: tuple[str, ...], at: int, field: str, lexicon: Lexicon, number: bool
) -> bool:
    """Return whether a word or `number` of an entry joins, counts or leads, and names nothing."""
    # "Ramipril plus" has something added that is not named.
    joins = number or (texts[at] in BETWEEN and at + 1 < len(texts))
    return (
        joins
        or _is_other(texts, at, field, lexicon)
        or _is_times(texts, at)
        or _is_strength(texts[at], field, lexicon)
    )


def _is_strength(text: str, field: str, lexicon: Lexicon) -> bool:
    """Whether this is a number with its unit that some name holds as one word: "24hr"."""
    parts = parts_of(text) if text[0].isdigit() else ()
    return len(parts) > 1 and all(
        part[0].isdigit() or ((found := lexicon.match(field, (part,), 0)) and not found[1].is_name)
        for part in parts
    )


def _is_times(texts: tuple[str, ...], at: int) -> bool:
    """Whether this is a sign beside a number: "2 x 300 mg", "x 10 years"."""
    beside = texts[max(at - 1, 0) : at + 2]
    return texts[at] == "x" and any(text[0].isdigit() for text in beside)


def _is_other(texts: tuple[str, ...], at: int, field: str, lexicon: Lexicon) -> bool:
    """Whether this begins the title of a class of diseases: "Other hypothyroidism"."""
    if at > 0 or texts[at] != "other" or field != "conditions" or len(texts) == 1:
        return False
    found = lexicon.match(field, texts, 1)
    return found is not None and found[1].is_name
