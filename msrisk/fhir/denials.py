"""Judges an entry that says that there is nothing: whether it says only that, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msrisk.fhir.outcomes import Outcome

__all__ = ["within"]

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
