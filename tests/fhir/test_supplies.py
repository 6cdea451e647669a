"""What was handed out, beside the directions: pieces, days, and the strength of one."""

from __future__ import annotations

from typing import Any

import pytest

import msrisk
from msrisk.fhir import read_bundle
from msrisk.fhir.account import Line

from .records import bundle

DIFFERS = "what was handed out is for another amount a day than its directions make"
UNSURE = "its dose is not understood, or told in ways that differ"
ABOVE = "ala-daily-dose-above-studied"
DAILY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
MG = {"doseAndRate": [{"doseQuantity": {"value": 300, "unit": "mg"}}], "timing": DAILY}
ONE = {"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "capsule"}}], "timing": DAILY}
DAYS: dict[str, Any] = {"value": 30, "unit": "days", "code": "d"}


def pieces(value: float, unit: str | None = "capsule") -> dict[str, Any]:
    return {"value": value} | ({} if unit is None else {"unit": unit})


def dispensed(name: str, direction: Any, quantity: Any, days: Any = DAYS) -> list[dict[str, Any]]:
    """Return a dispense, and the order of one, that say the same."""
    both: dict[str, Any] = {"of": name, "dosageInstruction": [direction]}
    asked = {"quantity": quantity, "expectedSupplyDuration": days}
    return [
        {"resourceType": "MedicationDispense", **both, "quantity": quantity, "daysSupply": days},
        {"resourceType": "MedicationRequest", **both, "dispenseRequest": asked},
    ]


def read(resource: dict[str, Any]) -> tuple[Line, str]:
    """Return the line of an entry, and what becomes of the rule of a high dose."""
    told = read_bundle(bundle([resource]), on="2026-12-01")
    items = told.profile.supplements.items  # type: ignore[union-attr]  # a list is told
    nothing = msrisk.NONE_REPORTED
    profile = msrisk.PatientProfile(supplements=items, medications=nothing, conditions=nothing)
    (one,) = msrisk.assess(profile).assessments
    if ABOVE in {finding.rule for finding in one.findings}:
        return told.account[1], "finding"
    asked = {question.rule for question in one.open_questions}
    return told.account[1], "open" if ABOVE in asked else "closed"


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("alpha lipoic acid 300 mg", MG),
        ("alpha lipoic acid 300 MG Oral Capsule", MG),
        ("alpha lipoic acid 300 mg capsule", ONE),
        ("alpha lipoic acid 300 mg capsule", {"text": "Take 1 capsule daily"}),
    ],
)
def test_more_handed_out_than_the_directions_make_keeps_a_high_dose_possible(
    name: str, direction: Any
) -> None:
    for resource in dispensed(name, direction, pieces(360)):
        line, became = read(resource)
        assert (became, DIFFERS in line.why) == ("open", True)
    for resource in dispensed(name, direction, pieces(30)):
        line, became = read(resource)
        assert (became, line.why) == ("closed", ())


@pytest.mark.parametrize(
    ("quantity", "days"),
    [
        (pieces(33), DAYS),
        (pieces(30, None), {"value": 30}),
        (pieces(28), {"value": 4, "unit": "week(s)"}),
        (pieces(100, "Kapsel"), {"value": 90, "unit": "Tage"}),
        (pieces(90), {"value": 3, "unit": "mo"}),
        (pieces(9, "g"), DAYS),
    ],
)
def test_a_package_more_or_less_is_no_contradiction(quantity: Any, days: Any) -> None:
    for resource in dispensed("alpha lipoic acid 300 mg capsule", MG, quantity, days):
        line, became = read(resource)
        assert (became, line.why) == ("closed", ())


@pytest.mark.parametrize(
    ("quantity", "days"),
    [
        (pieces(360, "mL"), DAYS),
        (pieces(-360), DAYS),
        (pieces(360), {"value": 0, "unit": "d"}),
        (pieces(360), {"value": 30, "unit": "refills"}),
        (pieces(360), None),
        (None, DAYS),
        ({"unit": "capsule"}, DAYS),
    ],
)
def test_what_cannot_be_compared_changes_nothing(quantity: Any, days: Any) -> None:
    for resource in dispensed("alpha lipoic acid 300 mg capsule", MG, quantity, days):
        assert read(resource)[0].why == ()


def test_less_handed_out_than_the_directions_make_is_said() -> None:
    for resource in dispensed("alpha lipoic acid 300 mg capsule", MG, pieces(10)):
        assert DIFFERS in read(resource)[0].why


def test_pieces_of_no_known_strength_are_not_compared() -> None:
    for resource in dispensed("alpha lipoic acid", MG, pieces(360)):
        line, became = read(resource)
        assert (became, line.why) == ("closed", ())


def test_directions_that_tell_no_amount_stay_open() -> None:
    for resource in dispensed("alpha lipoic acid 300 mg", {"text": "Take"}, pieces(360)):
        assert read(resource)[1] == "open"


def test_an_ingredient_tells_the_strength_of_what_was_handed_out() -> None:
    strength = {"numerator": {"value": 300, "unit": "mg"}, "denominator": {"value": 1}}
    inside = {"itemCodeableConcept": {"text": "alpha lipoic acid"}, "strength": strength}
    made_of = {"resourceType": "Medication", "id": "m", "ingredient": [inside]}
    more = {"of": None, "medicationReference": {"reference": "#m"}, "contained": [made_of]}
    for resource in dispensed("", ONE, pieces(360)):
        line, became = read(resource | more)
        assert (became, DIFFERS in line.why) == ("open", True)


@pytest.mark.parametrize(
    ("mg", "name"),
    [
        (300, "alpha lipoic acid 300 mg capsule, 1 capsules 1 times a day"),
        (600, "alpha lipoic acid 300 mg capsule, 2 capsules 1 times a day"),
        (150, "alpha lipoic acid 300 mg capsule, 0.5 capsules 1 times a day"),
    ],
)
def test_the_strength_in_a_name_is_no_dose_beside_one_in_numbers(mg: float, name: str) -> None:
    dose = {"doseAndRate": [{"doseQuantity": {"value": mg, "unit": "mg"}}], "timing": DAILY}
    of = {"resourceType": "MedicationRequest", "of": "alpha lipoic acid 300 mg capsule"}
    line, became = read(of | {"dosageInstruction": [dose]})
    assert (became, line.why) == ("closed", ())
    assert line.read_as[0].startswith(f"supplements: “{name}”")


def test_a_dose_in_numbers_that_no_pieces_make_is_doubtful_beside_a_strength() -> None:
    dose = {"doseAndRate": [{"doseQuantity": {"value": 400, "unit": "mg"}}], "timing": DAILY}
    of = {"resourceType": "MedicationRequest", "of": "alpha lipoic acid 300 mg capsule"}
    assert UNSURE in read(of | {"dosageInstruction": [dose]})[0].why
