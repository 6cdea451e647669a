"""Reads what a patient has and does not bear: Condition and AllergyIntolerance."""

from __future__ import annotations

import re
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import Concept, concept_in
from msrisk.fhir.context import Context
from msrisk.fhir.denials import untimely, within
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Nothing, Outcome
from msrisk.model.concepts import ANYTHING, CODE_SYSTEMS
from msrisk.model.profile import Code, Entry

__all__ = ["read_allergy", "read_condition", "tell_or_deny"]

_NOW: Final = ("active", "recurrence", "relapse")
_IN_CODES: Final = {"foods": "429625007", "medicines": "409137002"}
_FAMILY: Final = re.compile(r"\bfamil", re.IGNORECASE)
_ENDS: Final = ("abatementAge", "abatementRange", "abatementString", "abatementPeriod")


def read_condition(resource: Resource, context: Context) -> Outcome:
    """Return what a Condition tells."""
    outcome, element = context.begin(resource), resource.element
    _heed_statuses(outcome)
    if not outcome.out:
        if any(map(_FAMILY.search, concept_in(element, "category").words)):
            outcome.doubts.append("the record files it under family history")
        # Of one that is called resolved the date says the same.
        if element.code("clinicalStatus") in (None, *_NOW):
            context.heed_dates(outcome, element, "onsetDateTime", "abatementDateTime")
            if _has_ended(element):
                outcome.doubts.append("the record says that it ended")
        tell_or_deny(concept_in(element, "code"), "conditions", outcome, context)
    return outcome


def read_allergy(resource: Resource, context: Context) -> Outcome:
    """Return what an AllergyIntolerance tells."""
    outcome, element = context.begin(resource), resource.element
    _heed_statuses(outcome)
    if not outcome.out:
        # An earlier release had the substance where this one has the code.
        named = concept_in(element, "code", "substance")
        causes = [concept_in(one, "substance") for one in element.each("reaction")]
        causes = [one for one in causes if one]
        if named or not causes:
            tell_or_deny(named, "allergies", outcome, context)
        for cause in causes:
            _tell_more(cause, outcome, context)
    return outcome


def _heed_statuses(outcome: Outcome) -> None:
    """Take both statuses into account; one that is not verified at all counts as it is."""
    type_, element = outcome.resource.type, outcome.resource.element
    outcome.heed(f"{type_}.clinicalStatus", element.code("clinicalStatus"))
    verified = element.code("verificationStatus")
    if any(map(element.has, ("verificationStatus", "_verificationStatus"))):
        outcome.heed(f"{type_}.verificationStatus", verified)
    if outcome.out:
        outcome.doubts.clear()


def _has_ended(condition: Element) -> bool:
    """Return whether a Condition tells in another way than by a date that it is over."""
    return any(map(condition.has, _ENDS)) or condition.flag("abatementBoolean") is True


def tell_or_deny(concept: Concept, field: str, outcome: Outcome, context: Context) -> None:
    """Take in what a concept tells in a field, or that there is nothing of some kind."""
    if not concept:
        if concept.unknown in ("asked-unknown", "asked-declined"):
            outcome.asked_unknown.add(field)
        why = f"it says that this is not known ({concept.unknown})" if concept.unknown else ""
        outcome.unread.append((field, why or "it names nothing"))
        return
    kind = context.reader.none_of(concept, field)
    entries = context.reader.entries(concept, field, outcome)
    if kind is None:
        outcome.told += [(field, entry) for entry in entries]
        return
    said_of, (kind, against) = kind, within(kind, outcome)
    late = untimely(field, outcome.resource, context.on)
    if against:
        outcome.unread.append((field, f"it says that there are none, and {against}"))
    elif late:
        outcome.remarks.append(f"it says that there are none, and {late}")
    else:
        said = entries[0]
        unread = context.reader.told(field, said).possible is ANYTHING
        if kind in _IN_CODES and (unread or kind != said_of):
            # The same, in a code that the vocabulary knows.
            said = Entry(None, (Code(CODE_SYSTEMS["snomed"], _IN_CODES[kind]),))
        outcome.nothing.append(Nothing(field, kind, said))


def _tell_more(cause: Concept, outcome: Outcome, context: Context) -> None:
    """Take in the substance of a reaction, if the allergy itself does not name it."""
    reader = context.reader
    known = frozenset[str]().union(
        *(reader.named("allergies", _plain(item)) for _, item in outcome.told)
    )
    for entry in reader.entries(cause, "allergies", outcome):
        named = reader.named("allergies", _plain(entry))
        if not named or named - known:
            outcome.told.append(("allergies", entry))


def _plain(item: object) -> Entry:
    assert isinstance(item, Entry)  # noqa: S101  # allergies hold no supplements
    return Entry(item.text, item.codes)
