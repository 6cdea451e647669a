"""Starts the programs of the examples, and serves their pages with the addresses that they have."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

__all__ = ["EXAMPLES", "copied", "free_port", "running"]

EXAMPLES: Final = Path(__file__).parents[2] / "examples" / "embedding"
_SERVICE: Final = "http://127.0.0.1:8000"
_SECONDS: Final = 60


def free_port() -> int:
    """Return a port of this machine that is free."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(*arguments: str, port: int, **variables: str) -> Iterator[str]:
    """Run `python` with these arguments in the folder of the examples; yield its address."""
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=EXAMPLES, env=os.environ | variables
    )
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urlopen(f"{address}/", timeout=5):  # noqa: S310  # of this machine
                return
        except HTTPError:
            return  # it answers
        except URLError:
            time.sleep(0.2)
    raise SystemExit(f"{process.args!r} does not answer")


def copied(name: str, folder: Path, service: str) -> Path:
    """Return a copy of the folder of an example that names this service."""
    target = folder / name
    shutil.copytree(EXAMPLES / name, target, ignore=shutil.ignore_patterns("node_modules"))
    for page in target.glob("*.html"):
        page.write_text(page.read_text("utf-8").replace(_SERVICE, service), "utf-8")
    return target
