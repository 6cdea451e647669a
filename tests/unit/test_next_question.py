"""What is asked of the products: which of them were started, and how much it is."""

from __future__ import annotations

from typing import Any

import pytest

import msrisk
from msrisk.evaluation.naming import ELSE
from msrisk.model.profile import NONE_REPORTED, Supplement
from msrisk.model.results import ToAsk

from .rendering_checks import one_line


def asked_of_products(*products: str | Supplement, **known: Any) -> ToAsk:
    told = {"symptoms": ["itching"], **known}
    report_ = msrisk.assess(msrisk.PatientProfile(supplements=products, **told))
    return next(one for one in report_.to_ask if one.field == "supplements")


def test_whether_it_was_started_is_asked_by_name_beside_other_products() -> None:
    begun = Supplement("alpha lipoic acid 300 mg twice a day", taking=True)
    alone = asked_of_products("alpha lipoic acid 600 mg")
    assert alone.question == "Have you already started to take the supplement?"
    for products in ((begun, "Immunocal"), ("Immunocal", "vitamin D")):
        beside = asked_of_products(*products)
        assert beside.question == "Have you already started to take “Immunocal”?"
    both = asked_of_products("Immunocal", "alpha lipoic acid 600 mg")
    assert both.question == (
        "Which of these have you already started to take: “Immunocal” and “alpha lipoic acid”?"
    )
    names = [
        "undenatured whey protein isolate",
        "liposomal glutathione",
        "alpha-lipoic acid",
        "NAC",
    ]
    many = asked_of_products(*names)
    assert many.short == many.question
    assert many.short.startswith("Which of these have you already started to take: “undenatured")


def test_of_what_was_started_the_amount_is_asked_and_nothing_of_another_product() -> None:
    begun = Supplement("alpha lipoic acid", taking=True)
    beside = asked_of_products(begun, "Immunocal", symptoms=NONE_REPORTED)
    assert beside.question.startswith("How many milligrams of alpha lipoic acid a day")
    medicine = asked_of_products("vitamin D", medications=["thioctic acid 600 mg"])
    assert medicine.question.startswith("How many milligrams of alpha lipoic acid a day")


def test_a_sign_told_among_the_illnesses_is_asked_about_in_its_words() -> None:
    profile = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"],
        conditions=["trouble breathing since yesterday"],
        symptoms=NONE_REPORTED,
    )
    report = msrisk.assess(profile)
    (asked,) = (one for one in report.to_ask if one.field == "conditions")
    assert asked.short == "What exactly is meant by “trouble breathing since yesterday”?"
    said = report.render("text", "screen")
    assert said.index("EMERGENCY") < said.index("NOT KNOWN YET")


def test_where_the_amount_could_bring_more_it_is_asked_before_whether_it_was_started() -> None:
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], symptoms=["tired"])
    report = msrisk.assess(profile, packs=["texts"])
    (asked,) = (one for one in report.to_ask if one.field == "supplements")
    assert asked.question.startswith("How many milligrams of alpha lipoic acid a day")


@pytest.mark.parametrize(
    ("field", "typed", "asked"),
    [
        (
            "allergies",
            "no known drug allergies",
            f"“no known drug allergies” {ELSE}",
        ),
        ("allergies", "milk protein", "Do you take a product with “milk protein” in it?"),
        (
            "conditions",
            "kidney transplant 2019",
            "Which medicines do you take because of “kidney transplant 2019”?",
        ),
    ],
)
def test_of_an_entry_that_is_understood_only_what_it_leaves_open_is_asked(
    field: str, typed: str, asked: str
) -> None:
    told: dict[str, Any] = {field: [typed]}
    report = msrisk.assess(msrisk.PatientProfile(supplements=["glutathione"], **told))
    assert asked in [one.short for one in report.to_ask]
    assert "What exactly is meant" not in report.render("text", "handout")
    assert asked in one_line(report.render("text", "handout"))
