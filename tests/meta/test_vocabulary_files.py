"""The vocabulary lies by what things are, so that what is judged together stands together."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

VOCABULARY = Path(__file__).parents[2] / "rules" / "vocabulary"
FILES = sorted(VOCABULARY.rglob("*.toml"))
DRUGS = [path for path in FILES if path.is_relative_to(VOCABULARY / "drugs")]
LONGEST_LINE = 200
MOST_LINES = 1_500


def name_of(path: Path) -> str:
    return path.relative_to(VOCABULARY).as_posix()


def drugs_of(path: Path) -> list[dict[str, object]]:
    content = tomllib.loads(path.read_text("utf-8"))
    assert content.keys() <= {"source", "drug"}
    drugs: list[dict[str, object]] = content["drug"]
    return drugs


def atc_of(drug: dict[str, object]) -> list[str]:
    codes = drug.get("codes", {})
    assert isinstance(codes, dict)
    return list(codes.get("atc", []))


@pytest.mark.parametrize("path", DRUGS, ids=name_of)
def test_the_name_of_a_file_of_medicines_begins_with_the_atc_code_that_they_share(
    path: Path,
) -> None:
    group, _, words = path.stem.partition("-")
    coded = [codes for drug in drugs_of(path) if (codes := atc_of(drug))]
    if path.parent.name == "other":
        assert coded == []
        return
    assert words
    assert re.fullmatch(r"[A-Z]\d\d[A-Z]*", group)
    assert re.fullmatch(rf"{group[0]}(-[a-z]+)+", path.parent.name)
    assert [codes for codes in coded if not any(one.startswith(group) for one in codes)] == []


def test_no_group_of_medicines_has_two_files() -> None:
    groups = [path.stem.partition("-")[0] for path in DRUGS if path.parent.name != "other"]
    assert [(a, b) for a in groups for b in groups if a != b and b.startswith(a)] == []
    assert len(set(groups)) == len(groups)


@pytest.mark.parametrize("path", DRUGS, ids=name_of)
def test_medicines_stand_in_the_order_of_their_ids(path: Path) -> None:
    ids = [str(drug["id"]) for drug in drugs_of(path)]
    assert ids == sorted(ids)


def test_no_medicine_stands_outside_its_folder() -> None:
    for path in FILES:
        if path not in DRUGS:
            assert "drug" not in tomllib.loads(path.read_text("utf-8")), name_of(path)


def test_a_change_of_one_name_shows_one_short_line() -> None:
    long = {
        f"{name_of(path)}:{number}": len(line)
        for path in FILES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    }
    assert long == {}


def test_no_file_of_the_vocabulary_is_too_long_to_review() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_file_is_named_by_when_it_was_written() -> None:
    when = re.compile(r"(^|-)(more|new|newer|newly|old|older|rare|rarer|world|listed|\d+)(-|$)")
    assert [name for path in FILES if when.search(name := path.stem)] == []
