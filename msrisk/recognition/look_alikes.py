"""Words that are not known → the names of a lexicon that are a letter or two away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from attrs import frozen

from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Meaning

__all__ = ["Alike", "LookAlikes", "distance", "look_alikes_of"]

# How many words that are not known are kept with the names that look like them.
_MOST_KEPT: Final = 1_000
_GRAM: Final = 3
_SHORTEST: Final = 2


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
    """The names of a lexicon, arranged by what words that look like them share with them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_length: dict[str, dict[int, list[tuple[str, Meaning]]]] = {}
        self._looked_up: dict[tuple[str, str], list[Alike]] = {}
        self._grams: dict[tuple[str, int, int], Mapping[str, list[int]]] = {}
        self._with_letters: dict[tuple[str, int], list[tuple[str, Meaning, int]]] = {}

    def alike(self, field: str, words: str) -> list[Alike]:
        """Return the names that are a letter or two away from these words."""
        if len(words) < 4:
            return []
        if (field, words) not in self._looked_up:
            if len(self._looked_up) >= _MOST_KEPT:
                self._looked_up.clear()
            self._looked_up[field, words] = self._alike(field, words)
        return self._looked_up[field, words]

    def _alike(self, field: str, words: str) -> list[Alike]:
        most = 1 if len(words) < 8 else 2
        letters = _letters(words)
        return [
            Alike(far, name, meaning)
            for name, meaning, of_name in self._near(field, words, most)
            if (letters ^ of_name).bit_count() <= 2 * most
            and (far := distance(words, name, most)) <= most
        ]

    def _near(self, field: str, words: str, most: int) -> Iterator[tuple[str, Meaning, int]]:
        """Yield the names that may be so near.

        Words are cut into one part more than there may be slips, in as many ways: then a part
        is left whole in one of them, even if each slip swaps two letters.
        """
        lengths = range(len(words) - most, len(words) + most + 1)
        parts = most + 1
        part = (len(words) - most) // parts
        if part < _SHORTEST:
            for length in lengths:
                yield from self._of_length(field, length)
            return
        gram = min(part, _GRAM)
        starts = {shift + part * n for shift in range(parts) for n in range(parts)}
        parts_ = {words[start : start + gram] for start in starts}
        for length in lengths:
            names = self._of_length(field, length)
            grams = self._grams_of(field, length, gram)
            found = {at for one in parts_ for at in grams.get(one, ())}
            yield from (names[at] for at in sorted(found))

    def _grams_of(self, field: str, length: int, size: int) -> Mapping[str, list[int]]:
        """Return which names of a length hold which letters in a row."""
        key = field, length, size
        if key not in self._grams:
            grams: defaultdict[str, list[int]] = defaultdict(list)
            for at, (name, _, _) in enumerate(self._of_length(field, length)):
                for gram in {name[i : i + size] for i in range(len(name) - size + 1)}:
                    grams[gram].append(at)
            self._grams[key] = grams
        return self._grams[key]

    def _of_length(self, field: str, length: int) -> list[tuple[str, Meaning, int]]:
        """Return the names of a field that have this many letters, with which these are."""
        key = field, length
        if key not in self._with_letters:
            if field not in self._by_length:
                self._by_length[field] = _by_length(self._lexicon.names(field))
            names = self._by_length[field].get(length, ())
            self._with_letters[key] = [(name, one, _letters(name)) for name, one in names]
        return self._with_letters[key]


def _by_length(names: Mapping[tuple[str, ...], Meaning]) -> dict[int, list[tuple[str, Meaning]]]:
    found: defaultdict[int, list[tuple[str, Meaning]]] = defaultdict(list)
    for tokens, meaning in names.items():
        if meaning.word is None:
            name = " ".join(tokens)
            found[len(name)].append((name, meaning))
    return found


def _letters(words: str) -> int:
    """Return which letters there are, as bits: one slip changes at most two of them."""
    bits = 0
    for letter in words:
        bits |= 1 << (ord(letter) & 63)
    return bits


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ, are missing or are swapped; more than `most` is as far."""
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        line = [i + 1]
        for j, b in enumerate(other):
            cost = min(line[j] + 1, row[j + 1] + 1, row[j] + (a != b))
            if i and j and a == other[j - 1] and b == one[i - 1]:
                cost = min(cost, before[j - 1] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, row = row, line
    return row[-1]


@lru_cache(maxsize=8)
def look_alikes_of(lexicon: Lexicon) -> LookAlikes:
    """Return the look-alikes of a lexicon's names, arranged once."""
    return LookAlikes(lexicon)
