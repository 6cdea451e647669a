"""What a typed line says to the question which thing was meant."""

from __future__ import annotations

import pytest

from msrisk.asking.echo import in_words
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


TAKING = Question(
    ("taking", "NAC"), "supplements", Kind.YES_NO, "Started?", text="NAC", part="taking"
)


@pytest.mark.parametrize(
    "line",
    ["Already started.", "I already take it", "taking it now", "yes, I take it", "already",
     "I'm on it", "I am already taking it", "I've started to take it", "I take it every day"],
)  # fmt: skip
def test_whoever_says_in_other_words_that_it_was_started_is_understood(line: str) -> None:
    assert read(line, TAKING) is True


@pytest.mark.parametrize(
    "line",
    ["not yet", "No, not yet.", "I have not started", "haven't started yet", "considering it",
     "only thinking about it", "I plan to take it", "I do not take it", "I'm not taking it yet"],
)  # fmt: skip
def test_whoever_says_in_other_words_that_it_is_considered_is_understood(line: str) -> None:
    assert read(line, TAKING) is False


@pytest.mark.parametrize("line", ["not any more", "I stopped", "sometimes", "I start tomorrow"])
def test_what_says_neither_is_asked_again(line: str) -> None:
    with pytest.raises(ProfileError, match="already started"):
        read(line, TAKING)


def test_such_words_answer_no_other_question() -> None:
    other = Question(("yes or no", "x"), "ms_symptoms_severe", Kind.YES_NO, "Severe?")
    with pytest.raises(ProfileError, match="yes"):
        read("already started", other)


WHAT = Question(("names", "medications"), "medications", Kind.NAMES, "Which medicines?")


@pytest.mark.parametrize("line", ["no", "No.", "nope"])
def test_a_no_to_a_list_says_that_there_is_nothing_to_list(line: str) -> None:
    assert read(line, WHAT) is Said.NONE


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (1, "once a day"),
        ((1, 1), "once a day"),
        (2, "2 times a day"),
        ((1, 2), "1 to 2 times a day"),
    ],
)
def test_how_often_is_said_as_people_say_it(times: int | tuple[int, int], words: str) -> None:
    key = ("times_per_day", "alpha lipoic acid")
    often = Question(key, "supplements", Kind.NUMBER, "How many times a day?", part="times_per_day")
    assert in_words(often, times) == words
