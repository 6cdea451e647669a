"""What it is that breaks a law, and how what is lost is told."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from msrisk.model.rules import RuleSet

from .entry_reader import Reader, Statuses, Told

__all__ = ["ALLERGIES", "PRODUCTS", "Failure", "closed", "lost_of", "weight_of"]

# In these lists a food or a medicine that is named may be what an allergy is to.
ALLERGIES = ("allergies", "conditions")
PRODUCTS = ("medications", "supplements")


@frozen
class Failure:
    """That an example breaks a law.

    Attributes:
        law: its number.
        level: "recognise" or "assess".
        kind: what failures that are alike have in common.
        field: the list that the entry stands in.
        text: the entry.
        lost: the ids or rules that are lost, or what differs.
        than: what tells them.

    """

    law: int
    level: str
    kind: str
    field: str
    text: str
    lost: tuple[str, ...]
    than: str

    def __str__(self) -> str:
        lost = ", ".join(self.lost)
        start = f"law {self.law} on {self.level}, {self.kind}"
        return f"{start}: {self.field}: {self.text!r} loses {lost}, told by {self.than}"


def lost_of(
    reader: Reader, needed: Iterable[str], got: Told, *, anything: bool = False
) -> tuple[str, ...]:
    if got.refused:
        return (f"refused: {got.refused}",)
    lost = sorted(set(needed) - got.all, key=lambda one: (one not in reader.places.looked_at, one))
    if anything and not got.anything:
        lost.append("that it may be anything")
    return tuple(lost)


def weight_of(reader: Reader, lost: tuple[str, ...]) -> str:
    """Return whether something is lost that a rule looks at."""
    if lost[0].startswith("refused"):
        return "refused"
    return "a rule's" if lost[0] in reader.places.looked_at else "no rule's"


def closed(needed: Statuses, got: Statuses | None, spared: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the rules that were true or unknown and are false."""
    if got is None:
        return ("refused",)
    left = set(spared)
    # An entry that names a case of a substance is not assessed for the substance besides.
    wider = {one.id: one.within for one in RuleSet.default().substances}
    kept = {(above, rule) for substance, rule in got for above in wider.get(substance, ())}
    return tuple(
        sorted(
            f"{rule} of {substance} ({status})"
            for (substance, rule), status in needed.items()
            if (substance, rule) not in kept | got.keys() and rule not in left
        )
    )
