"""`msrisk serve` listens where it is told to, and `msrisk feedback` sums up what it kept."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from msrisk.cli import serve
from msrisk.cli.options import SERVED
from tests.cds_hooks.test_feedback import grave, overridden
from tests.unit.cli_runs import Capture, Patch, run
from tests.web.client import client
from tests.web.test_tokens import written


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: Patch) -> Iterator[None]:
    for name in SERVED.values():
        monkeypatch.delenv(name, raising=False)
    log = logging.getLogger("msrisk.web")
    before = log.handlers, log.level, log.propagate
    yield
    log.handlers, log.level, log.propagate = before


@pytest.fixture
def ran(monkeypatch: Patch) -> list[tuple[Any, str, int]]:
    """Return a list of what would be run: the server, and where it listens."""
    found: list[tuple[Any, str, int]] = []

    def record(server: Any, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        found.append((server, host, port))

    monkeypatch.setattr(serve, "run_until_ended", record)
    return found


def test_it_listens_on_this_machine_alone(ran: list[Any], capsys: Capture, tmp_path: Path) -> None:
    code, out, err = run(capsys, "serve", "--port", "0", "--feedback", str(tmp_path / "kept"))
    ((server, host, port),) = ran
    assert (code, out, host) == (0, "", "127.0.0.1")
    assert f"http://127.0.0.1:{port}/cds-services" in err
    assert server.config.access_log is False


def test_it_listens_beyond_this_machine_only_if_told_to(
    ran: list[Any], capsys: Capture, monkeypatch: Patch
) -> None:
    for host in ("0.0.0.0", "ehr.example"):  # noqa: S104  # that is the point
        code, _, err = run(capsys, "serve", "--host", host)
        assert code == 2
        assert "--host: expected an address that only this machine reaches" in err
        assert host not in err
    assert ran == []
    monkeypatch.setenv("MSRISK_HOST", "0.0.0.0")  # noqa: S104  # likewise
    monkeypatch.setenv("MSRISK_PUBLIC", "1")
    monkeypatch.setenv("MSRISK_PORT", "0")
    assert run(capsys, "serve")[0] == 0
    assert run(capsys, "serve", "--public", "--host", "0.0.0.0")[0] == 0  # noqa: S104  # likewise
    assert len(ran) == 2


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_each_name_of_this_machine_will_do(ran: list[Any], capsys: Capture, host: str) -> None:
    assert run(capsys, "serve", "--host", host, "--port", "0")[0] == 0
    assert len(ran) == 1


def test_every_option_that_is_wrong_is_named(ran: list[Any], capsys: Capture) -> None:
    given = ["--port", "70000", "--prefix", "x/", "--feedback", "/no/such/file", "--rules", "/no"]
    given += ["--embedders", "https://clinic.example *"]
    code, out, err = run(capsys, "serve", *given)
    assert (code, out, ran) == (2, "", [])
    for name in ("--port", "--prefix", "--feedback", "/no", "embedders[1]"):
        assert name in err


def test_tokens_are_asked_for_if_clients_are_given(
    ran: list[Any], capsys: Capture, monkeypatch: Patch, tmp_path: Path
) -> None:
    client_ = f"https://ehr.example={written(tmp_path)}"
    given = ["serve", "--port", "0", "--audience", "https://clinic.example"]
    assert run(capsys, *given, "--client", client_)[0] == 0
    monkeypatch.setenv("MSRISK_CLIENT", client_)
    monkeypatch.setenv("MSRISK_AUDIENCE", "https://clinic.example")
    code, _, err = run(capsys, "serve", "--port", "0", "--public", "--host", "0.0.0.0")  # noqa: S104  # not served
    assert code == 0
    assert "does not check who calls" not in err
    for server, *_ in ran:
        calls = TestClient(server.config.app)
        assert calls.get("/cds-services").status_code == 401
        assert calls.get("/health").status_code == 200
    assert len(ran) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--audience", "https://x.example"], "--client: expected for each issuer"),
        (["--client", "https://x.example=/no"], "--audience: expected the address"),
        (["--client", "x", "--audience", "https://x.example"], "--client: expected"),
        (["--client", "x=", "--audience", "https://x.example"], "--client: expected"),
        (["--client", "x=1", "--client", "x=2", "--audience", "https://x"], "--client: expected"),
        (["--client", "x=/no", "--audience", "x"], "audience: expected the address"),
        (["--client", "x=/no", "--audience", "https://x"], "/no: expected a file"),
    ],
    ids=str,
)
def test_clients_that_are_half_given_are_said(
    ran: list[Any], capsys: Capture, given: list[str], said: str
) -> None:
    code, out, err = run(capsys, "serve", *given)
    assert (code, out, ran) == (2, "", [])
    assert said in err


def test_who_listens_to_all_without_tokens_is_warned(ran: list[Any], capsys: Capture) -> None:
    given = ["serve", "--port", "0", "--public", "--host", "0.0.0.0"]  # noqa: S104  # not served
    assert "It does not check who calls" in run(capsys, *given)[2]
    assert len(ran) == 1


def test_a_port_that_is_taken_is_said(ran: list[Any], capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = run(capsys, "serve", "--port", str(taken.getsockname()[1]))
    assert (code, ran) == (2, [])
    assert "a port that is free" in err


def test_without_the_extra_it_says_which_one_to_install(
    ran: list[Any], capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    code, _, err = run(capsys, "serve")
    assert (code, ran) == (2, [])
    assert err == "msrisk serve needs starlette, uvicorn and pyjwt: pip install 'msrisk[web]'\n"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_runs_until_it_is_asked_to_end(how: signal.Signals) -> None:
    class Server:
        def run(self, sockets: list[socket.socket]) -> None:
            assert len(sockets) == 1
            signal.raise_signal(how)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serve.run_until_ended(Server(), listening)  # type: ignore[arg-type]  # as much of a server as it needs


def test_feedback_is_summed_up_by_rule(capsys: Capture, tmp_path: Path) -> None:
    kept = tmp_path / "feedback.jsonl"
    card = grave()["uuid"]
    told = {
        "feedback": [
            overridden(card),
            overridden(card),
            {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-12-01T10:00:00Z"},
        ]
    }
    client(feedback=kept).post("/cds-services/msrisk-order-sign/feedback", json=told)
    code, out, err = run(capsys, "feedback", str(kept))
    assert (code, err) == (0, "")
    assert out.startswith("Feedback on 3 cards, by rule\n")
    assert "  n-acetylcysteine-immunosuppressive-medication overridden" in " ".join(
        out.splitlines()
    )
    assert "overridden: does-not-fit: 2" in out
    assert "(unknown)" in out
    kept.write_text(kept.read_text("utf-8").splitlines()[0], "utf-8")
    assert run(capsys, "feedback", str(kept))[1].startswith("Feedback on 1 card, by rule\n")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "a readable file"),
        (b"\xff", "a readable file"),
        (b"x\n", "line 1: expected feedback"),
    ],
)
def test_a_file_that_is_none_is_named(
    capsys: Capture, tmp_path: Path, data: bytes | None, said: str
) -> None:
    kept = tmp_path / "feedback.jsonl"
    if data is not None:
        kept.write_bytes(data)
    code, out, err = run(capsys, "feedback", str(kept))
    assert (code, out) == (2, "")
    assert "feedback.jsonl" in err
    assert said in err
