"""Defines a patient made of entries that both rule sets have read.

Implements *Each way of firing has smallest patients*, docs/analysis.md.
"""

from __future__ import annotations

from attrs import frozen

from msrisk.model.checks import Range
from msrisk.model.facts import Facts
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.search.pair import PairedEntry

__all__ = ["Patient", "Value"]

Value = tuple[str, Range | bool | None]
"""A number or yes/no field, and its answer."""


@frozen
class Patient:
    """One patient.

    Attributes:
        told: the entries.
        open: list fields that are not asked, or incomplete; the others are complete.
        values: the answers to number and yes/no fields; what is not here was not asked.

    """

    told: tuple[PairedEntry, ...]
    open: frozenset[str] = frozenset()
    values: tuple[Value, ...] = ()

    def profile(self) -> PatientProfile:
        """Return the patient's profile."""
        lists = {name: self._list(name) for name in LIST_FIELDS}
        return PatientProfile(**lists, **dict(self.values))  # type: ignore[arg-type]  # each field is of its own type

    def _list(self, name: str) -> Entries[Entry | Supplement] | NoneReported | None:
        items = tuple(dict.fromkeys(p.typed for p in self.told if p.field == name))
        if items:
            return Entries(items, complete=name not in self.open)
        return None if name in self.open else NONE_REPORTED

    def facts(self, profile: PatientProfile, side: int) -> Facts:
        """Return the facts of the profile under the old rules (0) or the new ones (1)."""
        facts = {
            name: {p.typed: p.fact(side) for p in self.told if p.field == name}
            for name in LIST_FIELDS
        }
        return Facts(profile, {name: tuple(of.values()) for name, of in facts.items()})

    @property
    def size(self) -> tuple[int, int]:
        """How much is told, and how much is left open: the smaller, the easier to read."""
        unsure = sum(value is None or isinstance(value, tuple) for _, value in self.values)
        return len(self.told), len(self.open) + unsure
