"""Defines what an import returns: a profile, and the account of every entry of the bundle."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from msrisk.model.profile import PatientProfile

__all__ = ["Became", "Import", "Line"]


class Became(Enum):
    """What became of an entry."""

    CERTAIN = "read as certain"
    OPEN = "read as possible"
    NONE = "read as none known"
    LEFT_OUT = "left out"
    NOT_READ = "not read"


@frozen
class Line:
    """What became of one entry of a bundle, or of another part of it.

    Attributes:
        path: where it stands in the bundle.
        resource: type and id of the resource; empty if there is none.
        became: what became of it.
        read_as: what it was read as, each with the field of the profile.
        why: why it is only possible or was left out, and what was wrong in it, in clauses.

    """

    path: str
    resource: str
    became: Became
    read_as: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the line in JSON types."""
        return {
            "path": self.path,
            "resource": self.resource,
            "became": self.became.value,
            "read_as": list(self.read_as),
            "why": list(self.why),
        }


@frozen
class Import:
    """A profile that was read from a record, and what became of each part of the record.

    Attributes:
        profile: what is known of the patient.
        account: a line for each entry, in the order of the bundle, and for what else in it
            has a say: its links, a resource inside another that could not be read.

    """

    profile: PatientProfile
    account: tuple[Line, ...]

    def __repr__(self) -> str:
        return f"<Import: {self.profile!r}, {len(self.account)} lines of account>"
