"""Runs `msrisk serve` as a process of its own, and calls it with the standard library alone."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Answer", "called", "running"]

Answer = tuple[int, str, Any]
"""The status, the kind of content, and the content, of JSON in JSON types."""


@contextmanager
def running(
    log: Path, *options: str, port: int = 0, ends: int = 0
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the service; give its address, and end it afterwards.

    Args:
        log: the file for what it writes to standard error.
        options: of the command.
        port: where to listen; any that is free if 0.
        ends: the code with which the process has to end.

    """
    command = [sys.executable, "-m", "msrisk", "serve", "--port", str(port), *options]
    with log.open("wb") as errors, subprocess.Popen(command, stderr=errors) as process:
        try:
            yield _address(log, process), process
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == ends


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://\S+?(?=/cds-services)", log.read_text("utf-8"))
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


def called(address: str, body: object = None, **headers: str) -> Answer:
    """Return what an address answers: to a GET, or to a POST of a body in JSON types."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", "Origin": "https://ehr.example", **headers}
    request = urllib.request.Request(address, data, sent)  # noqa: S310  # an address of the test
    try:
        with urllib.request.urlopen(request, timeout=20) as found:  # noqa: S310  # likewise
            status, kind, content = found.status, found.headers["Content-Type"], found.read()
    except urllib.error.HTTPError as error:
        with error:
            status, kind, content = error.code, error.headers["Content-Type"], error.read()
    return status, kind or "", json.loads(content) if "json" in (kind or "") else content
