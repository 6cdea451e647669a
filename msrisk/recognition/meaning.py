"""Defines what a name, a code or a word means, in its own field and in others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from msrisk.model.concepts import ANYTHING, Concept, Fixed, Membership, Possible, Why, WordKind

__all__ = [
    "Content",
    "Elsewhere",
    "Facts",
    "Found",
    "Joined",
    "Meaning",
    "NAMED",
    "meaning_there",
    "opening",
    "says_little",
]

NAMED: Final = "named"


class Meaning(NamedTuple):
    """What a name, a code or a word stands for.

    Attributes:
        name: preferred name.
        named: ids that it names directly.
        possible: ids that it may stand for besides.
        members: of a drug, its classes.
        concepts: of anything else, what it certainly is, ancestors included.
        opens: of an illness, what it leaves open that comes with it, such as a treatment.
        if_treated: what it leaves open if words say that it is treated.
        if_planned: what it leaves open if words say that it is still to come.
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
    opens: tuple[str, ...] = ()
    if_treated: tuple[str, ...] = ()
    if_planned: tuple[str, ...] = ()

    @property
    def is_name(self) -> bool:
        """Whether it names something, rather than doing something in an entry."""
        return self.word is None


def opening(meaning: Meaning, concepts: Mapping[str, Concept]) -> Meaning:
    """Return what names an illness, with what all that it is a case of leaves open."""
    above = [concepts[id_] for id_ in meaning.concepts if id_ in concepts]
    return meaning._replace(
        opens=tuple(sorted({id_ for one in above for id_ in one.opens})),
        if_treated=tuple(sorted({id_ for one in above for id_ in one.if_treated})),
        if_planned=tuple(sorted({id_ for one in above for id_ in one.if_planned})),
    )


class Elsewhere(NamedTuple):
    """What a name stands for in a field that it is usually told in."""

    field: str
    meaning: Meaning


Found = tuple[int, Meaning | None, tuple[Elsewhere, ...]]
"""How many words a name or word has, what it is in the field asked about, and in others."""


def says_little(found: Found | None) -> bool:
    """Return whether nothing is found, or a word that says nothing."""
    return found is None or (
        not found[2] and found[1] is not None and found[1].word is WordKind.FILLER
    )


def meaning_there(found: Found, field: str) -> Meaning | None:
    """Return what a name means in another field; None if it is none there."""
    return next((one.meaning for one in found[2] if one.field == field), None)


class Joined(NamedTuple):
    """What one or several meanings certainly and possibly are.

    Attributes:
        concepts: ids of what they certainly are.
        named: ids that they name.
        possible: ids of what else they may be, or `ANYTHING`.
        heard: when they may be anything, the ids that they may be all the same.
        why: for each concept, its basis and the reason.
        names: preferred names of what is certain.
        reasons: why something else is possible.

    """

    concepts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    possible: Possible = frozenset()
    heard: frozenset[str] = frozenset()
    why: Why = Fixed()
    names: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def may_be(self) -> frozenset[str]:
        """Return the ids of what else they may be, as far as they name them."""
        return self.heard if self.possible is ANYTHING else self.possible

    @property
    def name(self) -> str | None:
        """Return the names of what is certain; None if there are none."""
        return " and ".join(dict.fromkeys(filter(None, self.names))) or None

    @property
    def reason(self) -> str:
        """Return why something else is possible, in a clause; empty if nothing is."""
        return "; ".join(dict.fromkeys(self.reasons)) if self.possible else ""


class Content(NamedTuple):
    """What the names of an entry tell together; each attribute as `Recognition` has it.

    Attributes:
        sure: ids of all that is certain, what is named with what that is a case of.
        settled: those of them that cannot be possible besides.
        bears_medicine: whether an allergen is a medicine.
        reasons: why something else is possible.

    """

    concepts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    possible: Possible = frozenset()
    heard: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    may_be_allergens: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    bears_medicine: bool = False
    name: str | None = None
    why: Why = Fixed()
    reasons: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What the vocabulary says of a meaning by itself.

    Attributes:
        meaning: the meaning.
        told: everything that it certainly or possibly tells, with what these are cases of.
        products: the medicines, classes of these and supplements that it stands for.
        allergens: the other allergens that it stands for.
        assessed: whether it may be a substance that is assessed.
        symptom: whether it names a symptom.
        joined: what it is beside no route, or beside one.
        content: what an entry tells that names nothing else, by its list and routes.

    """

    meaning: Meaning
    told: frozenset[str]
    products: frozenset[str]
    allergens: frozenset[str]
    assessed: bool
    symptom: bool
    joined: dict[tuple[frozenset[str], frozenset[str]], Joined]
    content: dict[tuple[str, frozenset[str], frozenset[str]], Content]
