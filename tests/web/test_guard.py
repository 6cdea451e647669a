"""What holds for every request: limits, headers, and logs without a patient in them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.types import Message

from msrisk.web import app
from msrisk.web.application import MOST_BYTES
from msrisk.web.bodies import DEEPEST
from tests.cds_hooks.requests import prefetch, request
from tests.cds_hooks.specification import wrong_in
from tests.web.client import client

ASSESS = "/api/assess"
VIEW = "/cds-services/msrisk-patient-view"
FEEDBACK = f"{VIEW}/feedback"
TOO_DEEP = b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)
NO_JSON = [b"", b"x", b"\xff", b'{"a": 1, "a": 2}', b'{"a": ' + b"9" * 5000 + b"}"]
SECRET = "Mrs Miller of 7 Mill Lane"  # noqa: S105  # no password


@pytest.mark.parametrize("address", [ASSESS, FEEDBACK])
def test_a_body_that_is_too_large_is_refused(address: str) -> None:
    answer = client().post(address, content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert f"at most {MOST_BYTES} bytes" in answer.text


@pytest.mark.parametrize("address", [ASSESS, FEEDBACK])
def test_a_body_that_is_too_deep_is_refused(address: str) -> None:
    answer = client().post(address, content=TOO_DEEP)
    assert answer.status_code == 400
    assert f"at most {DEEPEST} lists and objects inside each other" in answer.text
    brackets = json.dumps({"text": '"[' * 1000}).encode()
    assert "inside each other" not in client().post(address, content=brackets).text


@pytest.mark.parametrize("body", NO_JSON)
@pytest.mark.parametrize("address", [ASSESS, FEEDBACK])
def test_a_body_that_is_no_json_is_refused_in_words(address: str, body: bytes) -> None:
    answer = client().post(address, content=body)
    assert answer.status_code == 400
    assert "expected" in answer.text


@pytest.mark.parametrize("body", [b" " * (MOST_BYTES + 1), TOO_DEEP, *NO_JSON[:-1]])
def test_a_request_for_cards_that_cannot_be_read_has_one_that_says_so(body: bytes) -> None:
    found = client().post(VIEW, content=body)
    assert found.status_code == 200
    assert wrong_in(found.json()) == []
    (card,) = found.json()["cards"]
    assert "DID NOT CHECK" in card["summary"]
    assert "the request could not be read" in card["summary"]
    assert "expected" in card["detail"]


def test_no_two_cards_on_what_could_not_be_read_have_one_uuid() -> None:
    calls = client()
    found = {calls.post(VIEW, content=b"x").json()["cards"][0]["uuid"] for _ in range(3)}
    assert len(found) == 3


def test_bodies_have_room_for_as_many_bytes_as_may_be_held_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("msrisk.web.application._AT_ONCE", 1_000)
    calls = client()
    for _ in range(3):  # what one takes is given back
        assert calls.post(ASSESS, content=b" " * 1_000).status_code == 400
        found = calls.post(ASSESS, content=b" " * 1_001)
        assert found.status_code == 503
        assert "room for the body" in found.text
        (card,) = calls.post(VIEW, content=b" " * 1_001).json()["cards"]
        assert "room for the body" in card["detail"]


def test_a_body_that_is_packed_is_refused() -> None:
    answer = client().post(ASSESS, content=b"x", headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def called(messages: list[Message], *, wait: bool = False, seconds: float = 10.0) -> list[Message]:
    """Return what the application sends to a client that sends these messages."""
    sent: list[Message] = []
    left = iter(messages)

    async def receive() -> Message:
        message = next(left, None)
        if message is None:
            await asyncio.sleep(60 if wait else 0)
            return {"type": "http.disconnect"}
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": ASSESS,
        "root_path": "",
        "headers": [],
        "query_string": b"",
    }
    asyncio.run(app(seconds=seconds)(scope, receive, send))
    return sent


def test_a_client_that_sends_too_slowly_is_cut_off() -> None:
    half = {"type": "http.request", "body": b"{", "more_body": True}
    start, *_ = called([half], wait=True, seconds=0.05)
    assert start["status"] == 408


def test_half_a_body_is_no_body() -> None:
    half = {"type": "http.request", "body": b"{", "more_body": True}
    start, *_ = called([half])
    assert start["status"] == 400


def test_what_is_no_request_is_passed_on() -> None:
    async def run() -> list[Message]:
        sent: list[Message] = []
        messages: Iterator[Message] = iter(
            [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
        )

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            sent.append(message)

        await app()({"type": "lifespan", "state": {}}, receive, send)
        return sent

    assert [one["type"] for one in asyncio.run(run())] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_a_page_of_any_origin_may_call_without_cookies() -> None:
    answer = client().options(
        VIEW,
        headers={
            "Origin": "https://ehr.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"GET", "POST", "OPTIONS"} == set(
        answer.headers["access-control-allow-methods"].split(", ")
    )
    assert {"Authorization", "Content-Type"} <= set(
        answer.headers["access-control-allow-headers"].split(", ")
    )
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("address", ["/health", "/nowhere", "/cds-services", "/api/assess"])
def test_every_answer_has_the_headers_of_safe_pages(address: str) -> None:
    headers = client().get(address).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


def test_an_address_with_another_method_names_those_that_it_has() -> None:
    answer = client().get(ASSESS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_fault_is_told_without_what_it_says(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("msrisk.web.told.assessed", fail)
    answer = client().post(ASSESS, json={})
    assert answer.status_code == 500
    assert "nothing was checked" in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert SECRET not in answer.text + caplog.text


def test_a_fault_outside_of_what_answers_is_told_alike(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = client()

    def fail(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("msrisk.web.routes.ruleset_told", fail)
    answer = calls.get("/health")
    assert answer.status_code == 500
    assert "nothing was checked" in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert SECRET not in answer.text + caplog.text


def test_no_log_holds_anything_of_a_patient(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "msrisk")
    calls = client()
    bodies: list[tuple[str, Any]] = [
        (ASSESS, {"supplements": [SECRET], SECRET: 1}),
        (ASSESS, {"supplements": [SECRET]}),
        ("/api/recognise", {"kind": SECRET, "text": SECRET}),
        ("/api/next-question", {"conditions": [SECRET]}),
        (VIEW, request(sent=prefetch([SECRET], [SECRET], [SECRET]), patientId=SECRET)),
        (f"{VIEW}/feedback", {"feedback": [{"card": SECRET, "outcome": SECRET}]}),
        (f"/{SECRET}", {}),
        (f"/cds-services/{SECRET}", {}),
        (f"/api/assess/fhir?patient={SECRET}", {"bundle": {"resourceType": SECRET}}),
    ]
    for address, body in bodies:
        calls.post(address, json=body)
    lines = [one for one in caplog.messages if one.startswith("{")]
    assert len(lines) == len(bodies)
    assert all({"method", "route", "status", "ms"} == json.loads(one).keys() for one in lines)
    assert "Miller" not in caplog.text
