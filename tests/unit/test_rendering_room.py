"""Whatever has no room on the first screen is counted there, and nothing is ordered twice."""

from __future__ import annotations

import re

import msrisk
from msrisk.model.profile import PatientProfile, Supplement
from tests.burden.patients import SEED, patients

from .rendering_checks import one_line


def test_what_the_emergency_line_orders_is_not_ordered_again_below_it() -> None:
    report = msrisk.assess(
        PatientProfile(
            supplements=[Supplement("alpha lipoic acid", taking=True)],
            symptoms=["swollen face"],
        )
    )
    said = one_line(report.render("text", "screen"))
    assert said.count("call the emergency number") == 1
    assert "Swollen face: this can be a sign of an allergic reaction" in said


def test_of_products_that_are_alike_what_is_taken_comes_before_what_is_considered() -> None:
    report = msrisk.assess(
        PatientProfile(
            supplements=[
                Supplement("alpha lipoic acid", taking=False),
                Supplement("Immunocal", taking=True),
            ],
            symptoms=["swollen face"],
        )
    )
    names = [one.name for one in report.summary.substances]
    assert names == ["glutathione precursor", "alpha lipoic acid"]


def test_no_finding_goes_without_being_counted_on_the_first_screen() -> None:
    for intake in patients(SEED)[1::5]:
        report = msrisk.assess(PatientProfile.from_dict(intake))
        counted = sum(
            map(int, re.findall(r"(\d+) (?:URGENT|CONTRA|CAUTION|INFORM)", title(report)))
        )
        rules = {one.rule for of in report.assessments for one in of.findings}
        assert counted >= len(rules)


def title(report: msrisk.Report) -> str:
    lines = report.render("text", "screen").splitlines()
    return next((line for line in lines if re.search(r"\(\d+ [A-Z]+", line)), "")
