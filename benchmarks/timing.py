"""Takes the time of a function and of a process, so that a busy machine disturbs little."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Final

__all__ = ["ROOT", "best", "memory", "of_process"]

ROOT: Final = Path(__file__).parent.parent
"""The folder of the project."""


def best(job: Callable[[], object], runs: int = 200, repeat: int = 7) -> float:
    """Return the least processor time of a job, in microseconds."""
    return min(timeit.repeat(job, timer=process_time, number=runs, repeat=repeat)) / runs * 1e6


def memory() -> float:
    """Return the most memory that this process had, in MB; what it was started from has no part."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def of_process(*arguments: str, times: int = 7) -> float:
    """Return the least processor time of a Python process, in milliseconds."""
    found: list[float] = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, *arguments]
        subprocess.run(command, check=True, env=environment, cwd=ROOT, capture_output=True)  # noqa: S603  # our own code
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found) * 1000
