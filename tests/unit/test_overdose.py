"""How much of alpha lipoic acid is told as too much: taken or planned, by weight, in the R form."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import msrisk
from msrisk.model.results import Report

from .test_evidence import assessed

OF_A_CHILD = 50
"""Milligrams for each kilogram, above which a product text sends children to hospital."""


def amount(daily: float, **told: Any) -> dict[str, Any]:
    return {"name": "alpha lipoic acid", "daily_dose_mg": daily, "times_per_day": 1, **told}


def takes(*supplements: object, **change: Any) -> Report:
    quiet = {"medications": "none", "conditions": ["RRMS"], **change}
    return assessed(supplements=list(supplements), **quiet)


def rules(report: Report) -> set[str]:
    return {one.rule for part in report.assessments for one in part.findings}


# --- Taken, considered, or planned beside what is taken ---


def test_much_that_is_planned_beside_a_little_that_is_taken_is_no_emergency() -> None:
    planned = amount(6000, taking=False) | {"name": "Thiogamma"}
    report = takes(amount(600, taking=True), planned)
    assert report.level is report.worst_case is msrisk.Level.CONTRAINDICATED
    assert "ala-overdose-considered" in rules(report)


def test_two_amounts_that_were_taken_are_an_emergency_together() -> None:
    report = takes(amount(3000, taking=True), amount(3000, taking=True) | {"name": "Thiogamma"})
    assert report.level is msrisk.Level.URGENT
    (found,) = [
        one
        for part in report.assessments
        for one in part.findings
        if one.rule == "ala-overdose-taken"
    ]
    assert "6000 mg a day" in {one.recognised_as for one in found.because}


def test_what_may_have_been_taken_may_be_an_emergency() -> None:
    report = takes(amount(600, taking=True), amount(6000) | {"name": "Thiogamma"})
    assert report.level is msrisk.Level.CONTRAINDICATED
    assert report.worst_case is msrisk.Level.URGENT


def test_an_emergency_rests_on_what_was_taken_and_not_on_what_is_planned() -> None:
    planned = amount(600, taking=False) | {"name": "Thiogamma"}
    report = takes(amount(6000, taking=True), planned)
    (found,) = [
        one
        for part in report.assessments
        for one in part.findings
        if one.rule == "ala-overdose-taken"
    ]
    assert "Thiogamma" not in {one.text for one in found.because}


# --- Children, by steps of weight ---


@pytest.mark.parametrize("kilograms", [1, 2.5, 5.9, 6, 8, 11.9, 12, 15, 19.9, 20, 25, 29.9, 30, 45])
def test_no_child_takes_more_than_a_product_text_bears_without_being_told(
    kilograms: float,
) -> None:
    much = kilograms * OF_A_CHILD + 1
    report = takes(amount(much, taking=True), age_years=9, weight_kg=kilograms)
    assert report.level is msrisk.Level.URGENT


def test_a_child_whose_weight_nobody_told_may_be_of_any() -> None:
    report = takes(amount(600, taking=True), age_years=9, weight_kg=None)
    assert report.worst_case is msrisk.Level.URGENT
    assert "ala-overdose-taken" not in rules(report)


# --- The R form ---

R_FORM = (
    "R-ALA",
    "R-lipoic acid",
    "R-alpha lipoic acid",
    "Na-R-ALA",
    "stabilized R-lipoic acid",
    "K-R-ALA",
    "RALA",
    "R(+)-lipoic acid",
)


@pytest.mark.parametrize(("name", "mg"), list(product(R_FORM, (300, 600))))
def test_the_r_form_is_read_and_counts_double(name: str, mg: int) -> None:
    words = takes({"name": f"{name} {mg} mg twice a day", "taking": True})
    (assessment,) = words.assessments
    assert assessment.substance == "alpha-lipoic-acid"
    assert "ala-r-form-counts" in rules(words)
    assert ("ala-r-form-above-studied" in rules(words)) is (mg == 600)


def test_the_r_form_is_no_other_supplement_and_none_that_is_not_covered() -> None:
    report = takes({"name": "R-ALA", "dose_mg": 300, "times_per_day": 2, "taking": True})
    assert rules(report) == {"ala-r-form-counts"}
    assert report.worst_case is msrisk.Level.INFORM


def test_the_usual_mixture_says_nothing_of_the_r_form() -> None:
    assert not {one for one in rules(takes(amount(1200, taking=True))) if "r-form" in one}
