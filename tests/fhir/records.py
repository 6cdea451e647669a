"""Makes bundles for the tests: resources with what nearly every record has, and short names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["bundle", "concept", "resource", "status"]

_CLINICAL = "http://terminology.hl7.org/CodeSystem/{}-clinical"
_VERIFIED = "http://terminology.hl7.org/CodeSystem/{}"


def concept(code: str, system: str = "") -> dict[str, Any]:
    """Return a concept of one coding."""
    coding = {"code": code} | ({"system": system} if system else {})
    return {"coding": [coding]}


def status(type_: str, code: str, element: str = "clinical") -> dict[str, Any]:
    """Return a clinical or verification status, as a concept."""
    names = {"Condition": ("condition", "condition-ver-status")}
    clinical, verified = names.get(type_, ("allergyintolerance", "allergyintolerance-verification"))
    system = _CLINICAL.format(clinical) if element == "clinical" else _VERIFIED.format(verified)
    return concept(code, system)


def resource(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource with what nearly every record has; null leaves something out.

    `of` is its code or medicine: words, or a concept; `clinical` and `verified` are codes.
    """
    given = dict(given)
    type_ = given.get("resourceType", "")
    of, clinical = given.pop("of", None), given.pop("clinical", "active")
    verified = given.pop("verified", "confirmed")
    of = {"text": of} if isinstance(of, str) else of
    usual: dict[str, Any] = {"resourceType": type_}
    match type_:
        case "Condition" | "AllergyIntolerance":
            usual |= {"clinicalStatus": clinical and status(type_, clinical)}
            usual |= {"verificationStatus": verified and status(type_, verified, "verified")}
            usual |= {"subject" if type_ == "Condition" else "patient": _ME, "code": of}
        case "MedicationRequest":
            usual |= {"status": "active", "intent": "order", "subject": _ME}
            usual |= {"medicationCodeableConcept": of}
        case "MedicationStatement":
            usual |= {"status": "active", "subject": _ME, "medicationCodeableConcept": of}
        case "MedicationAdministration":
            usual |= {"status": "in-progress", "subject": _ME, "medicationCodeableConcept": of}
        case "MedicationDispense":
            usual |= {"status": "in-progress", "subject": _ME, "medicationCodeableConcept": of}
        case "Medication":
            usual |= {"code": of}
        case "NutritionOrder":
            usual |= {"status": "active", "intent": "order", "patient": _ME}
        case "Observation":
            usual |= {"status": "final", "subject": _ME, "code": of or _WEIGHT}
        case "List" | "Composition":
            usual |= {"status": "current" if type_ == "List" else "final", "subject": _ME}
        case _:
            pass
    return {key: value for key, value in (usual | given).items() if value is not None}


_ME = {"reference": "Patient/me"}
_WEIGHT = concept("29463-7", "http://loinc.org")


def bundle(
    resources: Sequence[Mapping[str, Any]], *, patient: bool = True, **more: Any
) -> dict[str, Any]:
    """Return a bundle of resources, behind a patient who is 40 years old on 1 December 2026."""
    first = [{"resourceType": "Patient", "id": "me", "birthDate": "1986-06-01"}] if patient else []
    entries = [{"resource": dict(one)} for one in (*first, *map(resource, resources))]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | more
