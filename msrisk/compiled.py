"""Keeps the shipped rules as they were loaded, in the environment that Python runs in.

To read and check more than a hundred files takes a second; to read back what came of it takes a
tenth of that. Whether what is kept still holds is decided by the content of the files, of the
rules and of the code that reads them, and by no date. It is read back only where nobody else
may write, for whoever writes it decides what it does.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from msrisk.model.rules import RuleSet
from msrisk.recognition.lexicon import Lexicon, lexicon_of

__all__ = ["compiled_path", "shipped_ruleset"]

_PACKAGE: Final = Path(__file__).parent
# What the objects are made of, and what makes them.
_CODE: Final = ("model", "recognition", "loading")
_DIGEST_SIZE: Final = 32


def shipped_ruleset(folder: Path) -> RuleSet:
    """Return the rule set of a folder, read back if it was loaded before from the same files.

    Raises:
        RuleSetError: with every problem, by file, rule and path.

    """
    digest = _digest_of(folder)
    path = compiled_path()
    found = _read(path, digest)
    if found is None:
        from msrisk.loading import load_ruleset

        ruleset = load_ruleset(folder)
        _write(path, digest, (ruleset, lexicon_of(ruleset)))
        return ruleset
    ruleset, lexicon = found
    lexicon_of.keep(ruleset, lexicon)
    return ruleset


def compiled_path() -> Path:
    """Return where what was loaded is kept: in the environment, by the version of Python."""
    name = f"rules-{sys.implementation.cache_tag}.bin"
    return Path(sys.prefix) / "share" / "msrisk" / name


def _digest_of(folder: Path) -> bytes:
    digest = hashlib.sha256()
    code = (path for name in _CODE for path in _files(_PACKAGE / name, "*.py"))
    for path in (*code, *_files(folder, "*")):
        digest.update(path.as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def _files(path: Path, pattern: str) -> list[Path]:
    return sorted(filter(Path.is_file, path.rglob(pattern))) if path.is_dir() else [path]


def _read(path: Path, digest: bytes) -> tuple[RuleSet, Lexicon] | None:
    """Return what is kept, if it was made of the same files and is whole."""
    try:
        if not (_is_ours(path) and _is_ours(path.parent)):
            return None
        kept = path.read_bytes()
    except OSError:
        return None
    body = kept[2 * _DIGEST_SIZE :]
    if kept[: 2 * _DIGEST_SIZE] != digest + hashlib.sha256(body).digest():
        return None
    with _without_collecting():
        found: tuple[RuleSet, Lexicon] = pickle.loads(body)  # noqa: S301  # nobody else wrote it
    return found


def _is_ours(path: Path) -> bool:
    """Whether only this user, or the one who owns the system, can write to a path."""
    status = path.stat()
    # Windows has neither users' numbers nor such permissions; its environments are the user's.
    owners = {0, os.getuid()} if hasattr(os, "getuid") else {status.st_uid}
    return status.st_uid in owners and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, digest: bytes, value: tuple[RuleSet, Lexicon]) -> None:
    """Keep what was loaded, in one step; where that may not be done, nothing is kept."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(digest + hashlib.sha256(body).digest() + body)
        Path(name).chmod(0o644)
        Path(name).replace(path)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector from looking through a hundred thousand new objects."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was made is old at once: else the next collection would look through all of it.
        gc.freeze()
        gc.unfreeze()
        if collects:
            gc.enable()
