"""The page for the patient: its orders, what is taken, and what gives way where room is short."""

from __future__ import annotations

import msrisk
from msrisk.model.profile import PatientProfile, Supplement
from msrisk.model.results import Report

from .rendering_checks import one_line

PAGE = 54
"""So many lines of text are one sheet of paper at 10.5 points."""


def page(report: Report) -> str:
    return one_line(report.render("text", "handout"))


def test_an_order_of_a_caution_stands_on_the_page_and_what_is_to_be_asked_in_its_box() -> None:
    much = Supplement("alpha lipoic acid", dose_mg=600, times_per_day=3, taking=True)
    said = page(msrisk.assess(PatientProfile(supplements=[much], symptoms=["low blood sugar"])))
    orders = said.partition("UNTIL THIS HAS BEEN ASKED")[2].partition("SHOW THIS PAGE")[0]
    assert "Do not take more." in orders
    assert "If you feel faint or confused, get help at once." in orders
    assert "- Ask" not in orders
    assert "which amount is right for me?" in said


def test_the_page_names_each_supplement_with_its_amount() -> None:
    taken = Supplement("alpha lipoic acid", dose_mg=600, times_per_day=3)
    said = page(msrisk.assess(PatientProfile(supplements=[taken, "vitamin D 5000 IU"])))
    assert (
        "Supplements, taken or planned: alpha lipoic acid, 600 mg at a time, 3 times a day; "
        "vitamin D 5000 IU." in said
    )
    once = Supplement("alpha lipoic acid", dose_mg=600, times_per_day=1)
    assert "600 mg at a time, once a day." in page(
        msrisk.assess(PatientProfile(supplements=[once]))
    )
    long = page(msrisk.assess(PatientProfile(supplements=[f"alpha lipoic acid {'x ' * 400}"])))
    assert "more characters)." in long


def test_that_no_medicine_is_to_be_stopped_is_said_once_of_all_and_of_a_prescribed_product() -> (
    None
):
    beside = PatientProfile(supplements=["alpha lipoic acid"], medications=["levothyroxine"])
    said = page(msrisk.assess(beside))
    assert "Keep taking your other medicines" in said
    assert "Do not change the medicine" not in said
    both = PatientProfile(medications=["Thioctacid 600 mg", "tacrolimus", "Fluimucil prescribed"])
    orders = page(msrisk.assess(both)).partition("UNTIL THIS")[2].partition("YOUR OTHER")[0]
    assert orders.count("Tacrolimus: Do not stop") == 1
    product = PatientProfile(medications=["thioctic acid"], conditions=["type 2 diabetes"])
    assert "Do not stop a prescribed medicine." in page(msrisk.assess(product))


def test_where_room_is_short_questions_are_counted_and_no_order_is() -> None:
    report = msrisk.assess(
        PatientProfile(
            supplements=[
                Supplement("alpha lipoic acid 1800 mg a day", taking=True),
                Supplement("NAC", taking=True),
                *(f"foopowder {n}" for n in range(30)),
            ],
            medications=[
                *(
                    "insulin",
                    "levothyroxine",
                    "warfarin",
                    "ocrelizumab",
                    "prednisolone",
                    "nitroglycerin",
                ),
                *(f"foozumab {n}" for n in range(60)),
            ],
            conditions=[
                "asthma",
                "liver disease",
                "kidney disease",
                "cancer",
                "diabetes",
                "pregnant",
            ],
            allergies=["penicillin"],
            symptoms=["nausea", "sweating", "foamy urine", "dizziness", "jaundice"],
            age_years=70,
            weight_kg=45,
            ms_symptoms_severe=True,
        )
    )
    lines = report.render("text", "handout").splitlines()
    assert len(lines) <= PAGE + 10
    said = one_line("\n".join(lines))
    assert "more: they are in the full report." in said
    for order in ("Do not take more.", "If you feel faint or confused, get help at once."):
        assert order in said
    assert "Here is the list of ALL I take" in said


def test_beneath_an_emergency_nothing_milder_is_ordered_of_the_same_sign() -> None:
    taken = Supplement("alpha lipoic acid 600 mg", taking=True)
    said = page(msrisk.assess(PatientProfile(supplements=[taken], symptoms=["hives"])))
    assert "YOU REPORT HIVES: GET HELP NOW" in said
    assert "If you have not started" not in said
