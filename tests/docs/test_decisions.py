"""Each decision has its date, what holds, what else was looked at, and what it costs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
DECISIONS = sorted(set(FOLDER.glob("*.md")) - {FOLDER / "README.md"})
PARTS = ["Semantics", "Options", "Consequences"]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_the_three_parts_in_their_order(path: Path) -> None:
    assert re.findall(r"^## (.*)$", path.read_text("utf-8"), re.MULTILINE) == PARTS


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_the_index_has_the_title_and_the_date_of_each_decision(path: Path) -> None:
    title, day = re.findall(
        r"\A# (.*)\n\nDecided on (\d{4}-\d\d-\d\d)\.$", path.read_text("utf-8"), re.MULTILINE
    )[0]
    assert f"| [{title}]({path.name}) | {day} | " in (FOLDER / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_was_one_among_several_options(path: Path) -> None:
    options = path.read_text("utf-8").partition("## Options")[2].partition("## Consequences")[0]
    assert len(re.findall(r"^- \*\*", options, re.MULTILINE)) >= 3
