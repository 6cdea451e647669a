"""Checks that every rule has worked patients, and that each gets the answer it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from msrisk.api import assess
from msrisk.checking.remarks import Remark, listed
from msrisk.errors import ProfileError
from msrisk.model.cases import Case
from msrisk.model.checks import did_you_mean
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Level, Report
from msrisk.model.rules import RuleSet

__all__ = ["check_cases"]

_OUTCOMES: Final = {"finding": "applies", "open": "stays open", "none": "does not apply"}
_SHOWS: Final = {
    "finding": "who gets this",
    "none": "who does not get it",
    "open": "for whom it is open",
}
_LEVELS: Final = {level.value: level.words for level in Level}


def check_cases(ruleset: RuleSet, cases: Iterable[Case]) -> Iterator[Remark]:
    """Remark on rules without their three cases, and once on each case that is not so."""
    all_ = tuple(cases)
    # That a rule set was withdrawn says nothing about its cases.
    check = _Check(evolve(ruleset, withdrawn=None))
    for id_ in sorted(check.conditional):
        shown = {case.outcome for case in all_ if case.rule == id_}
        if missing := [outcome for outcome in _SHOWS if outcome not in shown]:
            yield Remark(
                "missing-case",
                f"rule `{id_}`",
                f"No worked patient shows {' or '.join(_SHOWS[one] for one in missing)}.",
                f"a [[case]] of this rule with outcome = {', '.join(missing)}",
            )
    for case in all_:
        yield from check.case(case)


class _Check:
    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.conditional = {rule.id for rule in ruleset.rules if rule.when is not None}
        self.replaced_by = {old: rule.id for rule in ruleset.rules for old in rule.replaces}

    def case(self, case: Case) -> Iterator[Remark]:
        where = ": ".join(filter(None, [case.file, f"case `{case.id}`"]))
        try:
            # Only the rules know the names that a patient may deny.
            report = assess(PatientProfile.from_dict(case.intake), ruleset=self.ruleset)
        except ProfileError as error:
            wrong = "; ".join(f"intake.{problem}" for problem in error.problems)
            says = f"This patient cannot be read: {wrong}."
            yield Remark("case-not-read", where, says, "an intake document")
            return
        unknown = [] if case.rule in self.conditional else [self._no_rule(case.rule)]
        differs = [*self._answer(case, report)]
        if unknown or differs:
            yield Remark(
                "case-of-no-rule" if unknown else "case-not-so",
                where,
                " ".join([f"“{case.says}”", *unknown, *differs]),
                "if that is meant, change the case; if not, the rule",
            )

    def _no_rule(self, id_: str) -> str:
        if id_ in self.replaced_by:
            return f"It is a case of `{id_}`, which `{self.replaced_by[id_]}` replaced."
        meant = did_you_mean(id_, self.conditional)
        return f"It is a case of `{id_}`, which is not a rule with a condition{meant}."

    def _answer(self, case: Case, report: Report) -> Iterator[str]:
        """Yield a sentence for each part of the answer that is not as the case says."""
        findings = {one.rule for part in report.assessments for one in part.findings}
        findings |= {one.rule for part in report.assessments for one in part.silences}
        unclear = {one.rule for part in report.assessments for one in part.open_questions}
        outcome = "finding" if case.rule in findings else "open" if case.rule in unclear else "none"
        told, is_so = [], []
        if outcome != case.outcome and case.rule in self.conditional:
            told.append(f"that {case.rule} {_words(_OUTCOMES, case.outcome)}")
            is_so.append(f"that it {_OUTCOMES[outcome]}")
        levels = (report.level.value, report.worst_case.value)
        if levels != (case.level, case.worst_case):
            told.append(_level(case.level, case.worst_case))
            is_so.append(_level(*levels))
        if told:
            yield f"The case says {': '.join(told)}; the rules now say {': '.join(is_so)}."
        yield from self._lists("Findings", set(case.findings), findings)
        yield from self._lists("Open questions", set(case.open_questions), unclear)

    def _lists(self, name: str, told: set[str], is_so: set[str]) -> Iterator[str]:
        changes = {"not any more": told - is_so, "new": is_so - told}
        said = [f"{change} {listed(ids)}" for change, ids in changes.items() if ids]
        if said:
            yield f"{name}: {'; '.join(said)}."


def _level(level: str, worst_case: str) -> str:
    now, worst = _words(_LEVELS, level), _words(_LEVELS, worst_case)
    return now if now == worst else f"{now}, {worst} at worst"


def _words(known: Mapping[str, str], word: str) -> str:
    return known.get(word, f"`{word}`")
