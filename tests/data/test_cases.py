"""The worked patients under `rules/cases/` get exactly the answers that a clinician reads there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import msrisk
from msrisk.documents import schema_of
from msrisk.loading import load_cases
from msrisk.model.cases import Case
from msrisk.model.results import Finding, Report, Silence

pytestmark = pytest.mark.slow

OUTCOMES = {"finding", "none", "open"}
DIRECTORY = Path(__file__).parents[2] / "rules"
CASES = load_cases(DIRECTORY)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def assessed(case: Case) -> Report:
    return msrisk.assess(msrisk.PatientProfile.from_dict(case.intake))


def found(report: Report) -> list[Finding | Silence]:
    findings = [one for part in report.assessments for one in part.findings]
    return [*findings, *(one for part in report.assessments for one in part.silences)]


def findings_of(report: Report) -> set[str]:
    return {one.rule for one in found(report)}


def open_questions_of(report: Report) -> set[str]:
    return {one.rule for part in report.assessments for one in part.open_questions}


def outcome_of(rule: str, report: Report) -> str:
    if rule in findings_of(report):
        return "finding"
    return "open" if rule in open_questions_of(report) else "none"


@each_case
def test_a_case_finds_exactly_what_it_says(case: Case) -> None:
    assert findings_of(assessed(case)) == set(case.findings), case.says


@each_case
def test_a_case_leaves_open_exactly_what_it_says(case: Case) -> None:
    assert open_questions_of(assessed(case)) == set(case.open_questions), case.says


@each_case
def test_a_case_has_the_level_and_the_worst_case_that_it_says(case: Case) -> None:
    document = assessed(case).to_dict()
    told = document["level"], document["worst_case"]
    assert told == (case.level, case.worst_case), case.says


@each_case
def test_the_rule_of_a_case_has_the_outcome_that_it_says(case: Case) -> None:
    assert outcome_of(case.rule, assessed(case)) == case.outcome, case.says


@each_case
def test_a_case_agrees_with_itself(case: Case) -> None:
    listed = {"finding": case.findings, "open": case.open_questions}
    assert {name for name, rules in listed.items() if case.rule in rules} == {case.outcome} - {
        "none"
    }
    for rules in listed.values():
        assert list(rules) == sorted(set(rules)), "in plain order, each once"


@each_case
def test_every_finding_of_a_case_cites_passages_a_whole_text_or_evidence(
    case: Case, ruleset: msrisk.RuleSet
) -> None:
    told = {
        rule.id: {one.source or one.evidence: one for one in rule.cites} for rule in ruleset.rules
    }
    for finding in found(assessed(case)):
        assert {one.source for one in finding.citations} == set(told[finding.rule]), finding.rule
        for shown in finding.citations:
            cited = told[finding.rule][shown.source]
            whole = cited.whole or bool(cited.evidence)
            assert set(shown.passages) == set(cited.passages), finding.rule
            assert shown.whole is whole is not bool(shown.passages), finding.rule


@each_case
def test_the_intake_of_a_case_is_valid_against_the_published_schema(case: Case) -> None:
    errors = Draft202012Validator(schema_of("intake")).iter_errors(case.intake)
    assert [error.message for error in errors] == []


def test_every_conditional_rule_has_a_case_for_each_of_its_outcomes(
    ruleset: msrisk.RuleSet,
) -> None:
    shown = {rule.id: set[str]() for rule in ruleset.rules if rule.when is not None}
    for case in CASES:
        shown[case.rule].add(case.outcome)
    missing = {rule: OUTCOMES - outcomes for rule, outcomes in shown.items()}
    assert {rule: outcomes for rule, outcomes in missing.items() if outcomes} == {}


def test_every_case_has_an_id_and_a_sentence_of_its_own() -> None:
    for values in ([case.id for case in CASES], [case.says for case in CASES]):
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_no_two_cases_are_the_same_patient() -> None:
    patients = [msrisk.PatientProfile.from_dict(case.intake) for case in CASES]
    same = [
        (case.id, CASES[at].id)
        for at, patient in enumerate(patients)
        for case, other in zip(CASES[:at], patients[:at], strict=True)
        if patient == other
    ]
    assert same == []


def test_a_file_of_cases_is_short_enough_to_read() -> None:
    lengths = {
        path.name: len(path.read_text("utf-8").splitlines())
        for path in (DIRECTORY / "cases").glob("*.toml")
    }
    assert {name: length for name, length in lengths.items() if length > 500} == {}
