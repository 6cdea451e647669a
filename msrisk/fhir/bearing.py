"""Finds what speaks against an empty list: entries that are not read, or that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import Concept, Reader, concept_of
from msrisk.fhir.context import Context
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.persons import Whose
from msrisk.fhir.walking import NOBODY_ELSE, objects, referred
from msrisk.model.concepts import ANYTHING
from msrisk.model.profile import Entry

__all__ = ["doubt_the_empty"]

_ALL: Final = ("allergies", "conditions", "medications")
_NAMES: Final = "it is not read, and names what rules ask about"
_NOT_READ: Final = "it is not read, and may tell of them"
_MOST: Final = 500

# People, places, money, machinery, the illnesses of others; and definitions, of no patient.
_SILENT: Final = (
    *("Account", "ActivityDefinition", "AuditEvent", "CapabilityStatement", "CareTeam"),
    *("CodeSystem", "ConceptMap", "Coverage", "Endpoint", "FamilyMemberHistory"),
    *("HealthcareService", "InsurancePlan", "Library", "Location", "Measure"),
    *("MedicationKnowledge", "OperationOutcome", "Organization", "Patient", "Person"),
    *("PlanDefinition", "Practitioner", "PractitionerRole", "Provenance", "Questionnaire"),
    *("RelatedPerson", "Schedule", "SearchParameter", "Slot", "StructureDefinition"),
    *("Subscription", "ValueSet", ""),
)
# These tell by their words alone: most of them tell nothing of the kind.
_WORDS_ALONE: Final = (
    *("Appointment", "BodyStructure", "Claim", "ClaimResponse", "Communication", "Consent"),
    *("Device", "DeviceRequest", "DeviceUseStatement", "DocumentReference", "Encounter"),
    *("EpisodeOfCare", "ExplanationOfBenefit", "Goal", "ImagingStudy", "Immunization", "Media"),
    *("NutritionOrder", "Observation", "Specimen", "Substance", "SupplyDelivery"),
    *("SupplyRequest", "VisionPrescription"),
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
# The elements whose texts tell something; a narrative repeats what stands in the others.
_TEXTS: Final = ("text", "display", "conclusion", "description", "title", "comment", "valueString")
_OF_ALLERGY: Final = re.compile(
    r"allerg|intoleran|hypersensitiv|anaphyla|\bige\b|\brast\b", re.IGNORECASE
)


def doubt_the_empty(outcomes: Sequence[Outcome], context: Context) -> None:
    """Say in the outcomes what speaks against each list of which a record says that it is empty.

    That is an entry that is not read and may tell of the list, and a reference to one that the
    bundle does not hold.
    """
    fields = {none.field for one in outcomes for none in one.nothing}
    if not fields:
        return
    used: set[Resource] = set()
    counted: list[Outcome] = []
    for one in outcomes:
        missing = dict.fromkeys(_missing(one, context, used))
        if _counts(one, context):
            counted.append(one)
            one.unread += [told for told in missing if told[0] in fields]
    for one in counted:
        if one.unseen and one.resource not in used:
            told = dict.fromkeys(_unread(one.resource, context.reader))
            one.unread += [(field, why) for field, why in told if field in fields]


def _counts(outcome: Outcome, context: Context) -> bool:
    """Return whether a resource is about the patient, and not left out."""
    resource = outcome.resource
    if outcome.unseen and resource.element.code("status") == "entered-in-error":
        return False
    return not outcome.out and context.person.whose(resource) is not Whose.OTHER


def _missing(outcome: Outcome, context: Context, used: set[Resource]) -> Iterator[tuple[str, str]]:
    """Yield the lists of which a resource refers to an entry that is not there.

    The medicines that it refers to are noted as used.
    """
    resource = outcome.resource
    inside = {one.text("id") for one in resource.element.each("contained")}
    for name, reference, kind in referred(resource.element.value):
        meant = context.bundle.resolve(reference, resource)
        used.update(one for one in meant if one.type == "Medication")
        if meant or name in NOBODY_ELSE or reference.removeprefix("#") in inside:
            continue
        found = _TYPE.search(reference.partition("#")[0])
        type_ = found[1] if found else kind
        for field in _TELLS.get(type_, _ALL) if type_ else _ALL:
            yield field, f"it refers to {type_ or 'something'} that the bundle does not hold"


def _unread(resource: Resource, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the lists of which a resource that is not read may tell, and why."""
    sure = _TELLS.get(resource.type, _ALL)
    yield from ((field, _NOT_READ) for field in sure)
    if resource.type in _SILENT:
        return
    answers = resource.type == "Observation"
    for at, (name, one) in enumerate(objects(resource.element.value)):
        if at == _MOST:
            yield from ((field, "it is too long to be looked through") for field in _ALL)
            return
        if name in NOBODY_ELSE:
            continue
        texts = [text for key in _TEXTS if (text := Element(one, "", []).text(key))]
        entries = [Entry(text) for text in texts]
        entries += [Entry(None, (code,)) for code in concept_of(_coded(one)).codes]
        asks = answers and name in ("code", "coding", "category")
        for entry in entries:
            named = _named(entry, reader, asks=asks)
            yield from ((field, _NAMES) for field in named if field not in sure)
        if answers:
            yield from _answered(name, one, reader)


def _answered(name: str, one: Mapping[str, object], reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the lists of which the value of an Observation may tell, if it is one in words."""
    said = Element(one, "", []).text("valueString")
    concept = Concept((said,)) if said else None
    if name == "valueCodeableConcept":
        concept = concept_of(Element(one, "", []))
    if concept is None:
        return
    if not _is_understood(concept, reader):
        yield "conditions", _NOT_READ
    for text in concept.words:
        yield from ((field, _NAMES) for field in _named(Entry(text), reader, asks=False))


def _coded(one: Mapping[str, object]) -> Element:
    """Return a coding, or a concept, as a concept of its codes alone."""
    return Element({"coding": one.get("coding", one)}, "", [])


def _is_understood(concept: Concept, reader: Reader) -> bool:
    entries = [Entry(text) for text in concept.words]
    if concept.codes:
        entries.append(Entry(None, concept.codes))
    return any(reader.told("conditions", one).possible is not ANYTHING for one in entries)


def _named(entry: Entry, reader: Reader, *, asks: bool) -> Iterator[str]:
    """Yield the lists of which rules ask about what an entry names.

    A question (`asks`) names what it asks about, which is less: only an illness counts.
    """
    lexicon = reader.lexicon
    told = reader.told("conditions", entry)
    if (told.concepts if asks else reader.named("conditions", entry)) & lexicon.asked:
        yield "conditions"
    allergens = reader.named("allergies", entry) & lexicon.foods & lexicon.asked
    if allergens or (entry.text and _OF_ALLERGY.search(entry.text)):
        yield "allergies"
    if not asks and reader.named("medications", entry) & (lexicon.classes | lexicon.substances):
        yield "medications"
