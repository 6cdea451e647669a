"""Walks through all that stands in a resource, however deep: its objects, its references."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final, cast

from msrisk.fhir.elements import cleaned

__all__ = ["NOBODY_ELSE", "is_modified", "objects", "referred"]

_NAMES: Final = (
    "actor agent asserter assigner attester author careTeam collector context custodian device "
    "encounter enterer episodeOfCare generalPractitioner individual informationSource insurer "
    "interpreter location managingOrganization manufacturer onBehalfOf organization owner party "
    "patient payor performer practitioner provider receiver recorder requester responsible "
    "sender serviceProvider specimen subject supervisor who"
)
NOBODY_ELSE: Final = frozenset(_NAMES.split())
"""Elements that refer to people, places and visits, and to nothing that a patient has or takes."""


def objects(
    value: object, *, apart: Container[str] = ()
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each object in a JSON value, itself included, with the name of its element.

    What holds itself, which a program can hand over, is walked through once; elements of the
    names in `apart`, and all that they hold, not at all.
    """
    waiting: list[tuple[str, object]] = [("", value)]
    seen: set[int] = set()
    while waiting:
        name, one = waiting.pop()
        if not isinstance(one, Mapping | list) or id(one) in seen or name in apart:
            continue
        seen.add(id(one))
        if isinstance(one, Mapping):
            yield name, cast("Mapping[str, object]", one)
            waiting += [(str(key), inner) for key, inner in one.items()]
        else:
            waiting += [(name, inner) for inner in one]


def is_modified(value: object) -> bool:
    """Return whether an extension anywhere in a value changes the meaning of what holds it."""
    return any(one.get("modifierExtension") for _, one in objects(value))


def referred(value: object) -> Iterator[tuple[str, str, str]]:
    """Yield each reference in a value: the name of its element, the reference, and its type.

    The type is "" where the reference does not say it. One that gives an identifier alone is "".
    """
    for name, one in objects(value):
        reference, type_ = one.get("reference"), one.get("type")
        kind = type_ if isinstance(type_, str) else ""
        if isinstance(reference, str):
            yield name, cleaned(reference), kind
        elif kind and isinstance(one.get("identifier"), Mapping):
            yield name, "", kind
