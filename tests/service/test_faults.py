"""What goes wrong outside leaves the service answering, and nothing wrong or lost."""

from __future__ import annotations

import http.client
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from msrisk.cds_hooks import feedback_from_lines
from tests.service.running import Answer, called, running


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # A device that is always full.
    with running(tmp_path_factory.mktemp("faults") / "log", "--feedback", "/dev/full") as (at, _):
        yield at


def connected(base: str) -> socket.socket:
    parts = urlsplit(base)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


def posting(length: int) -> bytes:
    return f"POST /api/assess HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def test_half_a_body_leaves_the_service_answering(base: str) -> None:
    for _ in range(20):
        with connected(base) as half:
            half.sendall(posting(1000) + b'{"supplements"')
    assert called(f"{base}/health")[0] == 200


def test_a_client_that_sends_a_byte_a_second_is_cut_off(base: str) -> None:
    with connected(base) as slow:
        slow.sendall(posting(1000))
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(1):
                try:
                    slow.sendall(b" ")
                except OSError:
                    return

        sender = threading.Thread(target=trickle)
        sender.start()
        answer = slow.recv(1000)
        stop.set()
        sender.join()
    assert b"408" in answer.partition(b"\r\n")[0]


def test_a_client_that_reads_a_byte_a_second_holds_up_nobody(base: str) -> None:
    with connected(base) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        slow.sendall(b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
        for _ in range(3):
            assert slow.recv(1)
            began = time.monotonic()
            assert called(f"{base}/health")[0] == 200
            assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))


def test_ten_thousand_connections_are_refused_in_words_and_hurt_only_while_they_are_there(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Each process needs some for itself.
    most = min(10_000, before[1] - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        with running(tmp_path / "log") as (base, _):
            idle = [connected(base) for _ in range(most)]
            record_property("connections", len(idle))
            status = called(f"{base}/health")[0]
            for one in idle:
                one.close()
            assert status == (503 if most >= 1_000 else 200)
            assert until_answered(f"{base}/health")
            assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def until_answered(address: str) -> bool:
    """Return whether the service answers within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if called(address)[0] == 200:
            return True
        time.sleep(0.1)
    return False


def test_a_process_that_is_killed_loses_no_feedback_that_it_has_taken(tmp_path: Path) -> None:
    kept = tmp_path / "feedback.jsonl"
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    service = "cds-services/msrisk-order-sign/feedback"
    options = ("--feedback", str(kept))
    taken = 0
    with running(tmp_path / "log", *options, ends=-signal.SIGKILL) as (base, process):
        taken += called(f"{base}/{service}", told)[0] == 200
        killer = threading.Timer(0.5, process.kill)
        killer.start()
        while True:
            try:
                taken += called(f"{base}/{service}", told)[0] == 200
            except (OSError, http.client.HTTPException):
                break
        killer.join()
    # Another process at the same place goes on.
    with running(tmp_path / "log", *options, port=urlsplit(base).port or 0) as (again, _):
        assert again == base
        assert called(f"{again}/{service}", told)[0] == 200
    found = feedback_from_lines(kept.read_text("utf-8").splitlines())
    # What was written and not answered any more may be there as well.
    assert taken > 0
    assert len(found) - taken - 1 in (0, 1)


def children(pid: int) -> list[int]:
    """Return the processes that answer: those of a process that know of a line to it."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(one) for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path / "log", "--workers", "2") as (base, process):
        assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
        before = children(process.pid)
        assert len(before) == 2
        for one in before:
            os.kill(one, signal.SIGKILL)
        answers = [called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] for _ in range(4)]
        # A request that it had is told so; of those that come later none is.
        assert answers[2:] == [200, 200]
        assert set(children(process.pid)).isdisjoint(before)


def test_what_takes_too_long_is_told_so_and_holds_up_nobody(tmp_path: Path) -> None:
    endless = {"supplements": [f"{'alpha ' * 1_600}{at}" for at in range(200)]}
    drafts = [
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "id": str(at),
                "medicationCodeableConcept": {"text": text},
            }
        }
        for at, text in enumerate(endless["supplements"])
    ]
    order = {
        "hook": "order-sign",
        "context": {"draftOrders": {"resourceType": "Bundle", "entry": drafts}},
    }
    with running(tmp_path / "log", "--workers", "2", "--within", "1") as (base, _):
        told: dict[str, Answer] = {}

        def ask(address: str, body: object) -> None:
            told[address] = called(f"{base}{address}", body)

        for address, body in (("/api/assess", endless), ("/cds-services/msrisk-order-sign", order)):
            called(f"{base}/api/assess", {"supplements": ["NAC"]})
            other = threading.Thread(target=ask, args=(address, body))
            other.start()
            time.sleep(0.2)
            assert called(f"{base}/health")[0] == 200
            assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
            other.join()
    status, _, problem = told["/api/assess"]
    assert status == 503
    assert "nothing was checked" in problem["detail"]
    status, _, found = told["/cds-services/msrisk-order-sign"]
    assert status == 200
    assert "DID NOT CHECK" in found["cards"][0]["summary"]
    assert '"fault": "TooLong"' in (tmp_path / "log").read_text("utf-8")


def test_withdrawn_rules_refuse_although_their_digest_is_that_of_the_shipped_ones(
    root: Path, tmp_path: Path
) -> None:
    rules = shutil.copytree(root / "rules", tmp_path / "rules")
    manifest = rules / "ruleset.toml"
    line = 'withdrawn = { on = "2026-12-01", reason = "a wrong rule" }'
    manifest.write_text(f"{line}\n{manifest.read_text('utf-8')}", "utf-8")
    with running(tmp_path / "log", "--rules", str(rules)) as (base, _):
        status, _, problem = called(f"{base}/api/assess", {"supplements": ["NAC"]})
        assert status == 503
        assert problem["problems"][0]["got"] == "a wrong rule"
        assert called(f"{base}/ready")[0] == 503


def test_many_idle_connections_leave_the_service_answering(base: str) -> None:
    idle = [connected(base) for _ in range(200)]
    try:
        assert called(f"{base}/health")[0] == 200
        assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
    finally:
        for one in idle:
            one.close()


def test_a_full_disk_refuses_feedback_and_nothing_else(base: str) -> None:
    told = {
        "feedback": [
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"}
        ]
    }
    address = f"{base}/cds-services/msrisk-order-sign/feedback"
    status, _, outcome = called(address, told)
    assert status == 507
    assert outcome["resourceType"] == "OperationOutcome"
    assert called(f"{base}/health")[0] == 200


def test_what_is_too_large_is_refused_before_it_is_read(base: str) -> None:
    with connected(base) as large:
        large.sendall(posting(9_000_000) + b" " * 8_100_000)
        assert b"413" in large.recv(1000).partition(b"\r\n")[0]


def test_another_process_at_the_same_port_is_refused(base: str) -> None:
    port = str(urlsplit(base).port)
    command = [sys.executable, "-m", "msrisk", "serve", "--port", port]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    assert found.returncode == 2
    assert "a port that is free" in found.stderr
