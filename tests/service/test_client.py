"""A record system that knows only the specification of CDS Hooks gets what it needs.

It reads the discovery, fills each template from a record, sends what it has, shows cards, and
sends feedback. Nothing here is imported from msrisk.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cds_hooks.specification import wrong_in
from tests.service.running import called, running

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout", "diagnostics": "Ada Miller"}],
}
EXAMPLES = Path(__file__).parents[2] / "examples" / "hooks"
SUBJECT = {"reference": "Patient/ada"}
RECORD: dict[str, list[dict[str, Any]]] = {
    "Patient": [
        {
            "resourceType": "Patient",
            "id": "ada",
            "birthDate": "1958-03-02",
            "name": [{"family": "Miller", "given": ["Ada"]}],
        }
    ],
    "Condition": [
        {
            "resourceType": "Condition",
            "id": "ms",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": {
                "coding": [{"system": SNOMED, "code": "24700007", "display": "Multiple sclerosis"}]
            },
            "subject": SUBJECT,
        }
    ],
    "MedicationRequest": [
        {
            "resourceType": "MedicationRequest",
            "id": "levo",
            "status": "active",
            "intent": "order",
            "subject": SUBJECT,
            "medicationCodeableConcept": {"text": "levothyroxine 50 mcg tablet"},
        }
    ],
}
ORDER = {
    "resourceType": "MedicationRequest",
    "id": "draft-1",
    "status": "draft",
    "intent": "order",
    "subject": SUBJECT,
    "medicationCodeableConcept": {
        "coding": [
            {
                "system": RXNORM,
                "code": "1115570",
                "display": "thioctic acid 300 MG Oral Capsule",
            }
        ]
    },
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def base(kept: Path) -> Iterator[str]:
    options = ("--prefix", "/clinic", "--feedback", str(kept / "feedback.jsonl"))
    with running(kept / "log", *options) as (address, _):
        yield address


@pytest.mark.parametrize(
    ("name", "service", "said"),
    [
        (
            "order",
            "msrisk-order-sign",
            "UNDETERMINED, could be URGENT: alpha lipoic acid (thioctic acid): ",
        ),
        ("failed-search", "msrisk-patient-view", "msrisk COULD NOT CHECK for supplements in MS"),
    ],
)
def test_the_requests_that_the_documents_show_have_the_cards_that_they_tell_of(
    base: str, name: str, service: str, said: str
) -> None:
    body = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    status, _, found = called(f"{base}/cds-services/{service}", body)
    assert status == 200
    assert wrong_in(found) == []
    (card,) = found["cards"]
    assert card["summary"].startswith(said)
    assert re.search("questions? open|not read", card["summary"])


def searched(template: str) -> dict[str, Any]:
    """Return what a template leads to in the record."""
    query = template.replace("{{context.patientId}}", "ada")
    read = re.fullmatch(r"(\w+)/ada", query)
    if read:
        return RECORD[read[1]][0]
    found = re.fullmatch(r"(\w+)\?patient=ada(&code=\S+)?", query)
    assert found, template
    resources = RECORD.get(found[1], [])
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": one, "search": {"mode": "match"}} for one in resources],
    }


def service_of(base: str, hook: str) -> dict[str, Any]:
    status, _, discovery = called(f"{base}/cds-services")
    assert status == 200
    (found,) = [one for one in discovery["services"] if one["hook"] == hook]
    return dict(found)


def ask(base: str, hook: str, prefetch: dict[str, Any], **context: Any) -> list[dict[str, Any]]:
    body = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "fhirServer": "http://127.0.0.1:1/fhir",
        "fhirAuthorization": {"access_token": "x", "token_type": "Bearer", "expires_in": 300},
        "context": {"userId": "Practitioner/p", "patientId": "ada", **context},
        "prefetch": prefetch,
    }
    address = f"{base}/cds-services/{service_of(base, hook)['id']}"
    status, kind, found = called(address, body, Authorization="Bearer x")
    assert (status, kind) == (200, "application/json")
    assert wrong_in(found) == []
    return list(found["cards"])


def filled(base: str, hook: str, **parts: Any) -> dict[str, Any]:
    templates = service_of(base, hook)["prefetch"]
    return {key: searched(template) for key, template in templates.items()} | parts


def order_of(*orders: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in orders]}


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_of_thioctic_acid_has_a_card(base: str, hook: str) -> None:
    chosen = {"selections": ["MedicationRequest/draft-1"]} if hook == "order-select" else {}
    cards = ask(base, hook, filled(base, hook), draftOrders=order_of(ORDER), **chosen)
    assert "alpha lipoic acid" in cards[0]["summary"]
    assert cards[0]["indicator"] == "warning"
    assert "levothyroxine" in cards[0]["detail"].casefold()


def test_a_code_alone_is_enough_for_a_card(base: str) -> None:
    coding = {"system": RXNORM, "code": "1115570"}
    order = {**ORDER, "medicationCodeableConcept": {"coding": [coding]}}
    prefetch = filled(base, "order-sign")
    first, *_ = ask(base, "order-sign", prefetch, draftOrders=order_of(order))
    assert "alpha lipoic acid" in first["summary"]


def test_a_record_without_a_supplement_has_no_card(base: str) -> None:
    assert ask(base, "patient-view", filled(base, "patient-view")) == []


def test_a_search_that_failed_has_a_card_that_says_so(base: str) -> None:
    templates = service_of(base, "patient-view")["prefetch"]
    (key,) = [key for key, one in templates.items() if one.startswith("MedicationStatement")]
    for failed in (FAILED, None):
        (card,) = ask(base, "patient-view", filled(base, "patient-view", **{key: failed}))
        assert "COULD NOT CHECK" in card["summary"]
    prefetch = filled(base, "patient-view")
    del prefetch[key]
    (card,) = ask(base, "patient-view", prefetch)
    assert "COULD NOT CHECK" in card["summary"]


def test_a_client_that_sends_nothing_is_told_so(base: str) -> None:
    address = f"{base}/cds-services/{service_of(base, 'patient-view')['id']}"
    body = {"hook": "patient-view", "hookInstance": "x", "context": {"patientId": "ada"}}
    status, _, outcome = called(address, body)
    assert status == 412
    assert outcome["resourceType"] == "OperationOutcome"


def test_feedback_is_summed_up_without_the_patient(base: str, kept: Path) -> None:
    prefetch = filled(base, "order-sign")
    first, *_ = ask(base, "order-sign", prefetch, draftOrders=order_of(ORDER))
    reason = {"code": first["overrideReasons"][0]["code"]}
    told = {
        "card": first["uuid"],
        "outcome": "overridden",
        "outcomeTimestamp": "2026-12-01T10:00:00Z",
        "overrideReason": {"reason": reason, "userComment": "Ada Miller asked for it"},
    }
    address = f"{base}/cds-services/{service_of(base, 'order-sign')['id']}/feedback"
    assert called(address, {"feedback": [told]})[0] == 200
    file = kept / "feedback.jsonl"
    summed = subprocess.run(
        [sys.executable, "-m", "msrisk", "feedback", str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert re.search(rf"ala-[a-z-]+\s+overridden: {reason['code']}: 1", summed.stdout)
    assert "Miller" not in file.read_text("utf-8")


def test_the_log_has_nothing_of_the_patient(base: str, kept: Path) -> None:
    ask(base, "patient-view", filled(base, "patient-view", conditions=FAILED))
    called(f"{base}/ada/Miller")
    log = (kept / "log").read_text("utf-8")
    assert "/cds-services/{id}" in log
    assert "Miller" not in log
    assert '"ada' not in log
