"""What a question says that its answer could bring, and that what decides an emergency is next."""

from __future__ import annotations

import pytest
from attrs import evolve

import msrisk
from msrisk.asking import (
    Answer,
    Form,
    Kind,
    Names,
    Said,
    next_question,
    open_questions,
    urgent,
)
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level, rank
from msrisk.model.rules import RuleSet

SIGNS = ("difficulty-breathing", "face-or-throat-swelling")
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


def test_who_does_not_know_whether_it_was_begun_is_asked_the_rest_after_help(
    ruleset: RuleSet,
) -> None:
    form = begun(ruleset, PRODUCTS[0])
    form = evolve(form, start=evolve(form.start, symptoms=("fainting",)))
    question = next_question(form, ruleset)
    assert question is not None
    assert question.part == "taking"
    after = next_question(form.answered(question, Said.UNKNOWN), ruleset, after_help=True)
    assert after is not None
    assert after.part != "taking"


def told_sign(ruleset: RuleSet, product: str, sign: str, started: Answer | None) -> Form:
    """Return a form with a sign of an allergy, and what was answered on whether it was begun."""
    form = begun(ruleset, product)
    asked = {question.key: question for question in open_questions(form, ruleset)}
    form = form.answered(asked["by name", sign], True)
    question = next_question(form, ruleset)
    assert question is not None
    assert question.part == "taking"
    return form if started is None else form.answered(question, started)


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize(("sign", "call"), [("fainting", True), ("hives", False)])
@pytest.mark.parametrize("started", [Said.UNKNOWN, Said.SKIPPED])
def test_a_sign_of_an_allergy_is_urgent_too_where_nobody_knows_whether_it_was_begun(
    ruleset: RuleSet, product: str, sign: str, started: Said, *, call: bool
) -> None:
    form = told_sign(ruleset, product, sign, started)
    (now,) = urgent(form, ruleset)
    assert (now.call, now.certain) == (call, False)
    assert "{" not in now.action
    assert open_questions(form, ruleset) == (), "help comes first"
    assert open_questions(form, ruleset, after_help=True), "one can go on"


@pytest.mark.parametrize("started", [None, False])
def test_a_sign_of_an_allergy_waits_for_whether_it_was_begun_and_a_no_closes_it(
    ruleset: RuleSet, started: bool | None
) -> None:
    form = told_sign(ruleset, PRODUCTS[0], "fainting", started)
    assert urgent(form, ruleset) == ()
    assert next_question(form, ruleset) is not None


def test_of_several_products_each_is_asked_for_before_it_may_be_an_emergency(
    ruleset: RuleSet,
) -> None:
    names = ("alpha lipoic acid 600 mg once a day", "R-lipoic acid 300 mg once a day")
    profile = PatientProfile(supplements=names, symptoms=["fainting"], denied=SIGNS)
    form = Form(profile)
    for _ in names:
        assert urgent(form, ruleset) == ()
        question = next_question(form, ruleset)
        assert question is not None
        assert question.part == "taking"
        form = form.answered(question, Said.UNKNOWN)
    assert not urgent(form, ruleset)[0].certain


def test_what_was_far_too_much_is_urgent_too_where_nobody_knows_whether_it_was_begun(
    ruleset: RuleSet,
) -> None:
    form = Form(PatientProfile(supplements=["alpha lipoic acid 20 g once a day"], denied=SIGNS))
    question = next(one for one in open_questions(form, ruleset) if one.part == "taking")
    (now,) = urgent(form.answered(question, Said.UNKNOWN), ruleset)
    assert now.rule == "ala-overdose-taken"
    assert not now.certain


def test_fainting_while_it_is_taken_has_one_call_as_the_line_in_sight_says(
    ruleset: RuleSet,
) -> None:
    for sign, call in (("fainting", True), ("itching", False)):
        form = told_sign(ruleset, PRODUCTS[0], sign, True)
        assert [(one.call, one.certain) for one in urgent(form, ruleset)] == [(call, True)]
