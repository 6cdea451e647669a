"""What the first screen asks for, of what is taken, considered, or neither was said."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
from msrisk.evaluation.naming import beginning
from msrisk.evaluation.summarising import summary_of

BEFORE = "tell your doctor or pharmacist before you take it"


@pytest.mark.parametrize(
    ("taking", "verdict"),
    [
        (True, "tell your doctor or pharmacist that you take it"),
        (False, BEFORE),
        (None, f"{BEFORE}, or that you do"),
    ],
)
def test_whoever_did_not_say_whether_it_is_taken_is_asked_for_both(
    taking: bool | None, verdict: str
) -> None:
    report = msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid"]))
    (one,) = report.assessments
    told = evolve(one, level=msrisk.Level.INFORM, taking=taking)
    (shown,) = summary_of(evolve(report, assessments=(told,))).substances
    assert shown.verdict == verdict


@pytest.mark.parametrize(
    ("told", "listed"),
    [
        ("none", ()),
        ("stopped tacrolimus", ()),
        ("metformin?", ("metformin?",)),
        ("maybe metformin, stopped tacrolimus", ("maybe metformin, stopped tacrolimus",)),
    ],
)
def test_all_is_listed_as_taken_but_what_was_stopped_and_words_for_none(
    told: str, listed: tuple[str, ...]
) -> None:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], medications=[told])
    assert msrisk.assess(profile).medicines == listed


def test_a_long_word_behind_a_short_one_is_cut_and_not_left_out() -> None:
    assert beginning(f"{'a' * 15} {'b' * 40}") == f"{'a' * 15} {'b' * 24}"
    assert beginning(f"{'a' * 20} {'b' * 40}") == "a" * 20
