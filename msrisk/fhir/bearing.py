"""Finds what speaks against an empty list: entries that are not read, or that are not there."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import concept_in
from msrisk.fhir.context import Context
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.persons import Whose
from msrisk.fhir.saying import Said, said_in
from msrisk.fhir.walking import NOBODY_ELSE, referred
from msrisk.fhir.wording import answered, narrated, told_by

__all__ = ["doubt_the_empty"]

_ALL: Final = ("allergies", "conditions", "medications")
_NOT_READ: Final = "it is not read, and may tell of them"
_LONG: Final = "the record says more than is looked through"

# People, places, machinery, the illnesses of others; and definitions, of no patient.
_SILENT: Final = (
    *("ActivityDefinition", "AuditEvent", "CapabilityStatement", "CodeSystem", "ConceptMap"),
    *("Endpoint", "FamilyMemberHistory", "HealthcareService", "InsurancePlan", "Library"),
    *("Location", "Measure", "MedicationKnowledge", "OperationOutcome", "Organization"),
    *("Patient", "Person", "PlanDefinition", "Practitioner", "PractitionerRole"),
    *("Questionnaire", "RelatedPerson", "Schedule", "SearchParameter", "Slot"),
    *("StructureDefinition", "Subscription", "ValueSet", ""),
)
# These tell by their words alone: most of them tell nothing of the kind.
_WORDS_ALONE: Final = (
    *("Account", "Appointment", "BodyStructure", "CareTeam", "Claim", "ClaimResponse"),
    *("Communication", "Consent", "Coverage", "Device", "DeviceRequest", "DeviceUseStatement"),
    *("DocumentReference", "Encounter"),
    *("EpisodeOfCare", "ExplanationOfBenefit", "Goal", "ImagingStudy", "Immunization", "Media"),
    *("NutritionOrder", "Observation", "Provenance", "Specimen", "Substance"),
    *("SupplyDelivery", "SupplyRequest", "VisionPrescription"),
)
# Of each type: of which lists it may tell, whatever its words are. One that does not stand
# here may tell of any.
_TELLS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*_SILENT, *_WORDS_ALONE), ()),
    **dict.fromkeys(("DiagnosticReport", "Procedure", "ServiceRequest"), ("conditions",)),
    **dict.fromkeys(("CarePlan", "ClinicalImpression"), ("conditions", "medications")),
    "AdverseEvent": ("allergies", "medications"),
    "AllergyIntolerance": ("allergies",),
    "Condition": ("conditions",),
    "Medication": ("medications",),
    "MedicationAdministration": ("medications",),
    "MedicationDispense": ("medications",),
    "MedicationRequest": ("medications",),
    "MedicationStatement": ("medications",),
}
_TYPE: Final = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)(?:/|\?|$)")
# Of the types that are read: the elements whose words and codes are taken over, and by which
# names they stand inside these.
_NAMES: Final = (
    "code substance medicationCodeableConcept medicationReference medication reasonCode "
    "reasonForUseCodeableConcept reason supplement enteralFormula"
)
_READ: Final = frozenset(_NAMES.split())
_CONCEPTS: Final = (_READ - {"supplement", "enteralFormula"}) | {
    *("additiveType", "baseFormulaType", "concept", "type"),
}
_TAKEN_OVER: Final = {
    *((name, key) for name in _CONCEPTS for key in ("text", "coding")),
    *(("coding", key) for key in ("", "display", "code")),
    *((name, "display") for name in ("medicationReference", "medication", "reference")),
    *(("", name) for name in _READ),
}
_LISTS: Final = ("Composition", "List")
# A record of more different words is not looked through; nothing in it proves an absence.
_MOST: Final = 5_000


def doubt_the_empty(outcomes: Sequence[Outcome], context: Context) -> None:
    """Say in the outcomes what speaks against each list of which a record says that it is empty.

    That is an entry that is not read and may tell of the list, words anywhere that name what
    rules ask about, and a reference to an entry that the bundle does not hold.
    """
    fields = {none.field for one in outcomes for none in one.nothing}
    if not fields:
        return
    # The medicines to which entries refer, and whether one of these counts.
    used: dict[Resource, bool] = {}
    counted: list[Outcome] = []
    for one in outcomes:
        counts = _counts(one, context)
        missing = dict.fromkeys(_missing(one, context, used, counts=counts))
        if counts:
            counted.append(one)
            one.unread += [told for told in missing if told[0] in fields]
    counted = [one for one in counted if used.get(one.resource, True)]
    said = [dict.fromkeys(_said(one, used)) for one in counted]
    too_long = len({each.entry for one in said for each in one}) > _MOST
    for one, its in zip(counted, said, strict=True):
        resource = one.resource
        sure = _TELLS.get(resource.type, _ALL) if one.unseen and resource not in used else ()
        inside = {held.text("resourceType") or "" for held in resource.element.each("contained")}
        told = [(field, _NOT_READ) for field in (sure if inside <= _TELLS.keys() else _ALL)]
        if too_long:
            told += [(field, _LONG) for field in _ALL]
        else:
            told += told_by(resource, its, context.reader, unseen=one.unseen)
            told += narrated(resource, context.reader)
            told += answered(resource, context.reader) if one.unseen else ()
        before = {field for field, _ in (*one.unread, *one.told)}
        for field, why in told:
            if field in fields and field not in before:
                before.add(field)
                one.unread.append((field, why))


def _counts(outcome: Outcome, context: Context) -> bool:
    """Return whether a resource is about the patient, and not left out."""
    resource = outcome.resource
    if outcome.unseen and resource.element.code("status") == "entered-in-error":
        return False
    return not outcome.out and context.person.whose(resource) is not Whose.OTHER


def _missing(
    outcome: Outcome, context: Context, used: dict[Resource, bool], *, counts: bool
) -> Iterator[tuple[str, str]]:
    """Yield the lists of which a resource refers to an entry that is not there.

    The medicines that it refers to are noted as used, and whether that counts.
    """
    resource = outcome.resource
    inside = {one.text("id") for one in resource.element.each("contained")}
    for name, reference, kind in referred(resource.element.value):
        meant = context.bundle.resolve(reference, resource)
        for one in meant:
            if one.type == "Medication":
                used[one] = used.get(one, False) or counts
        if meant or name in NOBODY_ELSE or reference.removeprefix("#") in inside:
            continue
        found = _TYPE.search(reference.partition("#")[0])
        type_ = found[1] if found else kind
        for field in _TELLS.get(type_, _ALL) if type_ else _ALL:
            yield field, f"it refers to {type_ or 'something'} that the bundle does not hold"


def _said(outcome: Outcome, used: Container[Resource]) -> Iterator[Said]:
    """Yield the words and codes of a resource that may tell something, and are not read."""
    resource, element = outcome.resource, outcome.resource.element
    if resource.type == "Patient":
        yield from said_in({"extension": element.value.get("extension")})
        # Any other narrative of a patient repeats the name and the address.
        narrative = element.one("text")
        if narrative is not None and narrative.text("status") == "additional":
            yield from said_in({"text": narrative.value})
    elif resource.type not in _SILENT or _is_of_oneself(element):
        is_read = not outcome.unseen and resource.type not in _LISTS
        read = _READ if is_read or resource in used else ()
        for said in said_in(element.value):
            if said.top not in read or (said.name, said.key) not in _TAKEN_OVER:
                yield said
        if resource.type == "DocumentReference" and not element.has("content"):
            yield Said("content", "", "", None)


def _is_of_oneself(history: Element) -> bool:
    """Return whether a history of the family is of the patient."""
    concept = concept_in(history, "relationship")
    told = {text.casefold() for text in concept.words} | {one.code for one in concept.codes}
    return not told.isdisjoint(("ONESELF", "self", "oneself", "patient"))
