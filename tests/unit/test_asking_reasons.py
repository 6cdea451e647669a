"""What a question says that its answer could bring, and that what decides an emergency is next."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
from msrisk.asking import Form, Kind, Names, Said, next_question, open_questions
from msrisk.model.results import Level, rank
from msrisk.model.rules import RuleSet

PRODUCTS = ("alpha lipoic acid 600 mg once a day", "NAC 600 mg once a day")


def begun(ruleset: RuleSet, product: str) -> Form:
    """Return a form with no sign of an emergency and one product."""
    form = Form()
    while (question := next_question(form, ruleset)) is not None and question.emergency:
        form = form.answered(question, False)
    assert question is not None
    return form.answered(question, Names((product,), complete=True))


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("sign", ["fainting", "hives", "itching"])
def test_after_a_sign_of_an_allergy_the_next_question_is_what_decides_on_an_emergency(
    ruleset: RuleSet, product: str, sign: str
) -> None:
    form = begun(ruleset, product)
    asked = {question.key: question for question in open_questions(form, ruleset)}
    form = form.answered(asked["by name", sign], True)
    question = next_question(form, ruleset)
    assert question is not None
    assert question.part == "taking"
    assert next_question(form.answered(question, True), ruleset) is None, "help comes first"


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_yes_by_name_brings_nothing_worse_than_its_question_says(
    ruleset: RuleSet, product: str
) -> None:
    form = begun(ruleset, product)
    before = {one.rule for a in msrisk.assess(form.profile).assessments for one in a.findings}
    said = {}
    for question in open_questions(form, ruleset):
        if question.kind in (Kind.BY_NAME, Kind.YES_NO):
            report = msrisk.assess(form.answered(question, True).profile, ruleset=ruleset)
            brought = [
                one.level
                for assessment in report.assessments
                for one in assessment.findings
                if one.rule not in before and rank(one.level) >= rank(Level.CAUTION)
            ]
            assert all(rank(level) <= rank(question.worst) for level in brought), question.key
            said[question.key[-1]] = question.worst
    assert said["pregnancy"] is Level.CAUTION
    assert Level.UNDETERMINED in said.values(), "of some the texts say nothing"


def test_who_does_not_know_whether_it_was_begun_is_asked_the_rest(ruleset: RuleSet) -> None:
    form = begun(ruleset, PRODUCTS[0])
    form = evolve(form, start=evolve(form.start, symptoms=("fainting",)))
    question = next_question(form, ruleset)
    assert question is not None
    assert question.part == "taking"
    after = next_question(form.answered(question, Said.UNKNOWN), ruleset)
    assert after is not None
    assert after.part != "taking"
