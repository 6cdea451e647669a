"""Every case of the semantics, by the evaluator and by the second one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest
from attrs import frozen

import msrisk
from msrisk.errors import ProfileError
from msrisk.model.profile import Code
from msrisk.recognition import recognise_profile
from tests.properties import oracle

from .cases import Case, Of, chapters, rules
from .render import PAGE, page

pytestmark = pytest.mark.slow

CASES = [
    pytest.param(case, id=f"{section.name}-{number}")
    for chapter in chapters()
    for section in chapter.sections
    for number, case in enumerate(section.cases, 1)
]
ANSWERED = [param for param in CASES if not getattr(param.values[0], "refused", ())]
REFUSED = [param for param in CASES if getattr(param.values[0], "refused", ())]


@frozen
class Given:
    """What one evaluator says, in the words of the cases."""

    report: Mapping[str, object]
    of: Mapping[str, Of]


def profile_of(case: Case) -> msrisk.PatientProfile:
    return msrisk.PatientProfile.from_dict(dict(case.document))


def by_the_evaluator(case: Case) -> Given:
    report = msrisk.assess(profile_of(case), ruleset=rules(), policy=case.policy, packs=case.packs)
    named = re.search(r"(\d+) questions? open", report.headline)
    return Given(
        {
            "level": report.level.value,
            "worst_case": report.worst_case.value,
            "headline": report.headline,
            "questions": int(named[1]) if named else 0,
            "next": report.next_question.field if report.next_question else "",
            "unrecognised": [told(one.field, one.text, one.code) for one in report.unrecognised],
            "caveats": [caveat.rule for caveat in report.caveats],
        },
        {
            one.substance or one.name: Of(
                findings=[finding.rule for finding in one.findings],
                silences=[silence.rule for silence in one.silences],
                open={question.rule: list(question.fields) for question in one.open_questions},
                level=one.level.value,
                worst_case=one.worst_case.value,
                covered=one.covered,
                caveats=[caveat.rule for caveat in one.caveats],
                claims={
                    claim.claim: sides(claim.disputed_by, claim.qualified_by)
                    for claim in one.claims
                },
            )
            for one in report.assessments
        },
    )


def by_the_oracle(case: Case) -> Given:
    ruleset = rules() if case.packs is None else rules().only(case.packs)
    ruleset = ruleset if case.policy is None else ruleset.under(case.policy)
    answer = oracle.evaluate(recognise_profile(profile_of(case), ruleset), ruleset, case.policy)
    return Given(
        {
            "level": answer.level.value,
            "worst_case": answer.worst_case.value,
            "questions": answer.questions_open,
            "next": answer.next_field or "",
            "unrecognised": [told(*one) for one in answer.unrecognised],
            "caveats": [*answer.caveats, *["policy"] * answer.policy_caveats],
        },
        {
            one.substance or min(one.names): Of(
                findings=one.findings,
                silences=one.silences,
                open={rule: list(fields) for rule, fields in one.open_questions.items()},
                level=one.level.value,
                worst_case=one.worst_case.value,
                covered=one.covered,
                caveats=one.caveats,
                claims={claim: sides(*both) for claim, both in one.claims.items()},
            )
            for one in answer.assessed
        },
    )


def told(field: str, text: str | None, code: Code | None) -> str:
    return f"{field}: {text if code is None else code.code}"


def sides(disputed_by: Iterable[str], qualified_by: Iterable[str]) -> dict[str, list[str]]:
    return {"disputed_by": list(disputed_by), "qualified_by": list(qualified_by)}


def plain(value: object, *, ordered: bool) -> object:
    """Return a value in which lists compare by content alone, unless their order counts."""
    if isinstance(value, Collection) and not isinstance(value, str):
        return list(value) if ordered else sorted(value)
    return value


def assert_as_expected(given: Given, case: Case, *, ordered: bool) -> None:
    for key, expected in case.report.items():
        if key in given.report:
            one, other = given.report[key], expected
            assert plain(one, ordered=ordered) == plain(other, ordered=ordered), key
    if not case.of:
        return
    assert list(given.of) == list(case.of)
    for name, of in case.of.items():
        one = given.of[name]
        for key in ("findings", "silences", "caveats"):
            expected = getattr(of, key)
            if expected is not None:
                found = plain(getattr(one, key), ordered=ordered)
                assert found == plain(expected, ordered=ordered), (name, key)
        assert one.open == of.open, name
        if ordered:
            assert list(one.open) == list(of.open), name
        assert one.covered is of.covered, name
        for key in ("level", "worst_case", "claims"):
            expected = getattr(of, key)
            if expected is not None:
                assert getattr(one, key) == expected, (name, key)


@pytest.mark.parametrize("case", ANSWERED)
def test_the_evaluator_answers_as_the_case_says(case: Case) -> None:
    assert_as_expected(by_the_evaluator(case), case, ordered=True)


@pytest.mark.parametrize("case", ANSWERED)
def test_the_second_evaluator_answers_as_the_case_says(case: Case) -> None:
    assert_as_expected(by_the_oracle(case), case, ordered=False)


@pytest.mark.parametrize("case", REFUSED)
def test_a_profile_that_cannot_be_read_is_refused_at_the_place_that_the_case_names(
    case: Case,
) -> None:
    with pytest.raises(ProfileError) as refusal:
        msrisk.assess(profile_of(case), ruleset=rules())
    assert [problem.where for problem in refusal.value.problems] == list(case.refused)


def test_no_two_cases_say_the_same() -> None:
    sentences = [case.says for c in chapters() for s in c.sections for case in s.cases]
    assert sorted(set(sentences)) == sorted(sentences)


def test_every_rule_of_the_specification_is_found_and_is_open_in_some_case() -> None:
    cases = [case for c in chapters() for s in c.sections for case in s.cases]
    found = {rule for case in cases for of in case.of.values() for rule in of.findings}
    found |= {rule for case in cases for of in case.of.values() for rule in of.silences}
    asked = {rule for case in cases for of in case.of.values() for rule in of.open}
    conditional = {rule.id for rule in rules().rules if rule.when is not None}
    assert found == conditional
    assert asked == conditional


def test_the_page_of_the_semantics_is_what_the_cases_say(root: Path) -> None:
    expected = page()
    committed = (root / PAGE).read_text("utf-8")
    assert committed == expected, "write it anew with: python -m tests.spec.render"
