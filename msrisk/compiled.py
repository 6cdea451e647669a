"""Keeps the shipped rules as they were loaded, and reads back of them what is needed.

To read and check more than a hundred files takes a second; to read back what came of it takes a
hundredth of that. A wheel may bring the kept rules along; else they are kept in the environment
that Python runs in. Whether they still hold is decided by the content of the files, of the rules
and of the code that reads them, and by no date. They are read back only where nobody else may
write, for whoever writes them decides what reading them does.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final
from zlib import crc32

from msrisk.model.concepts import Drug
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.rules import RuleSet
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.meaning import Meaning
from msrisk.shelves import Store, stored

__all__ = ["SHIPPED", "compiled", "compiled_path", "shipped_ruleset"]

_PACKAGE: Final = Path(__file__).parent
SHIPPED: Final = _PACKAGE / "rules.bin"
"""Where a wheel brings the kept rules along, if it was built to."""

# What the objects are made of, and what makes them.
_CODE: Final = ("model", "recognition", "loading", "compiled.py", "shelves.py")
_DIGEST_SIZE: Final = sha256().digest_size
_CHECK_SIZE: Final = 4


def shipped_ruleset(folder: Path) -> RuleSet:
    """Return the rule set of a folder, read back if it was loaded before from the same files.

    Raises:
        RuleSetError: with every problem, by file, rule and path.

    """
    digest = _digest_of(folder)
    found = _read(SHIPPED, digest) or _read(compiled_path(), digest)
    if found is not None:
        return found
    from msrisk.loading import load_ruleset

    ruleset = load_ruleset(folder)
    _write(compiled_path(), ruleset, digest)
    return ruleset


def compiled(folder: Path) -> bytes:
    """Return the rule set of a folder as it is kept, and as a wheel can bring it along.

    Raises:
        RuleSetError: with every problem, by file, rule and path.

    """
    from msrisk.loading import load_ruleset

    return _content(load_ruleset(folder), _digest_of(folder))


def compiled_path() -> Path:
    """Return where what was loaded is kept: in the environment, by the version of Python."""
    name = f"rules-{sys.implementation.cache_tag}.bin"
    return Path(sys.prefix) / "share" / "msrisk" / name


def _content(ruleset: RuleSet, digest: bytes) -> bytes:
    lexicon = lexicon_of(ruleset)
    _ = lexicon.all_names  # made when it is needed, and so it is kept too
    body = stored((ruleset, lexicon, hierarchy_of(ruleset)), (Drug, Meaning))
    return digest + crc32(body).to_bytes(_CHECK_SIZE) + body


def _digest_of(folder: Path) -> bytes:
    """Return the digest of all rule files and of the code, wherever they lie."""
    digest = sha256()
    code = (path for name in _CODE for path in _files(_PACKAGE / name, ".py"))
    for top, paths in ((_PACKAGE, code), (folder, _files(folder, ""))):
        for path in paths:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # half the time of a Path
                content = file.read()
            name = path.removeprefix(str(top)).replace(os.sep, "/")
            digest.update(f"{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.digest()


def _files(path: Path, ending: str) -> list[str]:
    """Return the files of a folder, or the file itself, in the same order on every system."""
    # A third of the time that it takes with paths as objects.
    inside = (f"{top}{os.sep}{name}" for top, _, names in os.walk(path) for name in names)
    found = [one for one in inside if one.endswith(ending)] or [str(path)]
    return sorted(found, key=lambda one: one.replace(os.sep, "/"))


def _read(path: Path, digest: bytes) -> RuleSet | None:
    """Return what is kept, if it was made of the same files and is whole."""
    try:
        if not (_is_ours(path) and _is_ours(path.parent)):
            return None
        with path.open("rb") as file:
            kept = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):  # an empty file has nothing to read
        return None
    head, body = kept[: _DIGEST_SIZE + _CHECK_SIZE], kept[_DIGEST_SIZE + _CHECK_SIZE :]
    if head != digest + crc32(body).to_bytes(_CHECK_SIZE):
        return None
    ruleset: RuleSet
    ruleset, lexicon, hierarchy = Store(body).value
    lexicon_of.keep(ruleset, lexicon)
    hierarchy_of.keep(ruleset, hierarchy)
    return ruleset


def _is_ours(path: Path) -> bool:
    """Whether only this user, or the one who owns the system, can write to a path."""
    status = path.stat()
    # Windows has neither users' numbers nor such permissions; its environments are the user's.
    owners = {0, os.getuid()} if hasattr(os, "getuid") else {status.st_uid}
    return status.st_uid in owners and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, ruleset: RuleSet, digest: bytes) -> None:
    """Keep what was loaded, in one step; where that may not be done, nothing is kept."""
    from tempfile import mkstemp

    with suppress(OSError):
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        handle, name = mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(_content(ruleset, digest))
        Path(name).chmod(0o644)
        Path(name).replace(path)
