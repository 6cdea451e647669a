"""What an order brings about: its card, the order among products, and what could not be read."""

from __future__ import annotations

from typing import Any

import pytest

from msrisk.cds_hooks.services import PREFETCH
from tests.cds_hooks.requests import (
    LEFT_OUT,
    cards,
    draft,
    prefetch,
    searchset,
)

ALA = "alpha lipoic acid 600 mg"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
BUNDLE = {"resourceType": "Bundle", "type": "collection"}
UNREAD = "a draft order is of a kind that is not read"


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_of_a_supplement_has_a_card_even_if_nothing_else_was_sent(hook: str) -> None:
    (card,) = cards(hook, drafts=[draft("thioctic acid 300 MG Oral Capsule")])
    assert card["summary"].startswith("UNDETERMINED, could be URGENT: alpha lipoic acid (thioctic")
    for wanted in PREFETCH.values():
        assert f"{wanted.words.capitalize()}: it was not sent" in card["detail"]


def test_an_order_is_not_taken_yet() -> None:
    (card,) = cards("order-sign", prefetch(), [draft(ALA)])
    assert "already take" not in card["detail"]
    assert "“alpha lipoic acid 600 mg”, taken for alpha lipoic acid" in card["detail"]


def test_a_medicine_that_is_ordered_beside_a_supplement_on_record_counts() -> None:
    (card,) = cards("order-sign", prefetch(medicines=[ALA]), [draft("levothyroxine 50 mcg")])
    assert card["summary"].startswith("CAUTION, could be URGENT: alpha lipoic acid: thyroid")


def test_an_order_that_nobody_knows_is_to_be_cleared_up() -> None:
    (card,) = cards("order-sign", prefetch(), [draft("foopowder")])
    assert card["summary"] == (
        "UNDETERMINED, could be URGENT: “foopowder”: msrisk does not know what it is. "
        "This clears nothing."
    )


def test_an_order_by_a_code_alone_that_nobody_knows_is_named_by_it() -> None:
    order = draft(None, medicationCodeableConcept={"coding": [{"system": RXNORM, "code": "99"}]})
    (card,) = cards("order-select", prefetch(), [order], selections=["MedicationRequest/d1"])
    assert "“product of code 99”: msrisk does not know what it is" in card["summary"]


def test_an_order_by_a_code_alone_that_is_known_has_no_card_if_it_is_no_supplement() -> None:
    atc = {"coding": [{"system": "http://www.whocc.no/atc", "code": "H03AA01"}]}
    order = draft(None, medicationCodeableConcept=atc)
    assert cards("order-sign", prefetch(), [order]) == []


def test_what_must_not_be_taken_can_be_removed_from_the_orders() -> None:
    sent = prefetch(medicines=["Prograf 1 mg"])
    orders = [draft("NAC 600 mg"), draft("aspirin", "d2"), draft("acetylcysteine", None)]
    first, *_ = cards("order-sign", sent, orders)
    assert first["indicator"] == "critical"
    assert first["summary"].startswith("CONTRAINDICATED, could be URGENT: N-acetylcysteine (NAC)")
    suggestion, _ = first["suggestions"]
    assert suggestion["label"] == "Remove the order of N-acetylcysteine"
    assert [one["resourceId"] for one in suggestion["actions"]] == ["MedicationRequest/d1"]
    assert first["selectionBehavior"] == "any"


def test_what_was_not_selected_is_read_and_not_to_be_removed() -> None:
    sent = prefetch(medicines=["Prograf 1 mg"])
    first, *_ = cards("order-select", sent, [draft("NAC")], selections=["MedicationRequest/other"])
    assert "CONTRAINDICATED" in first["summary"]
    assert [one["actions"][0]["type"] for one in first["suggestions"]] == ["create"]


@pytest.mark.parametrize(("patient", "whose"), [("me", {"reference": "Patient/me"}), ("a/b", None)])
def test_the_gravest_warning_can_be_written_into_the_record(patient: str, whose: object) -> None:
    sent = prefetch(
        medicines=["NAC 600 mg", "Prograf"], patient={"resourceType": "Patient", "id": patient}
    )
    for key in ("conditions", "medicationRequests"):
        for entry in sent[key]["entry"]:
            entry["resource"]["subject"] = {"reference": f"Patient/{patient}"}
    first, *_ = cards(sent=sent, patientId=patient)
    (suggestion,) = first["suggestions"]
    assert suggestion["label"] == "Write the warning on N-acetylcysteine into the record"
    (action,) = suggestion["actions"]
    assert action["resource"]["resourceType"] == "DetectedIssue"
    assert action["resource"]["severity"] == "high"
    assert action["resource"].get("patient") == whose


def test_of_several_products_the_worst_has_the_first_card_and_the_second_counts_the_rest() -> None:
    sent = prefetch(medicines=[ALA, "NAC 600 mg", "Prograf 1 mg"])
    first, second = cards("order-sign", sent, [draft("foopowder")])
    assert "N-acetylcysteine" in first["summary"]
    assert "2 more products, highest UNDETERMINED, could be URGENT" in second["summary"]
    assert second["detail"] == first["detail"]


def test_of_several_findings_the_second_card_counts_the_rest() -> None:
    sent = prefetch(["Multiple sclerosis", "type 2 diabetes"], [ALA, "Synthroid"])
    first, second = cards(sent=sent)
    assert first["summary"].startswith("CAUTION, could be URGENT: alpha lipoic acid: ")
    assert second["summary"].startswith(
        "alpha lipoic acid (CAUTION) and besides: 3 more findings on it, highest CAUTION."
    )


