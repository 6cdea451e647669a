"""What `msrisk ask` says at an emergency of which it is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli_runs import NEARLY_ALL, Capture, Patch
from tests.unit.test_ask import start, told


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("fainting", "THIS MAY BE AN EMERGENCY. CALL THE EMERGENCY NUMBER NOW"),
        ("hives", "THIS MAY BE AN EMERGENCY. GET MEDICAL HELP NOW"),
    ],
)
def test_a_sign_ends_the_form_too_if_nobody_knows_whether_it_was_begun(
    capsys: Capture, monkeypatch: Patch, tmp_path: Path, sign: str, words: str
) -> None:
    begun = {"supplements": ["alpha lipoic acid 600 mg twice a day"], "symptoms": [sign]}
    path = start(tmp_path, **{**NEARLY_ALL, **begun})
    out = " ".join(told(capsys, monkeypatch, ["don't know"], "--load", path).split())
    assert words in out
    assert "Which medicines" not in out.partition(words)[0]
