"""What a typed line says to the question which thing was meant."""

from __future__ import annotations

import pytest

from msrisk.asking.form import Kind, Question, Said
from msrisk.cli.replies import read
from msrisk.errors import ProfileError

WHICH = Question(("which", "supplements", "foopowder"), "supplements", Kind.WHICH, "What is it?")


@pytest.mark.parametrize("line", ["no", "No.", "none"])
def test_a_no_leaves_what_was_told_as_it_is(line: str) -> None:
    assert read(line, WHICH) is Said.UNKNOWN


def test_a_yes_says_not_which() -> None:
    with pytest.raises(ProfileError, match="the whole entry in other words"):
        read("yes", WHICH)


def test_other_words_take_its_place() -> None:
    assert read("food powder", WHICH) == "food powder"
