"""What is no record, or a broken one: an error or a line of the account, never a crash."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from msrisk import NONE_REPORTED, Entries
from msrisk.errors import FhirError
from msrisk.fhir import (
    Import,
    bearing,
    bundle_from_json,
    lists,
    profile_from_bundle,
    read_bundle,
    reading,
)
from msrisk.fhir import bundle as bundles

from .records import bundle

ON = date(2026, 12, 1)
SYNTHROID = {"resourceType": "MedicationRequest", "of": "Synthroid"}


def problems(document: object, **more: Any) -> str:
    with pytest.raises(FhirError) as caught:
        read_bundle(document, on=ON, **more)
    return str(caught.value)


def whys(told: Import) -> str:
    return " | ".join(text for line in told.account for text in line.why)


@pytest.mark.parametrize("document", [None, [], "x", 7, {}, {"resourceType": "Patient"}])
def test_what_is_no_bundle_is_refused(document: object) -> None:
    assert "bundle" in problems(document)


def test_entries_that_are_no_list_are_refused() -> None:
    said = problems({"resourceType": "Bundle", "entry": {"resource": {}}})
    assert said == "bundle.entry: expected a list, got a table"


@pytest.mark.parametrize("on", ["yesterday", 7, None])
def test_a_day_that_is_none_is_refused(on: Any) -> None:
    with pytest.raises(FhirError, match="on: expected a date"):
        read_bundle(bundle([]), on=on)


def test_a_day_may_be_written_out() -> None:
    assert read_bundle(bundle([]), on="2026-12-01").profile.age_years == 40


def test_a_moment_is_its_day() -> None:
    told = read_bundle(bundle([]), on=datetime(2026, 12, 1, 23, tzinfo=UTC))
    assert told.profile.age_years == 40
    assert repr(told) == "<Import: <PatientProfile: age_years known>, 1 lines of account>"


def test_two_patients_are_refused_unless_one_is_named() -> None:
    two = bundle([{"resourceType": "Patient", "id": "you", "birthDate": "1950-06-01"}])
    said = problems(two)
    assert "which of the 2 patients of the bundle: entry[0].resource, entry[1].resource" in said
    assert "1950" not in said
    assert profile_from_bundle(two, on=ON, patient="you").age_years == 76
    assert profile_from_bundle(two, on=ON, patient="Patient/me").age_years == 40
    assert "the id of a Patient in the bundle" in problems(two, patient="nobody")
    assert "an id or a reference" in problems(two, patient=7)


def test_more_patients_than_fit_a_line_are_counted() -> None:
    many = bundle([{"resourceType": "Patient", "id": f"p{at}"} for at in range(30)])
    assert "and 21 more" in problems(many)


def test_documents_of_two_patients_do_not_say_whose_they_are() -> None:
    you = {"resourceType": "Patient", "id": "you"}
    other = {"resourceType": "Composition", "subject": {"reference": "Patient/you"}}
    both = bundle([you, {"resourceType": "Composition"}, other])
    assert "which of the 2" in problems(both)


def test_without_a_patient_two_who_are_referred_to_are_refused_unless_one_is_named() -> None:
    two = bundle(
        [
            {"resourceType": "Condition", "of": "asthma", "subject": {"reference": "Patient/a"}},
            {"resourceType": "Condition", "of": "gout", "subject": {"reference": "Patient/b"}},
        ],
        patient=False,
    )
    assert "which of the 2 patients that the bundle refers to" in problems(two)
    told = profile_from_bundle(two, on=ON, patient="a").conditions
    assert told is not None
    assert told is not NONE_REPORTED
    assert [one.text for one in told.items] == ["asthma"]
    assert "got one that it does not name" in problems(two, patient="c")


def test_a_patient_who_is_told_by_identifier_is_found_out() -> None:
    here = {"system": "urn:x", "value": "1"}
    there = {"system": "urn:x", "value": "2"}
    record = bundle(
        [
            {"resourceType": "Patient", "id": "a", "identifier": [here]},
            {"resourceType": "Patient", "id": "b", "identifier": [there]},
            *(
                {"resourceType": "Condition", "of": "gout", "subject": {"identifier": one}}
                for one in (here, there, {"value": "3"})
            ),
        ],
        patient=False,
    )
    became = [line.became.name for line in read_bundle(record, on=ON, patient="a").account]
    assert became == ["LEFT_OUT", "LEFT_OUT", "CERTAIN", "LEFT_OUT", "OPEN"]


def test_a_subject_that_is_linked_and_not_there_is_the_same_person() -> None:
    me = {
        "resourceType": "Patient",
        "id": "me",
        "link": [{"other": {"reference": "Patient/old"}}, {"type": "seealso"}, {"other": {}}],
    }
    gout = {"resourceType": "Condition", "of": "gout", "subject": {"reference": "Patient/old"}}
    told = read_bundle(bundle([me, gout], patient=False), on=ON)
    assert told.account[1].became.name == "CERTAIN"


WRONG: list[Any] = [None, True, 0, -1.5, 10**400, float("nan"), "", "x", [], {}, [None, 3, "x"]]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    "name",
    [
        *("resourceType", "id", "status", "intent", "subject", "medicationCodeableConcept"),
        *("contained", "dosageInstruction", "reasonCode", "extension", "modifierExtension"),
        *("medicationReference", "reportedReference", "requester", "implicitRules", "note"),
    ],
)
def test_any_element_may_be_of_a_wrong_type(name: str, wrong: Any) -> None:
    entry = {
        **bundle([SYNTHROID])["entry"][1]["resource"],
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 2}}}],
        name: wrong,
    }
    record = bundle([])
    record["entry"].append({"resource": entry})
    assert read_bundle(record, on=ON).account


def test_what_is_wrong_is_said_with_its_place() -> None:
    told = read_bundle(bundle([{**SYNTHROID, "status": 7, "id": [1]}]), on=ON)
    assert "entry[1].resource.status is a number where FHIR R4 has text" in whys(told)
    assert told.account[1].became.name == "OPEN"


def test_of_many_wrong_things_the_first_are_said() -> None:
    told = read_bundle(bundle([{**SYNTHROID, "dosageInstruction": list(range(50))}]), on=ON)
    assert "and 42 more of the kind" in whys(told)


def test_entries_that_are_no_objects_are_said() -> None:
    record = bundle([])
    record["entry"] += [None, 7, {"resource": "x"}, {"resource": []}]
    said = whys(read_bundle(record, on=ON))
    assert "entry[1] is nothing where FHIR R4 has an object" in said
    assert "the entry has no resource" in said


def test_nesting_of_ten_thousand_levels_takes_no_time() -> None:
    deep: object = {"coding": []}
    for _ in range(10_000):
        deep = {"extension": [deep], "section": [deep], "resource": deep}
    names = ("medicationCodeableConcept", "contained", "doNotPerform", "status", "id", "subject")
    entry = {**SYNTHROID, **dict.fromkeys(names, deep)}
    composition = {"resourceType": "Composition", "section": [deep]}
    record = bundle([entry, composition, entry])
    before = time.process_time()
    read_bundle(record, on=ON)
    assert time.process_time() - before < 5


def test_bundles_inside_bundles_are_read_to_a_depth() -> None:
    inner: dict[str, Any] = bundle([SYNTHROID], patient=False)
    for _ in range(100):
        inner = {"resourceType": "Bundle", "entry": [{"resource": inner}]}
    assert "does not look at" in whys(read_bundle(inner, on=ON))


def test_entries_of_one_id_that_are_too_deep_to_compare_are_doubted() -> None:
    def deep() -> object:
        made: object = "x"
        for _ in range(100_000):
            made = [made]
        return made

    record = bundle([{**SYNTHROID, "id": "x", "note": deep()} for _ in range(2)])
    for entry in record["entry"]:
        entry["fullUrl"] = "urn:uuid:1" if entry["resource"]["id"] == "x" else "urn:uuid:2"
    assert "another entry has the same id" in whys(read_bundle(record, on=ON))


def test_of_very_many_sections_the_first_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_MOST", 2)
    record = bundle([{"resourceType": "Composition", "section": [{}, {}, {}]}])
    assert "more sections than are read" in whys(read_bundle(record, on=ON))


def test_a_bundle_that_holds_itself_ends() -> None:
    record = bundle([])
    record["entry"].append({"resource": record})
    assert len(read_bundle(record, on=ON).account) < 100


def test_a_json_text_that_is_too_deep_is_refused() -> None:
    text = b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(FhirError, match="nested too deeply"):
        bundle_from_json(text)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "something else at line 1"),
        (b"\xff\xfe", "no UTF-8 at byte 1"),
        (b'{"a": 1, "a": 2}', "each key once in an object, got one twice in 1 of them"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(FhirError, match=said):
        bundle_from_json(data)


def test_json_is_read_with_a_mark_of_byte_order_and_numbers_of_any_length() -> None:
    text = '\ufeff{"resourceType": "Bundle", "total": ' + "9" * 5_000 + "}"
    assert read_bundle(bundle_from_json(text.encode()), on=ON).profile.age_years is None


def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    with pytest.raises(FhirError, match="megabytes"):
        bundle_from_json(b"{" + b" " * 20 + b"}")


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_RESOURCES", 3)
    assert "at most 3 entries" in problems(bundle([SYNTHROID] * 3))


def test_a_record_of_more_words_than_are_looked_through_closes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    none = {"resourceType": "AllergyIntolerance", "of": "No known allergies"}
    visit = {"resourceType": "Encounter", "reasonCode": [{"text": "check-up"}, {"text": "visit"}]}
    assert read_bundle(bundle([none, visit]), on=ON).profile.allergies is NONE_REPORTED
    monkeypatch.setattr(bearing, "_MOST", 1)
    told = read_bundle(bundle([none, visit]), on=ON)
    assert told.profile.allergies is None
    assert "the record says more than is looked through" in whys(told)


def test_a_bundle_that_holds_itself_often_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_RESOURCES", 500)
    record = bundle([])
    record["entry"] += [{"resource": record}] * 10
    assert "at most 500 entries" in problems(record)


def test_more_different_entries_than_a_profile_holds_are_refused() -> None:
    many = bundle([{**SYNTHROID, "of": f"foozumab {at} q"} for at in range(2_001)])
    assert "at most 2000 different medications, got 2001" in problems(many)


def test_a_name_of_the_greatest_length_takes_a_strength() -> None:
    name = "alpha lipoic acid " + "x" * 20_000
    strength = {"numerator": {"value": 300, "unit": "mg"}}
    part = {"itemCodeableConcept": {"text": "alpha lipoic acid"}, "strength": strength}
    inside = {"resourceType": "Medication", "id": "m", "code": {"text": name}, "ingredient": [part]}
    request = {**SYNTHROID, "of": None, "contained": [inside]}
    told = read_bundle(bundle([{**request, "medicationReference": {"reference": "#m"}}]), on=ON)
    assert told.account[1].read_as


def test_far_more_entries_than_a_profile_holds_are_refused_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MOST_TOLD", 3)
    many = bundle([{**SYNTHROID, "of": f"foozumab {at} q"} for at in range(9)])
    assert "at most 2000 different medications, got over 3" in problems(many)
    read_bundle(bundle([SYNTHROID] * 9), on=ON)


def test_no_problem_holds_what_a_patient_said() -> None:
    assert "Synthroid" not in problems(bundle([{"resourceType": "Patient", "id": "Synthroid"}]))


@pytest.mark.parametrize(
    ("subject", "doubts"),
    [
        ("Patient/p", [None]),
        ("Patient/p/_history/2", [None]),
        (
            "https://elsewhere.example/fhir/Patient/p",
            ["it names a patient who is not in the bundle"],
        ),
        ("Patient/q", []),
    ],
)
def test_who_is_asked_for_by_id_is_found_or_left_open_where_no_patient_came(
    subject: str, doubts: list[str | None]
) -> None:
    statements = [
        {
            "resourceType": "MedicationStatement",
            "status": "active",
            "subject": {"reference": of},
            "medicationCodeableConcept": {"text": medicine},
        }
        for of, medicine in (("Patient/p", "baclofen"), (subject, "Ocrevus"))
    ]
    record = {"resourceType": "Bundle", "entry": [{"resource": one} for one in statements]}
    told = read_bundle(record, on=ON, patient="p").profile.medications
    assert isinstance(told, Entries)
    assert [one.doubt for one in told.items if one.text == "Ocrevus"] == doubts
