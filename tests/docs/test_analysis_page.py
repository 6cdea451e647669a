"""Each file of the search and of the diff names a paragraph of docs/analysis.md that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "analysis.md").read_text("utf-8").replace("*", "")
FILES = [
    path
    for package in ("search", "diff")
    for path in sorted((ROOT / "msrisk" / package).glob("*.py"))
    if path.stem != "__init__"
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_paragraph_that_a_file_implements_stands_in_the_page(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    named = re.findall(r"\*([^*]+)\*", doc.partition("Implements")[2])
    assert named
    assert [one for one in named if " ".join(one.split()) not in PAGE] == []
