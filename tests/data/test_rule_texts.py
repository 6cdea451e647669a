"""What no loader sees in the words of the shipped rules: to whom they speak, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import msrisk
from msrisk.checking.wording import reassuring_words
from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import Takes, walk
from msrisk.model.results import Assessment, Level
from msrisk.model.rules import Kind, Rule, Screen

GRAVE = (Kind.CAUTION, Kind.CONTRAINDICATION, Kind.EMERGENCY)
RULES = msrisk.RuleSet.default().rules
CONDITIONAL = tuple(rule for rule in RULES if rule.when and rule.kind is not Kind.SILENCE)
GRAVE_RULES = tuple(rule for rule in CONDITIONAL if rule.kind in GRAVE)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
each_conditional = pytest.mark.parametrize("rule", CONDITIONAL, ids=lambda rule: rule.id)
each_grave = pytest.mark.parametrize("rule", GRAVE_RULES, ids=lambda rule: rule.id)

SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
NOT_STARTED = re.compile(
    r"before (?:you|it) (?:starts?|begins?|takes?|is taken)\b(?! any, or)", re.IGNORECASE
)
TAKE_NONE = re.compile(
    r"\b(?:do not take(?! more)|take none|take no|not be taken|stop (?:the product|{product}))\b",
    re.IGNORECASE,
)
PRESCRIBED_ON = re.compile(
    r"(?:do not|nothing\b.*\breason to) (?:stop|skip)|keep (?:to your treatment|taking)",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


@each_rule
def test_a_title_is_short_enough_to_stand_whole_on_one_line(rule: Rule) -> None:
    assert 0 < len(rule.title) <= 45
    assert not re.search(r"[{}.…]", rule.title)


@each_rule
def test_a_title_or_a_claim_speaks_to_nobody(rule: Rule, ruleset: msrisk.RuleSet) -> None:
    assert not SECOND_PERSON.search(rule.title)
    assert [one.id for one in ruleset.claims if SECOND_PERSON.search(one.message)] == []


@each_rule
def test_no_text_holds_only_for_those_who_have_not_started(rule: Rule) -> None:
    assert [key for key, words in rule.filled_in() if NOT_STARTED.search(words)] == []


@each_conditional
def test_a_rule_for_some_patients_is_said_in_one_line_too(rule: Rule) -> None:
    assert rule.effect
    # Abbreviations and names such as "US", "N-acetylcysteine" and "Canada" stay as they are.
    named = rule.effect.startswith("Canada's ")
    assert named or not rule.effect[0].isupper() or not rule.effect[1].islower()
    assert rule.do
    for words in (rule.effect, rule.do, rule.do_prescribed):
        assert len(words) <= 125
    assert rule.ask or rule.kind not in GRAVE


@each_rule
def test_a_question_names_nothing_that_was_not_told(rule: Rule) -> None:
    assert "{told}" not in rule.question
    assert "{told}" not in rule.title


@each_rule
def test_no_line_of_a_rule_can_be_taken_for_an_all_clear(rule: Rule) -> None:
    lines = (rule.title, rule.effect, rule.do, rule.ask, rule.action_prescribed, rule.do_prescribed)
    assert [words for words in lines if reassuring_words(words, claim=False)] == []


@each_grave
def test_an_action_that_says_to_take_none_has_words_for_a_prescribed_product(rule: Rule) -> None:
    assert rule.action_prescribed
    assert rule.do_prescribed
    assert "prescribed" in rule.action_prescribed
    assert not TAKE_NONE.search(rule.do_prescribed)
    told_so = [one for one in sentences(rule.action_prescribed) if TAKE_NONE.search(one)]
    assert [one for one in told_so if not one.startswith("If nobody prescribed")] == []


@each_conditional
def test_an_action_beside_a_medicine_says_that_the_medicine_goes_on(rule: Rule) -> None:
    """Everything that the patient takes is told: the finding may not count against it."""
    assert rule.when
    if any(isinstance(node, Takes) for node in walk(rule.when)):
        assert PRESCRIBED_ON.search(rule.action)
        assert not rule.action_prescribed or PRESCRIBED_ON.search(rule.action_prescribed)


def prescribed() -> Iterator[Assessment]:
    profile = msrisk.PatientProfile.from_dict(
        {
            "schema": "msrisk-intake/1",
            "supplements": "none",
            "medications": ["Thioctacid 600 mg", "Fluimucil 600 mg", "tacrolimus", "Rebif"],
            "conditions": ["type 2 diabetes", "fatty liver", "lactose intolerance"],
            "allergies": ["thioctic acid", "acetylcysteine", "milk"],
            "symptoms": ["hives", "nausea", "rash", "low blood sugar", "wheezing"],
            "age_years": 70,
            "weight_kg": 45,
            "replacing_ms_treatment": True,
        }
    )
    return (one for one in msrisk.assess(profile).assessments if one.covered)


def test_no_product_among_the_medicines_is_told_not_to_be_taken() -> None:
    findings = [finding for one in prescribed() for finding in one.findings]
    grave = [one for one in findings if one.level in (Level.CAUTION, Level.CONTRAINDICATED)]
    assert len(grave) > 12
    for one in findings:
        assert not TAKE_NONE.search(one.do), one.rule
        assert not re.search(r"should not take (?:it|any)\b(?! for)", one.message), one.rule
        for sentence in sentences(one.action):
            alone = sentence.startswith("If nobody prescribed")
            in_place = sentence.endswith("in its place.")
            assert not TAKE_NONE.search(sentence) or alone or in_place, one.rule


def test_the_question_of_an_emergency_says_first_when_to_call(ruleset: msrisk.RuleSet) -> None:
    emergencies = [rule for rule in RULES if rule.kind is Kind.EMERGENCY]
    # Whoever took too much has no sign to tell yet.
    questions = [rule.question for rule in emergencies if rule.id != "ala-overdose-taken"]
    assert len(emergencies) == len(questions) + 1
    questions += [one.question for one in ruleset.fields if one.id == "symptoms"]
    assert len(questions) == 3
    for question in questions:
        first, then, *_ = sentences(question)
        assert "now" in first
        assert "breathing" in first
        assert then == "If yes, call the emergency number now; do not finish this form."


@pytest.mark.parametrize(
    "profile",
    [
        msrisk.PatientProfile(),
        msrisk.PatientProfile(supplements=["vitamin D"]),
        msrisk.PatientProfile(supplements=["alpha lipoic acid"]),
    ],
    ids=["nothing-asked", "not-covered", "covered"],
)
def test_each_line_of_the_first_screen_has_its_caveat_in_every_report(
    profile: msrisk.PatientProfile,
) -> None:
    report = msrisk.assess(profile)
    for caveats in (report.caveats, *(one.caveats for one in report.assessments)):
        handout = (Screen.CHANGE.value, Screen.CURE.value)
        # What trials found is told of the substances that they tried.
        others = (*handout, Screen.TRIALS.value)
        there = [one for one in caveats if one.screen and one.screen not in others]
        lines = {str(one.screen): one for one in there}
        assert sorted([*lines, *others]) == sorted(one.value for one in Screen)
        assert len(there) == len(lines)
        assert all(one.effect and one.do and one.citations for one in lines.values())
        assert all(len(one.effect) <= 150 and len(one.do) <= 150 for one in lines.values())


@pytest.mark.slow
def test_every_symptom_while_taking_alpha_lipoic_acid_is_a_finding(
    ruleset: msrisk.RuleSet,
) -> None:
    """Law 15: no entry vanishes. Only an entry that is not certain may leave it at a question."""
    symptoms = [one for one in ruleset.vocabulary.concepts if one.kind is ConceptKind.SYMPTOM]
    assert len(symptoms) > 60
    for symptom in symptoms:
        for name in (symptom.name, *symptom.names[:2]):
            report = msrisk.assess(
                msrisk.PatientProfile.from_dict(
                    {
                        "schema": "msrisk-intake/1",
                        "supplements": [{"name": "alpha lipoic acid", "taking": True}],
                        "symptoms": [name],
                    }
                )
            )
            part = report.assessments[0]
            found = {one.text for finding in part.findings for one in finding.because}
            asked = {one.text for one in report.unrecognised}
            assert name in found | asked, symptom.id


def test_rules_of_one_cause_are_one_point(ruleset: msrisk.RuleSet) -> None:
    for one, other in (
        ("ala-diabetes", "ala-glucose-affecting-medication"),
        ("ala-older-adult", "ala-low-body-weight"),
    ):
        first, second = ruleset.rule(one), ruleset.rule(other)
        assert first.kind is second.kind
        assert (first.effect, first.do) == (second.effect, second.do)
        assert first.do_prescribed == second.do_prescribed


def test_each_field_has_its_question_in_a_few_words(ruleset: msrisk.RuleSet) -> None:
    assert [one.id for one in ruleset.fields if not 0 < len(one.short) <= 40] == []
    assert [one.id for one in ruleset.fields if not one.short.endswith("?")] == []
