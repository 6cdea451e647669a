"""Dose words become amounts only where they are certain; what they leave open is unknown."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from msrisk.api import recognise
from msrisk.model.concepts import Dose
from msrisk.model.profile import Supplement
from msrisk.model.quantities import Amount
from msrisk.recognition.characters import normalised
from msrisk.recognition.doses import UNKNOWN_DOSE, dose_of, read_directions

Numbers = tuple[float, float] | float | None


def dose_in_words(words: str) -> Dose:
    """Return the dose that words without a name tell."""
    return read_directions(normalised(words)).dose


def _is(amount: Amount, expected: Numbers) -> bool:
    if expected is None:
        return amount.low == 0 and math.isinf(amount.high)
    low, high = expected if isinstance(expected, tuple) else (expected, expected)
    return math.isclose(amount.low, low) and math.isclose(amount.high, high)


KNOWN: list[tuple[str, Numbers, Numbers, Numbers]] = [
    # words, each, daily, times
    ("900 mg twice a day", 900, 1800, 2),
    ("0.6 g BID", 600, 1200, 2),
    ("600 mg daily", None, 600, None),
    ("600 mg per day", None, 600, None),
    ("600mg/d", None, 600, None),
    ("600 mg every day", None, 600, None),
    ("daily alpha lipoic acid 600 mg", None, 600, None),
    ("600 mg total", None, 600, None),
    ("600 mg once daily", 600, 600, 1),
    ("600 mg, one a day", 600, 600, 1),
    ("600 mg q.d.", 600, 600, 1),
    ("300 mg three times per day", 300, 900, 3),
    ("300 mg 3 x daily", 300, 900, 3),
    ("300 mg 2x/day", 300, 600, 2),
    ("300 mg t.i.d.", 300, 900, 3),
    ("300 mg qid", 300, 1200, 4),
    ("300 mg every 12 hours", 300, 600, 2),
    ("300 mg q8h", 300, 900, 3),
    ("300 mg 1-2 times a day", 300, (300, 600), (1, 2)),
    ("1200 mg/day in two divided doses", 600, 1200, 2),
    ("1800 mg in 3 doses", 600, 1800, 3),
    ("1,200 mg daily", None, 1200, None),
    ("0,6 g daily", None, 600, None),
    ("600 μg daily", None, 0.6, None),
    ("600 micrograms twice daily", 0.6, 1.2, 2),
    ("300-600 mg daily", None, (300, 600), None),
    ("300 to 600 mg twice daily", (300, 600), (600, 1200), 2),
    ("600mg", 600, None, None),
    ("600 mg since 2019", 600, None, None),
    ("600 mg every morning", 600, 600, 1),
    ("600 mg every other day", 600, 300, 0.5),
    ("600 mg twice a week", 600, 171, 2 / 7),
    ("600 mg every 3 days", 600, 200, 1 / 3),
    ("up to 600 mg daily", None, (0, 600), None),
    ("300 mg x 2 daily", (300, 600), 600, (1, 2)),
    ("2 x 300 mg daily", (300, 600), 600, (1, 2)),
    ("300 mg in the morning and 600 mg at night", (300, 600), 900, 2),
    ("600 mg morning and evening", 600, 1200, 2),
    ("600 mg with breakfast, lunch and dinner", 600, 1800, 3),
    ("600 mg capsule twice daily", 600, 1200, 2),
    ("600 mg twice a day (1200 mg daily)", 600, 1200, 2),
    ("1200 mg daily (600 mg twice a day)", 600, 1200, 2),
    ("600 mg twice daily, 1200 mg total", 600, 1200, 2),
    ("omega-3 1000 mg daily with B12", None, 1000, None),
    ("300 mg 2 capsules twice a day", (300, 600), (600, 1200), 2),
]
TIMES_ONLY = [
    ("two capsules twice a day", 2),
    ("600 mg capsules twice daily", 2),
    ("600 mg daily twice a day", 2),
    ("BID", 2),
]
UNKNOWN = [
    "alpha lipoic acid",
    "1 to 2 capsules",
    "600 mg as needed",
    "600 mg PRN",
    "about 600 mg daily",
    "at least 600 mg",
    "~600 mg",
    "half of 600 mg",
    "two 300 mg capsules",
    "600 mg, 60 capsules",
    "600 mg tablet",
    "600 mg 60 ct",
    "600 mg per capsule",
    "100 mg/ml daily",
    "10 mg/kg",
    "1.200 mg daily",
    "1,200 g daily",
    "300 mg morning, 600 mg night, daily",
    "300 mg twice a day and 900 mg daily",
    "300 mg, 600 mg and 900 mg",
    "600 mg in the evening at bedtime",
    "600 mg twice",
    "600 mg 3x",
    "600 mg twice a day, three times a day",
    "600 mg 100 times a day",
    "999999 g daily",
    "0 mg daily",
    "started at 300 mg daily",
]


@pytest.mark.parametrize(("words", "each", "daily", "times"), KNOWN)
def test_words_that_are_certain_give_amounts(
    words: str, each: Numbers, daily: Numbers, times: Numbers
) -> None:
    dose = dose_in_words(words)
    assert _is(dose.each, each), dose
    assert _is(dose.daily, daily), dose
    assert _is(dose.times, times), dose


@pytest.mark.parametrize(("words", "times"), TIMES_ONLY)
def test_words_that_only_count_the_doses_give_no_amount(words: str, times: float) -> None:
    dose = dose_in_words(words)
    assert _is(dose.times, times), dose
    assert _is(dose.each, None), dose
    assert _is(dose.daily, None), dose


@pytest.mark.parametrize("words", UNKNOWN)
def test_words_that_are_not_certain_stay_unknown(words: str) -> None:
    assert dose_in_words(words) == UNKNOWN_DOSE


PIECES = [
    "600", "1,200", "0.6", "mg", "g", "mcg", "a day", "twice", "x", "-", "to", "BID", "2", "daily",
    "capsules", "every", "hours", "(", ")", "/", " ", "divided", "doses", "morning",
]  # fmt: skip


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(max_size=1000) | st.lists(st.sampled_from(PIECES), max_size=120).map(" ".join))
@example("1" * 1000)
@example("1 " * 500)
@example("1,1" * 333)
@example("1 mg " * 200)
@example("one x" + " " * 900)
@example("9" * 400 + " mg 9 times a day")
def test_any_words_are_read_in_milliseconds_and_give_amounts_in_order(text: str) -> None:
    start = time.perf_counter()
    dose = dose_in_words(text)
    assert time.perf_counter() - start < 1  # generous: milliseconds, on a busy machine too
    for amount in (dose.each, dose.daily, dose.times):
        assert 0 <= amount.low <= amount.high


def _dose(
    words: str,
    dose_mg: float | None = None,
    daily_dose_mg: float | None = None,
    times_per_day: float | None = None,
) -> tuple[list[tuple[float, float]], bool]:
    told = Supplement(words, dose_mg, daily_dose_mg, times_per_day)
    dose, agree = dose_of(told, dose_in_words(words))
    return [(one.low, one.high) for one in (dose.each, dose.daily, dose.times)], agree


ANY = (0, math.inf)


def test_fields_alone_complete_each_other() -> None:
    assert _dose("NAC", dose_mg=600, times_per_day=2) == ([(600, 600), (1200, 1200), (2, 2)], True)
    assert _dose("NAC", daily_dose_mg=1200, times_per_day=2)[0][0] == (600, 600)
    assert _dose("NAC", daily_dose_mg=1200, dose_mg=600)[0][2] == (2, 2)
    assert _dose("NAC") == ([ANY, ANY, ANY], True)


def test_fields_and_words_complete_each_other() -> None:
    assert _dose("NAC 600 mg", times_per_day=2) == ([(600, 600), (1200, 1200), (2, 2)], True)
    assert _dose("NAC BID", daily_dose_mg=1200) == ([(600, 600), (1200, 1200), (2, 2)], True)


def test_an_amount_that_may_be_nothing_tells_no_number_of_doses() -> None:
    assert _dose("NAC up to 600 mg", daily_dose_mg=1200) == ([(0, 600), (1200, 1200), ANY], True)


def test_fields_and_words_that_agree_up_to_rounding_are_one_statement() -> None:
    dose, agree = _dose("NAC 333 mg 3 times a day", daily_dose_mg=1000)
    assert agree
    assert dose[0] == (333, 333)


def test_fields_that_narrow_a_range_of_words_are_taken() -> None:
    assert _dose("NAC 300-600 mg", dose_mg=600)[0][0] == (600, 600)


@pytest.mark.parametrize(
    ("words", "fields", "daily"),
    [
        ("NAC 600 mg twice a day", {"daily_dose_mg": 600}, (600, 1200)),
        ("NAC 600 mg twice a day", {"times_per_day": 3}, (1200, 1800)),
        ("NAC 600 mg", {"dose_mg": 300}, ANY),
        ("NAC", {"dose_mg": 600, "times_per_day": 2, "daily_dose_mg": 600}, (600, 1200)),
    ],
)
def test_fields_and_words_that_contradict_give_the_range_that_holds_both(
    words: str, fields: dict[str, float], daily: tuple[float, float]
) -> None:
    dose, agree = _dose(words, **fields)
    assert not agree
    assert dose[1] == daily


def test_a_group_and_one_of_its_medicines_are_one_product_with_one_dose() -> None:
    dose = recognise("steroid cream prednisolone 5 mg daily", "medication").dose
    assert dose is not None
    assert _is(dose.daily, 5)
