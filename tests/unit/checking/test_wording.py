"""No message may sound like an all-clear, hold a number, or be hard to read."""

from __future__ import annotations

import sys

import pytest
from attrs import evolve

from msrisk.checking import Check
from msrisk.checking.readability import HIGHEST_GRADE, grade_of, hard_to_read
from msrisk.checking.wording import (
    denials_as_names,
    everyday_names,
    numbers_in_messages,
    reassurances,
    reassuring_words,
    unhelpful_rules,
)
from msrisk.model.rules import Kind, Rule, RuleSet
from tests.unit.rule_files import SMALL_RULES

RULES = RuleSet.load(SMALL_RULES)
SCOPE, SLEEPER = RULES.rules
(CLAIM,) = RULES.claims
YEARS, MOST = RULES.thresholds
(TERM,) = RULES.vocabulary.terms


def wheres(check: Check, ruleset: RuleSet) -> list[str]:
    return [remark.where for remark in check(ruleset)]


def saying(message: str) -> RuleSet:
    return with_sleeper(evolve(SLEEPER, message=message))


def with_sleeper(rule: Rule) -> RuleSet:
    return evolve(RULES, rules=(SCOPE, rule))


REASSURING = {
    "It is safe.": "safe",
    "You can safely take it.": "You can safely take",
    "Sunroot is harmless, the leaflet says.": "harmless",
    "It is risk-free for most people.": "risk-free",
    "There is no known risk.": "no known risk",
    "There are no interactions with your medicines.": "no interactions",
    "It works without side effects.": "without side effects",
    "It carries little danger.": "little danger",
    "The risk is low.": "risk is low",
    "There is nothing to worry about.": "nothing to worry",
    "Do not worry.": "Do not worry",
    "You do not need to ask a doctor.": "do not need to ask",
    "It is well tolerated.": "well tolerated",
    "It can be taken with all medicines.": "can be taken with",
    "It can be taken without asking anyone.": "can be taken without",
    "You may take it.": "You may take",
    "It does not interact with anything.": "does not interact",
    "It cannot hurt.": "cannot hurt",
    "It is not dangerous.": "not dangerous",
    "Nobody was ever harmed.": "Nobody was ever harmed",
    "It goes together with all medicines.": "goes together with",
    "It is compatible with MS treatment.": "compatible with",
    "It is okay for most people.": "is okay",
    "It is suitable for everyone.": "suitable for everyone",
    "There are no warnings.": "no warnings",
    "It doesn’t interact.": "does not interact",
    "It can't hurt anyone.": "cannot hurt",
    "It won’t harm you.": "will not harm",
    "The leaflet gives the all-clear.": "all-clear",
    "There is no reason for concern.": "no reason for concern",
    "There is no need for caution.": "no need for caution",
    "You do not need to worry.": "do not need to worry",
    "You can go on as before.": "go on as before",
    "The two do not affect each other.": "do not affect each other",
    "It does not influence your medicine.": "does not influence your medicine",
    "Nothing needs doing.": "Nothing needs doing",
    "Nothing needs to be done.": "Nothing needs to be done",
    "There is nothing to do.": "nothing to do",
    "It protects you.": "protects you",
    "Experts recommend it.": "Experts recommend",
    "There were no adverse reactions.": "no adverse reactions",
    "Nothing speaks against it.": "Nothing speaks against",
    "There is no reason not to take it.": "no reason not to take",
    "It is usually tolerated well.": "tolerated well",
    "It will be perfectly fine.": "be perfectly fine",
    "If you have MS it is safe.": "safe",
    "It is safe unless you are allergic.": "safe",
    # A denial that denies nothing here.
    "It is not only safe but useful.": "safe",
    "Nobody doubts that it is safe.": "safe",
    "It is not new, it is safe.": "safe",
    "Do not stop your medicine; it is safe.": "safe",
    "Never stop your other medicine and take this one safely.": "safely",
}

