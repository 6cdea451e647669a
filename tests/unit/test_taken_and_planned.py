"""What is taken, planned, prescribed and stopped is told apart, and nothing is asked twice."""

from __future__ import annotations

import msrisk
from msrisk.model.profile import NONE_REPORTED, PatientProfile, Supplement

from .rendering_checks import one_line


def screen(profile: PatientProfile) -> str:
    return one_line(msrisk.assess(profile).render("text", "screen"))


def test_of_a_product_taken_and_one_planned_it_is_said_which_is_taken() -> None:
    taken = Supplement("R-lipoic acid", taking=True)
    both = PatientProfile(supplements=[taken, Supplement("alpha lipoic acid", taking=False)])
    assert "Already taken: R-lipoic acid." in screen(both)
    (one,) = msrisk.assess(both).assessments
    assert (one.products, one.started) == (
        ("R-lipoic acid", "alpha lipoic acid"),
        ("R-lipoic acid",),
    )
    assert "You already take it." in screen(PatientProfile(supplements=[taken]))


def test_of_a_case_that_is_taken_the_product_that_is_planned_is_not_said_to_be() -> None:
    planned = Supplement("Immunocal", taking=False)
    said = screen(PatientProfile(supplements=[planned], medications=["Fluimucil 600 mg"]))
    precursor = said.partition("N-ACETYLCYSTEINE")[0]
    assert "Already taken: Fluimucil." in precursor
    assert "You already take it." not in precursor


def test_other_medicines_are_to_be_kept_only_where_there_are_others() -> None:
    keep = "Keep taking your other medicines"
    assert keep not in screen(PatientProfile(medications=["thioctic acid 600 mg"]))
    assert keep not in screen(
        PatientProfile(
            supplements=["alpha lipoic acid"], medications=["stopped metformin last week"]
        )
    )
    for medicines in (["thioctic acid 600 mg", "Prograf?"], ["foozumab"]):
        assert keep in screen(PatientProfile(medications=medicines))


def test_whoever_stopped_something_is_asked_whether_any_is_taken_now() -> None:
    report = msrisk.assess(
        PatientProfile(
            supplements=["alpha lipoic acid stopped last week"],
            conditions=["no more migraine, ended"],
        )
    )
    asked = [one.question for one in report.unrecognised]
    assert "“alpha lipoic acid stopped last week”: do you take any of it now?" in asked
    past = msrisk.assess(
        PatientProfile(supplements=["alpha lipoic acid"], conditions=["previous diabetes"])
    )
    assert "“previous diabetes”: is it so now?" in [one.question for one in past.unrecognised]


def test_what_stands_among_the_questions_is_not_asked_again_of_the_entry() -> None:
    profile = PatientProfile(
        supplements=["alpha lipoic acid", "multivitamin"],
        medications=NONE_REPORTED,
        conditions=["RRMS"],
        allergies=NONE_REPORTED,
        symptoms=NONE_REPORTED,
    )
    said = one_line(msrisk.assess(profile).render("text", "full"))
    body = said.partition("To be asked")[2]
    assert body.count("What exactly is meant by “multivitamin”?") == 1
    assert "“multivitamin” (supplements): ambiguous" in body
