"""Finds the stretches of an entry's names: of a sentence, a clause, brackets.

A long entry has many names and many words that may speak of each. Whoever looked at all names
for every word would take a hundred times as long for an entry ten times as long.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from msrisk.recognition.pieces import Piece

__all__ = ["Once", "Stretches", "overlap"]


class Stretches:
    """Where the names of an entry stand.

    Sentences, clauses and brackets are numbered from left to right, so the names inside of one
    follow each other; a stretch is a range of the numbers of names.
    """

    def __init__(self, names: Sequence[Piece]) -> None:
        self._starts = [name.start for name in names]
        self._sentences = [name.token.sentence for name in names]
        self._clauses = [name.token.clause for name in names]
        self._brackets: dict[int, range] = {}
        # For each name and the end, the first from there on that is not told as a reason.
        self._bare = list(range(len(names) + 1))
        for at in range(len(names) - 1, -1, -1):
            name = names[at]
            if name.indicated:
                self._bare[at] = self._bare[at + 1]
            end = self._brackets.get(name.token.bracket, range(at, at + 1)).stop
            self._brackets[name.token.bracket] = range(at, end)

    def all(self) -> range:
        """Return the stretch of all names."""
        return range(len(self._starts))

    def sentence(self, number: int) -> range:
        """Return the names of a sentence."""
        return _equal(self._sentences, number)

    def clause(self, number: int) -> range:
        """Return the names of a clause."""
        return _equal(self._clauses, number)

    def brackets(self, number: int) -> range:
        """Return the names in a pair of brackets."""
        return self._brackets.get(number, range(0))

    def clause_of(self, at: int) -> int:
        """Return the number of the clause of a name."""
        return self._clauses[at]

    def before(self, stretch: range, token: float) -> range:
        """Return the names of a stretch that begin before a token."""
        end = bisect_left(self._starts, token, stretch.start, stretch.stop)
        return range(stretch.start, end)

    def behind(self, stretch: range, token: float) -> range:
        """Return the names of a stretch that begin behind a token."""
        return range(bisect_right(self._starts, token, stretch.start, stretch.stop), stretch.stop)

    def holds_bare(self, stretch: range) -> bool:
        """Whether a name of a stretch is not told as the reason for a medicine."""
        return self._bare[stretch.start] < stretch.stop


def _equal(numbers: Sequence[int], number: int) -> range:
    return range(bisect_left(numbers, number), bisect_right(numbers, number))


def overlap(one: range, other: range) -> range:
    """Return the stretch that two have in common."""
    return range(max(one.start, other.start), min(one.stop, other.stop))


class Once:
    """Gives each number of some stretches once, however often the stretches hold it."""

    def __init__(self, count: int) -> None:
        self._next = list(range(count + 1))  # for each number, one from there on that was not given

    def of(self, stretch: range) -> Iterator[int]:
        """Yield the numbers of a stretch that were not given before."""
        at = self._left(stretch.start)
        while at < stretch.stop:
            self._next[at] = at + 1
            yield at
            at = self._left(at + 1)

    def _left(self, at: int) -> int:
        following = self._next
        end = at
        while following[end] != end:
            end = following[end]
        while following[at] != end:  # so that nobody goes this way again
            following[at], at = end, following[at]
        return end
