"""Finds names of a lexicon that differ from an unknown word in a letter or two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from attrs import frozen

from msrisk.recognition.all_names import letters_in
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

    Two texts that are one slip apart are the same without a letter of each. Of two slips, both
    are in one half of a name, and the other is the same in the words, or each half has one. A
    slip that swaps the letters between the halves is one in each.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._of_lengths: dict[int, tuple[Sequence[str], Sequence[int]]] = {}
        self._pieces: dict[tuple[int, int], _Pieces] = {}
        self._asked = 0

    def alike(self, field: str, words: str) -> list[Alike]:
        """Return the names that are a letter or two away from these words."""
        if len(words) < 4:
            return []
        return list(self._alike(field, words))

    def _alike(self, field: str, words: str) -> Iterator[Alike]:
        most = 1 if len(words) < 8 else 2
        letters = letters_in(words)
        asked = _Asked(words, 0)
        self._asked += 1
        for length in range(len(words) - most, len(words) + most + 1):
            size = min(length // most, _PIECE)
            if size != asked.size:
                asked = _Asked(words, size)
            names, letters_of = self._of_length(length)
            few = self._asked <= _FEW
            near = range(len(names)) if few else self._near(asked, length, most)
            # A letter that is missing is one that differs, another letter is two.
            differ = 2 * most - abs(length - len(words))
            alike = [at for at in near if (letters ^ letters_of[at]).bit_count() <= differ]
            for name in [names[at] for at in sorted(alike)]:
                far = distance(words, name, most)
                meaning = self._lexicon.name(field, tuple(name.split())) if far <= most else None
                if meaning is not None:
                    yield Alike(far, name, meaning)

    def _near(self, asked: _Asked, length: int, most: int) -> set[int]:
        """Return the places of the names of a length that may be so near to words."""
        words, size = asked.words, asked.size
        starts = self._starting(length, size)
        near = starts.lacking(asked.first_lacking)
        if most == 1:
            return near
        ends = self._ending(length, size)
        if near:
            near &= ends.lacking(asked.last_lacking)
        near.update(starts.same(asked.first), ends.same(asked.last))
        if 2 * size == length:
            # The letters between the halves may be swapped, and one of these has another slip.
            near.update(starts.same(words[: size - 1] + words[size : size + 1]))
            near.update(ends.same(words[-size - 1 : -size] + words[1 - size :]))
        return near

    def _starting(self, length: int, size: int) -> _Pieces:
        """Return the names of a length by their first letters."""
        if (length, size) not in self._pieces:
            texts = [name[:size] for name in self._of_length(length)[0]]
            self._pieces[length, size] = _Pieces(texts)
        return self._pieces[length, size]

    def _ending(self, length: int, size: int) -> _Pieces:
        """Return the names of a length by their last letters."""
        if (length, -size) not in self._pieces:
            texts = [name[-size:] for name in self._of_length(length)[0]]
            self._pieces[length, -size] = _Pieces(texts)
        return self._pieces[length, -size]

    def _of_length(self, length: int) -> tuple[Sequence[str], Sequence[int]]:
        """Return the names that have this many letters, and which letters each of them has."""
        if length not in self._of_lengths:
            names = self._lexicon.all_names
            self._of_lengths[length] = names.of_length(length), names.letters_of_length(length)
        return self._of_lengths[length]


class _Asked:
    """Words, and their first and last letters, of which names of some lengths may have most."""

    def __init__(self, words: str, size: int) -> None:
        self.words, self.size = words, size
        self.first, self.last = words[:size], words[-size:]
        self.first_lacking = _lacking_one(self.first, size)
        self.last_lacking = _lacking_one(self.last, size)


class _Pieces:
    """Pieces of names, which have as many letters each, by what they are without one."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, piece in enumerate(pieces):
            self._whole[piece].append(place)
            for left in _lacking_one(piece, len(piece)):
                self._places[left].append(place)

    def lacking(self, pieces: Iterable[str]) -> set[int]:
        """Return the places of those that are one of these pieces without a letter."""
        found: set[int] = set()
        for left in pieces:
            if left in self._places:
                found.update(self._places[left])
        return found

    def same(self, piece: str) -> Iterable[int]:
        """Return the places of those that are the same."""
        return self._whole.get(piece, ())


def _lacking_one(piece: str, size: int) -> Iterable[str]:
    """Return a piece of this size without each of its letters, or one that lacks one already."""
    if len(piece) < size:
        return (piece,)
    return {piece[:at] + piece[at + 1 :] for at in range(size)}


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ, are missing or are swapped; more than `most` is as far.

    At most two are told apart from more.
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    # Without what both begin and end with, one slip is of their first letters, one of the last.
    at, end = 0, min(len(one), len(other))
    while at < end and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    at, end = 1, end - at
    while at <= end and one[-at] == other[-at]:
        at += 1
    one, other = one[: len(one) - at + 1], other[: len(other) - at + 1]
    left = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if len(one) > 1 and one[:2] == other[1::-1]:
        left.append((one[2:], other[2:]))
    if any(here == there for here, there in left):
        return 1
    if most > 1 and any(_slip_at_end(here, there) for here, there in left):
        return 2
    return most + 1


def _slip_at_end(one: str, other: str) -> bool:
    """Whether two texts are the same but for one slip of their last letters."""
    return (
        one[:-1] == other[:-1]
        or one[:-1] == other
        or one == other[:-1]
        or (one[:-2] == other[:-2] and one[-2:] == other[:-3:-1])
    )


@lru_cache(maxsize=8)
def look_alikes_of(lexicon: Lexicon) -> LookAlikes:
    """Return the look-alikes of a lexicon's names, arranged once."""
    return LookAlikes(lexicon)
