"""Writes the golden files anew: `python -m tests.golden.write`."""

from __future__ import annotations

from .files import FOLDER, expected

for old in FOLDER.iterdir():
    old.unlink()
for name, text in expected():
    (FOLDER / name).write_text(text, "utf-8", newline="\n")
