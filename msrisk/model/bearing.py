"""Defines what a report holds of the evidence that bears on what it says."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Bearing", "EvidenceUsed"]


@frozen
class Bearing:
    """On which rule or claim an item bears, how, and whether it is the best of its side there."""

    on: str
    relation: str
    best: bool


@frozen(cache_hash=True)
class EvidenceUsed:
    """What was found beyond the texts and bears on something that the report says.

    Attributes:
        id: of the item; citations name it.
        key: by which renderings cite it: "E004".
        statement: what was found.
        brief: that in a few words.
        kind: of the best reference, such as "randomised trial".
        year: of that.
        identifier: the shortest by which that is found.
        read: what of it was read.
        certainty: how sure it is that it says so.
        why: the reason for that.
        figures: what was counted.
        frequency: how often the harm occurs; "unknown" unless somebody counted it.
        references: where it stands, in full.
        checked_on: the day on which that was last looked at.
        retraction: what a look-up of retractions brought, or that there was none.
        changes: corrections and retractions, shown and not applied.
        bears_on: on what it bears.

    """

    id: str
    key: str
    statement: str
    brief: str
    kind: str
    year: str
    identifier: str
    read: str
    certainty: str
    why: str
    figures: str
    frequency: str
    references: tuple[str, ...]
    checked_on: str
    retraction: str
    changes: tuple[str, ...]
    bears_on: tuple[Bearing, ...]

    def __attrs_post_init__(self) -> None:
        if not self.references:
            raise ValueError("no evidence may be without a reference")
