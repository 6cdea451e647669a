"""Requests are answered in other processes, which are ended if they take too long."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

import msrisk
from msrisk.model.rules import RuleSet
from msrisk.web import app, workers
from msrisk.web.work import Call, Fault, Reply
from tests.web import fake_worker

RULES: Any = SimpleNamespace(digest="sha256:1", withdrawn=None)
WITHDRAWN: Any = SimpleNamespace(digest="sha256:1", withdrawn="a wrong rule")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    logs = [logging.getLogger(name) for name in ("", "msrisk.web")]
    before = [(one, one.handlers, one.level, one.propagate) for one in logs]
    handled = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    yield
    for one, handlers, level, propagate in before:
        one.handlers, one.level, one.propagate = handlers, level, propagate
    for each, handler in handled:
        signal.signal(each, handler)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[workers.Workers]]:
    """Return a list; what is put into it is ended."""
    monkeypatch.setattr(workers, "work", fake_worker.work)
    found: list[workers.Workers] = []
    yield found
    for one in found:
        one.end()


def asked(of: workers.Workers, *calls: str) -> list[Any]:
    """Return what comes of calls that are made at once."""

    async def run() -> list[Any]:
        sent: list[Any] = list(calls)
        return await asyncio.gather(*(of.outcome(one) for one in sent))

    return asyncio.run(run())


def test_a_call_that_takes_too_long_is_ended_and_the_next_is_answered(
    made: list[workers.Workers],
) -> None:
    made.append(of := workers.Workers(RULES, 1, 0.2))
    ((_, first),) = asked(of, "x")
    began = time.monotonic()
    assert asked(of, "sleep") == [Fault(503, "it took longer than 0.2 seconds", "TooLong")]
    assert time.monotonic() - began < 5
    ((said, second),) = asked(of, "y")
    assert said == "y"
    assert second != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_rules_of_the_same_digest_that_were_withdrawn_are_those_of_each_process(
    made: list[workers.Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RuleSet, "default", lambda: RULES)
    made.append(of := workers.Workers(RULES, 1, 5.0))
    made.append(gone := workers.Workers(WITHDRAWN, 1, 5.0))
    ((said, _),) = asked(of, "withdrawn")
    assert said is False
    ((said, _),) = asked(gone, "withdrawn")
    assert said == "a wrong rule"


def test_a_process_with_other_rules_than_those_that_it_was_to_have_is_sent_them(
    made: list[workers.Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: Any = SimpleNamespace(digest="sha256:2", withdrawn="not those of the package now")
    monkeypatch.setattr(RuleSet, "default", lambda: replaced)
    made.append(of := workers.Workers(replaced, 1, 5.0))
    ((said, _),) = asked(of, "withdrawn")
    assert said == replaced.withdrawn


def test_others_are_answered_while_one_takes_long(made: list[workers.Workers]) -> None:
    made.append(of := workers.Workers(RULES, 2, 0.6))
    of.start()
    asked(of, "x", "y")  # so that both run
    late, *answered = asked(of, "sleep", "a", "b", "c")
    assert late.kind == "TooLong"
    assert [said for said, _ in answered] == ["a", "b", "c"]
    # What has to start again is asked last.
    assert len({pid for _, pid in answered + asked(of, "d")}) == 1


def test_who_waits_too_long_for_others_is_told_so(made: list[workers.Workers]) -> None:
    made.append(of := workers.Workers(RULES, 1, 0.2))
    found = asked(of, "sleep", "sleep", "x")
    assert [one.kind for one in found[:2]] == ["TooLong", "Busy"]
    assert "busy for 0.2 seconds" in found[1].why


def test_a_process_that_dies_over_a_call_is_told_and_replaced(made: list[workers.Workers]) -> None:
    made.append(of := workers.Workers(RULES, 1, 5.0))
    why = "the process that was to answer was ended"
    assert asked(of, "die") == [Fault(503, why, "Ended")]
    ((_, pid),) = asked(of, "x")
    # One that died while nobody asked it is nobody's loss.
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(one.is_alive() for one in multiprocessing.active_children()):
        assert time.monotonic() < until
        time.sleep(0.01)
    ((said, _),) = asked(of, "y")
    assert said == "y"


def test_a_process_that_says_nothing_is_not_waited_for_for_ever(
    made: list[workers.Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_TO_START", 0.0)
    made.append(of := workers.Workers(RULES, 1, 5.0))
    (found,) = asked(of, "x")
    assert found.kind == "Ended"


def test_where_signals_cannot_be_masked_it_works_too(
    made: list[workers.Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(signal, "pthread_sigmask")
    made.append(of := workers.Workers(RULES, 1, 5.0))
    ((said, _),) = asked(of, "x")
    assert said == "x"


def test_a_worker_answers_until_nobody_asks_any_more(ruleset: msrisk.RuleSet) -> None:
    ours, theirs = multiprocessing.Pipe()
    heard: list[Any] = []

    def ask() -> None:
        heard.append(ours.recv())
        for job in ("assess", "nothing"):
            ours.send(Call(job, b'{"supplements": ["NAC"]}', date(2026, 12, 1)))
            heard.append(ours.recv())
        ours.close()

    other = threading.Thread(target=ask)
    other.start()
    workers.work(theirs, None)
    other.join()
    digest, answered, fault = heard
    assert digest == ruleset.digest
    assert isinstance(answered, Reply)
    assert isinstance(fault, Fault)
    assert (fault.status, fault.kind) == (500, "KeyError")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_application_is_ready_once_a_process_has_begun(
    made: list[workers.Workers], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TestClient(app()).get("/ready").status_code == 200
    calls = TestClient(app(workers=1))
    assert calls.get("/ready").json()["status"] == "starting"
    with calls:
        until = time.monotonic() + 20
        while calls.get("/ready").status_code == 503:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert calls.get("/ready").status_code == 503
    made.append(of := workers.Workers(RULES, 1, 5.0))
    asked(of, "x")
    assert of.is_ready()
    of.end()
    of.start()

    def gone(*_: object) -> bool:
        raise OSError

    monkeypatch.setattr("multiprocessing.connection.Connection.poll", gone)
    assert not of.is_ready()
    monkeypatch.undo()


@pytest.mark.usefixtures("made")
def test_the_application_starts_its_processes_and_ends_them() -> None:
    before = set(multiprocessing.active_children())
    with TestClient(app(workers=2)):
        running = set(multiprocessing.active_children()) - before
        assert len(running) == 2
    assert not running & set(multiprocessing.active_children())


def test_what_goes_wrong_with_a_process_is_a_card_or_a_problem_and_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Fault(503, "it took longer than 5 seconds", "TooLong")

    async def late(*_: object) -> Fault:
        return found

    monkeypatch.setattr(workers.Workers, "outcome", late)
    calls = TestClient(app(workers=1))
    card = calls.post("/cds-services/msrisk-patient-view", json={}).json()["cards"][0]
    assert "DID NOT CHECK for supplements in MS: it took longer than 5 seconds" in card["summary"]
    problem = calls.post("/api/assess", json={})
    assert problem.status_code == 503
    assert problem.json()["problems"][0]["got"] == "it took longer than 5 seconds"
    assert "nothing was checked" in problem.text
    assert caplog.text.count("TooLong") == 2
