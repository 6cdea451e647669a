"""Makes messy records: statuses of every kind, code or text or both, people who are not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from .records import concept

__all__ = ["NONE_KNOWN", "PLANTED", "records"]

_SNOMED = "http://snomed.info/sct"
_IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_ATC = "http://www.whocc.no/atc"

MEDICINES: tuple[Any, ...] = (
    {"text": "Synthroid 50 mcg"},
    {"text": "metformin"},
    {"coding": [{"system": _ATC, "code": "L04AD02", "display": "tacrolimus"}]},
    {"coding": [{"system": _ATC, "code": "H03AA01"}], "text": "metformin"},
    {"text": "foozumab"},
    {"text": "Ocrevus, prednisone"},
    {"text": "N-acetylcysteine 600 mg"},
    {"text": "ALA"},
    {"text": "vitamin D"},
    {"text": "None"},
    {"coding": [{"code": "x"}]},
    concept("787481004", _SNOMED),
    concept("no-known-medications", _IPS),
    concept("no-medication-info", _IPS),
    {},
    None,
    "Synthroid",
)
CONDITIONS: tuple[Any, ...] = (
    {"text": "type 2 diabetes"},
    {"text": "lactose intolerance"},
    {"text": "milk allergy"},
    {"text": "Full-time employment (finding)"},
    {"text": "mother had diabetes"},
    {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "K74.6"}]},
    {"coding": [{"system": _SNOMED, "code": "1", "display": "Pregnancy"}], "text": "asthma"},
    concept("no-known-problems", _IPS),
    concept("160245001", _SNOMED),
    {"text": "glimmering"},
    None,
)
ALLERGENS: tuple[Any, ...] = (
    {"text": "cow's milk"},
    {"text": "penicillin"},
    {"text": "egg"},
    {"text": "N-acetylcysteine"},
    concept("716186003", _SNOMED),
    concept("429625007", _SNOMED),
    concept("409137002", _SNOMED),
    concept("428607008", _SNOMED),
    concept("no-known-allergies", _IPS),
    concept("no-known-food-allergies", _IPS),
    {"text": "No known allergies"},
    {"text": "No known drug allergies"},
    {"text": "Zzqx"},
    None,
)
SUBJECTS = (
    *({"reference": "Patient/me"},) * 6,
    {"reference": "Patient/x"},
    {"display": "me"},
    None,
)
STATUSES = ("active",) * 4 + (
    "completed",
    "stopped",
    "unknown",
    "entered-in-error",
    "draft",
    None,
    7,
)


def _clinical(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def _some(values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(values))


def _resource(type_: str, **elements: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    extension = _some([*[None] * 9, [{"url": "http://x.example"}]])
    made = st.fixed_dictionaries({"modifierExtension": extension, **elements})
    return made.map(
        lambda told: {"resourceType": type_, **{k: v for k, v in told.items() if v is not None}}
    )


def _taken(type_: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return _resource(
        type_,
        status=_some(STATUSES),
        subject=_some(SUBJECTS),
        medicationCodeableConcept=_some(MEDICINES),
        reasonCode=_some([None, None, [{"text": "type 2 diabetes"}]]),
        **more,
    )


_DATED = _some([None, None, "2026-11-20", "2026-11", "2019", "2031-01-01"])
_PROBLEM: Mapping[str, st.SearchStrategy[Any]] = {
    "clinicalStatus": _some([*map(_clinical, ("active", "active", "active", "resolved")), None]),
    "verificationStatus": _some(
        [*map(_clinical, ("confirmed", "confirmed", "unconfirmed", "refuted")), None]
    ),
    "recordedDate": _DATED,
}
_EMPTY = _some([*map(_clinical, ("nilknown", "nilknown", "notasked"))])
_LIST = _some([concept(code, "http://loinc.org") for code in ("48765-2", "10160-0", "11450-4")])
_WEIGHT = st.fixed_dictionaries(
    {
        "value": _some([40, 44.5, 82, 100000, "82"]),
        "code": _some(["kg", "kg", "kg", "[lb_av]", "st"]),
        "system": st.just("http://unitsofmeasure.org"),
    }
)

RESOURCE = st.one_of(
    _taken("MedicationRequest", intent=_some(["order", "order", "plan", None])),
    _taken("MedicationStatement", dateAsserted=_DATED),
    _taken("MedicationAdministration"),
    _taken("MedicationDispense"),
    _resource("Condition", **_PROBLEM, subject=_some(SUBJECTS), code=_some(CONDITIONS)),
    _resource("AllergyIntolerance", **_PROBLEM, patient=_some(SUBJECTS), code=_some(ALLERGENS)),
    _resource(
        "Observation",
        status=_some(["final", "final", "preliminary", "entered-in-error"]),
        subject=_some(SUBJECTS),
        code=st.just(concept("29463-7", "http://loinc.org")),
        effectiveDateTime=_some(["2026-01-01", "2024", "2026-01-01T10:00:00Z", None, "2030"]),
        valueQuantity=_WEIGHT,
    ),
    _resource(
        "List",
        status=_some(["current", "current", "retired"]),
        subject=_some(SUBJECTS),
        code=_LIST,
        emptyReason=_EMPTY,
        date=_DATED,
        text=_some([None, None, {"div": "<div>None known</div>"}, {"div": "<div>zzqx</div>"}]),
    ),
    _resource("Encounter", reasonCode=_some([[{"text": "type 2 diabetes"}], None])),
)


_ME: Mapping[str, Any] = {"reference": "Patient/me"}
NONE_KNOWN: list[dict[str, Any]] = [
    {
        "resourceType": type_,
        "status": "active",
        "subject": _ME,
        "patient": _ME,
        "clinicalStatus": _clinical("active"),
        name: concept(code, _SNOMED),
    }
    for type_, name, code in (
        ("AllergyIntolerance", "code", "716186003"),
        ("Condition", "code", "160245001"),
        ("MedicationStatement", "medicationCodeableConcept", "787481004"),
    )
]
"""That there are no allergies, problems and medicines."""

_WORD = {"coding": [{"system": "http://x.example", "code": "y", "display": "word"}], "text": "word"}
_HOLDING: Mapping[str, Mapping[str, Any]] = {
    "Account": {"description": "word"},
    "AllergyIntolerance": {"code": {"text": "egg"}, "reaction": [{"manifestation": [_WORD]}]},
    "CareTeam": {"reasonCode": [_WORD], "note": [{"text": "word"}]},
    "Claim": {"item": [{"productOrService": _WORD}], "diagnosis": [{"sequence": 1}]},
    "Communication": {"payload": [{"contentString": "word"}]},
    "Composition": {
        "section": [
            {"title": "word", "text": {"div": "<div>word</div>"}, "section": [{"code": _WORD}]}
        ]
    },
    "Condition": {"code": {"text": "asthma"}, "stage": [{"summary": _WORD}]},
    "Coverage": {"type": _WORD},
    "DocumentReference": {
        "content": [{"attachment": {"contentType": "text/plain", "data": "d29yZA=="}}]
    },
    "Encounter": {"reasonCode": [_WORD], "type": [_WORD]},
    "List": {"title": "word", "note": [{"text": "word"}], "entry": [{"flag": _WORD}]},
    "MedicationRequest": {
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "baclofen"},
        "dosageInstruction": [{"text": "word", "timing": {"code": _WORD}}],
    },
    "NutritionOrder": {
        "status": "active",
        "intent": "order",
        "supplement": [{"type": {"text": "vitamin D"}}],
        "oralDiet": {"type": [_WORD]},
    },
    "Observation": {
        "status": "final",
        "code": _WORD,
        "component": [{"code": _WORD, "valueString": "check-up"}],
    },
    "Provenance": {"reason": [_WORD]},
}
PLANTED = _some([{"resourceType": type_, **of} for type_, of in _HOLDING.items()])
"""Resources of many types, with places in which something may be said."""


def records(most: int = 6) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return the resources of one record, each with an id of its own, behind a patient."""

    def numbered(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first = {"resourceType": "Patient", "id": "me", "birthDate": "1986"}
        return [first, *({**one, "id": f"r{at}"} for at, one in enumerate(resources))]

    return st.lists(RESOURCE, max_size=most).map(numbered)
