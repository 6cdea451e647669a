"""What it is for a report to say what the second evaluator says, no more and no less."""

from __future__ import annotations

import re
from collections import Counter

from msrisk.evaluation import evaluate
from msrisk.model.facts import Facts
from msrisk.model.profile import FIELDS
from msrisk.model.results import Assessment, Caveat, Level, Report
from msrisk.model.rules import Kind, Policy, RuleSet

from . import oracle

__all__ = ["assert_agree", "assert_same_assessment"]

KINDS = [kind.value for kind in Kind]
LEVELS = list(Level)


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
    assert set(report.denied) == set(told.denied)
    assert len(report.denied) == len(set(told.denied))
    places = [(FIELDS.index(field), text or "") for field, text, _ in listed]
    assert places == sorted(places)
    assert opened(report) == answer.questions_open
    next_field = report.next_question.field if report.next_question else None
    assert next_field == answer.next_field
    of_rules = tuple(one for one in report.caveats if one.rule in answer.caveats)
    assert {one.rule for one in of_rules} == answer.caveats
    assert len(report.caveats) == len(answer.caveats) + answer.policy_caveats
    assert_caveats_in_order(of_rules)
