"""The second evaluator on facts made by hand: what one entry tells, in one list, of one test.

The invented rules of the specification are used, and every list that is not told is
complete and empty.
"""

from __future__ import annotations

import pytest

from msrisk.model import conditions as c
from msrisk.model.concepts import ANYTHING, Dose, Possible, Recognition
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)
from msrisk.model.quantities import Amount, Unit
from tests.spec.cases import rules

from . import oracle
from .oracle_leaves import EITHER, NO, YES, Outcomes, leaf_outcomes
from .strategies import KIND_OF, changed

Decided = tuple[Outcomes, set[str]]

CALM = c.Takes("calming-medicine")
ANY = c.TakesAnyMedication()
OTHER = c.TakesOtherSupplement()
FEVER = c.HasCondition("hill-fever")
BEYOND = c.HasConditionBeyond(("hill-fever",))
NETTLE = c.AllergicTo("nettle")
KINWORT = c.AllergicTo("kinwort")
BESIDE = c.TakesSupplement("kinwort")
HUM = c.ReportsSymptom("humming")


def other_than(field: str) -> list[str]:
    return [name for name in LIST_FIELDS if name != field]


def told(
    field: str,
    *ids: str,
    allergens: tuple[str, ...] = (),
    possible: Possible | tuple[str, ...] = (),
    heard: tuple[str, ...] = (),
    may_be_allergens: tuple[str, ...] = (),
    says: bool | None = True,
) -> Fact:
    """Return an entry that names these ids; drugs are told by their class besides."""
    drugs = {one.id for one in rules().vocabulary.drugs}
    recognition = Recognition(
        text="an entry",
        kind=KIND_OF[field],
        concepts=frozenset(ids) - drugs,
        named=frozenset(ids),
        possible=frozenset(possible) if isinstance(possible, tuple) else possible,
        heard=frozenset(heard),
        allergens=frozenset(allergens),
        may_be_allergens=frozenset(may_be_allergens),
        says=says,
    )
    entry: Entry | Supplement = Entry("an entry")
    if field == "supplements":
        entry = Supplement("an entry")
    daily = Amount(600, 600, Unit.MG_PER_DAY)
    dose = Dose(Amount.unknown(Unit.MG), daily, Amount(1, 1, Unit.PER_DAY))
    return Fact(field, entry, recognition, dose, says)


def facts_of(*some: Fact) -> Facts:
    """Return the facts of a profile with these entries, and else with nothing."""
    by_field = {name: tuple(f for f in some if f.field == name) for name in LIST_FIELDS}
    lists: dict[str, object] = {
        name: Entries(tuple(f.entry for f in facts), complete=True) if facts else NONE_REPORTED
        for name, facts in by_field.items()
    }
    return Facts(changed(PatientProfile(), **lists), by_field)


def decided(leaf: c.Condition, *some: Fact, substance: str = "memberwort") -> Decided:
    outcomes, fields = leaf_outcomes(leaf, substance, facts_of(*some), rules())
    return outcomes, set(fields)


@pytest.mark.parametrize("field", LIST_FIELDS)
@pytest.mark.parametrize(
    ("leaf", "id_"), [(CALM, "calming-medicine"), (FEVER, "hill-fever"), (BESIDE, "kinwort")]
)
def test_what_is_certain_counts_in_every_list(field: str, leaf: c.Condition, id_: str) -> None:
    assert decided(leaf, told(field, id_)) == (YES, set())


@pytest.mark.parametrize("field", LIST_FIELDS)
@pytest.mark.parametrize(
    ("leaf", "id_"),
    [(CALM, "calming-medicine"), (FEVER, "hill-fever"), (BESIDE, "kinwort"), (HUM, "humming")],
)
def test_what_is_possible_is_open_in_every_list(field: str, leaf: c.Condition, id_: str) -> None:
    assert decided(leaf, told(field, possible=(id_,))) == (EITHER, {field})
    assert field in decided(leaf, told(field, possible=ANYTHING, heard=(id_,)))[1]


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_a_symptom_is_certain_among_the_symptoms_alone(field: str) -> None:
    expected = (YES, set()) if field == "symptoms" else (EITHER, {field})
    assert decided(HUM, told(field, "humming")) == expected


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_an_allergen_counts_in_every_list_and_only_as_an_allergen(field: str) -> None:
    assert decided(KINWORT, told(field, "kinwort", allergens=("kinwort",))) == (YES, set())
    assert decided(KINWORT, told(field, "kinwort")) == (NO, set())
    perhaps = told(field, "kinwort", may_be_allergens=("kinwort",))
    assert decided(KINWORT, perhaps) == (EITHER, {field})
    assert decided(KINWORT, told(field, possible=("kinwort",))) == (NO, set())


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_what_is_told_as_an_allergen_may_be_taken(field: str) -> None:
    assert decided(BESIDE, told(field, "kinwort", allergens=("kinwort",))) == (EITHER, {field})
    class_ = "calming-medicine"
    assert decided(CALM, told(field, class_, allergens=(class_,))) == (EITHER, {field})


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_an_unrecognised_entry_may_be_what_its_field_tells_and_no_more(field: str) -> None:
    unknown = told(field, possible=ANYTHING)
    usual: dict[c.Condition, set[str]] = {
        CALM: {"medications"},
        FEVER: {"conditions"},
        NETTLE: {"conditions", "allergies"},
        HUM: {"symptoms"},
        BESIDE: {"supplements", "medications"},
    }
    for leaf, fields in usual.items():
        assert decided(leaf, unknown) == ((EITHER, {field}) if field in fields else (NO, set()))


