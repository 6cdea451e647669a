"""What entries refer to: by which address, in which spelling, and by whom it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from msrisk.fhir import read_bundle
from msrisk.fhir.account import Became
from msrisk.model.profile import Entries

ON = date(2026, 12, 1)
ID = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def read(**more: Any) -> Entries[Any]:
    """Return the supplements of a record whose entries have no ids of a server."""
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "plan",
        "subject": {"reference": ID},
        "medicationCodeableConcept": {"text": "alpha lipoic acid"},
        **more,
    }
    entries = [
        {"fullUrl": ID, "resource": {"resourceType": "Patient", "birthDate": "1986"}},
        {"fullUrl": f"{ID}1", "resource": {"resourceType": "Practitioner"}},
        {"resource": request},
    ]
    told = read_bundle({"resourceType": "Bundle", "entry": entries}, on=ON).profile.supplements
    assert isinstance(told, Entries)
    return told


@pytest.mark.parametrize("spelled", [ID, ID.upper(), ID.replace("urn:uuid", "URN:UUID")])
def test_a_urn_is_the_same_in_small_and_large_letters(spelled: str) -> None:
    assert [one.doubt for one in read(subject={"reference": spelled}).items] == [None]


@pytest.mark.parametrize(
    ("requester", "taking"), [(ID, True), (ID.upper(), True), (f"{ID}1", False)]
)
def test_a_plan_is_taken_if_the_patient_asked_for_it(requester: str, taking: bool) -> None:
    assert [one.taking for one in read(requester={"reference": requester}).items] == [taking]


def test_a_medicine_that_is_measured_in_another_person_is_left_out() -> None:
    people = [{"resourceType": "Patient", "id": id_} for id_ in ("me", "other")]
    measured = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": "Patient/other"},
        "code": {"text": "Tacrolimus in blood"},
    }
    record = {
        "resourceType": "Bundle",
        "entry": [{"resource": one} for one in (*people, measured)],
    }
    told = read_bundle(record, on="2026-12-01", patient="me")
    assert told.profile.medications is None
    assert told.account[-1].became is Became.LEFT_OUT
