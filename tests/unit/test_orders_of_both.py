"""What to do with a product that was bought and one that was prescribed: each order once."""

from __future__ import annotations

import pytest

import msrisk
from msrisk.evaluation.naming import Blanks, sentences
from msrisk.evaluation.saying import as_prescribed
from msrisk.model.rules import Rule

SHIPPED = msrisk.RuleSet.default()
CONDITIONAL = [one for one in SHIPPED.rules if one.when is not None and one.action]
BOTH = (Blanks("Thiogamma capsules", "what was told"), Blanks("Thioctacid", "what was told"))
OPENING = 5


def finding() -> msrisk.Finding:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], age_years=70)
    return msrisk.assess(profile).assessments[0].findings[0]


@pytest.mark.parametrize("rule", CONDITIONAL, ids=[one.id for one in CONDITIONAL])
def test_no_order_is_given_twice_where_one_product_is_bought_and_another_prescribed(
    rule: Rule,
) -> None:
    said = as_prescribed(finding(), rule, BOTH)
    for text in (said.action, said.do):
        orders = [" ".join(one.split()[:OPENING]) for one in sentences(text)]
        assert sorted(orders) == sorted(set(orders)), text


def orders_of(**told: object) -> dict[str, str]:
    profile = msrisk.PatientProfile.from_dict(
        {
            "supplements": [{"name": "alpha lipoic acid 300 mg", "taking": True}],
            "allergies": "none",
            "symptoms": "none",
            **told,
        }
    )
    (assessment,) = msrisk.assess(profile).assessments
    return {one.rule: one.action for one in assessment.findings}


def test_with_cancer_the_doctor_who_treats_it_is_asked_once_about_both_products() -> None:
    said = orders_of(
        medications=["thioctic acid 600 mg on prescription"], conditions=["breast cancer"]
    )["ala-cancer-treatment"]
    assert said.count("Ask the doctor who treats the cancer") == 1
    assert "before the first or next dose of alpha lipoic acid and thioctic acid." in said
    assert said.endswith(
        "Ask the doctor who prescribed thioctic acid too. "
        "Do not stop a prescribed medicine because of this."
    )


def test_an_order_that_holds_for_both_products_names_them_together() -> None:
    said = orders_of(medications=["thioctic acid 600 mg on prescription", "ocrelizumab"])
    assert said["ala-immunosuppressive-medication"] == (
        "Do not stop, skip or change your treatment (ocrelizumab). Ask the prescriber before the "
        "first or next dose of alpha lipoic acid and thioctic acid."
    )


def test_of_a_prescribed_product_alone_nothing_is_said_about_one_that_was_bought() -> None:
    said = as_prescribed(
        finding(), next(one for one in CONDITIONAL if one.id == "ala-allergy"), BOTH[1:]
    )
    assert "Do not take" not in said.action
    assert "Thiogamma" not in said.action
