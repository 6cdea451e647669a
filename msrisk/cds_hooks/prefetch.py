"""Tells what came of each part of the record that was asked for, and makes one bundle of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, cast

from attrs import frozen

from msrisk.cds_hooks.services import PREFETCH, Json

__all__ = ["Part", "Shape", "parts_of", "record_of"]


class Shape(Enum):
    """What came of a part of the record, in words."""

    WHOLE = "it came whole"
    ABSENT = "it was not sent"
    NULL = "it came as null: nothing was found, or nothing may be seen"
    FAILED = "the search failed or was not complete"
    PAGE = "only a part of it came"
    WRONG = "something else came in its place"


@frozen
class Part:
    """A part of the record: its key, what came of it, and what came."""

    key: str
    shape: Shape
    value: object = None

    @property
    def words(self) -> str:
        """What the part is called on a card."""
        return PREFETCH[self.key].words


def parts_of(prefetch: object) -> tuple[Part, ...]:
    """Return what came of each part; of a prefetch that is no object, that none was sent."""
    sent = cast("Mapping[str, object]", prefetch) if isinstance(prefetch, Mapping) else {}
    return tuple(_part(key, sent) for key in PREFETCH)


def _part(key: str, sent: Mapping[str, object]) -> Part:
    if key not in sent:
        return Part(key, Shape.ABSENT)
    value = sent[key]
    return Part(key, _shape(value, PREFETCH[key].type), value)


_PAGES: Final = ("next", "previous", "prev")


def _shape(value: object, type_: str) -> Shape:
    """Return what came: only a search that is whole says what the record has."""
    if value is None:
        return Shape.NULL
    if not isinstance(value, Mapping):
        return Shape.WRONG
    came = value.get("resourceType")
    if came == "OperationOutcome":
        return Shape.FAILED
    if came == "Patient" and type_ == "Patient":
        return Shape.WHOLE
    if came == type_:
        return Shape.PAGE
    if came != "Bundle" or value.get("type", "searchset") not in ("searchset", "collection"):
        return Shape.WRONG
    entries = value.get("entry", [])
    if not isinstance(entries, list):
        return Shape.WRONG
    types = [_type_in(one) for one in entries]
    found = [one for one in entries if not _is_included(one)]
    if "OperationOutcome" in types:
        return Shape.FAILED
    if types and type_ not in types:
        return Shape.WRONG
    links = value.get("link", [])
    paged = any(_relation(one) in _PAGES for one in links) if isinstance(links, list) else True
    total = value.get("total", 0)
    # Of a search, the total counts what was found, not what was included with it.
    counted = isinstance(total, int) and not isinstance(total, bool) and 0 <= total <= len(found)
    # Only a search says that there is no more; some old clients leave its type out.
    searched = value.get("type", "searchset") == "searchset"
    partial = paged or not counted or not searched or _is_subset(value)
    return Shape.PAGE if partial or None in types else Shape.WHOLE


def _is_included(entry: object) -> bool:
    search = entry.get("search") if isinstance(entry, Mapping) else None
    return isinstance(search, Mapping) and search.get("mode") == "include"


def _is_subset(bundle: Mapping[str, object]) -> bool:
    """Whether the server says that a bundle holds a part only."""
    meta = bundle.get("meta")
    tags = meta.get("tag") if isinstance(meta, Mapping) else None
    held = tags if isinstance(tags, list) else []
    return any(isinstance(one, Mapping) and one.get("code") == "SUBSETTED" for one in held)


def _type_in(entry: object) -> str | None:
    held = entry.get("resource") if isinstance(entry, Mapping) else None
    type_ = held.get("resourceType") if isinstance(held, Mapping) else None
    return type_ if isinstance(type_, str) else None


def _relation(link: object) -> object:
    said = link.get("relation") if isinstance(link, Mapping) else "next"
    return said.casefold() if isinstance(said, str) else "next"


def record_of(parts: tuple[Part, ...], patient: str | None) -> Json:
    """Return all that came as one bundle, in which the patient has an entry.

    Args:
        parts: what came of each part.
        patient: the id of the patient, for whom an entry is made if none came.

    """
    came = [cast("Mapping[str, object]", p.value) for p in parts if isinstance(p.value, Mapping)]
    if patient is not None and not any(_is_patient(one) for one in came):
        came.insert(0, {"resourceType": "Patient", "id": patient})
    entries: list[object] = [{"resource": one} for one in came]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _is_patient(value: Mapping[str, object]) -> bool:
    """Return whether a part is a patient, or holds one."""
    entries = value.get("entry")
    held = map(_type_in, entries if isinstance(entries, list) else [])
    return value.get("resourceType") == "Patient" or "Patient" in held
