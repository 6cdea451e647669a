"""Whether the worked patients are there for every rule, and get the answers that they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from msrisk.api import assess
from msrisk.checking.remarks import Remark, listed
from msrisk.errors import ProfileError
from msrisk.model.cases import Case
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet

__all__ = ["check_cases"]

_OUTCOMES: Final = ("finding", "open", "none")


def check_cases(ruleset: RuleSet, cases: Iterable[Case]) -> Iterator[Remark]:
    """Remark on rules without their three cases, and on cases that are not so."""
    all_ = tuple(cases)
    # That a rule set was withdrawn says nothing about its cases.
    rules = evolve(ruleset, withdrawn=None)
    conditional = {rule.id for rule in ruleset.rules if rule.when is not None}
    for id_ in sorted(conditional):
        shown = {case.outcome for case in all_ if case.rule == id_}
        for outcome in _OUTCOMES:
            if outcome not in shown:
                yield Remark(
                    "missing-case",
                    f"rule `{id_}`",
                    f"No worked patient shows this rule with the outcome “{outcome}”.",
                    f"a [[case]] of this rule with outcome = {outcome}",
                )
    for case in all_:
        if case.rule not in conditional:
            yield Remark(
                "case-of-no-rule",
                f"case `{case.id}`: rule",
                f"`{case.rule}` is not a rule with a condition.",
                "the id of one, as `msrisk rules list` shows it",
            )
        yield from _check_case(rules, case)


def _check_case(ruleset: RuleSet, case: Case) -> Iterator[Remark]:
    try:
        profile = PatientProfile.from_dict(case.intake)
    except ProfileError as error:
        for problem in error.problems:
            yield Remark(
                "case-not-read",
                f"case `{case.id}`: intake.{problem.where}",
                "This patient cannot be read as an intake document.",
                problem.expected,
            )
        return
    for key, told, is_so in _answers(case, assess(profile, ruleset=ruleset)):
        if told != is_so:
            yield Remark(
                "case-not-so",
                f"case `{case.id}`: {key}",
                f"The rules answer {is_so}, the case says {told}.",
                "a mended rule, or the case as it now is",
            )


def _answers(case: Case, report: Report) -> Iterator[tuple[str, str, str]]:
    """Yield each part of an answer: what the case says, and what the rules say."""
    findings = {one.rule for part in report.assessments for one in part.findings}
    findings |= {one.rule for part in report.assessments for one in part.silences}
    unclear = {one.rule for part in report.assessments for one in part.open_questions}
    outcome = "finding" if case.rule in findings else "open" if case.rule in unclear else "none"
    yield "outcome", case.outcome, outcome
    yield "level", case.level, report.level.value
    yield "worst_case", case.worst_case, report.worst_case.value
    yield "findings", _ids(case.findings), _ids(findings)
    yield "open_questions", _ids(case.open_questions), _ids(unclear)


def _ids(ids: Iterable[str]) -> str:
    return listed(ids) or "none"
