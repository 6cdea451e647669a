"""The map of the files is as it would be written, and follows five things through the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meta.test_layers import PACKAGE

from .architecture import END, PAGE, first_line, written
from .named import dotted_names

TEXT = PAGE.read_text("utf-8")
FILES = sorted(PACKAGE.rglob("*.py"))
WALKS = re.split(r"^### ", TEXT.partition(END)[2], flags=re.MULTILINE)[1:]


def test_the_page_is_as_it_would_be_written() -> None:
    assert written(TEXT) == TEXT, "write it anew with: python -m tests.docs.architecture"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_first_line_of_a_file_is_a_sentence_that_says_what_it_does(path: Path) -> None:
    line = first_line(path)
    assert line.endswith(".")
    # "Decides whether …", of which the file is the subject.
    assert re.match(r"[A-Z][a-z]+s ", line), line


def test_five_things_are_followed_through_the_code() -> None:
    assert len(WALKS) == 5


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.partition("\n")[0])
def test_each_way_has_five_to_ten_numbered_steps_that_name_a_function(walk: str) -> None:
    steps = re.findall(r"^(\d+)\. (.*)$", walk, flags=re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    assert 5 <= len(steps) <= 10
    assert [step for _, step in steps if not dotted_names(step)] == []
