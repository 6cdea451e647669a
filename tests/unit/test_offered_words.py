"""Each word that a question offers as an answer is understood in the list that it is told in."""

from __future__ import annotations

import re

import pytest

import msrisk

KINDS = {"allergies": "allergy", "symptoms": "symptom"}
RULES = (
    ("ala-other-supplements", "supplement", ("vitamin D", "magnesium", "turmeric", "fish oil"), ""),
    (
        "ala-glucose-affecting-medication",
        "medication",
        ("insulin", "metformin", "cortisone tablets"),
        "glucose-affecting-medication",
    ),
    (
        "ala-glucose-affecting-medication",
        "condition",
        ("diabetes", "prediabetes", "insulin resistance"),
        "",
    ),
    (
        "ala-medication-may-shift-blood-sugar",
        "medication",
        ("insulin", "cortisone tablets"),
        "glucose-affecting-medication",
    ),
    (
        "ala-reported-low-blood-sugar",
        "symptom",
        ("low blood sugar", "shakiness", "sweating"),
        "low-blood-sugar-symptom",
    ),
    (
        "glutathione-immunomodulator",
        "medication",
        ("interferon beta", "glatiramer"),
        "immunomodulating-medication",
    ),
    ("glutathione-milk-protein-allergy", "allergy", ("milk", "casein", "whey"), "milk-protein"),
    (
        "both-supplements-together",
        "supplement",
        ("Glutathione", "undenatured whey", "N-acetylcysteine (NAC)"),
        "glutathione-precursor",
    ),
    ("ala-minerals", "supplement", ("Iron", "calcium", "magnesium"), "mineral-supplement"),
    (
        "silence-minerals",
        "supplement",
        ("Iron", "calcium", "magnesium", "zinc"),
        "mineral-supplement",
    ),
)


@pytest.mark.parametrize("field", KINDS)
def test_what_the_question_for_a_list_offers_is_recognised_in_it(field: str) -> None:
    (prompt,) = (one for one in msrisk.RuleSet.default().fields if one.id == field)
    (offered,) = re.findall(r"Think of (?:foods such as )?([^.?]*)[.?]", prompt.question)
    kinds_of_things = {"anything else", "of medicines and of supplements"}
    names = set(offered.split(", ")) - kinds_of_things
    assert names
    for name in names:
        assert msrisk.recognise(name, KINDS[field]).status == "recognised", name


@pytest.mark.parametrize("told", ["pregnant", "breast-feeding", "waiting for an operation"])
def test_what_the_question_for_conditions_offers_is_recognised(told: str) -> None:
    (prompt,) = (one for one in msrisk.RuleSet.default().fields if one.id == "conditions")
    assert told in prompt.question
    assert msrisk.recognise(told, "condition").status == "recognised"


@pytest.mark.parametrize(("rule", "kind", "names", "concept"), RULES)
def test_what_the_question_of_a_rule_offers_is_what_the_rule_asks_about(
    rule: str, kind: str, names: tuple[str, ...], concept: str
) -> None:
    (question,) = (one.question for one in msrisk.RuleSet.default().rules if one.id == rule)
    for name in names:
        assert name in question
        found = msrisk.recognise(name, kind)
        assert found.concepts if not concept else concept in found.concepts, name


def test_no_question_offers_a_name_that_is_not_tried_here() -> None:
    tried = {rule for rule, *_ in RULES}
    offering = {
        one.id
        for one in msrisk.RuleSet.default().rules
        if re.search(r"such as|raise it|are minerals", one.question)
    }
    assert offering <= tried
