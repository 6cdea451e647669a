"""What a report calls the products that somebody takes."""

from __future__ import annotations

import msrisk
from msrisk.evaluation.naming import given
from msrisk.model.checks import BOUNDS
from msrisk.model.profile import PatientProfile, Supplement


def test_a_headline_names_no_product_that_has_one_of_its_own() -> None:
    profile = PatientProfile(
        supplements=["glutathione precursor", "NAC 600 mg"], medications=["azathioprine"]
    )
    report = msrisk.assess(profile)
    named = {one.substance: one.products for one in report.assessments}
    assert named == {
        "glutathione-precursor": ("glutathione precursor",),
        "n-acetylcysteine": ("NAC",),
    }


def test_an_amount_has_an_upper_end_unless_it_may_be_whatever_a_field_holds() -> None:
    most = BOUNDS["dose_mg"][1]
    for amount, said in (((600, 900), "600 to 900"), ((600, most), "at least 600")):
        assert given(Supplement("ALA", dose_mg=amount)) == f"ALA, {said} mg at a time"


def test_an_allergy_to_what_is_taken_is_no_second_product_with_an_amount_of_its_own() -> None:
    profile = PatientProfile(
        supplements=[Supplement("ALA", daily_dose_mg=300, times_per_day=1, taking=True)],
        allergies=["alpha lipoic acid"],
    )
    (one,) = msrisk.assess(profile).assessments
    assert {"ala-allergy", "ala-daily-dose-below-studied"} <= {found.rule for found in one.findings}
