"""The laws of asking, over forms of every shape."""

from __future__ import annotations

import json
import random

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import msrisk
from msrisk.asking import (
    Answer,
    Form,
    Kind,
    Names,
    Question,
    Said,
    next_question,
    open_questions,
    urgent,
)
from msrisk.documents import profile_from_json, profile_to_document
from msrisk.evaluation.deciding import Decider
from msrisk.model.conditions import walk
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS, NONE_REPORTED, PRODUCT_FIELDS, Entries, PatientProfile
from msrisk.model.results import Level, highest, rank
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth
from msrisk.recognition import recognise_profile
from msrisk.testing import entries, profiles, rule_sets

pytestmark = pytest.mark.slow

# More than any form of these rule sets asks.
MOST = 300
# A whole form is assessed after each of its answers, some forty times.
A_WHOLE_FORM = settings(
    max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.too_slow]
)


def answers(question: Question, ruleset: RuleSet) -> st.SearchStrategy[Answer]:
    """Return what people answer to a question, each kind of answer as often as another."""
    said: st.SearchStrategy[Answer] = st.sampled_from([Said.UNKNOWN, Said.SKIPPED])
    words = st.sampled_from(["foozumab", "levothyroxine", "NAC", "penicillin", "itching"])
    match question.kind:
        case Kind.NAMES:
            told = entries(question.field, ruleset).map(lambda one: one.text or "one")
            names = st.lists(told | words, min_size=1, max_size=2).map(tuple)
            return said | st.just(Said.NONE) | st.builds(Names, names, st.booleans())
        case Kind.NUMBER:
            return said | st.integers(1, 40) | st.just((1, 40))
        case Kind.WHICH:
            return said | st.sampled_from([*question.suggestions, "foozumab", "insulin"])
    return said | st.booleans()


@st.composite
def forms(draw: st.DrawFn, *, to_the_end: bool = False) -> tuple[RuleSet, Form]:
    """Return a rule set and a form that somebody has filled in, some questions of it or all."""
    shipped = draw(st.sampled_from([False, True]))
    ruleset = RuleSet.default() if shipped else draw(rule_sets())
    start = draw(st.just(PatientProfile()) | profiles(ruleset))
    form = Form(start)
    for _ in range(MOST if to_the_end else draw(st.integers(0, 12))):
        question = next_question(form, ruleset)
        if question is None:
            break
        form = form.answered(question, draw(answers(question, ruleset)))
    return ruleset, form


@given(forms())
def test_nothing_is_asked_that_cannot_matter_any_more(case: tuple[RuleSet, Form]) -> None:
    ruleset, form = case
    report = msrisk.assess(form.profile, ruleset=ruleset)
    open_fields = {f for a in report.assessments for q in a.open_questions for f in q.fields}
    unclear = {(one.field, one.text) for one in report.unrecognised}
    reached = [f.level for one in report.assessments for f in one.findings]
    assert Level.URGENT not in reached or not open_questions(form, ruleset)
    for question in open_questions(form, ruleset):
        if question.kind is Kind.WHICH:
            assert (question.field, question.text) in unclear or "" in {t or "" for _, t in unclear}
        elif not report.assessments:
            # A supplement may stand among the medicines.
            assert question.emergency or question.field in PRODUCT_FIELDS
        elif not question.emergency and question.field != "supplements":
            assert question.field in open_fields
            assert question.kind is Kind.BY_NAME or any(
                rank(one.level) >= rank(Level.CAUTION)
                or all(rank(one.level) > rank(finding.level) for finding in assessment.findings)
                for assessment in report.assessments
                for one in assessment.open_questions
                if question.field in one.fields
            )


