"""CDS Hooks over HTTP: discovery, cards, refusals and feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from msrisk.cds_hooks import feedback_from_lines, services
from tests.cds_hooks.requests import FAILED, answer, draft, prefetch, request
from tests.cds_hooks.specification import wrong_in
from tests.web.client import client

VIEW = "/cds-services/msrisk-patient-view"
SIGN = "/cds-services/msrisk-order-sign"


def test_discovery_is_that_of_the_library() -> None:
    assert client().get("/cds-services").json() == services()
    assert client(prefix="/m").get("/m/cds-services").json() == services()


def test_the_cards_are_those_of_the_library() -> None:
    body = request("order-sign", prefetch(), [draft("NAC")])
    found = client().post(SIGN, json=body)
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    assert found.json() == answer("order-sign", prefetch(), [draft("NAC")])


@pytest.mark.parametrize(
    ("address", "body", "status", "code"),
    [
        (VIEW, request(), 412, "invalid"),
        (VIEW, {}, 400, "invalid"),
        (VIEW, [], 400, "invalid"),
        ("/cds-services/other", request(), 404, "not-found"),
        ("/cds-services/other/feedback", {}, 404, "not-found"),
        (f"{VIEW}/feedback", {}, 400, "invalid"),
    ],
    ids=str,
)
def test_a_refusal_is_an_outcome_of_fhir(address: str, body: Any, status: int, code: str) -> None:
    found = client().post(address, json=body)
    assert found.status_code == status
    assert found.headers["content-type"] == "application/fhir+json"
    outcome = found.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert {one["code"] for one in outcome["issue"]} == {code}
    assert all(one["diagnostics"] for one in outcome["issue"])


def test_a_fault_is_a_card_that_says_that_nothing_was_checked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Mrs Miller")

    monkeypatch.setattr("msrisk.cds_hooks.respond", fail)
    found = client().post(VIEW, json=request(sent=prefetch()))
    assert found.status_code == 200
    assert wrong_in(found.json()) == []
    (card,) = found.json()["cards"]
    assert card["summary"].startswith("msrisk DID NOT CHECK for supplements in MS: there was a")
    assert "ZeroDivisionError" in caplog.text
    assert "Miller" not in caplog.text + found.text


def test_feedback_is_kept_and_can_be_summed_up(tmp_path: Path) -> None:
    kept = tmp_path / "feedback.jsonl"
    calls = client(feedback=kept)
    body = request("order-sign", prefetch(medicines=["Prograf"]), [draft("NAC")])
    card = calls.post(SIGN, json=body).json()["cards"][0]
    one = {
        "card": card["uuid"],
        "outcome": "overridden",
        "outcomeTimestamp": "2026-12-01T10:00:00Z",
    }
    assert calls.post(f"{SIGN}/feedback", json={"feedback": [one, one]}).status_code == 200
    accepted = {"acceptedSuggestions": [{"id": card["suggestions"][0]["uuid"]}]}
    told = {
        "feedback": [
            {
                "card": card["uuid"],
                "outcome": "accepted",
                "outcomeTimestamp": "2026-12-01T10:00:00Z",
                **accepted,
            }
        ]
    }
    assert calls.post(f"{SIGN}/feedback", json=told).status_code == 200
    found = feedback_from_lines(kept.read_text("utf-8").splitlines())
    assert [one.outcome for one in found] == ["overridden", "overridden", "accepted"]
    assert kept.stat().st_mode & 0o077 == 0


def test_without_a_file_feedback_is_taken_and_not_kept() -> None:
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    assert client().post(f"{SIGN}/feedback", json=told).status_code == 200


def test_feedback_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    found = client(feedback=tmp_path / "no" / "file").post(f"{SIGN}/feedback", json=told)
    assert found.status_code == 507
    assert "room to keep it" in found.text


def test_of_feedback_that_has_no_room_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    kept = tmp_path / "feedback.jsonl"
    kept.write_text("before\n", "utf-8")
    write = os.write
    monkeypatch.setattr("msrisk.web.store.os.write", lambda to, data: write(to, data[:5]))
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    assert client(feedback=kept).post(f"{SIGN}/feedback", json=told).status_code == 507
    assert kept.read_text("utf-8") == "before\n"


def test_requests_and_cards_are_counted_without_a_patient() -> None:
    calls = client()
    calls.post(VIEW, json=request(sent=prefetch(medicines=["alpha lipoic acid"])))
    calls.post(VIEW, json=request(sent=prefetch()))
    calls.post(VIEW, json=request(sent=prefetch(medicationRequests=FAILED)))
    calls.post("/Mrs-Miller", json={})
    text = calls.get("/metrics").text
    assert 'msrisk_requests_total{route="/cds-services/{id}",status="200"} 3' in text
    assert 'msrisk_requests_total{route="none",status="404"} 1' in text
    for indicator, level in (
        ("none", "none"),
        ("warning", "undetermined"),
        ("warning", "not-checked"),
    ):
        labels = f'service="msrisk-patient-view",indicator="{indicator}",level="{level}"'
        assert f"msrisk_cards_total{{{labels}}} 1" in text
    assert 'msrisk_request_seconds_bucket{le="+Inf"} 4' in text
    assert "Miller" not in text
