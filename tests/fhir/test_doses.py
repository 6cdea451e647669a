"""Wherever a record tells of more than its numbers, the higher dose stays possible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

import msrisk
from msrisk.fhir import read_bundle
from msrisk.fhir.telling import may_raise
from msrisk.model.profile import Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry

from .records import bundle

ABOVE = "ala-daily-dose-above-studied"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ONE = {"value": 1, "unit": "capsule"}
MG = {"value": 300, "unit": "mg"}
DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
STRENGTH = {"numerator": MG, "denominator": {"value": 1, "unit": "capsule"}}
INSIDE = {"itemCodeableConcept": {"text": "alpha lipoic acid"}, "strength": STRENGTH}
REFERRED: dict[str, Any] = {"of": None, "medicationReference": {"reference": "#m"}}


def medication(**more: Any) -> dict[str, Any]:
    """Return what contains the medicine and refers to it."""
    return REFERRED | {"contained": [{"resourceType": "Medication", "id": "m", **more}]}


# What is taken, by its name, by a code alone, or by what is in it; and how much each time.
PRODUCTS: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "by its name": ({"of": "alpha lipoic acid"}, MG),
    "by its name and strength": ({"of": "alpha lipoic acid 300 mg"}, ONE),
    "by code alone": ({"of": {"coding": [{"system": RXNORM, "code": "1115570"}]}}, MG),
    "by what is in it": (medication(ingredient=[INSIDE]), ONE),
    "by what it is called and holds": (
        medication(code={"text": "alpha lipoic acid"}, ingredient=[INSIDE]),
        ONE,
    ),
    "by what another product holds": (
        medication(code={"text": "multivitamin"}, ingredient=[INSIDE]),
        ONE,
    ),
}
SAID = {"url": "https://example.org/said", "valueString": "{}"}
# Where words may stand that tell of a dose.
PLACES: dict[str, Mapping[str, Any]] = {
    "the text": {"direction": {"text": "{}"}},
    "the instruction": {"direction": {"patientInstruction": "{}"}},
    "the advice": {"direction": {"additionalInstruction": [{"text": "{}"}]}},
    "the name of an advice": {
        "direction": {"additionalInstruction": [{"coding": [{"code": "1", "display": "{}"}]}]}
    },
    "an extension of the directions": {"direction": {"extension": [SAID]}},
    "one inside another": {"direction": {"extension": [{"url": "x", "extension": [SAID]}]}},
    "one of a text": {"direction": {"_text": {"extension": [SAID]}}},
    "one of the resource": {"resource": {"extension": [SAID]}},
    "a note": {"resource": {"note": [{"text": "{}"}]}},
    "the directions as they are shown": {"resource": {"renderedDosageInstruction": "{}"}},
    "the timing": {"direction": {"timing": {"repeat": DAILY, "code": {"text": "{}"}}}},
}
RAISING = (
    "2400 mg daily",
    "increase every three days to 8 capsules daily",
    "8 capsules daily before or after meals",
    "may take 8 capsules",
    "do not take more than 8 a day",
    "2.4 g",
    "2 capsules 4 times a day",
    "2-2-2-2",
    "je 8 Stück",
    "8 in the morning",
)


def filled(value: Any, words: str) -> Any:
    """Return a value with words in place of every “{}”."""
    if isinstance(value, Mapping):
        return {key: filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    return words if value == "{}" else value


def outcome(product: str, place: str, words: str) -> tuple[str, str]:
    """Return what becomes of the rule of a high dose, and what the account says."""
    taken, quantity = PRODUCTS[product]
    direction = {"doseAndRate": [{"doseQuantity": quantity}], "timing": {"repeat": DAILY}}
    more = filled(PLACES[place], words)
    resource = {
        "resourceType": "MedicationStatement",
        **taken,
        "dosage": [direction | more.get("direction", {})],
        **more.get("resource", {}),
    }
    told = read_bundle(bundle([resource]), on="2026-12-01")
    listed = told.profile.supplements
    assert isinstance(listed, msrisk.Entries)
    profile = msrisk.PatientProfile(
        supplements=listed.items,
        medications=msrisk.NONE_REPORTED,
        conditions=msrisk.NONE_REPORTED,
        allergies=msrisk.NONE_REPORTED,
        symptoms=msrisk.NONE_REPORTED,
        age_years=40,
        weight_kg=70,
    )
    (one,) = [
        one for one in msrisk.assess(profile).assessments if one.substance == "alpha-lipoic-acid"
    ]
    why = " ".join(told.account[1].why)
    if ABOVE in {finding.rule for finding in one.findings}:
        return "finding", why
    return "open" if ABOVE in {asked.rule for asked in one.open_questions} else "closed", why


@pytest.mark.parametrize("product", PRODUCTS)
def test_numbers_alone_close_the_rule_of_a_high_dose(product: str) -> None:
    for words in ("Take with food", "With or after food", "Swallow whole with water"):
        for place in ("the advice", "a note"):
            assert outcome(product, place, words)[0] == "closed", (words, place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("product", PRODUCTS)
def test_words_of_a_higher_dose_keep_it_possible_wherever_they_stand(
    product: str, place: str
) -> None:
    for words in RAISING:
        became, why = outcome(product, place, words)
        assert became != "closed", words
        assert "its dose is not understood, or told in ways that differ" in why, words


@pytest.mark.parametrize(
    "words",
    [
        "take for 5 days",
        "take 30 minutes before breakfast",
        "1-0-0-0 Stück",
        "täglich: 1-mal je 1 Stück",
        "1 capsule, 3 refills",
        "as directed",
        "taken since 3 months",
    ],
)
def test_words_that_tell_no_more_close_what_the_numbers_close(words: str) -> None:
    assert not may_raise([words], {300, 1})
    assert outcome("by its name", "a note", words)[0] == "closed"


@pytest.mark.parametrize(
    ("quantity", "product"),
    [
        ({"value": 300, "unit": "mL"}, "alpha lipoic acid"),
        ({"value": 300, "unit": "mg", "comparator": ">"}, "alpha lipoic acid"),
        ({"value": 300, "unit": "g", "code": "mg"}, "alpha lipoic acid"),
        ({"value": 300, "unit": "mL"}, "alpha lipoic acid 300 mg"),
    ],
)
def test_an_amount_that_is_not_understood_is_said_whatever_the_name_tells(
    quantity: Any, product: str
) -> None:
    direction = {"doseAndRate": [{"doseQuantity": quantity}]}
    resource = {"resourceType": "MedicationStatement", "of": product, "dosage": [direction]}
    told = read_bundle(bundle([resource]), on="2026-12-01")
    assert "its dose is not understood, or told in ways that differ" in told.account[1].why


def test_that_directions_allow_more_than_they_make_is_said() -> None:
    most = {"numerator": {"value": 1800, "unit": "mg"}, "denominator": {"value": 1, "unit": "d"}}
    direction = {
        "doseAndRate": [{"doseQuantity": MG}],
        "timing": {"repeat": DAILY},
        "maxDosePerPeriod": most,
    }
    resource = {
        "resourceType": "MedicationStatement",
        "of": "alpha lipoic acid",
        "dosage": [direction],
    }
    told = read_bundle(bundle([resource]), on="2026-12-01")
    assert told.account[1].why == ("its directions allow more a day than they make",)


def test_an_amount_without_an_upper_end_is_said_so() -> None:
    direction = {
        "doseAndRate": [{"doseQuantity": MG}],
        "timing": {"repeat": DAILY},
        "additionalInstruction": [{"text": "may be doubled"}],
    }
    resource = {
        "resourceType": "MedicationStatement",
        "of": "alpha lipoic acid",
        "dosage": [direction],
    }
    told = read_bundle(bundle([resource]), on="2026-12-01")
    assert "at least 300 mg each time, 1 times a day" in told.account[1].read_as[0]
    assert "at least 300 mg at a time" in " ".join(str(msrisk.assess(told.profile)).split())


def test_advice_is_the_directions_where_nothing_else_tells_an_amount() -> None:
    direction = {"additionalInstruction": [{"text": "take 300 mg twice a day"}]}
    resource = {
        "resourceType": "MedicationStatement",
        "of": "alpha lipoic acid",
        "dosage": [direction],
    }
    (taken,) = read_bundle(bundle([resource]), on="2026-12-01").profile.supplements.items  # type: ignore[union-attr]  # a list is told
    assert taken.name == "alpha lipoic acid: take 300 mg twice a day"


def test_a_quantity_in_an_extension_is_compared_too() -> None:
    said = {"url": "https://example.org/total", "valueQuantity": {"value": 2400, "unit": "mg"}}
    direction = {
        "doseAndRate": [{"doseQuantity": MG}],
        "timing": {"repeat": DAILY},
        "extension": [said],
    }
    resource = {
        "resourceType": "MedicationStatement",
        "of": "alpha lipoic acid",
        "dosage": [direction],
    }
    told = read_bundle(bundle([resource]), on="2026-12-01")
    assert "its dose is not understood, or told in ways that differ" in told.account[1].why


@pytest.mark.parametrize("name", ["frequency", "frequencyMax", "period", "periodMax"])
@pytest.mark.parametrize("wrong", ["2", 0, -1, True, [2], {"value": 2}])
def test_a_number_of_how_often_that_cannot_be_read_is_no_once(name: str, wrong: Any) -> None:
    for more in ({}, {"code": {"coding": [{"code": "BID"}]}}):
        direction = {
            "doseAndRate": [{"doseQuantity": MG}],
            "timing": {"repeat": DAILY | {name: wrong}, **more},
        }
        resource = {
            "resourceType": "MedicationStatement",
            "of": "alpha lipoic acid",
            "dosage": [direction],
        }
        told = read_bundle(bundle([resource]), on="2026-12-01")
        (taken,) = told.profile.supplements.items  # type: ignore[union-attr]  # a list is told
        assert (taken.dose_mg, taken.times_per_day) == (300, None)


def test_times_of_a_wrong_type_are_no_once() -> None:
    direction = {"doseAndRate": [{"doseQuantity": MG}], "timing": {"repeat": "thrice"}}
    code = {"code": {"coding": [{"code": "QD"}]}}
    direction["timing"] |= code  # type: ignore[operator]  # an object
    resource = {
        "resourceType": "MedicationStatement",
        "of": "alpha lipoic acid",
        "dosage": [direction],
    }
    told = read_bundle(bundle([resource]), on="2026-12-01")
    (taken,) = told.profile.supplements.items  # type: ignore[union-attr]  # a list is told
    assert taken.times_per_day is None


@pytest.mark.parametrize(
    ("words", "daily"),
    [
        ("600 mg once a day", 600),
        ("Take 600mg twice a day", 1200),
        ("take 2 x 600 mg daily", 1200),
        ("600 mg in the morning and 600 mg at night", None),
        ("300 mg three times a day", None),
    ],
)
def test_directions_may_tell_the_strength_of_the_product_again(
    words: str, daily: float | None
) -> None:
    resource = {
        "resourceType": "MedicationStatement",
        "medicationCodeableConcept": {"text": "alpha lipoic acid 600 mg"},
        "dosage": [{"text": words}],
    }
    listed = read_bundle(bundle([resource]), on="2026-12-01").profile.supplements
    assert isinstance(listed, msrisk.Entries)
    (item,) = listed.items
    dose = recognise_entry(Entry(item.name), "supplement", RuleSet.default()).dose
    told = None if dose is None or math.isinf(dose.daily.high) else dose.daily.high
    assert told == daily
