"""What the examples print is what was looked at: a change shows as a change of these files."""

from __future__ import annotations

import pytest

from .files import FOLDER, expected

FILES = dict(expected())
ANEW = "look at it, then write it anew with: python -m tests.golden.write"


@pytest.mark.parametrize("name", FILES)
def test_an_example_prints_what_it_printed(name: str) -> None:
    assert (FOLDER / name).read_bytes().decode() == FILES[name], ANEW


def test_there_is_no_file_of_an_example_that_is_gone() -> None:
    assert sorted(one.name for one in FOLDER.iterdir()) == sorted(FILES), ANEW