@pytest.mark.parametrize("field", other_than("medications"))
def test_any_medication_is_one_that_is_certain_in_another_list(field: str) -> None:
    assert decided(ANY, told(field, "plainol", says=None)) == (YES, set())
    assert decided(ANY, told(field, "sleep-medicine")) == (YES, set())
    assert decided(ANY, told(field, "plainol", allergens=("plainol",))) == (EITHER, {field})
    assert decided(ANY, told(field, possible=("plainol",))) == (EITHER, {field})
    assert decided(ANY, told(field, possible=ANYTHING)) == (NO, set())


def test_any_medication_among_the_medications_is_one_that_the_entry_says_is_taken() -> None:
    field = "medications"
    assert decided(ANY, told(field, possible=ANYTHING)) == (YES, set())
    assert decided(ANY, told(field, "plainol", says=None)) == (EITHER, {field})
    assert decided(ANY, told(field, says=False)) == (NO, set())


@pytest.mark.parametrize("field", other_than("supplements"))
def test_another_supplement_is_one_that_is_certain_in_another_list(field: str) -> None:
    for id_ in ("pondsalt", "kinwort"):
        assert decided(OTHER, told(field, id_)) == (YES, set())
        assert decided(OTHER, told(field, id_, allergens=(id_,))) == (EITHER, {field})
        assert decided(OTHER, told(field, possible=(id_,))) == (EITHER, {field})
    assert decided(OTHER, told(field, "memberwort")) == (NO, set())
    assert decided(OTHER, told(field, "otherwort-lite"), substance="otherwort") == (NO, set())
    assert decided(OTHER, told(field, "plainol", possible=ANYTHING)) == (NO, set())


def test_nothing_but_medicines_among_the_supplements_is_no_other_supplement() -> None:
    field = "supplements"
    assert decided(OTHER, told(field, "plainol")) == (NO, set())
    assert decided(OTHER, told(field, "sleep-medicine", "plainol")) == (NO, set())
    assert decided(OTHER, told(field, "plainol", "pondsalt")) == (YES, set())
    # A medicine in no class, and perhaps more: what it is besides may be the assessed one.
    assert decided(OTHER, told(field, "plainol", possible=ANYTHING)) == (EITHER, {field})


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_a_condition_beyond_is_an_illness_of_any_list(field: str) -> None:
    assert decided(BEYOND, told(field, "valley-cough")) == (YES, set())
    assert decided(BEYOND, told(field, possible=("valley-cough",))) == (EITHER, {field})
    for inside in ("hill-fever", "high-hill-fever", "fever", "voyage"):
        assert decided(BEYOND, told(field, inside)) == (NO, set())
    unknown = decided(BEYOND, told(field, possible=ANYTHING))
    assert unknown == ((EITHER, {field}) if field == "conditions" else (NO, set()))


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_a_symptom_or_an_allergy_is_a_condition_beyond_among_the_conditions(field: str) -> None:
    there = field == "conditions"
    open_: Decided = (EITHER, {field}) if there else (NO, set())
    certain: Decided = (YES, set()) if there else (NO, set())
    assert decided(BEYOND, told(field, "humming")) == certain
    assert decided(BEYOND, told(field, possible=("humming",))) == open_
    assert decided(BEYOND, told(field, "nettle", allergens=("nettle",))) == certain
    perhaps = told(field, possible=("nettle",), may_be_allergens=("nettle",))
    assert decided(BEYOND, perhaps) == open_
    # What is left open without being named is nothing that the entry tells.
    assert decided(BEYOND, told(field, may_be_allergens=("nettle",))) == (NO, set())
    # A substance of that name that is taken is no allergy.
    assert decided(BEYOND, told(field, "kinwort")) == (NO, set())


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_a_covered_substance_that_any_list_names_is_assessed(field: str) -> None:
    for fact in (
        told(field, "kinwort"),
        told(field, possible=("kinwort",)),
        told(field, "kinwort", allergens=("kinwort",)),
    ):
        answer = oracle.evaluate(facts_of(fact), rules())
        assert [one.substance for one in answer.assessed] == ["kinwort"]
    unnamed = told(field, may_be_allergens=("kinwort",), says=None)
    answer = oracle.evaluate(facts_of(unnamed), rules())
    assert "kinwort" not in [one.substance for one in answer.assessed]
    uncovered = oracle.evaluate(facts_of(told(field, "pondsalt")), rules())
    named = ["pondsalt"] if field == "supplements" else []
    assert [one.substance for one in uncovered.assessed] == named


@pytest.mark.parametrize("field", other_than("supplements"))
def test_a_product_in_any_list_counts_unless_it_only_may_be_taken(field: str) -> None:
    much, taking = c.DailyDoseAbove("much-a-day"), c.Taking()
    beside = told("supplements", "kinwort")
    settled: Decided = (YES, set())
    open_: Decided = (EITHER, {"supplements"})
    for fact, expected in (
        (told(field, "kinwort"), settled),
        (told(field, possible=("kinwort",)), settled),
        (told(field, "kinwort", says=None), open_),
    ):
        assert decided(much, beside, fact, substance="kinwort") == expected
        assert decided(taking, fact, substance="kinwort") == expected
    borne = told(field, "kinwort", allergens=("kinwort",))
    assert decided(taking, borne, substance="kinwort") == open_
    # An allergy is told of the product that is listed, if one is.
    assert decided(much, beside, borne, substance="kinwort") == decided(
        much, beside, substance="kinwort"
    )
    nothing = told(field, "kinwort", says=False)
    assert decided(much, beside, nothing, substance="kinwort") == (NO, set())
