"""A rule, claim or threshold in words."""

from __future__ import annotations

import pytest
from attrs import evolve

from msrisk.model import conditions as nodes
from msrisk.model.rules import EVERY, Claim, Review, Rule, RuleSet
from msrisk.model.sources import Citation
from msrisk.rendering.rule_words import (
    claim_lines,
    condition_words,
    rule_lines,
    threshold_lines,
)

RULES = RuleSet.default()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (nodes.Takes("thyroid-medication"), "takes a drug of the class "),
        (nodes.TakesAnyMedication(), "takes any medicine"),
        (nodes.TakesSupplement("alpha-lipoic-acid"), "takes or considers alpha lipoic acid"),
        (nodes.TakesOtherSupplement(), "takes or considers another supplement"),
        (nodes.HasCondition("diabetes"), "has diabetes"),
        (nodes.HasCondition("pregnancy"), "is concerned by pregnancy"),
        (nodes.HasConditionBeyond(("diabetes",)), "has a medical condition other than diabetes"),
        (nodes.ReportsSymptomBeyond(("hives",)), "reports a symptom other than hives"),
        (nodes.AllergicTo("milk-protein"), "is allergic to milk protein"),
        (nodes.ReportsSymptom("hives"), "reports hives"),
        (nodes.AgeAtLeast("older-adult-years"), "is at least 65 years old"),
        (nodes.AgeBelow("adult-years"), "is younger than 18 years"),
        (nodes.WeightBelow("low-body-weight-kg"), "weighs less than 50 kg"),
        (
            nodes.DailyDoseAbove("ala-studied-daily-dose-high"),
            "takes more than 1200 mg a day over all products",
        ),
        (
            nodes.DailyDoseTakenAbove("ala-studied-daily-dose-high"),
            "takes more than 1200 mg a day over all products that were started",
        ),
        (
            nodes.DailyDoseBelow("ala-studied-daily-dose-low"),
            "takes less than 600 mg a day over all products",
        ),
        (
            nodes.DosesPerDayBelow("ala-usual-doses-per-day"),
            "takes it in fewer than 2 doses a day",
        ),
        (nodes.Taking(), "has started the supplement"),
        (nodes.States("ms_symptoms_severe"), "says yes to: "),
        (
            nodes.All((nodes.Taking(), nodes.Any((nodes.TakesAnyMedication(), nodes.Taking())))),
            "has started the supplement and (takes any medicine or has started the supplement)",
        ),
    ],
)
def test_every_kind_of_condition_has_words(condition: nodes.Condition, words: str) -> None:
    assert condition_words(condition, RULES).startswith(words)


def test_every_condition_of_the_rules_has_words() -> None:
    for rule in RULES.rules:
        if rule.when is not None:
            assert condition_words(rule.when, RULES)


def test_a_signed_rule_says_who_signed_it_and_when() -> None:
    rule = evolve(RULES.rules[0], review=Review("pharmacist", "2026-02-01"), replaces=("old-id",))
    lines = dict(rule_lines(rule, RULES))
    assert lines["review"] == "pharmacist, 2026-02-01"
    assert lines["replaces"] == "old-id"
    assert dict(rule_lines(RULES.rules[0], RULES))["review"] == "signed by nobody yet"


def test_a_rule_names_the_claims_that_it_disputes_or_qualifies() -> None:
    rule: Rule = RULES.rules[0]
    claims = tuple(
        Claim(id_, "It is said.", rule.cites, disputed, qualified, (EVERY,))
        for id_, disputed, qualified in (("a", (rule.id,), ()), ("b", (), (rule.id,)))
    )
    lines = dict(rule_lines(rule, evolve(RULES, claims=claims)))
    assert (lines["disputes"], lines["qualifies"]) == ("a", "b")
    lines = dict(rule_lines(rule, evolve(RULES, claims=())))
    assert not {"disputes", "qualifies"} & set(lines)
    shown = [dict(claim_lines(claim, RULES)) for claim in claims]
    assert shown[0]["disputed by"] == rule.id == shown[1]["qualified by"]
    assert shown[0]["substance"] == "every substance"


def test_a_threshold_says_where_its_number_is_from_and_who_uses_it() -> None:
    chosen = dict(threshold_lines(RULES.threshold("older-adult-years"), RULES))
    assert chosen["value"] == "65 years"
    assert chosen["chosen"] == "by msrisk; a policy may replace it"
    assert "ala-older-adult" in chosen["used by"]
    assert "source" not in chosen
    stated = dict(threshold_lines(RULES.threshold("ala-usual-doses-per-day"), RULES))
    assert "chosen" not in stated
    assert "passage 48" in stated["source"]
    unused = evolve(RULES.threshold("older-adult-years"), id="unused")
    assert dict(threshold_lines(unused, RULES))["used by"] == "no rule"


def test_a_source_cited_as_a_whole_is_shown_with_the_reason_instead_of_its_passages() -> None:
    rule = evolve(RULES.rules[0], cites=(Citation("ala-ms-article", whole=True, reason="why"),))
    assert dict(rule_lines(rule, RULES))["source"].endswith("the whole text (why)")
