"""Laws of directions: what a word more, another spelling or another product can do to a dose."""

from __future__ import annotations

import math
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from msrisk.model.concepts import Dose
from msrisk.recognition.characters import normalised
from msrisk.recognition.direction_glance import NAME, OTHER
from msrisk.recognition.direction_words import STEMS, WORDS
from msrisk.recognition.doses import UNKNOWN_DOSE, read_directions

pytestmark = pytest.mark.slow

LINES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent.parent / "spec" / "directions.toml").read_text("utf-8")
)
CERTAIN = list(LINES["certain"])
# An amount with nothing but how often: what is added can be nothing else than an addition.
PLAIN = [
    f"{amount} {often}"
    for amount in ("600 mg", "1.2 g", "300 mg take 2 caps", "two 300 mg capsules")
    for often in ("bid", "tid", "twice daily", "3 times a day", "every 8 hours", "every 12 h")
]
DOUBTS = sorted(word for word, (kind, _, _) in WORDS.items() if kind == "doubt" and word != "⁄")
RATES = sorted(word for word, (kind, _, _) in WORDS.items() if kind == "rate")
COUNTS = [
    "two",
    "three",
    "ii",
    "iii",
    "pair",
    "2",
    "3",
    "2 caps",
    "two capsules",
    "x 2",
    "3x",
    "half",
]
HOURS = ["at bedtime", "noon", "in the morning", "before dinner", "hs", "mane"]
FREQUENT = [*DOUBTS, *RATES, *COUNTS, *STEMS, "weekly", "every other day", "on sundays", "monthly"]


def dose_in_words(words: str) -> Dose:
    """Return the dose that words without a name tell."""
    return read_directions(normalised(words)).dose


def certain(dose: Dose) -> bool:
    return not math.isinf(dose.daily.high) and dose.daily.low == dose.daily.high


def named(words: str) -> str:
    return words.replace("NAME", NAME) if "NAME" in words else f"{NAME} {words}"


@given(st.sampled_from(PLAIN), st.sampled_from(FREQUENT))
def test_a_word_more_of_count_or_frequency_never_leaves_the_same_certain_dose(
    words: str, more: str
) -> None:
    before, after = (read_directions(named(one)).dose for one in (words, f"{words} {more}"))
    same = more in RATES and read_directions(f"1 mg {more}").dose.times == before.times
    assert certain(before)
    assert same or not (certain(after) and after.daily == before.daily)


@given(st.sampled_from(CERTAIN), st.sampled_from(DOUBTS), st.booleans())
def test_a_word_of_doubt_leaves_no_dose(words: str, doubt: str, first: bool) -> None:
    words = f"{doubt} {named(words)}" if first else f"{named(words)} {doubt}"
    assert read_directions(words).dose == UNKNOWN_DOSE


@given(
    st.sampled_from(PLAIN + CERTAIN), st.sampled_from(HOURS), st.sampled_from(["and", "+", "plus"])
)
@example("600 mg daily", "at bedtime", "and")
def test_one_more_hour_behind_and_never_lowers_the_dose(words: str, hour: str, sign: str) -> None:
    before = read_directions(named(words)).dose
    after = read_directions(f"{named(words)} {sign} {hour}").dose
    assert after.daily.low >= before.daily.low or after == UNKNOWN_DOSE or after.daily.low == 0
    assert after.daily.high >= before.daily.high or math.isinf(before.daily.high)


@given(st.sampled_from(CERTAIN), st.sampled_from(["upper", "wide", "spaces", "lines"]))
def test_case_width_and_blanks_change_nothing(words: str, how: str) -> None:
    changed = {
        "upper": words.upper(),
        "wide": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in words),
        "spaces": words.replace(" ", "  \u00a0"),
        "lines": f"\n{words}\t",
    }[how]
    assert dose_in_words(changed) == dose_in_words(words)


@given(st.sampled_from(["bid", "tid", "qid", "qd", "od", "bd", "tds", "qds", "qod", "eod", "bds"]))
def test_dots_in_an_abbreviation_change_nothing(short: str) -> None:
    plain = read_directions(f"{NAME} 600 mg {short}").dose
    for dotted in (".".join(short), ".".join(short) + ".", ". ".join(short) + "."):
        assert read_directions(f"{NAME} 600 mg {dotted}").dose == plain


@given(
    st.sampled_from(PLAIN),
    st.sampled_from(["5 mg", "5 mg bid", "twice daily", "2 caps", "in the morning", "halved"]),
    st.sampled_from([", ", " and ", " + ", " with ", "; "]),
)
def test_directions_of_another_product_leave_the_dose_or_make_it_unknown(
    words: str, others: str, sign: str
) -> None:
    alone = read_directions(f"{NAME} {words}").dose
    assert read_directions(f"{NAME} {words}{sign}{OTHER} {others}").dose in (alone, UNKNOWN_DOSE)
    assert read_directions(f"{NAME}{sign}{OTHER} {others}").dose == UNKNOWN_DOSE
    assert read_directions(f"{OTHER} {others}{sign}{NAME} {words}").dose in (alone, UNKNOWN_DOSE)


@given(
    st.sampled_from(CERTAIN), st.sampled_from(["from amazon", "for my nerves", "please", "xyzzy"])
)
def test_words_that_cannot_be_about_a_dose_change_nothing(words: str, more: str) -> None:
    words = named(words)
    assert read_directions(f"{words} {more}").dose == read_directions(words).dose


@given(st.lists(st.sampled_from([*WORDS, "2", "600", "1", ",", "-", "(", "1-0-1", "1 200"])))
@example(["and"] * 2000)
@example(["1", "-"] * 2000)
@example(["1", "to"] * 2000)
@example(["mon", "and"] * 2000)
@example(["every"] * 2000)
@example(["600 mg", "am", ","] * 700)
@example(["b."] * 2000)
@example([NAME, OTHER] * 1000)
def test_any_words_are_read_soon_and_give_amounts_in_order(words: list[str]) -> None:
    start = time.perf_counter()
    dose = read_directions(" ".join(words)).dose
    assert time.perf_counter() - start < 1  # generous: milliseconds, on a busy machine too
    for amount in (dose.each, dose.daily, dose.times):
        assert 0 <= amount.low <= amount.high
