"""What was swallowed at once, today or an hour ago is read as one intake, or one day, at least."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk.model.concepts import Dose
from msrisk.model.quantities import Amount, Unit
from msrisk.recognition.doses import read_directions


def rules_for(words: str) -> tuple[set[str], set[str]]:
    """Return the rules that are findings, and those that are open, of a supplement in words."""
    profile = msrisk.PatientProfile(
        supplements=[words],
        medications=msrisk.NONE_REPORTED,
        conditions=["RRMS"],
        allergies=msrisk.NONE_REPORTED,
        symptoms=msrisk.NONE_REPORTED,
        age_years=40,
        weight_kg=70,
    )
    (one,) = msrisk.assess(profile).assessments
    return {f.rule for f in one.findings}, {q.rule for q in one.open_questions}


@pytest.mark.parametrize(
    "words",
    [
        "alpha lipoic acid: took 12 tablets of 600 mg at once",
        "I took 12 tablets of alpha lipoic acid 600 mg in one go",
        "alpha lipoic acid 600 mg, took 12 tablets at once",
        "swallowed 7 g alpha lipoic acid",
        "alpha lipoic acid, swallowed 7 g",
        "I swallowed 7 g of alpha lipoic acid",
        "swallowed 12 tablets of alpha lipoic acid 600 mg",
        "took 7 g of alpha lipoic acid this morning",
        "I had 7 g of alpha lipoic acid an hour ago",
        "alpha lipoic acid 600 mg daily, took 7 g yesterday",
        "overdosed on alpha lipoic acid 7 g",
        "alpha lipoic acid 7 g taken today",
    ],
)
def test_who_swallowed_so_much_is_told_that_it_is_urgent(words: str) -> None:
    assert "ala-overdose-taken" in rules_for(words)[0]


@pytest.mark.parametrize(
    "words",
    [
        "plan to take 12 tablets of 600 mg alpha lipoic acid at once",
        "planning to take 7 g of alpha lipoic acid as a single dose",
    ],
)
def test_who_plans_so_much_at_once_is_told_not_to(words: str) -> None:
    found, open_ = rules_for(words)
    assert "ala-overdose-considered" in found
    assert "ala-overdose-taken" not in found | open_


@pytest.mark.parametrize(
    "words",
    [
        "took 7 g of alpha lipoic acid",  # at once, or in a month: asked
        "alpha lipoic acid 6.5 g weekly",  # in one day, or in seven
        "alpha lipoic acid 600 mg, 12 tablets at once",  # 600 mg each, or in all
        "my daughter took 7 g of alpha lipoic acid today",
        "stopped alpha lipoic acid 7 g at once",
    ],
)
def test_what_may_have_been_so_much_is_asked(words: str) -> None:
    found, open_ = rules_for(words)
    assert "ala-overdose-taken" in open_
    assert "ala-overdose-taken" not in found


@pytest.mark.parametrize(
    "words",
    [
        "took alpha lipoic acid 600 mg daily for 2 years",
        "alpha lipoic acid 600 mg at once daily",
        "alpha lipoic acid 600 mg weekly",
    ],
)
def test_a_usual_amount_is_no_overdose_in_any_words(words: str) -> None:
    found, open_ = rules_for(words)
    assert not {"ala-overdose-taken", "ala-overdose-considered"} & (found | open_)


@given(each=st.floats(1, 10_000), times=st.integers(1, 60), days=st.integers(1, 31))
def test_some_day_brings_whole_intakes_and_no_less_than_the_mean(
    each: float, times: int, days: int
) -> None:
    often = times / days
    dose = Dose(
        Amount(each, each, Unit.MG),
        Amount(each * often, each * often, Unit.MG_PER_DAY),
        Amount(often, often, Unit.PER_DAY),
    )
    day = dose.of_a_day
    assert day.low == day.high
    assert math.isclose(day.low, each * -(-times // days), rel_tol=1e-6)


def test_a_day_brings_no_more_where_an_amount_may_be_of_one_or_of_all() -> None:
    for words in ("300 mg, 2 a day", "300 mg x 2 daily", "600 mg capsules, 2 daily"):
        dose = read_directions(words).dose
        assert dose.of_a_day == dose.daily
