"""Defines the facts: a profile whose entries are recognised."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from attrs import frozen

from msrisk.model.concepts import Dose, Recognition, frozen_doses
from msrisk.model.profile import Entries, Entry, NoneReported, PatientProfile, Supplement

__all__ = ["Denied", "Fact", "Facts"]


@frozen
class Denied:
    """What was asked for by name and denied.

    Attributes:
        text: the name or id as given.
        concept: the id of what it was recognised as.
        name: the preferred name of that.
        settles: whether the no settles anything. One to a class of drugs, a drug or a
            substance does not: only a complete list does.

    """

    text: str
    concept: str
    name: str
    settles: bool


@frozen(cache_hash=True)
class Fact:
    """One entry of a list field, as given, and what it was recognised as.

    Attributes:
        field: the list field that it was told in.
        entry: as given.
        recognition: what it certainly and what it possibly is.
        dose: of a product, what its words and numbers together say; where they
            contradict each other, the range that holds both.
        taking: of a supplement, whether it was started; true of a medication.
        doubt: why a person must clear it up although its name is recognised: its dose is
            told in two ways, or it is listed twice. Empty if there is no such doubt.
        doses: of an entry of several products, the dose of each substance, by its id.

    """

    field: str
    entry: Entry | Supplement
    recognition: Recognition
    dose: Dose
    taking: bool | None
    doubt: str = ""
    doses: Mapping[str, Dose] = attrs.field(factory=dict, converter=frozen_doses, hash=False)

    def dose_of(self, substance: str) -> Dose:
        """Return the dose of one substance, of several that the entry may name."""
        return self.doses.get(substance, self.dose)


@frozen
class Facts:
    """A profile and, for each list field, its recognised entries in the given order.

    `denied` is what was asked for by name and denied, recognised.
    """

    profile: PatientProfile
    told: Mapping[str, tuple[Fact, ...]]
    denied: tuple[Denied, ...] = ()

    def established(self, field: str) -> bool:
        """Return whether a list was asked and is complete, so that it can prove absence."""
        value: Entries[Entry] | Entries[Supplement] | NoneReported | None = getattr(
            self.profile, field
        )
        return isinstance(value, NoneReported) or (value is not None and value.complete)
