"""What entries refer to: by which address, in which spelling, and by whom it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
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


def made_of(*parts: str, name: str | None = None, id_: str = "a") -> dict[str, Any]:
    """Return a medicine that refers to its ingredients."""
    inside = [{"itemReference": {"reference": one}} for one in parts]
    of = {"code": {"text": name}} if name else {}
    return {"resourceType": "Medication", "id": id_, "ingredient": inside, **of}


def taken(*medicines: dict[str, Any], of: str = "Medication/a", **more: Any) -> Any:
    """Return what is read of a statement that refers to a medicine."""
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": of},
        **more,
    }
    entries = [{"resource": one} for one in ({"resourceType": "Patient"}, statement, *medicines)]
    return read_bundle({"resourceType": "Bundle", "entry": entries}, on=ON).account[1]


def test_a_medicine_that_is_an_ingredient_of_itself_is_said_and_read_once() -> None:
    line = taken(made_of("Medication/a"))
    assert "Medication/a is an ingredient of itself" in line.why
    assert "of the medications: it names no medicine" in line.why
    line = taken(made_of("Medication/b"), made_of("Medication/a", name="Ocrevus", id_="b"))
    assert "Medication/a is an ingredient of itself" in line.why
    assert line.read_as == ("medications: “Ocrevus”, taken for ocrelizumab",)
    line = taken(of="#m", contained=[made_of("#m", id_="m")])
    assert "Medication entry[1].resource.contained[0] is an ingredient of itself" in line.why


def test_one_ingredient_in_two_parts_of_a_medicine_is_no_circle() -> None:
    parts = [made_of("Medication/c", id_=one) for one in ("b", "d")]
    line = taken(made_of("Medication/b", "Medication/d"), *parts, made_of(name="Ocrevus", id_="c"))
    assert line.became is Became.CERTAIN
    assert "itself" not in " ".join(line.why)


def test_of_very_many_references_the_first_are_followed_and_that_is_said() -> None:
    around = [made_of(*(f"Medication/{to}" for to in range(50)), id_=f"{at}") for at in range(50)]
    line = taken(*around, made_of(*["Medication/0"] * 300, name="Ocrevus"))
    assert line.became is Became.OPEN
    assert "of its ingredients only the first 100 were read" in line.why


def test_a_medicine_that_two_searches_bring_along_is_one() -> None:
    line = taken(made_of(name="Ocrevus"), made_of(name="Ocrevus"))
    assert (line.became, line.why) == (Became.CERTAIN, ("it does not say whose it is",))
    line = taken(made_of(name="Ocrevus"), made_of(name="Prograf"))
    assert line.became is Became.OPEN
    assert "it refers to what several entries have as their id" in line.why


ALA: dict[str, Any] = {
    "resourceType": "MedicationStatement",
    "id": "s",
    "status": "active",
    "subject": {"reference": "Patient/me"},
    "medicationCodeableConcept": {"text": "alpha lipoic acid 600 mg"},
}


def listed(*entries: Mapping[str, Any]) -> int:
    """Return how often a product is listed that certain entries tell."""
    told = read_bundle({"resourceType": "Bundle", "entry": list(entries)}, on="2026-12-01")
    return len(told.profile.supplements.items)  # type: ignore[union-attr]  # a list is told


@pytest.mark.parametrize(
    ("urls", "often"),
    [
        (["", ""], 1),
        (["https://a.example/MedicationStatement/s", "", ""], 1),
        (["", "https://a.example/MedicationStatement/s"], 1),
        (["urn:uuid:1", "urn:uuid:1"], 1),
        (["https://a.example/MedicationStatement/s", "https://b.example/MedicationStatement/s"], 2),
        (["https://a.example/MedicationStatement/s"] * 3, 1),
    ],
)
def test_an_entry_that_comes_twice_under_its_id_is_one(urls: list[str], often: int) -> None:
    assert listed(*({"fullUrl": url, "resource": ALA} for url in urls)) == often


def test_of_several_servers_what_does_not_say_of_which_it_is_may_be_one_more() -> None:
    urls = [f"https://{name}.example/MedicationStatement/s" for name in "ab"]
    assert listed(*({"fullUrl": url, "resource": ALA} for url in (*urls, ""))) == len((*urls, ""))


def test_entries_without_an_id_may_be_several_products() -> None:
    nameless = {"resource": {k: v for k, v in ALA.items() if k != "id"}}
    assert listed(nameless, nameless) == len((nameless, nameless))


def test_another_version_of_an_entry_that_says_the_same_is_no_contradiction() -> None:
    versions = [{"resource": ALA | {"meta": {"versionId": one}}} for one in "12"]
    told = read_bundle({"resourceType": "Bundle", "entry": versions}, on="2026-12-01")
    assert [line.became for line in told.account] == [Became.CERTAIN, Became.CERTAIN]
    assert told.account[1].why == ("another entry has the same id and says the same",)
