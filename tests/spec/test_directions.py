"""Every line of `directions.toml`: directions of one product and the dose that they tell."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from msrisk.model.quantities import Amount
from msrisk.recognition.direction_glance import NAME, OTHER, UNKNOWN_DOSE, Directions
from msrisk.recognition.doses import read_directions

LINES: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("directions.toml").read_text("utf-8")
)


def lines() -> Iterator[tuple[str, str]]:
    for section in LINES.values():
        yield from section.items()


def written(amount: Amount) -> str:
    """Return an amount as the lines write it: "600", "1..2", "1..", "?"."""
    if math.isinf(amount.high):
        return f"{amount.low:.6g}.." if amount.low else "?"
    if amount.low == amount.high:
        return f"{amount.low:.6g}"
    return f"{amount.low:.6g}..{amount.high:.6g}"


def read(words: str) -> Directions:
    return read_directions(words.replace("NAME", NAME).replace("OTHER", OTHER))


@pytest.mark.parametrize(("words", "expected"), list(lines()))
def test_directions_tell_this_dose(words: str, expected: str) -> None:
    dose = read(words).dose
    told = f"{written(dose.each)} / {written(dose.daily)} / {written(dose.times)}"
    assert told == ("? / ? / ?" if expected == "unknown" else expected)


def test_there_are_many_lines_and_most_kinds_are_told_apart() -> None:
    assert sum(map(len, LINES.values())) >= 250
    assert all(LINES.values())


@pytest.mark.parametrize("words", [*LINES["certain"], *LINES["languages"]])
def test_what_is_understood_leaves_no_words(words: str) -> None:
    told = read(words)
    assert told.dose == UNKNOWN_DOSE or not told.left or math.isinf(told.dose.daily.high)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("NAME 1200 mg daily, now halved", ("halved",)),
        ("NAME 1800 mg daily and hs", ("hs",)),
        ("NAME 600 mg capsules twice daily", ("600 mg",)),
        ("NAME 600 mg bid and sometimes at night", ("sometimes", "night")),
        ("NAME 600 mg 3 days", ("3 days",)),
        ("NAME 600 mg in the morning with OTHER and at night", ("night",)),
    ],
)
def test_words_that_leave_it_open_are_named_for_the_question(
    words: str, left: tuple[str, ...]
) -> None:
    assert read(words).left == left
