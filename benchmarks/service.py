"""Measures the service under load: eight clients, real requests, on one core.

The listener and its one worker share the core. Beside it the same server answers an empty card,
so that one sees what the answers cost. Each answer is compared with what the library says: none
may be wrong or lost. Usage:

    python -m benchmarks.service [--seconds 60] [--clients 8]
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msrisk
from msrisk import cds_hooks
from tests.cds_hooks.requests import FAILED, draft, prefetch, request

_ROOT: Final = Path(__file__).parents[1]
_EMPTY: Final = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def answer(request):
    await request.body()
    return JSONResponse({"cards": []})
app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])])
uvicorn.run(app, port=%d, log_level="error")
"""

Call = tuple[str, bytes, Any]


def calls() -> list[Call]:
    """Return what is sent, with what has to come back: cards of every kind, and reports."""
    view, sign = "msrisk-patient-view", "msrisk-order-sign"
    taken = ["Prograf 1 mg", "Synthroid 50 mcg", "alpha lipoic acid 600 mg", "ocrelizumab"]
    bodies = [
        (view, request(sent=prefetch())),
        (view, request(sent=prefetch(medicines=taken))),
        (view, request(sent=prefetch(medicines=taken, medicationStatements=FAILED))),
        (view, request(sent=prefetch(["asthma"], taken))),
        (sign, request("order-sign", prefetch(medicines=taken), [draft("NAC 600 mg")])),
        (sign, request("order-sign", prefetch(medicines=taken), [draft("foopowder")])),
    ]
    found: list[Call] = []
    on = datetime.now(UTC).astimezone().date()
    for id_, body in bodies:
        cards = cds_hooks.respond(id_, body, on=on)
        found.append((f"/cds-services/{id_}", json.dumps(body).encode(), cards))
    for path in sorted((_ROOT / "examples").glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        report = msrisk.assess(msrisk.PatientProfile.from_dict(document)).to_dict()
        found.append(("/api/assess", json.dumps(document).encode(), {"report": report}))
    return found


@contextmanager
def _served(command: list[str], log: Path) -> Iterator[tuple[int, int]]:
    """Run a server on one core; give its port and its process."""
    with log.open("wb") as errors, subprocess.Popen(command, stderr=errors) as process:  # noqa: S603  # a server of its own
        try:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
            yield _port(log, command), process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _port(log: Path, command: list[str]) -> int:
    for _ in range(600):
        found = re.search(r"http://[\d.]+:(\d+)", log.read_text("utf-8"))
        port = int(found[1]) if found else int(command[-1]) if command[-1].isdigit() else 0
        if port:
            try:
                http.client.HTTPConnection("127.0.0.1", port).connect()
            except OSError:
                pass
            else:
                return port
        time.sleep(0.05)
    raise SystemExit(log.read_text("utf-8"))


def _processes(pid: int) -> list[int]:
    """Return a process and those that it started."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *map(int, started)]


def _memory(pid: int) -> float:
    """Return the memory of the service in MB, what its processes share counted once for each."""
    try:
        told = [Path(f"/proc/{one}/status").read_text("utf-8") for one in _processes(pid)]
    except OSError:
        return 0.0
    found = [re.search(r"VmRSS:\s+(\d+)", status) for status in told]
    return sum(int(one[1]) for one in found if one) / 1024


def _computed(pid: int) -> float:
    """Return for how many seconds a service has computed, which others do not slow down."""
    try:
        texts = [Path(f"/proc/{one}/stat").read_text("utf-8") for one in _processes(pid)]
    except OSError:
        return math.nan
    told = [text.rpartition(")")[2].split() for text in texts]
    return sum(int(one[11]) + int(one[12]) for one in told) / os.sysconf("SC_CLK_TCK")


def load(port: int, sent: list[Call], clients: int, seconds: float, *, check: bool) -> Any:
    """Return how long each answer took, and how many were wrong or lost."""
    times: list[float] = []
    wrong: list[str] = []
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        at = number
        while time.perf_counter() < until:
            address, body, expected = sent[at % len(sent)]
            at += 1
            began = time.perf_counter()
            try:
                connection.request("POST", address, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                data = answer.read()
            except (OSError, http.client.HTTPException) as error:
                wrong.append(type(error).__name__)
                connection.close()
                continue
            times.append(time.perf_counter() - began)
            if check:
                found = json.loads(data)
                if answer.status != 200 or any(found[key] != expected[key] for key in expected):
                    wrong.append(f"{answer.status} {address}")
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(times), wrong


def main() -> int:
    """Print the figures; return 1 if an answer was wrong or lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args()
    sent = calls()
    every: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "msrisk", "serve", "--port", "0", "--workers", "1"]
        empty = [sys.executable, "-c", _EMPTY % 8791, "8791"]
        for name, command, check in (("msrisk", ours, True), ("empty card", empty, False)):
            with _served(command, Path(folder) / name) as (port, pid):
                load(port, sent, given.clients, min(2.0, given.seconds), check=False)
                before, began = _memory(pid), _computed(pid)
                times, wrong = load(port, sent, given.clients, given.seconds, check=check)
                after, computed = _memory(pid), _computed(pid) - began
            every += wrong
            middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
            sys.stdout.write(
                f"{name}: {len(times) / given.seconds:.0f} answers a second, "
                f"{len(times) / computed:.0f} in a second of computing, "
                f"p50 {middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms, "
                f"memory {before:.0f} to {after:.0f} MB, wrong or lost {len(wrong)}\n"
            )
    for one in sorted(set(every)):
        sys.stdout.write(f"  {one}: {every.count(one)}\n")
    return int(bool(every))


if __name__ == "__main__":
    raise SystemExit(main())
