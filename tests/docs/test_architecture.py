"""The map of the files is as it would be written, and names only what exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.meta.test_layers import PACKAGE

from .architecture import BEGIN, END, PAGE, first_line, written

TEXT = PAGE.read_text("utf-8")
BY_HAND = TEXT.partition(BEGIN)[0] + TEXT.partition(END)[2]
FILES = sorted(PACKAGE.rglob("*.py"))
# `api.assess`, `search.search.Search.loser`; a name with a stroke or of a file is none of these.
DOTTED = re.compile(r"`([a-z_]+(?:\.[A-Za-z_]+)+)(?:\(\))?`")
WALKS = re.split(r"^### ", TEXT.partition(END)[2], flags=re.MULTILINE)[1:]


def test_the_page_is_as_it_would_be_written() -> None:
    assert written(TEXT) == TEXT, "write it anew with: python -m tests.docs.architecture"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_first_line_of_a_file_is_a_sentence_that_says_what_it_does(path: Path) -> None:
    line = first_line(path)
    assert line.endswith(".")
    # "Decides whether …", of which the file is the subject.
    assert re.match(r"[A-Z][a-z]+s ", line), line


def exists(name: str) -> bool:
    """Whether msrisk has a module, function, class or method of this dotted name."""
    parts = name.split(".")
    found: object = None
    for at in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["msrisk", *parts[:at]]))
        except ModuleNotFoundError:
            continue
        for part in parts[at:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("name", sorted(set(DOTTED.findall(BY_HAND))))
def test_every_function_that_the_page_names_exists(name: str) -> None:
    assert name.endswith((".toml", ".md", ".py")) or exists(name)


@pytest.mark.parametrize("name", ["api.asess", "nonesuch.assess", "search.search.Search.nobody"])
def test_a_function_that_does_not_exist_would_be_noticed(name: str) -> None:
    assert not exists(name)


def test_five_things_are_followed_through_the_code() -> None:
    assert len(WALKS) == 5


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.partition("\n")[0])
def test_each_way_has_five_to_ten_numbered_steps_that_name_a_function(walk: str) -> None:
    steps = re.findall(r"^(\d+)\. (.*)$", walk, flags=re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert 5 <= len(steps) <= 10
    assert [step for _, step in steps if not DOTTED.search(step)] == []


@pytest.mark.parametrize("path", re.findall(r"`((?:tests|docs|rules|msrisk)/[^`]*)`", BY_HAND))
def test_every_path_that_the_page_names_exists(path: str) -> None:
    assert (PACKAGE.parent / path).exists()