WARNING = [
    "It is not safe.",
    "It is not known to be safe.",
    "It isn’t safe.",
    "It is unsafe.",
    "It was never shown to be safe and free of side effects.",
    "Neither text says that it is safe.",
    "Nobody knows whether it is harmless.",
    "No study shows that it is well tolerated.",
    "Ask your doctor or pharmacist if it is safe for you.",
    "Do not start until a doctor says that it is safe.",
    "It is unclear if it can be taken with your medicine.",
    "The article does not say that there is no risk.",
    "A missing warning does not mean that it is not dangerous.",
    "You can't take it.",
    "It can come without warning.",
    "Keep the package in a fail-safe place.",
    "You may sleep through the day.",
    "Do not go on as before.",
    "It is not known that the two do not affect each other.",
    "It does not affect everyone alike.",
]


@pytest.mark.parametrize(("text", "found"), REASSURING.items())
def test_words_that_amount_to_an_all_clear_are_found(text: str, found: str) -> None:
    assert reassuring_words(text, claim=False) == (found,)


@pytest.mark.parametrize("text", WARNING)
def test_words_that_warn_are_no_all_clear(text: str) -> None:
    assert reassuring_words(text, claim=False) == ()


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("The leaflet says that it is safe. It still names a side effect.", True),
        ("The leaflet says that it is safe, but names a side effect.", True),
        ("The leaflet says that it is safe.", False),
        ("It is safe, says the leaflet, but names a side effect.", False),
        ("It is safe. The leaflet says so, yet it names a side effect.", False),
        ("The leaflet still says that it is safe.", False),
    ],
)
def test_a_claim_may_reassure_only_with_its_speaker_and_what_stands_against_it(
    text: str, allowed: bool
) -> None:
    assert reassuring_words(text, claim=True) == (() if allowed else ("safe",))
    assert reassuring_words(text, claim=False) == ("safe",)


def test_every_text_that_a_reader_meets_is_read_for_reassurance() -> None:
    assert wheres(reassurances, saying("It is safe.")) == [
        "rule `sunroot-sleeper`: message",
        "claim `sunroot-claim-harmless`: message",
    ]
    told = evolve(
        with_sleeper(
            evolve(SLEEPER, action="Do not worry.", question="Is it safe?", argument="It is safe.")
        ),
        claims=(evolve(CLAIM, message=f"{CLAIM.message} But nobody looked."),),
        thresholds=(
            evolve(YEARS, name="safe age", reason="Above that it is harmless."),
            MOST,
        ),
        vocabulary=evolve(RULES.vocabulary, terms=(evolve(TERM, why="either is safe"),)),
    )
    assert wheres(reassurances, told) == [
        "rule `sunroot-sleeper`: action",
        "rule `sunroot-sleeper`: question",
        "threshold `grown-up-years`: name",
        "threshold `grown-up-years`: reason",
        "rule `sunroot-sleeper`: argument",
        "term `root`: why",
    ]


def test_what_is_expected_of_a_claim_and_of_a_message_differs() -> None:
    message, claim = reassurances(saying("It is safe."))
    assert message.expected == "what is not known or what to do; a source that reassures is a claim"
    assert claim.expected == "who says so and, behind it, what stands against it"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("You take more than 600 mg.", True),
        ("You are 65 or older.", True),
        ("You weigh less than fifty kilograms.", True),
        ("You lack vitamin B12 or B1.", False),
        ("You also take omega-3 oil.", False),
        ("Neither of the two texts says so.", False),
    ],
)
def test_a_clinical_number_stands_in_a_threshold_only(text: str, number: bool) -> None:
    assert wheres(numbers_in_messages, saying(text)) == ["rule `sunroot-sleeper`: message"] * number


def test_a_grave_rule_says_what_to_do_and_a_question_asks() -> None:
    assert wheres(unhelpful_rules, RULES) == []
    grave = evolve(SLEEPER, kind=Kind.CONTRAINDICATION, question="Tell us what you take.")
    assert wheres(unhelpful_rules, with_sleeper(grave)) == [
        "rule `sunroot-sleeper`: action",
        "rule `sunroot-sleeper`: question",
    ]
    helpful = evolve(grave, action="Do not take it.", question=SLEEPER.question)
    assert wheres(unhelpful_rules, with_sleeper(helpful)) == []


