"""Kills `msrisk screen` at random moments and fills its disk, then compares what it wrote.

    python -m tests.engines.kills        # 250,000 patients, ten kills for each kind of file

A disk that is really full needs a root who may mount one of memory; else it is left out, and said.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from examples.many_patients import patients

_ENDINGS: Final = ("parquet", "csv", "ndjson")


def _command(source: Path, target: Path) -> list[str]:
    return [sys.executable, "-m", "msrisk", "screen", str(source), str(target)]


def _screened(source: Path, target: Path) -> tuple[int, str]:
    done = subprocess.run(_command(source, target), check=False, capture_output=True, text=True)
    return done.returncode, done.stderr.rstrip().rpartition("\n")[2]


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def kills(source: Path, whole: Path, folder: Path, count: int, chance: random.Random) -> bool:
    """Kill a run so many times, let it end, and say whether its file is the same."""
    target = folder / f"out{whole.suffix}"
    began = time.monotonic()
    _screened(source, folder / f"timed{whole.suffix}")
    whole_time = time.monotonic() - began
    killed = 0
    while killed < count:
        process = subprocess.Popen(  # our own code
            _command(source, target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(chance.uniform(0.1, 0.9 * whole_time))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        if target.exists() and not target.with_name(f"{target.name}.parts").exists():
            if not _same(target, whole):
                return False
            target.unlink()  # it was done before the kill: once more
    code, _ = _screened(source, target)
    same = code == 0 and _same(target, whole)
    sys.stdout.write(
        f"{whole.suffix}: {killed} kills, then {'the same file' if same else 'ANOTHER'}\n"
    )
    return same


@contextmanager
def _small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Make a disk of memory; false if that is not allowed."""
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    made = subprocess.run(options, check=False, capture_output=True).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", str(folder)], check=True)


def full_disk(source: Path, whole: Path, folder: Path, kilobytes: int) -> bool:
    """Screen to a disk that is too small, make it larger, go on, and compare."""
    disk = folder / f"disk{kilobytes}{whole.suffix}"
    with _small_disk(disk, kilobytes) as made:
        if not made:
            sys.stdout.write("a full disk was left out: no right to mount one\n")
            return True
        target = disk / f"out{whole.suffix}"
        code, said = _screened(source, target)
        sys.stdout.write(f"{whole.suffix}, {kilobytes:,} kB of disk: ended with {code}: {said}\n")
        wrong = code == 0 or target.exists()
        options = ["mount", "-o", "remount,size=1g", str(disk)]
        subprocess.run(options, check=True)  # our own words
        code, _ = _screened(source, target)
        same = code == 0 and _same(target, whole)
        sys.stdout.write(f"  with more room {'the same file' if same else 'ANOTHER'}\n")
        return same and not wrong


def main() -> int:
    """Print what came of each; return 1 if a file is not the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.engines.kills", description=__doc__)
    parser.add_argument("--patients", type=int, default=250_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=17)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311  # when to end a process is no secret
    right = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.parquet"
        patients(asked.patients).write_parquet(source)
        for ending in _ENDINGS:
            whole = folder / f"whole.{ending}"
            _screened(source, whole)
            right &= kills(source, whole, folder, asked.kills, chance)
            parts = (folder / "whole.parquet").stat().st_size // 1000
            written = whole.stat().st_size // 1000
            # Full while the parts are written, and while they are put together.
            right &= full_disk(source, whole, folder, max(parts // 5, 100))
            right &= full_disk(source, whole, folder, max(parts + parts // 10, written * 9 // 10))
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())
