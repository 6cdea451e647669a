"""Makes requests of CDS Hooks for the tests, and reads the cards that answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msrisk
from msrisk.cds_hooks import respond
from tests.fhir.records import resource

__all__ = [
    "FAILED",
    "LEFT_OUT",
    "ON",
    "answer",
    "cards",
    "draft",
    "prefetch",
    "request",
    "searchset",
]

ON = date(2026, 12, 1)


class _LeftOut:
    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Any = _LeftOut()
"""In place of a part of the prefetch, that there is none."""

FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception"}],
}


def searchset(resources: Sequence[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """Return a search that is whole."""
    entries = [{"resource": dict(one)} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries, **more}


def prefetch(
    illnesses: Sequence[str] = ("Multiple sclerosis",),
    medicines: Sequence[str] = (),
    allergens: Sequence[str] = (),
    **parts: Any,
) -> dict[str, Any]:
    """Return a prefetch that is whole, but for the parts that are given."""
    whole: dict[str, Any] = {
        "patient": {"resourceType": "Patient", "id": "me", "birthDate": "1986-06-01"},
        "conditions": searchset(_told("Condition", illnesses)),
        "allergies": searchset(_told("AllergyIntolerance", allergens)),
        "medicationRequests": searchset(_told("MedicationRequest", medicines)),
        "medicationStatements": searchset(),
        "medicationDispenses": searchset(),
        "medicationAdministrations": searchset(),
        "nutritionOrders": searchset(),
        "weights": searchset(),
    }
    return {key: value for key, value in (whole | parts).items() if value is not LEFT_OUT}


def _told(type_: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        resource({"resourceType": type_, "id": f"{type_[0]}{at}", "of": name})
        for at, name in enumerate(names)
    ]


def draft(name: str | None, id_: str | None = "d1", **more: Any) -> dict[str, Any]:
    """Return the draft of an order of a medicine."""
    type_ = "MedicationRequest"
    return resource({"resourceType": type_, "id": id_, "of": name, "status": "draft", **more})


def request(
    hook: str = "patient-view",
    sent: object = LEFT_OUT,
    drafts: object = LEFT_OUT,
    **context: Any,
) -> dict[str, Any]:
    """Return a request: what was sent of the record, and the drafts of orders."""
    told: dict[str, Any] = {"userId": "Practitioner/p", "patientId": "me", **context}
    if drafts is not LEFT_OUT:
        told["draftOrders"] = searchset(drafts) if isinstance(drafts, list) else drafts
    body = {"hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": told}
    return body if sent is LEFT_OUT else {**body, "prefetch": sent}


def answer(
    hook: str = "patient-view",
    sent: object = LEFT_OUT,
    drafts: object = LEFT_OUT,
    ruleset: msrisk.RuleSet | None = None,
    **context: Any,
) -> dict[str, Any]:
    """Return the answer to a request."""
    body = request(hook, sent, drafts, **context)
    return respond(f"msrisk-{hook}", body, on=ON, ruleset=ruleset)


def cards(
    hook: str = "patient-view", sent: object = LEFT_OUT, drafts: object = LEFT_OUT, **context: Any
) -> list[Any]:
    """Return the cards that answer a request."""
    found: list[Any] = answer(hook, sent, drafts, **context)["cards"]
    return found
