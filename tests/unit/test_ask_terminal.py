"""`msrisk ask` on a terminal of its own, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from .cli_runs import ROOT

pytestmark = pytest.mark.slow

SECONDS = 60


class Person:
    """A person in front of a terminal in which `msrisk ask` runs."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self.terminal = terminal
        self.process = process
        self.seen = ""

    def reads(self, words: str) -> str:
        """Wait for these words behind what was read before; return all up to them."""
        end = time.monotonic() + SECONDS
        while words not in self.seen:
            assert time.monotonic() < end, self.seen
            if not self._more():
                break
        before, found, self.seen = self.seen.partition(words)
        assert found, before
        return before + found

    def reads_the_rest(self) -> str:
        """Wait for the end of the program; return what it printed."""
        while self._more():
            pass
        self.process.wait(SECONDS)
        return self.seen

    def _more(self) -> bool:
        if not select.select([self.terminal], [], [], SECONDS)[0]:
            return False
        try:
            data = os.read(self.terminal, 10_000)
        except OSError:  # how Linux tells that the other side was closed
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def interrupts(self) -> str:
        """Press Ctrl-C until the program stops, as people do; return what it printed.

        A program that is just setting up its terminal throws away what was typed before.
        """
        while "Stopped" not in self.seen:
            os.write(self.terminal, b"\x03")
            again = time.monotonic() + SECONDS / 4
            while "Stopped" not in self.seen and time.monotonic() < again:
                if select.select([self.terminal], [], [], 1)[0] and not self._more():
                    return self.seen
        return self.reads_the_rest()

    def types(self, line: str) -> None:
        """Type a line."""
        os.write(self.terminal, f"{line}\n".encode())


@contextmanager
def somebody(
    *arguments: str, columns: int = 80, variables: Mapping[str, str] | None = None
) -> Iterator[Person]:
    """Start `msrisk ask` on a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "msrisk", "ask", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, start_new_session=True,
        env={**plain, "TERM": "xterm", "LC_ALL": "C.UTF-8", **(variables or {})},
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  # so that Ctrl-C reaches it
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Person(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_person_is_asked_in_colour_and_ends_with_the_first_screen() -> None:
    with somebody() as person:
        first = person.reads(" >")
        assert "\x1b[1m" in first
        assert "Do you now have difficulty breathing" in re.sub(r"\x1b\[\d*m", "", first)
        person.types("no")
        person.reads("yes, no, don't know >")
        person.types("no")
        person.reads("names; none; don't know >")
        person.types("NAC")
        person.reads("understood as: N-acetylcysteine")
        person.reads("that's all” / “there is more” >")
        person.types("that's all")
        person.reads("still open: could be URGENT")
        person.reads(" >")
        person.types("stop")
        assert "A missing warning clears nothing" in person.reads_the_rest()
    assert person.process.returncode == 0


def test_ctrl_c_saves_what_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with somebody("--save", str(path)) as person:
        person.reads(" >")
        person.types("no")
        person.reads("yes, no, don't know >")
        person.types("no")
        person.reads("names; none; don't know >")
        rest = person.interrupts()
    assert person.process.returncode == 128 + signal.SIGINT
    assert "Stopped. What is open stays open." in rest
    assert "Traceback" not in rest
    assert '"denied": [' in path.read_text("utf-8")


def test_the_end_of_input_ends_politely() -> None:
    with somebody() as person:
        person.reads(" >")
        os.write(person.terminal, b"\x04")
        assert "The answers end here." in person.reads_the_rest()
    assert person.process.returncode == 0


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colours_gets_no_escapes(variables: dict[str, str]) -> None:
    with somebody(columns=40, variables=variables) as person:
        seen = person.reads(" >")
        person.types("yes")
        seen += person.reads_the_rest()
    assert "\x1b" not in seen
    assert "CALL THE EMERGENCY NUMBER NOW" in seen
    assert max(map(len, seen.splitlines())) <= 40


def test_a_terminal_without_utf_8_is_written_to_in_ascii() -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "NO_COLOR": "1"}
    with somebody(variables=ascii_only) as person:
        seen = ""
        for _ in range(2):
            seen += person.reads(" >")
            person.types("no")
        seen += person.reads(" >")
        person.types("stop")
        seen += person.reads_the_rest()
    assert seen.isascii()
    assert '"back" takes the last answer back' in " ".join(seen.split())
    assert "\\u20" not in seen
