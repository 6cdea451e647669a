"""Whatever has no room on the first screen is counted there, and nothing is ordered twice."""

from __future__ import annotations

import re

import msrisk
from msrisk.model.profile import NONE_REPORTED, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from msrisk.rendering.points import points_of
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


CROWDED = PatientProfile(
    supplements=[Supplement("alpha lipoic acid 900 mg a day", taking=True), "Immunocal"],
    medications=["aspirin", "omeprazole"],
    conditions=["RRMS", "CKD stage 3", "pregnant", "operation in March", "foo disease"],
    allergies=NONE_REPORTED,
    symptoms=NONE_REPORTED,
    age_years=40,
    weight_kg=70,
    ms_symptoms_severe=False,
    replacing_ms_treatment=False,
)


def test_where_room_is_short_a_warning_stays_and_what_was_hoped_for_goes() -> None:
    said = one_line(msrisk.assess(CROWDED).render("text", "screen"))
    assert "- CKD stage 3 (alpha lipoic acid): protein in the urine" in said
    assert "- Pregnant (alpha lipoic acid): the MS trials left pregnancy out" in said
    assert "more at CAUTION" not in said
    assert "Hope:" not in said


def test_what_was_hoped_for_stands_wherever_no_warning_needs_its_line() -> None:
    for intake in patients(SEED)[::3]:
        said = one_line(msrisk.assess(PatientProfile.from_dict(intake)).render("text", "screen"))
        assert "Hope:" in said or "CAUTION" in said
        assert "Hope:" not in said or "more at CAUTION" not in said


def test_of_many_warnings_that_are_only_counted_nothing_is_told_but_them() -> None:
    many = PatientProfile(
        supplements=[Supplement("alpha lipoic acid 600 mg", taking=True), "Immunocal"],
        medications=["Synthroid", "aspirin", "baclofen", "Copaxone"],
        conditions=["operation planned", "asthma", "hepatitis", "alcohol dependence"],
        allergies=NONE_REPORTED,
        symptoms=["nausea", "yellow skin", "dizziness"],
        age_years=40,
        weight_kg=45,
        ms_symptoms_severe=False,
        replacing_ms_treatment=False,
    )
    screen = msrisk.assess(many).render("text", "screen")
    assert re.search(r"And \d more at CAUTION, in the full report: hepatitis and", screen)
    assert "Hope:" not in screen
    assert "NOT IN THE TEXTS: alcohol and vitamin B1 (thiamine) and" in one_line(screen)
    assert screen.count("\n") <= 25


def test_a_warning_about_a_product_names_it_once() -> None:
    much = Supplement("alpha lipoic acid", dose_mg=900, times_per_day=2, taking=True)
    said = one_line(
        msrisk.assess(PatientProfile(supplements=[much, "NAC"], symptoms=NONE_REPORTED)).render(
            "text", "screen"
        )
    )
    assert "- Alpha lipoic acid: this is more a day than was used in the trials" in said


def test_two_warnings_that_rest_on_the_same_and_ask_for_the_same_are_one_point() -> None:
    given = PatientProfile(
        supplements=[Supplement("alpha lipoic acid", taking=True)], symptoms=["shaky and sweaty"]
    )
    report = msrisk.assess(given)
    said = one_line(report.render("text", "screen"))
    assert said.count("If you feel faint or confused") == 1
    assert "insulin autoimmune syndrome" in said
    assert "yours may be low" in said
    assert "[A81, E013-14, E017, E020]" in said
    assert len(report.summary.substances[0].points) > len(points_of(report))


def test_what_a_sign_of_an_emergency_can_be_besides_is_named_with_its_source() -> None:
    given = PatientProfile(
        supplements=[Supplement("alpha lipoic acid", taking=True)], symptoms=["swollen ankles"]
    )
    said = one_line(msrisk.assess(given).render("text", "screen"))
    assert "Also: signs of kidney trouble, in the full report." in said
    assert "[A79-80, E002, E004-05, E007]" in said


def test_no_effect_calls_the_product_it_behind_what_the_patient_told() -> None:
    """ "Aspirin: it made platelets less reactive" would be said of the aspirin."""
    wrong = re.compile(r"^it\b|\b(?:with|of|by|that|whether|against) it\b")
    assert [one.id for one in RuleSet.default().rules if wrong.search(one.effect)] == []


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
