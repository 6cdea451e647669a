"""Defines what one resource tells: entries, that there is none, or that something is not known."""

from __future__ import annotations

from attrs import define, field, frozen

from msrisk.fhir.account import Became
from msrisk.fhir.bundle import MODIFIED, Resource
from msrisk.fhir.statuses import OF_STATUSES, STATUSES, Standing, standing_of
from msrisk.model.profile import Entry, Supplement

__all__ = ["Item", "Nothing", "Outcome"]

Item = Entry | Supplement


@frozen
class Nothing:
    """That a record says that there is nothing in a list.

    Attributes:
        field: the list.
        kind: "all", or of what there is nothing: "medicines", "foods", "environment".
        item: the entry that says so; None if the list itself does.

    """

    field: str
    kind: str
    item: Entry | None = None


@define
class Outcome:
    """What a resource tells, and why not more.

    Attributes:
        resource: the resource.
        told: its entries, each with the field that it belongs in.
        nothing: what it says that there is none of.
        unread: of lists, why something in them is not known, in clauses.
        asked_unknown: the fields that were asked for and are not known.
        out: whether it is left out.
        doubts: why all that it tells is only possible, in clauses.
        remarks: what else there is to say of it, in clauses.
        ignored: whether there is nothing in it that is read.
        unseen: whether msrisk does not look at resources of its kind.
        disputed: whether something else speaks against what it says.
        numbers: of a patient or an observation, what it was read as, in words.

    """

    resource: Resource
    told: list[tuple[str, Item]] = field(factory=list)
    nothing: list[Nothing] = field(factory=list)
    unread: list[tuple[str, str]] = field(factory=list)
    asked_unknown: set[str] = field(factory=set)
    out: bool = False
    doubts: list[str] = field(factory=list)
    remarks: list[str] = field(factory=list)
    ignored: bool = False
    unseen: bool = False
    disputed: bool = False
    numbers: list[str] = field(factory=list)

    def heed(self, element: str, code: str | None) -> None:
        """Take a status into account: what it makes of the resource, and why."""
        standing, why = standing_of(element, code)
        words, systems = self.resource.element.beside(element.rpartition(".")[2])
        others = words - {code}
        theirs = [one for one in systems if not one.startswith(OF_STATUSES)]
        if standing is Standing.OUT and (others or theirs):
            # Only the code of FHIR leaves something out, and nothing that says otherwise.
            standing, why = Standing.OPEN, f"{why}, and not only by the code of FHIR R4"
        elif others & STATUSES[element].keys() and standing is Standing.CERTAIN:
            standing, why = Standing.OPEN, "the words of its status say something else"
        if standing is Standing.OUT and code != "entered-in-error" and MODIFIED in self.doubts:
            # Nobody knows what the extension makes of a refuted or cancelled one.
            standing = Standing.OPEN
        if standing is Standing.OUT:
            self.out = True
            self.remarks.append(why)
        elif standing is Standing.OPEN and why not in self.doubts:
            self.doubts.append(why)

    @property
    def doubt(self) -> str | None:
        """Return why all that it tells is only possible; None if it is certain."""
        return "; ".join(self.doubts) or None

    @property
    def became(self) -> Became:
        """Return what became of the resource."""
        if self.out:
            return Became.LEFT_OUT
        if self.told:
            certain = any(item.doubt is None for _, item in self.told)
            return Became.CERTAIN if certain else Became.OPEN
        if self.nothing:
            return Became.OPEN if self.doubts or self.disputed else Became.NONE
        if self.numbers:
            return Became.OPEN if self.doubts or self.disputed else Became.CERTAIN
        return Became.NOT_READ if self.ignored or self.unseen else Became.LEFT_OUT
