"""Says on a terminal what a command is doing, once that takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import Final, TextIO

__all__ = ["progress"]

_AFTER: Final = 1.0  # seconds, and as many between two lines
_COLUMNS: Final = 79


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that is told what the command does now, in a few words.

    A terminal shows the last of them on one line of standard error, with the seconds, and the line
    is gone when the command has ended. A file or a pipe gets nothing.
    """
    out = sys.stderr
    if out is None or not out.isatty():
        yield lambda _: None
        return
    doing: list[str] = []
    ended = Event()
    line = Thread(target=_show, args=(out, doing, ended), daemon=True)
    line.start()
    try:
        yield doing.append
    finally:
        ended.set()
        line.join()


def _show(out: TextIO, doing: list[str], ended: Event) -> None:
    start = monotonic()
    text = ""
    while not ended.wait(_AFTER):
        text = f"{doing[-1]} ... {monotonic() - start:.0f} s" if doing else ""
        out.write(f"\r{text[:_COLUMNS]:<{_COLUMNS}}")
        out.flush()
    if text:
        out.write(f"\r{'':<{_COLUMNS}}\r")
        out.flush()
