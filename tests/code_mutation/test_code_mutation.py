"""Changes of the code that no test sees are listed with the reason, and stand in the code."""

from __future__ import annotations

import tomllib
from pathlib import Path

LISTED = tomllib.loads((Path(__file__).parent / "reviewed.toml").read_text(encoding="utf-8"))


def test_each_reviewed_change_is_one_of_a_line_that_stands_in_the_code(root: Path) -> None:
    for change in LISTED["change"]:
        lines = (root / change["file"]).read_text(encoding="utf-8").splitlines()
        assert change["was"] in {" ".join(line.split()) for line in lines}, change
        assert change["was"] != change["becomes"]


def test_each_reviewed_change_has_a_reason_in_a_sentence_and_is_listed_once() -> None:
    for change in LISTED["change"]:
        assert sorted(change) == ["because", "becomes", "file", "was"]
        assert len(change["because"].split()) > 4, change
        assert change["because"].endswith("."), change
    told = [(one["file"], one["was"], one["becomes"]) for one in LISTED["change"]]
    assert len(told) == len(set(told))
