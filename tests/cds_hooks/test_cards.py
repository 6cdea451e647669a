"""What a clinician sees: when there is a card, what it says first, and what it says of failures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.cds_hooks import respond
from msrisk.cds_hooks.having_ms import has_ms
from msrisk.cds_hooks.prefetch import Shape
from msrisk.cds_hooks.services import PREFETCH, TAKEN
from msrisk.cds_hooks.summaries import about_product, fitted
from msrisk.errors import HookError, NothingSentError
from msrisk.model.history import Withdrawal
from msrisk.model.truth import Truth
from tests.cds_hooks.requests import (
    FAILED,
    LEFT_OUT,
    ON,
    answer,
    cards,
    draft,
    prefetch,
    request,
    searchset,
)
from tests.cds_hooks.specification import wrong_in
from tests.fhir.records import concept, resource

ALA = "alpha lipoic acid 600 mg"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
THIOCTIC = {"system": RXNORM, "code": "1115570"}


def test_a_supplement_on_record_of_a_person_with_ms_has_a_card() -> None:
    (card,) = cards(sent=prefetch(medicines=[ALA, "Synthroid 50 mcg"]))
    assert card["summary"] == (
        "CAUTION, could be URGENT: alpha lipoic acid: thyroid medicines (Synthroid). "
        "This clears nothing."
    )
    assert card["indicator"] == "warning"
    assert card["detail"].startswith("# ALPHA LIPOIC ACID: ASK YOUR DOCTOR")
    assert "No clinician has reviewed these rules yet" in card["source"]["label"]


def test_no_supplement_on_a_record_that_came_whole_has_no_card() -> None:
    assert cards(sent=prefetch(medicines=["ocrelizumab"])) == []


def test_a_known_supplement_that_no_rule_covers_has_no_card() -> None:
    assert cards(sent=prefetch(medicines=["vitamin D"])) == []


def test_without_ms_on_a_record_that_came_whole_there_is_no_card() -> None:
    assert cards(sent=prefetch(["asthma"], [ALA])) == []
    assert cards(sent=prefetch([], [ALA])) == []


@pytest.mark.parametrize(
    "conditions", [LEFT_OUT, None, FAILED, searchset(link=[{"relation": "next"}])]
)
def test_where_the_conditions_are_not_known_ms_counts_as_present(conditions: object) -> None:
    first, *_ = cards(sent=prefetch(medicines=[ALA], conditions=conditions))
    assert "alpha lipoic acid" in first["summary"]
    assert "not certain that this person has MS" in first["detail"]


@pytest.mark.parametrize("name", ["glimmering", None])
def test_where_a_condition_cannot_be_read_ms_is_not_ruled_out(name: str | None) -> None:
    told = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/me"}}
    entry = told | ({"code": {"text": name}} if name else {})
    first, *_ = cards(sent=prefetch(medicines=[ALA], conditions=searchset([entry])))
    assert "not certain that this person has MS" in first["detail"]


def test_a_refuted_ms_is_no_ms() -> None:
    told = {
        "resourceType": "Condition",
        "id": "c",
        "subject": {"reference": "Patient/me"},
        "verificationStatus": {"coding": [{"code": "refuted"}]},
        "code": {"text": "Multiple sclerosis"},
    }
    assert cards(sent=prefetch(medicines=[ALA], conditions=searchset([told]))) == []


def test_ms_is_known_from_the_reason_of_an_order() -> None:
    order = draft(ALA, reasonCode=[{"text": "multiple sclerosis"}])
    first, *_ = cards("order-sign", prefetch([]), [order])
    assert "not certain" not in first["detail"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (LEFT_OUT, Shape.ABSENT),
        (None, Shape.NULL),
        (FAILED, Shape.FAILED),
        (searchset([FAILED]), Shape.FAILED),
        (searchset(link=[{"relation": "next", "url": "https://x.example"}]), Shape.PAGE),
        (searchset(link="x"), Shape.PAGE),
        (searchset(link=["x"]), Shape.PAGE),
        (searchset(total=5), Shape.PAGE),
        (searchset(total="5"), Shape.PAGE),
        (searchset(total=True), Shape.PAGE),
        (searchset(total=-1), Shape.PAGE),
        (searchset(link=[{"relation": "NEXT"}]), Shape.PAGE),
        (searchset(link=[{"relation": 1}]), Shape.PAGE),
        (searchset(meta={"tag": [{"code": "SUBSETTED"}]}), Shape.PAGE),
        ({"resourceType": "Bundle", "type": "collection"}, Shape.PAGE),
        ({"resourceType": "Bundle", "type": "searchset", "entry": [{}]}, Shape.WRONG),
        ({"resourceType": "Bundle", "type": "searchset", "entry": ["x"]}, Shape.WRONG),
        ({"resourceType": "Bundle", "type": "searchset", "entry": "x"}, Shape.WRONG),
        ({"resourceType": "Bundle", "type": "history"}, Shape.WRONG),
        (searchset([{"resourceType": "Basic"}]), Shape.WRONG),
        (7, Shape.WRONG),
        ({"resourceType": "Basic"}, Shape.WRONG),
    ],
    ids=str,
)
@pytest.mark.parametrize("key", TAKEN)
def test_where_supplements_may_stand_unread_a_card_says_that_no_check_was_made(
    key: str, value: object, said: Shape
) -> None:
    sent = {name: one for name, one in (prefetch() | {key: value}).items() if one is not LEFT_OUT}
    (card,) = cards(sent=sent)
    assert card["summary"].startswith("msrisk COULD NOT CHECK for supplements in MS: not read: ")
    assert PREFETCH[key].words in card["summary"]
    assert said.value.partition(":")[0] in card["detail"]
    assert card["indicator"] == "warning"
    assert wrong_in(answer(sent=sent)) == []


def test_what_is_included_with_a_search_does_not_count_as_found() -> None:
    one = searchset([{"resourceType": "Condition", "code": {"text": "diabetes"}}], total=2)
    one["entry"].append({"resource": {"resourceType": "Patient"}, "search": {"mode": "include"}})
    (card, *_) = cards("order-sign", prefetch(conditions=one), [draft(ALA)])
    assert "not certain" in card["detail"]


@pytest.mark.parametrize("empty", [searchset(), {"resourceType": "Bundle"}], ids=str)
def test_an_empty_search_is_no_failure(empty: object) -> None:
    assert cards(sent=prefetch(medicationStatements=empty)) == []


def test_an_entry_that_names_nothing_may_hide_a_supplement() -> None:
    blank = {"resourceType": "MedicationRequest", "id": "b", "subject": {"reference": "Patient/me"}}
    (card,) = cards(sent=prefetch(medicationRequests=searchset([blank])))
    assert "COULD NOT CHECK" in card["summary"]
    assert "names nothing that could be read" in card["detail"]


def test_one_resource_in_place_of_a_search_is_read_and_no_whole() -> None:
    one = prefetch(medicines=[ALA])["medicationRequests"]["entry"][0]["resource"]
    first, second = cards(sent=prefetch(medicationRequests=one))
    assert "alpha lipoic acid" in first["summary"]
    assert "COULD NOT CHECK 1 part of the record" in second["summary"]


def test_the_record_of_another_patient_is_not_used() -> None:
    other = {"resourceType": "Patient", "id": "you", "birthDate": "1940"}
    (card,) = cards(sent=prefetch(medicines=[ALA], patient=other))
    assert "COULD NOT CHECK" in card["summary"]
    assert "alpha" not in card["detail"].casefold()


def test_a_patient_who_was_not_sent_has_a_record_all_the_same() -> None:
    first, *_ = cards(sent=prefetch(medicines=[ALA], patient=LEFT_OUT))
    assert "alpha lipoic acid" in first["summary"]
    assert "The patient: it was not sent" in first["detail"]


def test_a_patient_in_a_bundle_is_one_too() -> None:
    sent = prefetch(medicines=[ALA])
    sent["patient"] = searchset([sent["patient"]])
    (card,) = cards(sent=sent)
    assert "The patient" not in card["detail"]


def test_without_an_id_of_the_patient_the_only_one_is_meant() -> None:
    (card,) = cards(sent=prefetch(medicines=[ALA]), patientId=None)
    assert "alpha lipoic acid" in card["summary"]


@pytest.mark.parametrize("sent", [LEFT_OUT, {}, "x", {"other": None}])
@pytest.mark.parametrize("hook", ["patient-view", "order-sign"])
def test_where_nothing_at_all_was_sent_nothing_can_be_said(hook: str, sent: object) -> None:
    with pytest.raises(NothingSentError, match="expected some part of the prefetch"):
        cards(hook, sent, LEFT_OUT if hook == "patient-view" else [])


def test_what_a_patient_said_is_no_markup_on_a_card() -> None:
    (card,) = cards("order-sign", prefetch(), [draft("<b>*x*</b> [a](http://x.example)")])
    assert "<b>" not in card["detail"]
    assert "[a](" not in card["detail"]


def test_a_very_long_name_leaves_room_for_what_has_to_be_said() -> None:
    (card,) = cards("order-sign", prefetch(), [draft("foopowder " * 60)])
    assert len(card["summary"]) <= 139
    assert card["summary"].endswith("This clears nothing.")


def test_reasons_to_go_on_differ_by_level() -> None:
    def codes(card: dict[str, Any]) -> set[str]:
        return {one["code"] for one in card["overrideReasons"]}

    caution, *_ = cards(sent=prefetch(medicines=[ALA, "Synthroid"]))
    grave, *_ = cards(sent=prefetch(medicines=["NAC", "Prograf"]))
    (unchecked,) = cards(sent=prefetch(medicationRequests=None))
    open_, *_ = cards("order-sign", drafts=[draft(ALA)])
    assert "will-monitor" in codes(caution) - codes(grave)
    assert codes(unchecked) == {"looked-up", "will-ask", "not-taken"}
    assert codes(open_) == codes(caution) | codes(unchecked)


def test_withdrawn_rules_check_nothing_and_say_why(ruleset: msrisk.RuleSet) -> None:
    withdrawn = evolve(ruleset, withdrawn=Withdrawal("2026-12-01", "a *wrong* rule"))
    found = answer(sent=prefetch(medicines=[ALA]), ruleset=withdrawn)
    (card,) = found["cards"]
    assert card["summary"].startswith("msrisk DID NOT CHECK for supplements in MS: the rules of")
    assert card["detail"].startswith("# NOTHING WAS CHECKED: any risk may be there.")
    assert "a \\*wrong\\* rule" in card["detail"]
    assert "a missing warning clears nothing" in card["detail"]
    assert "Source: " in card["detail"]
    assert found["extension"]["org.msrisk.ruleset"]["withdrawn"] is True
    assert wrong_in(found) == []


def test_what_is_only_worth_telling_is_no_reason_of_a_level_that_is_not_known_yet() -> None:
    order = {**draft(None), "medicationCodeableConcept": {"coding": [{**THIOCTIC}]}}
    (card,) = cards("order-sign", drafts=[order])
    assert re.search(r": alpha lipoic acid: \d+ questions open\.", card["summary"])


def test_every_answer_names_the_rules(ruleset: msrisk.RuleSet) -> None:
    for sent in (prefetch(), prefetch(medicines=[ALA])):
        found = answer(sent=sent)
        told = [found, *found["cards"]]
        for one in told:
            assert one["extension"]["org.msrisk.ruleset"] == {
                "version": ruleset.version,
                "released": ruleset.released,
                "digest": ruleset.digest,
                "clinically_reviewed": False,
                "withdrawn": False,
            }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x", "request: expected an object"),
        ({}, "context: expected an object"),
        ({"hook": "order-sign", "context": []}, "hook: expected “patient-view”"),
    ],
    ids=str,
)
def test_a_request_that_is_none_is_an_error_in_words(body: object, said: str) -> None:

    with pytest.raises(HookError, match=said):
        respond("msrisk-patient-view", body)


def test_a_request_needs_no_name_of_its_own_and_no_day() -> None:

    body = request(sent=prefetch(medicines=[ALA]))
    del body["hookInstance"], body["hook"]
    assert respond("msrisk-patient-view", body)["cards"]


def test_nothing_is_fetched_from_an_address_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("socket.socket.connect", refuse)
    body = request(sent=prefetch(medicines=[ALA])) | {
        "fhirServer": "https://x.example/fhir",
        "fhirAuthorization": {"access_token": "t", "token_type": "Bearer"},
    }

    found = respond("msrisk-patient-view", body, on=ON)
    assert "x.example" not in str(found)


def test_orders_of_more_than_a_patient_can_have_are_said() -> None:
    parts = [{"itemCodeableConcept": {"text": f"zz{at}"}} for at in range(100)]
    medicine = {"resourceType": "Medication", "id": "m", "ingredient": parts}
    orders = [
        draft(None, f"d{at}", medicationReference={"reference": "Medication/m"}) for at in range(12)
    ]
    first, second = cards("order-sign", prefetch(), [*orders, medicine])
    assert "of the orders only what makes 1000 entries was read" in first["detail"]
    assert "more products" in second["summary"]


def test_an_id_of_a_patient_that_no_record_can_have_is_said() -> None:
    (card,) = cards("order-sign", prefetch(), [draft(ALA)], patientId=" me ")
    assert "COULD NOT CHECK" in card["summary"]
    assert "an order names no product that could be read" in card["detail"]
    assert "The record: expected the id of a Patient in the bundle" in card["detail"]


def test_a_product_that_no_rule_applies_to_is_not_cleared() -> None:
    (found,) = msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid"])).assessments
    least = evolve(
        found, level=msrisk.Level.NO_FINDING, worst_case=msrisk.Level.NO_FINDING, open_questions=()
    )
    assert about_product(least, ()) == "NOT CLEARED: alpha lipoic acid. This clears nothing."


def test_a_summary_is_cut_where_even_its_head_is_too_long() -> None:
    assert fitted("x" * 200, ["y"]) == f"{'x' * 116}…. This clears nothing."


def test_rules_that_do_not_know_ms_rule_it_out_for_nobody(root: Path) -> None:
    rules = msrisk.RuleSet.load(root / "tests" / "unit" / "small_rules")
    assert has_ms(msrisk.PatientProfile(), rules, whole=True) is Truth.UNKNOWN


@pytest.mark.parametrize("name", ["Ocrevus", "interferon beta-1a", "fingolimod 0.5 mg", "Kesimpta"])
def test_a_treatment_of_ms_makes_ms_possible_where_no_list_has_it(name: str) -> None:
    sent = prefetch(["Hypertension"], ["alpha lipoic acid 600 mg", name])
    assert cards(sent=sent)
    assert not cards(sent=prefetch(["Hypertension"], ["alpha lipoic acid 600 mg", "ramipril"]))
    assert not cards(sent=prefetch(["Hypertension"]))


@pytest.mark.parametrize("name", ["Glimmerin 200", concept("12345", "urn:oid:1.2.3")])
@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("medicationRequests", "MedicationRequest"),
        ("medicationDispenses", "MedicationDispense"),
        ("medicationAdministrations", "MedicationAdministration"),
    ],
)
def test_a_medicine_on_record_that_nobody_knows_may_be_a_supplement(
    name: object, key: str, type_: str
) -> None:
    found = {key: searchset([resource({"resourceType": type_, "of": name})])}
    (card,) = cards(sent=prefetch() | found)
    assert "msrisk does not know what it is. This clears nothing." in card["summary"]
    assert card["extension"]["org.msrisk.level"] == "undetermined"
    assert cards(sent=prefetch(illnesses=["asthma"]) | found) == []


def test_a_medicine_that_nobody_knows_does_not_stand_before_a_product_with_rules() -> None:
    (card,) = cards(sent=prefetch(medicines=["Glimmerin 200", "thioctic acid 300 mg"]))
    assert "alpha lipoic acid" in card["summary"]
    assert "Glimmerin" in card["detail"]
