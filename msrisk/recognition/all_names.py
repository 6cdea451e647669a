"""Arranges the names of a vocabulary by their length, to find those that look like a word."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from msrisk.model.later import Later
from msrisk.recognition.meaning import Meaning

__all__ = ["AllNames", "letters_in"]


@frozen
class AllNames(Later):
    """All names of a vocabulary.

    Attributes:
        texts: by their number of letters, the names with so many, each on a line of its own. A
            text is read from a file sooner than thousands of names, and most are never needed.
        letters: of each of these names `letters_in` it, eight bytes each, the lowest first.

    """

    texts: Mapping[int, str]
    letters: Mapping[int, bytes]

    @classmethod
    def of_fields(cls, fields: Iterable[Mapping[tuple[str, ...], Meaning]]) -> AllNames:
        """Return the names of several fields, of which each tells what its words mean."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for names in fields:
            for words, meaning in names.items():
                text = " ".join(words)
                if meaning.is_name:
                    found[len(text)][text] = None
        return cls(
            {length: "\n".join(texts) for length, texts in found.items()},
            {
                length: struct.pack(f"<{len(texts)}Q", *map(letters_in, texts))
                for length, texts in found.items()
            },
        )

    def of_length(self, length: int) -> list[str]:
        """Return the names that have so many letters."""
        text = self.texts.get(length)
        return text.split("\n") if text else []

    def letters_of_length(self, length: int) -> Sequence[int]:
        """Return which letters each of these names has, in the same order."""
        kept = self.letters.get(length, b"")
        return struct.unpack(f"<{len(kept) // 8}Q", kept)


def letters_in(words: str) -> int:
    """Return which letters there are, as 64 bits: one slip changes at most two of them."""
    bits = 0
    for letter in words:
        bits |= 1 << (ord(letter) & 63)
    return bits
