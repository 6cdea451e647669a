"""Judges an entry that says that there is nothing: whether it says only that, and of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.dates import day_span
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome

__all__ = ["untimely", "within"]

# All that an entry may hold which says that there is nothing, and no more than that. A reaction,
# a dose, a note or a date of onset speaks of something that there is.
_NAMES: Final = (
    "resourceType id meta language text contained extension identifier clinicalStatus "
    "verificationStatus status intent type category code subject patient encounter context "
    "medicationCodeableConcept medicationReference medication substance recordedDate "
    "assertedDate dateAsserted dateRecorded authoredOn dateWritten recorder asserter requester "
    "author informationSource reportedBoolean effectiveDateTime effectivePeriod"
)
_PLAIN: Final = frozenset(_NAMES.split())
_MOST: Final = 5
_WIDEST: Final = ("foods", "medicines", "environment")
_OF: Final = {
    "food": "foods",
    "medication": "medicines",
    "biologic": "medicines",
    "environment": "environment",
}
# For how long a list that was empty counts as empty still: what is taken changes sooner than
# what somebody has. These are msrisk's own numbers, and short on purpose.
_KEEPS: Final = {
    "medications": (timedelta(days=92), "three months"),
    "conditions": (timedelta(days=366), "a year"),
    "allergies": (timedelta(days=366), "a year"),
}
_SAID_ON: Final = (
    *("recordedDate", "assertedDate", "dateAsserted", "dateRecorded", "authoredOn"),
    *("dateWritten", "effectiveDateTime", "date"),
)


def untimely(field: str, resource: Resource, on: date) -> str:
    """Return why what was said to be none may be none no longer, or was not yet; "" if it is.

    Of several dates the last counts, and of one that is not told in full its first day. An entry
    without a date of its own was said when it was last changed, or the bundle was made, at the
    latest; one without any date is taken for what the record says now.

    Args:
        field: the list that is said to be empty.
        resource: what says so.
        on: the day as of which the record is read.

    """
    told = list(_said_on(resource))
    if not told:
        return ""
    days = [span[0] for text in told if (span := day_span(text))]
    if len(days) < len(told):
        return "was said on what is no date"
    if max(days) > on:
        return "was said later than the day as of which the record is read"
    longest, words = _KEEPS[field]
    return f"was said longer ago than {words}" if on - max(days) > longest else ""


def _said_on(resource: Resource) -> Iterator[str]:
    """Yield when something was said: of the entry itself, else of what it stands in."""
    element = resource.element
    own = list(_dates(element))
    meta = element.one("meta")
    changed = meta.text("lastUpdated") if meta else None
    yield from own or filter(None, [changed or resource.made])


def _dates(element: Element) -> Iterator[str]:
    for name in _SAID_ON:
        if element.has(name):
            yield element.text(name) or "?"
    period = element.one("effectivePeriod")
    if period is not None and period.has("start"):
        yield period.text("start") or "?"


def within(kind: str, outcome: Outcome) -> tuple[str, str]:
    """Return of what an entry says that there is nothing, and what in it speaks against that.

    The category of an allergy narrows it: without food among them it says nothing of foods.

    Args:
        kind: of what its words and codes say so: "all", "foods", "medicines", "environment".
        outcome: of the resource, with its doubts.

    """
    element = outcome.resource.element
    more = sorted(name for name in element.value if element.has(name) and _bare(name) not in _PLAIN)
    narrative = element.value.get("text")
    if outcome.doubts:
        return kind, "is in doubt"
    if more:
        return kind, f"holds more than that ({', '.join(more[:_MOST])})"
    if isinstance(narrative, Mapping) and narrative.get("status") == "additional":
        return kind, "its narrative says more"
    if outcome.resource.type == "AllergyIntolerance" and element.has("category"):
        of = {_OF.get(told.casefold(), "") for told in element.texts("category")}
        if kind == "all" and not of.issuperset(_WIDEST):
            kind = next((one for one in _WIDEST if one in of), "")
        if not kind or kind not in {"all", *of}:
            return kind, "its category is of others"
    if element.notes:
        return kind, "holds what could not be read"
    return kind, ""


def _bare(name: str) -> str:
    """Return the name of an element; its extensions stand under the same behind a stroke."""
    return name.removeprefix("_")