def test_a_medicine_or_supplement_is_not_called_by_an_everyday_word() -> None:
    words = RULES.vocabulary
    (drug,), (class_,), (substance,) = words.drugs, words.drug_classes, RULES.substances
    concepts = tuple(evolve(one, names=("Vital",)) for one in words.concepts)
    named = evolve(
        RULES,
        substances=(evolve(substance, names=("Boost", "Boost Root")),),
        vocabulary=evolve(
            words,
            drugs=(evolve(drug, names=("CALM",)),),
            drug_classes=(evolve(class_, names=("night",)),),
            concepts=concepts,
        ),
    )
    assert wheres(everyday_names, RULES) == []
    assert wheres(everyday_names, named) == [
        "drug `dormal`: names: `CALM`",
        "drug_class `sleep-medicine`: names: `night`",
        "substance `sunroot`: names: `Boost`",
        "supplement `moonroot`: names: `Vital`",
    ]


def test_a_condition_is_not_called_by_a_denial() -> None:
    words = RULES.vocabulary
    concepts = tuple(evolve(one, names=("No Yawn", "Nothing", "nose")) for one in words.concepts)
    named = evolve(RULES, vocabulary=evolve(words, concepts=concepts))
    assert wheres(denials_as_names, RULES) == []
    assert wheres(denials_as_names, named) == ["condition `yawning-disease`: names: `No Yawn`"]


# --- Reading level ---


HARD = (
    "Administration of immunomodulatory preparations necessitates multidisciplinary evaluation "
    "of individual contraindications."
)


def test_a_text_above_the_eighth_grade_is_told_with_its_grade_and_longest_words() -> None:
    (remark,) = hard_to_read(saying(HARD))
    assert remark.where == "rule `sunroot-sleeper`: message"
    assert remark.says.startswith("This asks for grade ")
    assert remark.says.endswith("immunomodulatory, multidisciplinary, administration.")
    assert list(hard_to_read(RULES)) == []


def test_a_grade_is_that_of_flesch_and_kincaid() -> None:
    counted = {"one": 1, "seven": 2, "eleven": 3}
    text = "One seven eleven. Seven?"
    expected = 0.39 * 4 / 2 + 11.8 * 8 / 4 - 15.59
    assert grade_of(text, (), lambda word: counted[word]) == pytest.approx(expected)
    assert grade_of("One: one; one", (), lambda _: 1) == pytest.approx(0.39 + 11.8 - 15.59)
    assert grade_of("One", (), lambda _: 0) == pytest.approx(0.39 + 11.8 - 15.59)


def test_a_text_without_a_word_asks_for_no_schooling() -> None:
    assert grade_of("?", (), lambda _: 1) == 0


def test_names_of_medicines_and_illnesses_do_not_count_against_a_sentence() -> None:
    hard = "You take immunomodulatory preparations"
    name = ("immunomodulatory", "preparations")
    assert grade_of(hard, {name}, len) == pytest.approx(0.39 * 3 + 11.8 * (3 + 4 + 2) / 3 - 15.59)
    words = RULES.vocabulary
    (drug,) = words.drugs
    known = evolve(words, drugs=(evolve(drug, names=("multidisciplinary evaluation",)),))
    message = "You take multidisciplinary evaluation and individual dormal."
    assert [one.where for one in hard_to_read(saying(message))] != []
    assert list(hard_to_read(evolve(saying(message), vocabulary=known))) == []


def test_the_bound_is_the_end_of_the_eighth_grade() -> None:
    assert HIGHEST_GRADE == 9


def test_without_syllapy_it_is_said_that_nothing_was_measured_and_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "syllapy", None)
    (remark,) = hard_to_read(RULES)
    assert remark.expected == (
        "the extra `check` of msrisk, for example `pip install '.[check]'` in a clone"
    )
