"""The hazards: every test that the document names is there, and no hazard is half described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PARTS = ["How", "Hurts", "Prevented by", "Shown by", "Remains"]


def document(root: Path) -> str:
    return (root / "docs" / "hazards.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def named(root: Path) -> list[tuple[str, str]]:
    """Return each path that is named, and the test in it if one is."""
    return re.findall(r"`((?:tests|rules)/[\w/.-]+)(?:::(\w+))?`", document(root))


def test_every_file_that_is_named_exists(root: Path, named: list[tuple[str, str]]) -> None:
    assert len(named) > 40
    assert sorted({path for path, _ in named if not (root / path).exists()}) == []


def test_every_test_that_is_named_is_in_that_file(root: Path, named: list[tuple[str, str]]) -> None:
    missing = [
        f"{path}::{test}"
        for path, test in named
        if test and f"def {test}(" not in (root / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_the_laws_that_are_named_are_the_ten_that_are_tested(root: Path) -> None:
    named = re.findall(r"\(laws? ([\d, andto]+)\)", document(root))
    numbers = {int(number) for words in named for number in re.findall(r"\d+", words)}
    assert numbers == set(range(1, 11))
    laws = (root / "tests" / "properties" / "test_laws.py").read_text(encoding="utf-8")
    assert [
        number for number in sorted(numbers) if not re.search(rf'"""Law {number}\b', laws)
    ] == []


def test_every_hazard_has_its_number_and_all_its_parts(root: Path) -> None:
    hazards = re.split(r"^### ", document(root), flags=re.MULTILINE)[1:]
    assert len(hazards) >= 20
    for number, hazard in enumerate(hazards, 1):
        assert hazard.startswith(f"H{number} ")
        assert re.findall(r"^- ([\w ]+): \S", hazard, flags=re.MULTILINE) == PARTS
