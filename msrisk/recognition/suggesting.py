"""Suggests names that look like an unknown word, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Final

from msrisk.recognition.characters import split_name
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.look_alikes import Alike, look_alikes_of
from msrisk.recognition.meaning import Meaning
from msrisk.recognition.pieces import PRODUCT_FIELDS, Read

__all__ = ["MISTAKEN_FOR", "Suggested", "understood"]

MISTAKEN_FOR: Final = "is often mistaken for"
"""What a warning says between a name and those that it is mistaken for."""

# Signs and words by which a list may cut a name.
_CUT: Final = re.compile(r"[,;()/&]|\b(?:or|and|not|no|with|for)\b")
_MOST_TRIED: Final = 6
_MOST_SHOWN: Final = 3


class Suggested:
    """The known names that look like words that are not known, found when somebody asks.

    Nothing else of a recognition takes as long, and most who read an entry do not ask.
    """

    def __init__(self, read: Read, lexicon: Lexicon) -> None:
        self._words = list(dict.fromkeys(_tried(read)))[:_MOST_TRIED]
        self._field = read.list_field
        self._lexicon = lexicon

    @property
    def suggestions(self) -> tuple[str, ...]:
        """At most three names, as the list understands them."""
        return tuple(self._nearest)[:_MOST_SHOWN]

    @property
    def warning(self) -> str:
        """What may go wrong in choosing among the names; empty if nothing is known.

        One of them may be known to be mistaken for another, or two that are equally near may be
        of different classes.
        """
        shown = list(self._nearest.values())[:_MOST_SHOWN]
        told = "; ".join(dict.fromkeys(_dangers(shown, self._lexicon)))
        look = "check the package" if self._field in PRODUCT_FIELDS else "ask which is meant"
        return f"{told}: {look}" if told else ""

    @cached_property
    def _nearest(self) -> dict[str, Alike]:
        """The names that look alike, the nearest first."""
        looking = look_alikes_of(self._lexicon)
        found = [one for words in self._words for one in looking.alike(self._field, words)]
        nearest: dict[str, Alike] = {}
        for one in sorted(found, key=lambda one: (one.far, one.meaning.name)):
            name = understood(one.name, one.meaning, self._field, self._lexicon)
            nearest.setdefault(name, one)
        return nearest


def understood(name: str, meaning: Meaning, field: str, lexicon: Lexicon) -> str:
    """Return how to write a name so that a list understands it as what it stands for.

    That is the preferred name, but for one that a list cuts, "anxiety, panic or a phobia". Of a
    product that a name probably is, "lipoic", it is the name of that.
    """
    if field in PRODUCT_FIELDS and not meaning.named and len(meaning.possible) == 1:
        return lexicon.called.get(meaning.possible[0], name)
    same = lexicon.name(field, split_name(meaning.name))
    cut = same is None or same.named != meaning.named or _CUT.search(meaning.name)
    return name if cut else meaning.name


def _tried(read: Read) -> list[str]:
    names = {at for name in read.names for at in range(name.start, name.end)}
    tried = [" ".join(read.tokens[at].text for at in sorted(names.union(read.unknown)))]
    for run in read.runs():
        tried += [run, *run.split()]
    return tried


def _dangers(shown: list[Alike], lexicon: Lexicon) -> Iterator[str]:
    for one in shown:
        mistaken = lexicon.mistaken_for(one.name) or lexicon.mistaken_for(one.meaning.name)
        if mistaken:
            name, *others = mistaken
            yield f"{name} {MISTAKEN_FOR} {' or '.join(others)}"
    for one, other in pairwise(shown):
        kinds = [
            lexicon.told_by(each).difference(each.named) for each in (one.meaning, other.meaning)
        ]
        if one.far == other.far and kinds[0] != kinds[1]:
            names = f"{one.meaning.name} and {other.meaning.name}"
            yield f"{names} are equally near and of different classes"
