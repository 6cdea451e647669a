"""The JSON API answers what the library does, and says with each answer what was not checked."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from attrs import evolve

import msrisk
from msrisk.documents import SCHEMAS, schema_of
from msrisk.model.history import Withdrawal
from msrisk.web.work import Call, Reply, outcome_of
from tests.web.client import client, told

ORDINARY = told("ordinary.json")
RECORD = told("fhir/record.json")
ENTRY = {"kind": "medication", "text": "Synthroid 50 mcg"}


def posted(address: str, body: Any, **given: Any) -> Any:
    answer = client(**given).post(address, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_intake_is_assessed_as_the_library_does(ruleset: msrisk.RuleSet) -> None:
    found = posted("/api/assess", ORDINARY)
    report = msrisk.assess(msrisk.PatientProfile.from_dict(ORDINARY))
    assert found["report"] == report.to_dict()
    assert found["screen"] == report.render("text", "screen")
    assert found["ruleset"] == {
        "version": ruleset.version,
        "released": ruleset.released,
        "digest": ruleset.digest,
        "clinically_reviewed": False,
        "withdrawn": False,
    }


def test_rules_that_do_not_say_of_which_day_they_are_have_none(ruleset: msrisk.RuleSet) -> None:
    rules = evolve(ruleset, released="")
    assert "released" not in client(ruleset=rules).get("/health").json()["ruleset"]


def test_a_refusal_says_which_rules_are_in_use_too(ruleset: msrisk.RuleSet) -> None:
    calls = client()
    for address, body in (("/api/assess", []), ("/api/rules/x", None), ("/x", None)):
        found = calls.post(address, json=body) if body is not None else calls.get(address)
        assert found.status_code >= 400
        assert found.json()["ruleset"]["version"] == ruleset.version
        assert found.json()["ruleset"]["released"] == ruleset.released
    found = calls.post(NEXT, json={})
    assert found.status_code == 400
    told = {
        one["url"].rpartition(":")[2]: one.get("valueString") for one in found.json()["extension"]
    }
    assert told.keys() == calls.get("/health").json()["ruleset"].keys()
    assert {told[key] == getattr(ruleset, key) for key in ("version", "released", "digest")} == {
        True
    }


def test_what_was_not_checked_is_said_and_never_nothing() -> None:
    found = posted("/api/assess", {"supplements": ["foopowder", "vitamin D"]})
    said = [one["what"] for one in found["not_checked"]]
    assert found["complete"] is False
    assert {"what the texts do not say", "vitamin D", "“foopowder”"} <= set(said)
    assert "an entry among the supplements" in said
    nothing = posted("/api/assess", {})
    assert nothing["complete"] is False
    assert {"what": "supplements", "why": "none was named, so none was assessed"} in nothing[
        "not_checked"
    ]


def test_an_answer_is_complete_when_nothing_is_left_to_ask_and_still_clears_nothing() -> None:
    whole = {
        "supplements": [
            {
                "name": "alpha lipoic acid",
                "daily_dose_mg": 600,
                "times_per_day": 2,
                "taking": False,
            }
        ],
        "medications": "none",
        "conditions": "none",
        "allergies": "none",
        "symptoms": "none",
        "age_years": 40,
        "weight_kg": 70,
        "ms_symptoms_severe": False,
        "replacing_ms_treatment": False,
    }
    found = posted("/api/assess", whole)
    assert found["complete"] is True
    assert [one["what"] for one in found["not_checked"]] == ["what the texts do not say"]
    assert posted("/api/next-question", whole)["question"] is None


def test_what_of_a_record_was_not_read_was_not_checked() -> None:
    page = {"resourceType": "Bundle", "type": "searchset", "entry": RECORD["entry"][:1]}
    page |= {"total": 99, "link": [{"relation": "next", "url": "https://ehr.example/2"}]}
    more = {"resourceType": "MedicationRequest", "id": "x", "status": "active", "intent": "order"}
    page["entry"] = [
        *RECORD["entry"],
        {"resource": {**more, "subject": {"reference": "Patient/p1"}}},
    ]
    found = posted("/api/assess/fhir", {"bundle": page, "on": "2026-11-28", "patient": "p1"})
    assert found["complete"] is False
    said = {one["why"]: one["what"] for one in found["not_checked"]}
    assert said["the bundle is one page of several"] == "the record"
    assert "the record" in said["the search found more than the bundle holds"]
    assert said["of the medications: it names no medicine"] == "an entry of the record"
    told = [(one["what"], one["why"]) for one in found["not_checked"]]
    assert len(told) == len(set(told))


def test_a_record_is_assessed_with_an_account_of_its_entries() -> None:
    found = posted("/api/assess/fhir", {"bundle": RECORD, "on": "2026-11-28", "patient": "p1"})
    assert found["on"] == "2026-11-28"
    assert len(found["account"]) >= len(RECORD["entry"])
    assert posted("/api/assess/fhir", {"bundle": RECORD})["on"] == "2026-12-01"
    assert posted("/api/assess/fhir", {"bundle": RECORD}, on=None)["on"] > "2026"


def test_the_next_question_is_that_of_the_report() -> None:
    found = posted("/api/next-question", ORDINARY)
    report = msrisk.assess(msrisk.PatientProfile.from_dict(ORDINARY))
    assert report.next_question
    assert found["question"]["question"] == report.next_question.question
    assert found["open"] == len(report.to_ask)
    assert (found["level"], found["worst_case"]) == (report.level.value, report.worst_case.value)


@pytest.mark.parametrize(
    ("entry", "status", "complete"),
    [
        (ENTRY, "recognised", True),
        ({"kind": "medication", "text": "foozumab"}, "unrecognised", False),
        ({"kind": "supplement", "text": "ALA", "codes": []}, "ambiguous", False),
        (
            {
                "kind": "medication",
                "codes": [{"system": "http://www.whocc.no/atc", "code": "L04AD02"}],
            },
            "recognised",
            True,
        ),
    ],
    ids=str,
)
def test_an_entry_is_recognised_as_the_library_does(
    entry: dict[str, Any], status: str, complete: bool
) -> None:
    found = posted("/api/recognise", entry)
    assert (found["status"], found["complete"]) == (status, complete)
    assert found["not_checked"][0]["what"] == "whether it can be taken"
    if entry is ENTRY:
        assert found["name"] == "levothyroxine"
        assert "thyroid-medication" in found["concepts"]


@pytest.mark.parametrize(
    ("address", "body", "where"),
    [
        ("/api/assess", {"supplements": 7, "x": 1}, ["supplements", "x"]),
        ("/api/next-question", [], ["document"]),
        ("/api/assess/fhir", [], ["body"]),
        ("/api/assess/fhir", {"other": 1}, ["body"]),
        ("/api/assess/fhir", {"bundle": RECORD, "on": "x"}, ["on"]),
        ("/api/assess/fhir", {"bundle": RECORD, "on": 7}, ["on"]),
        ("/api/assess/fhir", {"bundle": RECORD, "patient": 7}, ["patient"]),
        ("/api/assess/fhir", {}, ["bundle"]),
        ("/api/recognise", {"kind": 1, "text": 1, "codes": 1}, ["kind", "text", "codes"]),
        ("/api/recognise", {"kind": "medication", "codes": [{}]}, ["codes", "text"]),
        ("/api/recognise", {"kind": "medication"}, ["text"]),
        ("/api/recognise", {"kind": "other", "text": "x"}, ["kind"]),
        ("/api/recognise", {"kind": "other", "text": "", "x": 1}, ["kind", "text", "body"]),
        ("/api/recognise", {"kind": "other", "text": "x" * 20_000}, ["kind", "text"]),
        (
            "/api/assess/fhir",
            {"bundle": {}, "on": "x", "patient": 7, "x": 1},
            ["bundle.resourceType", "on", "patient", "body"],
        ),
    ],
    ids=lambda one: str(one)[:80],
)
def test_every_problem_of_a_body_is_told_at_once(address: str, body: Any, where: list[str]) -> None:
    answer = client().post(address, json=body)
    problem = answer.json()
    assert answer.status_code == problem["status"] == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:msrisk:problem:400"
    assert set(where) <= {one["where"] for one in problem["problems"]} | {"document"}
    assert all(one["expected"] in problem["detail"] for one in problem["problems"])


def test_the_rules_are_listed_and_shown(ruleset: msrisk.RuleSet) -> None:
    found = client().get("/api/rules").json()
    assert [one["id"] for one in found["rules"]] == [one.id for one in ruleset.rules]
    for one in found["rules"]:
        shown = client().get(f"/api/rules/{one['id']}").json()
        assert shown["title"] == one["title"]
        assert any("source" in line["label"] for line in shown["lines"])


def test_the_schemas_are_those_of_the_documents() -> None:
    for name in SCHEMAS:
        answer = client().get(f"/api/schemas/{name}")
        given = answer.json()
        assert given.pop("x-msrisk-ruleset") == client().get("/health").json()["ruleset"]
        assert given == schema_of(name)
        assert answer.headers["content-type"] == "application/schema+json"


@pytest.mark.parametrize("address", ["/api/rules/Mrs-Miller", "/api/schemas/Mrs-Miller", "/Mrs"])
def test_what_is_not_there_is_not_repeated(address: str) -> None:
    answer = client().get(address)
    assert answer.status_code == 404
    assert "Mrs" not in answer.text


def test_withdrawn_rules_refuse_with_their_reason(ruleset: msrisk.RuleSet) -> None:
    withdrawn = evolve(ruleset, withdrawn=Withdrawal("2026-12-01", "a wrong rule"))
    calls = client(ruleset=withdrawn)
    for address, body in (
        ("/api/assess", ORDINARY),
        ("/api/next-question", ORDINARY),
        (NEXT, STARTED),
        ("/api/recognise", ENTRY),
        ("/api/assess/fhir", {"bundle": RECORD}),
    ):
        answer = calls.post(address, json=body)
        assert answer.status_code == 503
        assert "a wrong rule" in answer.text
    assert calls.get("/ready").status_code == 503
    assert calls.get("/ready").json()["status"] == "withdrawn"
    assert calls.get("/health").json()["ruleset"]["withdrawn"] is True


def test_who_asks_is_told_whether_the_service_is_up_and_may_answer() -> None:
    assert client().get("/health").json()["status"] == "up"
    assert client().get("/ready").json()["status"] == "ready"


NEXT = "/api/fhir/Questionnaire/$next-question"
STARTED = {
    "resourceType": "QuestionnaireResponse",
    "contained": [
        {"resourceType": "Questionnaire", "id": "q", "derivedFrom": ["urn:msrisk:questionnaire"]}
    ],
    "questionnaire": "#q",
    "status": "in-progress",
}


def test_the_next_question_of_a_form_is_that_of_the_library() -> None:
    answer = client(prefix="/m").post(f"/m{NEXT}", json=STARTED)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json() == msrisk.fhir.next_question(STARTED)


@pytest.mark.parametrize("prefix", ["", "/m"])
def test_a_form_that_is_none_is_refused_as_fhir_has_it(prefix: str) -> None:
    answer = client(prefix=prefix).post(f"{prefix}{NEXT}", json={"resourceType": "Parameters"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "questionnaire-response" in answer.text


def test_an_intake_is_parsed_once(monkeypatch: pytest.MonkeyPatch, ruleset: msrisk.RuleSet) -> None:
    parsed: list[object] = []
    loads = json.loads

    def counted(*given: Any, **more: Any) -> object:
        parsed.append(loads(*given, **more))
        return parsed[-1]

    monkeypatch.setattr(json, "loads", counted)
    call = Call("assess", json.dumps(ORDINARY).encode(), date(2026, 12, 1))
    assert isinstance(outcome_of(call, ruleset), Reply)
    assert len(parsed) == 1
