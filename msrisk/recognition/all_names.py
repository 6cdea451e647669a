"""Arranges the names of a vocabulary by their length, to find those that look like a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from attrs import frozen

from msrisk.model.later import Later
from msrisk.recognition.meaning import Meaning

__all__ = ["AllNames"]


@frozen
class AllNames(Later):
    """All names of a vocabulary.

    Attributes:
        texts: by their number of letters, the names with so many, each on a line of its own. A
            text is read from a file sooner than thousands of names, and most are never needed.

    """

    texts: Mapping[int, str]

    @classmethod
    def of_fields(cls, fields: Iterable[Mapping[tuple[str, ...], Meaning]]) -> AllNames:
        """Return the names of several fields, of which each tells what its words mean."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for names in fields:
            for words, meaning in names.items():
                text = " ".join(words)
                if meaning.is_name:
                    found[len(text)][text] = None
        return cls({length: "\n".join(texts) for length, texts in found.items()})

    def of_length(self, length: int) -> list[str]:
        """Return the names that have so many letters."""
        text = self.texts.get(length)
        return text.split("\n") if text else []
