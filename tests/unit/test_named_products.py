"""Which products a report speaks of: those that were named, by their names, as they are taken."""

from __future__ import annotations

import pytest

import msrisk
from msrisk import Entry, PatientProfile, Supplement


def screen(profile: PatientProfile) -> str:
    return " ".join(msrisk.assess(profile).render("text", "screen").split())


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("allergies", "food allergies"),
        ("allergies", "anaphylaxis"),
        ("conditions", "history of anaphylaxis"),
        ("conditions", "food allergy"),
        ("symptoms", "allergic reaction"),
    ],
)
def test_an_allergy_to_nobody_says_what_names_no_product(field: str, told: str) -> None:
    given = {"supplements": ["vitamin D"], "medications": ["Ocrevus"], field: [told]}
    report = msrisk.assess(PatientProfile(**given))  # type: ignore[arg-type]  # one field by name
    assert [one.substance for one in report.assessments] == ["vitamin-d"]


def test_a_code_of_an_allergy_to_nobody_says_what_names_no_product() -> None:
    code = msrisk.Code("http://hl7.org/fhir/sid/icd-10-cm", "T78.2XXA")
    profile = PatientProfile(supplements=["vitamin D"], conditions=[Entry(codes=[code])])
    assert [one.substance for one in msrisk.assess(profile).assessments] == ["vitamin-d"]


def test_an_allergy_to_a_product_names_it_and_among_the_products_any_reaction_does() -> None:
    profile = PatientProfile(supplements=["vitamin D"], allergies=["glutathione"])
    named = msrisk.assess(profile)
    assert "glutathione-precursor" in {one.substance for one in named.assessments}
    reaction = msrisk.assess(PatientProfile(supplements=["serious allergic reaction"]))
    assert {one.substance for one in reaction.assessments} >= {"alpha-lipoic-acid"}


@pytest.mark.parametrize("name", ["prescribed NAC", "NAC on prescription", "NAC (Rx)"])
def test_what_is_said_to_be_prescribed_is_not_to_be_stopped(name: str) -> None:
    said = screen(
        PatientProfile(supplements=[Supplement(name, taking=True)], medications=["tacrolimus"])
    )
    assert "ASK THE PRESCRIBER BEFORE THE NEXT DOSE" in said
    assert "DO NOT TAKE IT" not in said


def test_what_nobody_prescribed_is_bought() -> None:
    bought = PatientProfile(
        supplements=[Supplement("NAC, not prescribed", taking=True)], medications=["tacrolimus"]
    )
    assert "DO NOT TAKE IT" in screen(bought)


def test_an_order_names_every_product_of_a_substance() -> None:
    products = [Supplement("whey protein", taking=True), Supplement("glutathione", taking=False)]
    said = screen(PatientProfile(supplements=products, allergies=["milk"], symptoms=["hives"]))
    assert "Take no more of glutathione and whey protein." in said


@pytest.mark.parametrize("behind", ["started", "already started", "started already"])
def test_that_it_was_started_hides_no_dose(behind: str) -> None:
    told = msrisk.recognise(f"alpha lipoic acid 1200 mg three times a day, {behind}", "supplement")
    assert told.dose is not None
    assert (told.dose.daily.low, told.dose.daily.high, told.taking) == (3600, 3600, True)


def test_what_is_planned_besides_says_nothing_of_a_supplement() -> None:
    told = msrisk.recognise("alpha lipoic acid; scheduled for cholecystectomy", "supplement")
    assert told.taking is None


def test_without_a_supplement_that_rules_know_nothing_is_said_of_rules() -> None:
    said = screen(PatientProfile(supplements=["vitamin D"], medications=["Ocrevus"]))
    assert "no rule applies" not in said.casefold()
    assert "no supplement with rules was named beside Ocrevus" in said


def test_what_is_grave_is_no_upset_stomach() -> None:
    for told in ("vomiting blood", "coughing up blood", "bloody diarrhea"):
        taken = [Supplement("alpha lipoic acid", taking=True)]
        report = msrisk.assess(PatientProfile(supplements=taken, symptoms=[told]))
        rules = {one.rule for one in report.assessments[0].findings}
        assert "ala-reported-mild-reaction" not in rules
        assert "ala-reported-other-symptom" in rules
