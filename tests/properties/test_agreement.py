"""The evaluator agrees with a second one, written apart from it, on everything it says."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.evaluation import evaluate
from msrisk.model.facts import Facts
from msrisk.model.profile import FIELDS, PatientProfile
from msrisk.model.results import Assessment, Caveat, Level, Report
from msrisk.model.rules import Kind, Policy, RuleSet
from msrisk.recognition import recognise_profile
from msrisk.testing import profiles, rule_sets

from . import oracle
from .strategies import facts

pytestmark = pytest.mark.apart

KINDS = [kind.value for kind in Kind]
LEVELS = list(Level)
POLICY = Policy({"some-years": 30, "some-weight": 70}, allow_weaker=True)


def opened(report: Report) -> int:
    """Return the number of open questions that the headline names."""
    named = re.search(r"(\d+|no) questions? open", report.headline)
    return int(named[1]) if named and named[1] != "no" else 0


def assert_in_order(assessment: Assessment) -> None:
    """Findings and questions stand from high to low, everything else by id."""
    for part in (assessment.findings, assessment.open_questions):
        places = [(-LEVELS.index(one.level), one.rule) for one in part]
        assert places == sorted(places)
    assert_caveats_in_order(assessment.caveats)
    assert [one.claim for one in assessment.claims] == sorted(c.claim for c in assessment.claims)
    assert [one.rule for one in assessment.silences] == sorted(s.rule for s in assessment.silences)


def assert_caveats_in_order(caveats: tuple[Caveat, ...]) -> None:
    """Caveats stand by kind, then by id."""
    places = [(KINDS.index(one.kind), one.rule) for one in caveats]
    assert places == sorted(places)


def assert_same_assessment(ours: Assessment, theirs: oracle.Assessed) -> None:
    """One assessment says what the oracle says."""
    assert (ours.substance, ours.covered) == (theirs.substance, theirs.covered)
    assert ours.name in theirs.names
    assert {one.rule for one in ours.findings} == theirs.findings
    assert {one.rule: one.fields for one in ours.open_questions} == theirs.open_questions
    assert {one.rule for one in ours.silences} == theirs.silences
    assert {one.rule for one in ours.caveats} == theirs.caveats
    assert {one.claim: (one.disputed_by, one.qualified_by) for one in ours.claims} == theirs.claims
    assert (ours.level, ours.worst_case) == (theirs.level, theirs.worst_case)
    assert_in_order(ours)


def assert_agree(told: Facts, ruleset: RuleSet, policy: Policy | None = None) -> None:
    """The report of these facts says what the oracle says, no more and no less."""
    report = evaluate(told, ruleset, policy)
    answer = oracle.evaluate(told, ruleset, policy)
    assert len(report.assessments) == len(answer.assessed)
    for ours, theirs in zip(report.assessments, answer.assessed, strict=True):
        assert_same_assessment(ours, theirs)
    assert (report.level, report.worst_case) == (answer.level, answer.worst_case)
    listed = [(one.field, one.text, one.code) for one in report.unrecognised]
    assert Counter(listed) == Counter(answer.unrecognised)
    places = [(FIELDS.index(field), text or "") for field, text, _ in listed]
    assert places == sorted(places)
    assert opened(report) == answer.questions_open
    next_field = report.next_question.field if report.next_question else None
    assert next_field == answer.next_field
    of_rules = tuple(one for one in report.caveats if one.rule in answer.caveats)
    assert {one.rule for one in of_rules} == answer.caveats
    assert len(report.caveats) == len(answer.caveats) + answer.policy_caveats
    assert_caveats_in_order(of_rules)


@given(st.data())
def test_both_evaluators_agree_on_made_up_facts_and_rules(data: st.DataObject) -> None:
    """Any facts, any rules: the same answer."""
    ruleset = data.draw(rule_sets())
    told = data.draw(facts(ruleset))
    assert_agree(told, ruleset)
    assert_agree(told, ruleset.under(POLICY), POLICY)


@given(st.data())
def test_both_evaluators_agree_on_made_up_facts_and_the_shipped_rules(
    data: st.DataObject,
) -> None:
    """Any facts, the shipped rules: the same answer."""
    shipped = RuleSet.default()
    assert_agree(data.draw(facts(shipped)), shipped)


@given(st.data())
def test_both_evaluators_agree_on_profiles_and_made_up_rules(data: st.DataObject) -> None:
    """Any profile as recognised, any rules: the same answer."""
    ruleset = data.draw(rule_sets())
    profile = data.draw(profiles(ruleset))
    assert_agree(recognise_profile(profile, ruleset), ruleset)


@given(profiles())
def test_both_evaluators_agree_on_profiles_and_the_shipped_rules(profile: PatientProfile) -> None:
    """Any profile as recognised, the shipped rules: the same answer."""
    shipped = RuleSet.default()
    assert_agree(recognise_profile(profile, shipped), shipped)
