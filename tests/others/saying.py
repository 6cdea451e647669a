"""Says of each check with the programs of others whether it holds, a line at a time."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

__all__ = ["said", "unless"]

_T = TypeVar("_T")


def said(name: str, problems: Iterable[object]) -> str:
    """Print and return the line of a check, which begins with FAILED if there is a problem."""
    found = list(problems)
    line = f"{'FAILED' if found else 'ok'} {name}" + "".join(f"\n    {one}" for one in found)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return line


def unless(holds: object, otherwise: _T) -> Iterator[_T]:
    """Yield a problem unless something holds."""
    if not holds:
        yield otherwise
