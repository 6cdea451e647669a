"""The laws of a form that is kept as keys and answers, and of the order in which rules stand."""

from __future__ import annotations

import json
import random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from msrisk.asking import Form, next_question, open_questions, taken_up
from msrisk.documents import begun_from_json, profile_to_document
from msrisk.model.rules import RuleSet
from msrisk.web.page import respond
from msrisk.web.page_state import State, read_state
from tests.properties.test_asking import forms
from tests.web.pages import Page

pytestmark = pytest.mark.slow


@given(forms())
def test_a_form_that_a_page_wrote_and_read_again_asks_the_same(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    written = State(form, all_at_once=True).written()
    again = read_state(written, ruleset)
    assert again.written() == written
    assert again.form.profile == form.profile
    assert open_questions(again.form, ruleset) == open_questions(form, ruleset)


@settings(max_examples=settings().max_examples // 4)
@given(forms())
def test_the_page_asks_next_what_the_form_asks_next(case: tuple[RuleSet, Form]) -> None:
    # `$next-question` asks what the form asks, too: tests/fhir/test_adaptive.py.
    ruleset, form = case
    page = Page(respond([("state", State(form).written()), ("do", "one")], ruleset=ruleset))
    question = next_question(form, ruleset)
    asked = dict(page.fields).get("asked")
    assert (asked and tuple(json.loads(asked))) == (question and question.key)


@given(forms())
def test_a_form_that_was_kept_as_a_document_asks_nothing_again_that_nobody_knew(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    text = json.dumps(profile_to_document(form.profile, form.not_known))
    again = taken_up(*begun_from_json(text), ruleset)
    assert again.profile == form.profile
    assert not set(form.not_known) & {one.key for one in open_questions(again, ruleset)}
    # What was passed over may be asked again, and nothing that was open is closed.
    before = {one.key for one in open_questions(form, ruleset)}
    assert before <= {one.key for one in open_questions(again, ruleset)}


@given(forms(), st.randoms(use_true_random=False))
def test_no_order_of_rules_and_fields_hides_a_question_that_is_needed(
    case: tuple[RuleSet, Form], chance: random.Random
) -> None:
    ruleset, form = case
    rules, fields = list(ruleset.rules), list(ruleset.fields)
    chance.shuffle(rules)
    chance.shuffle(fields)
    mixed = evolve(ruleset, rules=tuple(rules), fields=tuple(fields))
    keys = {question.key for question in open_questions(form, ruleset)}
    assert {question.key for question in open_questions(form, mixed)} == keys


@given(forms())
def test_after_help_no_question_is_hidden_and_none_is_asked_twice(
    case: tuple[RuleSet, Form],
) -> None:
    ruleset, form = case
    open_ = {question.key for question in open_questions(form, ruleset)}
    after = [question.key for question in open_questions(form, ruleset, after_help=True)]
    assert open_ <= set(after)
    assert len(after) == len(set(after))
    assert not {one.question.key for one in form.answers} & set(after)
