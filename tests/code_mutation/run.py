"""Tries small changes of the code, one after the other, and tells which no test has seen."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.code_mutation.changes import AREAS, KINDS, changes
from tests.code_mutation.trying import Outcome, try_all

__all__ = ["REVIEWED", "main", "reviewed"]

REVIEWED: Final = Path(__file__).parent / "reviewed.toml"
"""The changes that change no answer, each with the reason."""

_ROOT: Final = Path(__file__).parent.parent.parent


def reviewed() -> dict[tuple[str, str, str], str]:
    """Return the reason for each change that needs none to see it: by file, line and new line."""
    found = tomllib.loads(REVIEWED.read_text(encoding="utf-8"))["change"]
    return {(one["file"], one["was"], one["becomes"]): one["because"] for one in found}


def main(arguments: Sequence[str] | None = None) -> int:
    """Try changes of the code by chance; 1 if no test sees one that is not reviewed."""
    parser = argparse.ArgumentParser(prog="python -m tests.code_mutation", description=main.__doc__)
    parser.add_argument("--count", type=int, default=300, help="changes to try")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--within", action="append", help="a folder or file; may be given again")
    parser.add_argument("--nice", type=int, default=5, help="how far others go first")
    parser.add_argument("--told", action="store_true", help="tell what caught each of the others")
    given = parser.parse_args(arguments)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.nice(given.nice)
    known, seen = reviewed(), Counter[str]()
    todo = changes(_ROOT, given.count, given.seed, given.within or AREAS)

    def tell(found: Outcome) -> None:
        change = found.change
        why = known.get((change.file, change.was, change.becomes), "")
        became = "caught" if found.caught_by else "reviewed" if why else "missed"
        seen[became] += 1
        seen[f"{became} {change.kind}"] += 1
        if became == "missed" or given.told:
            by = found.caught_by or why or "no test sees it"
            _say(f"{became}: {change.file}:{change.line}: {change.kind}: {by}")
            _say(f"  - {change.was}\n  + {change.becomes}")

    try_all(_ROOT, todo, tell)
    for kind in KINDS:
        caught, left = seen[f"caught {kind}"], seen[f"reviewed {kind}"]
        _say(f"{kind}: {caught} caught, {left} reviewed, {seen[f'missed {kind}']} missed")
    _say(
        f"code mutation: {seen['caught']} of {len(todo)} caught, {seen['reviewed']} reviewed"
        f" as changing nothing, {seen['missed']} missed"
    )
    return int(seen["missed"] > 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
