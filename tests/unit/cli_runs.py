"""Ways of running the command line in a test."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from msrisk import cli

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
ORDINARY = str(ROOT / "examples" / "ordinary.json")
NEARLY_ALL = {
    "supplements": [{"name": "alpha lipoic acid 600 mg twice a day", "taking": False}],
    "conditions": "none",
    "allergies": "none",
    "symptoms": "none",
    "replacing_ms_treatment": False,
    "ms_symptoms_severe": False,
}
"""A patient of whom all is known but the medicines, the age and the weight."""

NEARLY_EMPTY = str(ROOT / "examples" / "nearly-empty.json")
COMMANDS = [
    [], ["assess"], ["recognise"], ["schema"], ["rules"], ["rules", "list"],
    ["rules", "show"],
    ["rules", "accountability"], ["rules", "book"], ["rules", "check"], ["rules", "digest"],
    ["rules", "gate"], ["ask"], ["screen"], ["serve"],
    ["feedback"], ["mcp"], ["web", "build"],
]  # fmt: skip

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def typed(monkeypatch: Patch, data: bytes) -> None:
    """Have these bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: Patch, *arguments: str, **variables: str) -> str:
    for name, value in {"NO_COLOR": "", "TERM": "", "COLUMNS": "60", **variables}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli.main(arguments) == 0
    return terminal.getvalue()
