"""Tells whether words speak of another amount than the numbers beside them do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Final

from msrisk.recognition.characters import normalised
from msrisk.recognition.direction_row import Element, row_of

__all__ = ["may_raise", "tells_more", "tells_pieces"]

# "Use as directed": as the numbers beside it say.
_AS_CODED: Final = frozenset(
    ("as directed", "directed", "prescribed", "advised", "instructed", "nothing")
)
_NUMBERS: Final = frozenset(("number", "roman", "clock", "often", "rate"))
# A number beside one of these may be an amount.
_AMOUNTS: Final = frozenset(
    (
        *("unit", "volume", "piece", "doses", "times", "often", "rate", "every", "cap", "total"),
        *("take", "per", "span", "more", "pack", "hour", "meals"),
    )
)
_PIECES: Final = ("piece", "pack", "doses", "hour", "meals")
# Words and beginnings of words by which more is taken than the numbers say.
_RAISING: Final = (
    *("increas", "doubl", "doppelt", "tripl", "quadrupl", "titrat", "escalat", "rais", "adjust"),
    *("augment", "aument", "raddopp", "verhoog", "erhoh", "verdoppel", "more", "then", "zweifach"),
    *("dreifach", "vierfach", "doble", "greater than", "above", "exceeding", "multiple"),
)
# "1-0-1-0": by the times of the day.
_SCHEME: Final = re.compile(r"\b[0-9](?:\s?-\s?[0-9]){2,3}\b")
# How often a prescription may be filled again is no dose.
_REFILLS: Final = re.compile(r"\b\d+ refills?(?:\(s\))?|\brefills?(?:\(s\))?[:\s]*\d+")


def tells_more(words: Iterable[str], known: Collection[float]) -> bool:
    """Return whether directions in words hold a number that is not known, or a doubt."""
    return any(
        one[3] not in _AS_CODED and (one[0] in ("doubt", "more") or _is_unknown(one, known))
        for text in words
        for one in _row(text)
    )


def tells_pieces(words: Iterable[str]) -> bool:
    """Return whether directions tell of several pieces each time, such as capsules."""
    for text in words:
        row = _row(text)
        scheme = _SCHEME.search(text)
        if scheme and any(int(one) > 1 for one in re.findall("[0-9]", scheme[0])):
            return True
        for (kind, number, *_), after in pairwise(row):
            if kind in ("number", "roman") and number > 1 and after[0] in _PIECES:
                return True
    return False


def may_raise(words: Iterable[str], known: Collection[float]) -> bool:
    """Return whether words that are no directions may say that more is taken than is known.

    Most of what stands in notes and advice tells no amount: "with or after food".
    """
    for text in words:
        row = _row(text)
        if not _AMOUNTS.isdisjoint(one[0] for one in row) and any(
            _is_unknown(one, known) for one in row
        ):
            return True
        doubts = [one[3] for one in row if one[0] in ("doubt", "more")]
        if any(word.startswith(_RAISING) or word[0].isdecimal() for word in doubts):
            return True
    return False


def _row(text: str) -> list[Element]:
    """Return the words that tell of amounts; of a scheme the number of pieces in a day."""
    plain = _SCHEME.sub(_in_a_day, _REFILLS.sub(" ", normalised(text)))
    row = row_of(plain)
    return [
        one
        for at, one in enumerate(row)
        if one[0] != "end" and not _is_span(row[max(at - 1, 0)], *row[at : at + 3])
    ]


def _is_span(before: Element, one: Element, period: Element, after: Element) -> bool:
    """Return whether a number is of a time that passes: "for 5 days", "30 minutes before"."""
    in_time = before[0] in ("for", "since") or after[0] == "beside"
    return one[0] == "number" and period[0] == "period" and in_time


def _in_a_day(scheme: re.Match[str]) -> str:
    return f" take {sum(map(int, re.findall(r'[0-9]', scheme[0])))} "


def _is_unknown(one: Element, known: Collection[float]) -> bool:
    """Return whether a word is a number that is not known, or turns one into another."""
    kind, number = one[:2]
    return (kind in _NUMBERS and number not in known) or (kind == "unit" and number != 1)
