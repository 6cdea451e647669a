"""Finds names of a lexicon that differ from an unknown word in a letter or two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from attrs import frozen

from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning

__all__ = ["Alike", "LookAlikes", "distance", "look_alikes_of"]

# How many letters of a piece of a name are enough to find it.
_PIECE: Final = 6
# To arrange the pieces takes as long as to look at all names of a length so many times.
_FEW: Final = 20


@frozen
class Alike:
    """A name that looks like given words.

    Attributes:
        far: how many letters differ.
        name: the name, normalised.
        meaning: what it stands for.

    """

    far: int
    name: str
    meaning: Meaning


class LookAlikes:
    """The names of a lexicon, arranged by what words that look like them share with them.

    Two texts that are one slip apart are the same without a letter of each. So is a piece of
    a name that is two slips away from words: one of its halves has no more than one of them,
    even if a slip swaps the letters between the halves.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._of_lengths: dict[int, Sequence[str]] = {}
        self._by_piece: dict[tuple[int, int, int], Mapping[str, Sequence[int]]] = {}
        self._asked = 0

    def alike(self, field: str, words: str) -> list[Alike]:
        """Return the names that are a letter or two away from these words."""
        if len(words) < 4:
            return []
        return list(self._alike(field, words))

    def _alike(self, field: str, words: str) -> Iterator[Alike]:
        most = 1 if len(words) < 8 else 2
        letters = _letters(words)
        for name in self._near(words, most):
            if (letters ^ _letters_of_name(name)).bit_count() > 2 * most:
                continue
            far = distance(words, name, most)
            meaning = self._lexicon.name(field, tuple(name.split())) if far <= most else None
            if meaning is not None:
                yield Alike(far, name, meaning)

    def _near(self, words: str, most: int) -> Iterator[str]:
        """Yield the names that may be so near: whole if one slip is the most."""
        self._asked += 1
        for longer in range(-most, most + 1):
            length = len(words) + longer
            names = self._of_length(length)
            if self._asked <= _FEW:
                yield from names
                continue
            size = min(length // most, _PIECE)
            found: set[int] = set()
            for start in {0, length - length // most}:
                lacking = self._lacking(length, start, size)
                for at in _places(start, longer, most):
                    for left in _lacking_one(words[at : at + size], size):
                        found.update(lacking.get(left, ()))
            yield from (names[place] for place in sorted(found))

    def _lacking(self, length: int, start: int, size: int) -> Mapping[str, Sequence[int]]:
        """Return which names of a length have a piece of which this is left without a letter."""
        key = length, start, size
        if key not in self._by_piece:
            places: defaultdict[str, list[int]] = defaultdict(list)
            for place, name in enumerate(self._of_length(length)):
                for left in _lacking_one(name[start : start + size], size):
                    places[left].append(place)
            self._by_piece[key] = places
        return self._by_piece[key]

    def _of_length(self, length: int) -> Sequence[str]:
        """Return the names that have this many letters."""
        if length not in self._of_lengths:
            self._of_lengths[length] = self._lexicon.all_names.of_length(length)
        return self._of_lengths[length]


def _places(start: int, longer: int, most: int) -> Iterable[int]:
    """Return where a piece of a longer name may begin in words, by the slips before and behind."""
    if not start:
        return (0,)
    return [start - by for by in range(-most, most + 1) if abs(by) + abs(longer - by) <= most]


def _lacking_one(piece: str, size: int) -> Iterable[str]:
    """Return a piece of this size without each of its letters, or one that lacks one already."""
    if len(piece) < size:
        return (piece,)
    return {piece[:at] + piece[at + 1 :] for at in range(size)}


def _letters(words: str) -> int:
    """Return which letters there are, as bits: one slip changes at most two of them."""
    bits = 0
    for letter in words:
        bits |= 1 << (ord(letter) & 63)
    return bits


_letters_of_name: Final = lru_cache(maxsize=1 << 16)(_letters)  # never of what somebody typed


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ, are missing or are swapped; more than `most` is as far."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    at = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        at += 1
    # The first letters that differ are one slip, of one of these kinds.
    rest, left = one[at + 1 :], other[at + 1 :]
    ways = [(rest, left), (rest, other[at:]), (one[at:], left)]
    if rest and left and one[at] == left[0] and rest[0] == other[at]:
        ways.append((rest[1:], left[1:]))
    if most == 1:
        return 1 if any(here == there for here, there in ways) else 2
    return 1 + min(distance(here, there, most - 1) for here, there in ways)


@lru_cache(maxsize=8)
def look_alikes_of(lexicon: Lexicon) -> LookAlikes:
    """Return the look-alikes of a lexicon's names, arranged once."""
    return LookAlikes(lexicon)
