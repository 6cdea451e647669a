"""What the first screen asks for, of what is taken, considered, or neither was said."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
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
