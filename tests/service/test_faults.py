"""What goes wrong outside leaves the service answering, and nothing wrong or lost."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.service.running import called, running


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


def test_many_idle_connections_leave_the_service_answering(base: str) -> None:
    idle = [connected(base) for _ in range(200)]
    try:
        assert called(f"{base}/health")[0] == 200
        assert called(f"{base}/api/assess", {"supplements": ["NAC"]})[0] == 200
    finally:
        for one in idle:
            one.close()


def test_a_full_disk_refuses_feedback_and_nothing_else(base: str) -> None:
    told = {"feedback": [{"card": "x", "outcome": "overridden"}]}
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
