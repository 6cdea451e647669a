"""What the examples print is what was looked at: a change shows as a change of these files."""

from __future__ import annotations

import pytest

from .files import FOLDER, expected

NAMES = sorted(one.name for one in FOLDER.iterdir())
ANEW = "look at it, then write it anew with: python -m tests.golden.write"


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    return dict(expected())


@pytest.mark.parametrize("name", NAMES)
def test_an_example_prints_what_it_printed(name: str, printed: dict[str, str]) -> None:
    assert (FOLDER / name).read_bytes().decode() == printed.get(name), ANEW


def test_no_file_of_an_example_is_missing(printed: dict[str, str]) -> None:
    assert sorted(printed) == NAMES, ANEW