def test_the_second_card_tells_the_highest_of_the_rest_and_not_of_what_the_first_says() -> None:
    first, second = cards(sent=prefetch(medicines=[ALA, "Synthroid"], allergens=[ALA]))
    assert first["indicator"] == "critical"
    assert second["summary"].startswith(
        "alpha lipoic acid (CONTRAINDICATED) and besides: 3 more findings on it, highest CAUTION."
    )
    assert second["extension"]["org.msrisk.level"] == "caution"


def test_where_there_is_no_room_the_second_card_leaves_out_the_level_of_the_first() -> None:
    orders = [draft("foopowder " * 60), draft("barpowder " * 60, "d2")]
    _, second = cards("order-sign", prefetch(), orders)
    assert "…” and besides: 1 more product, highest UNDETERMINED" in second["summary"]


def test_what_is_being_ordered_goes_before_what_is_as_grave_and_on_record() -> None:
    sent = prefetch(medicines=["foopowder"], medicationStatements=searchset())
    sent["medicationRequests"]["entry"][0]["resource"]["reportedBoolean"] = True
    first, second = cards("order-sign", sent, [draft("barpowder")])
    assert "“barpowder”" in first["summary"]
    assert "“foopowder”" in second["summary"]


def test_before_signing_a_card_says_that_it_may_have_been_shown_before() -> None:
    (signed,) = cards("order-sign", prefetch(), [draft(ALA)])
    (selected,) = cards("order-select", prefetch(), [draft(ALA)])
    assert "shown again while it holds" in signed["detail"]
    assert "shown again" not in selected["detail"]


def lab_order(code: object) -> dict[str, object]:
    return {"resourceType": "ServiceRequest", "id": "d1", "status": "draft", "code": code}


LAB: Any = lab_order({"text": "complete blood count"})


@pytest.mark.parametrize("code", [{"text": "complete blood count"}, "x"])
def test_an_order_of_a_test_that_names_no_supplement_adds_nothing(code: object) -> None:
    assert cards("order-sign", prefetch(), [lab_order(code)]) == []


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        (LEFT_OUT, "draftOrders is no Bundle of orders"),
        ("x", "draftOrders is no Bundle of orders"),
        ({"entry": "x"}, "draftOrders is no Bundle of orders"),
        ({}, "draftOrders is no Bundle of orders"),
        (draft(ALA), "draftOrders is no Bundle of orders"),
        ({**BUNDLE, "entry": [{}]}, "an entry of draftOrders has no resource"),
        ({**BUNDLE, "entry": ["x"]}, "an entry of draftOrders has no resource"),
        ([{"id": "d1"}], UNREAD),
        ([{"resourceType": "MedicationOrder", "id": "d1"}], UNREAD),
        ([lab_order({"text": "Alpha lipoic acid 600 mg infusion"})], UNREAD),
        ([lab_order({"coding": [{"system": RXNORM, "code": "1115570"}]})], UNREAD),
        ([lab_order({"text": 7})], UNREAD),
        ([{**LAB, "orderDetail": [{"text": "thioctic acid 600 mg"}]}], UNREAD),
        ([{**LAB, "orderDetail": [{"coding": [{"system": RXNORM, "code": "1115570"}]}]}], UNREAD),
        ([{**LAB, "note": [{"text": "before the first Immunocal"}]}], UNREAD),
        ([{**LAB, "note": [{"text": "x" * 20_000}]}], UNREAD),
        ([{**LAB, "patientInstruction": "take NAC 600 mg the day before"}], UNREAD),
        ([{**LAB, "reasonCode": [{"text": "takes alpha lipoic acid"}]}], UNREAD),
        ([{**LAB, "resourceType": "SupplyRequest", "itemCodeableConcept": {"text": ALA}}], UNREAD),
        ([draft(None)], "an order names no product that could be read"),
        ([draft("aspirin", f"d{at}") for at in range(201)], "only the first 200 orders were read"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_orders_that_cannot_be_read_are_said(drafts: object, said: str) -> None:
    (card,) = cards("order-sign", prefetch(), drafts)
    assert card["summary"].startswith("msrisk COULD NOT CHECK for supplements in MS: not read: the")
    assert said in card["detail"]


@pytest.mark.parametrize(
    "order",
    [
        draft(ALA, status="cancelled"),
        draft(ALA, status="entered-in-error"),
        {"resourceType": "ServiceRequest", "id": "s"},
        {**LAB, "subject": {"display": "Mrs Nac"}, "instantiatesCanonical": ["https://nac"]},
        {**LAB, "note": [{"text": "fasting"}, {"text": " "}], "text": {"div": "<p>NAC</p>"}},
        draft("ocrelizumab"),
    ],
    ids=lambda one: " ".join(map(str, one.values()))[:60],
)
def test_an_order_of_no_supplement_has_no_card(order: dict[str, Any]) -> None:
    assert cards("order-sign", prefetch(), [order]) == []


def test_an_order_of_nutrition_is_an_order() -> None:
    order = {
        "resourceType": "NutritionOrder",
        "id": "n",
        "status": "draft",
        "intent": "order",
        "patient": {"reference": "Patient/me"},
        "supplement": [{"productName": ALA}],
    }
    (card,) = cards("order-sign", prefetch(), [order])
    assert "alpha lipoic acid" in card["summary"]


def test_an_order_may_refer_to_a_medicine_beside_it() -> None:
    order = draft(None, medicationReference={"reference": "Medication/m"})
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": ALA}}
    (card,) = cards("order-sign", prefetch(), [order, medicine])
    assert "alpha lipoic acid" in card["summary"]


def test_more_entries_than_a_patient_can_have_are_said() -> None:
    told = [f"zz{at}" for at in range(2001)]
    first, *_ = cards("order-sign", prefetch(medicines=told), [draft(ALA)])
    assert "alpha lipoic acid" in first["summary"]
    assert "The record: expected at most 2000" in first["detail"]
