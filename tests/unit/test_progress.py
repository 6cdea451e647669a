"""A command that takes long says on a terminal what it does, and nowhere else."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

import pytest

from msrisk.cli import progress as module
from msrisk.cli.progress import progress

ROOT = Path(__file__).parent.parent.parent


class Terminal(io.StringIO):
    """A terminal that keeps what is written on it."""

    def isatty(self) -> bool:
        return True

    def waits_for(self, words: str) -> None:
        """Wait until these words were written, for ten seconds at most."""
        end = time.monotonic() + 10
        while words not in self.getvalue() and time.monotonic() < end:
            time.sleep(0.005)


def written_on(out: io.StringIO | None, monkeypatch: pytest.MonkeyPatch, *says: str) -> None:
    monkeypatch.setattr(sys, "stderr", out)
    with progress() as doing:
        for words in says:
            doing(words)
            if isinstance(out, Terminal):
                out.waits_for(words[:70])  # a line is cut at the width of the terminal


def test_what_is_done_stands_on_one_line_that_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_AFTER", 0.01)
    out = Terminal()
    written_on(out, monkeypatch, "reading", "comparing " * 20)
    assert "reading ... 0 s" in out.getvalue()
    assert "comparing comparing" in out.getvalue()
    assert "\n" not in out.getvalue()
    lines = out.getvalue().split("\r")
    assert {len(line) for line in lines} == {0, 79}
    assert lines[-2:] == [" " * 79, ""]


def test_what_is_soon_done_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", out)
        with progress() as doing:
            doing("reading")
    assert not out.getvalue()


def test_where_nothing_was_said_yet_nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AFTER", 0.01)
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    with progress():
        out.waits_for("\r")
    assert not out.getvalue().strip()


@pytest.mark.parametrize("out", [io.StringIO(), None])
def test_no_terminal_gets_nothing(out: io.StringIO | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AFTER", 0.01)
    written_on(out, monkeypatch, "reading")
    assert out is None or not out.getvalue()


@pytest.mark.slow
def test_a_diff_says_on_a_terminal_what_it_does_and_nothing_in_a_pipe(tmp_path: Path) -> None:
    copytree(ROOT / "rules", tmp_path / "now")
    mouth = tmp_path / "now" / "vocabulary" / "drugs" / "A-digestion-and-metabolism"
    mouth /= "A01-mouth.toml"
    *most, _ = mouth.read_text("utf-8").split("\n[[drug]]\n")
    mouth.write_text("\n[[drug]]\n".join(most), "utf-8")
    command = [sys.executable, "-m", "msrisk", "rules", "diff", str(ROOT / "rules")]
    command.append(str(tmp_path / "now"))
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    terminal, errors = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)
    os.close(errors)
    shown, _ = process.communicate(timeout=300)
    said = b""
    try:
        while more := os.read(terminal, 10_000):
            said += more
    except OSError:  # how Linux tells that the other side was closed
        pass
    os.close(terminal)
    assert b"comparing" in said
    assert said.endswith(b"\r" + b" " * 79 + b"\r")
    assert not piped.stderr
    assert shown == piped.stdout
    assert process.returncode == piped.returncode
