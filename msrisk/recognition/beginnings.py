"""Knows with which words the names of a vocabulary begin, and how many words they may have."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["Beginnings"]


class Beginnings:
    """The first words of all names and words of a vocabulary.

    Attributes:
        numbers: those of them that begin with a digit, so that no other number is looked up.
        mixed: names of one word that hold a digit, such as "fty720".

    """

    def __init__(self) -> None:
        # By the first word and then by the second, if there is one, how long names may be.
        self._begins: dict[str, dict[str, int]] = {}
        self._begun: dict[str, Mapping[str, int]] = {}  # what was looked up of these
        self.numbers: set[str] = set()
        self.mixed: set[str] = set()

    def _begin(self, name: tuple[str, ...]) -> None:
        """Take in the words of a name."""
        first = name[0]
        longest = self._begins.setdefault(first, {})
        if len(name) > 1:
            longest[name[1]] = max(longest.get(name[1], 1), len(name))
        elif not first.isalpha():
            self.mixed.add(first)
        if first[0].isdigit():
            self.numbers.add(first)

    def behind(self, word: str) -> Mapping[str, int] | None:
        """Return the words that may follow the first one of a name; None if it is none.

        With each of them comes how many words such names have at most.
        """
        found = self._begun.get(word)
        if found is None and (word in self.numbers or not word[0].isdigit()):
            found = self._begins.get(word)
            if found is not None:
                self._begun[word] = found
        return found

    def longest(self, tokens: tuple[str, ...], at: int, most: int = 99) -> int:
        """Return of how many words a name may be that begins at a token, up to `most`.

        It is 0 if none does.
        """
        behind = self._begun.get(tokens[at])
        if behind is None:
            behind = self.behind(tokens[at])
        if behind is None or most < 1:
            return 0
        if not behind or at + 1 == len(tokens):
            return 1
        return min(behind.get(tokens[at + 1], 1), most, len(tokens) - at)
