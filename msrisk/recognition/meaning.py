"""Defines what a name, a code or a word means, in its own field and in others."""

from __future__ import annotations

from typing import Final, NamedTuple

from msrisk.model.concepts import Membership, WordKind

__all__ = ["Elsewhere", "Found", "Meaning", "NAMED"]

NAMED: Final = "named"


class Meaning(NamedTuple):
    """What a name, a code or a word stands for.

    Attributes:
        name: preferred name.
        named: ids that it names directly.
        possible: ids that it may stand for besides.
        members: of a drug, its classes.
        concepts: of anything else, what it certainly is, ancestors included.
        word: of a word that names nothing, what it does; then `route` may be set.
        why: of an ambiguous term, what it leaves open.

    """

    name: str
    named: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    concepts: frozenset[str] = frozenset()
    word: WordKind | None = None
    route: str = ""
    why: str = ""

    @property
    def is_name(self) -> bool:
        """Whether it names something, rather than doing something in an entry."""
        return self.word is None


class Elsewhere(NamedTuple):
    """What a name stands for in a field that it is usually told in."""

    field: str
    meaning: Meaning


Found = tuple[int, Meaning | None, tuple[Elsewhere, ...]]
"""How many words a name or word has, what it is in the field asked about, and in others."""