@settings(A_WHOLE_FORM)
@given(forms(to_the_end=True))
def test_what_is_left_open_unasked_could_raise_nothing_of_any_supplement(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    report = msrisk.assess(form.profile, ruleset=ruleset)
    if urgent(form, ruleset) or report.unrecognised:
        return
    asked = {one.question.field for one in form.answers} | form.profile.asked_unknown
    for assessment in report.assessments:
        reached = [one.level for one in assessment.findings]
        reached += [Level.UNDETERMINED for _ in assessment.silences]
        for question in assessment.open_questions:
            if not asked.intersection(question.fields):
                assert rank(question.level) < rank(Level.CAUTION)
                assert rank(question.level) <= rank(highest(reached))


@given(forms())
def test_what_could_bring_the_most_is_asked_first(case: tuple[RuleSet, Form]) -> None:
    ruleset, form = case
    open_ = [
        question
        for question in open_questions(form, ruleset)
        if not question.emergency and question.kind is not Kind.WHICH
        and (question.field, question.kind) != ("supplements", Kind.NAMES)
    ]  # fmt: skip
    lists = {q.field: rank(q.worst) for q in open_ if q.kind is Kind.NAMES}
    # What is asked by name has to come before the list, so it counts as much.
    by_name = [lists.get(q.field, 0) if q.kind is Kind.BY_NAME else 0 for q in open_]
    reach = [max(rank(q.worst), behind) for q, behind in zip(open_, by_name, strict=True)]
    assert reach == sorted(reach, reverse=True)
    for place, question in enumerate(open_):
        later = open_[place + 1 :]
        if question.kind is Kind.NAMES:
            assert not any(q.kind is Kind.BY_NAME and q.field == question.field for q in later)


@given(forms())
def test_what_was_asked_is_not_asked_again_also_if_nobody_knew(case: tuple[RuleSet, Form]) -> None:
    ruleset, form = case
    open_ = open_questions(form, ruleset)
    keys = [question.key for question in open_]
    assert len(keys) == len(set(keys))
    assert not {one.question.key for one in form.answers} & set(keys)
    whole = {q.field for q in open_ if q.kind is not Kind.WHICH and not q.named and not q.part}
    assert not whole & form.profile.asked_unknown


@given(forms(), st.data())
def test_passing_a_question_over_or_not_knowing_is_never_a_no(
    case: tuple[RuleSet, Form], data: st.DataObject
) -> None:
    ruleset, form = case
    question = next_question(form, ruleset)
    if question is None:
        return
    said = data.draw(st.sampled_from([Said.SKIPPED, Said.UNKNOWN]))
    before, after = form.profile, form.answered(question, said).profile
    assert after.denied == before.denied
    for name in LIST_FIELDS:
        was, is_ = getattr(before, name), getattr(after, name)
        assert isinstance(is_, Entries) is isinstance(was, Entries)
        if isinstance(was, Entries):
            assert is_.items == was.items
            assert was.complete or not is_.complete
        elif is_ is NONE_REPORTED:
            assert was is NONE_REPORTED


@settings(A_WHOLE_FORM)
@given(forms(to_the_end=True))
def test_what_nobody_knew_by_name_stays_open_whatever_else_is_answered(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    facts = recognise_profile(form.profile, ruleset)
    closed = hierarchy_of(ruleset).down(one.concept for one in facts.denied if one.settles)
    unknown = {
        named.concept
        for one in form.answers
        if isinstance(one.answer, Said)
        for named in one.question.named
    }
    started = recognise_profile(form.start, ruleset)
    for rule in ruleset.rules:
        for test in walk(rule.when) if rule.when else ():
            about = {getattr(test, name) for name in ("condition", "allergen", "symptom")
                     if hasattr(test, name)}  # fmt: skip
            if about & (unknown - closed):
                substance = ruleset.substances[0].id
                if Decider(started, ruleset, substance).truth(test) is not Truth.FALSE:
                    truth = Decider(facts, ruleset, substance).truth(test)
                    assert truth is not Truth.FALSE


@given(forms(), st.randoms(use_true_random=False))
def test_answers_in_any_order_make_the_same_profile(
    case: tuple[RuleSet, Form], chance: random.Random
) -> None:
    ruleset, form = case
    mixed = list(form.answers)
    chance.shuffle(mixed)
    other = evolve(form, answers=tuple(mixed))
    assert other.profile == form.profile
    assert open_questions(other, ruleset) == open_questions(form, ruleset)


@given(forms(), st.data())
def test_going_back_leaves_nothing_behind(case: tuple[RuleSet, Form], data: st.DataObject) -> None:
    ruleset, form = case
    question = next_question(form, ruleset)
    if question is None:
        return
    first, second = (data.draw(answers(question, ruleset)) for _ in range(2))
    answered = form.answered(question, first)
    assert answered.back() == form
    assert next_question(answered.back(), ruleset) == question
    assert answered.answered(question, second) == form.answered(question, second)
    assert answered.back().answered(question, second).profile == (
        form.answered(question, second).profile
    )


@given(forms())
def test_the_saved_document_gives_the_same_report(case: tuple[RuleSet, Form]) -> None:
    ruleset, form = case
    text = json.dumps(profile_to_document(form.profile))
    again = profile_from_json(text)
    assert again == form.profile
    reports = [msrisk.assess(one, ruleset=ruleset) for one in (again, form.profile)]
    assert reports[0].to_dict() == reports[1].to_dict()


@settings(A_WHOLE_FORM)
@given(forms(to_the_end=True))
def test_every_form_ends_and_leaves_nothing_open_that_it_could_have_asked(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    assert next_question(form, ruleset) is None
    assert len(form.answers) < MOST


@given(forms())
def test_the_emergency_comes_first_and_a_no_by_name_is_denied(case: tuple[RuleSet, Form]) -> None:
    ruleset, form = case
    open_ = open_questions(form, ruleset)
    first = [question.emergency for question in open_]
    assert first == sorted(first, reverse=True)
    for question in open_:
        if question.kind is Kind.BY_NAME:
            after = form.answered(question, answer=False).profile
            ids = {one.concept for one in recognise_profile(after, ruleset).denied}
            assert ids >= {named.concept for named in question.named}
