"""Who catches a mutant: the loader, `rules diff`, `rules check` or a worked patient."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cached_property

from attrs import evolve, frozen

from msrisk.analysis import Change, Verdict, compare
from msrisk.api import assess
from msrisk.checking import CHECKS
from msrisk.checking import compare as compare_with_past
from msrisk.checking.conditions import implied, unconditional
from msrisk.checking.remarks import Remark
from msrisk.diff.heirs import heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.documents import profile_to_document
from msrisk.errors import RuleSetError
from msrisk.evaluation import evaluate
from msrisk.loading.validation import problems_of
from msrisk.model.cases import Case
from msrisk.model.concepts import Vocabulary
from msrisk.model.facts import Facts
from msrisk.model.profile import PatientProfile
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_profile
from tests.mutation.mutants import Mutant
from tests.mutation.patients import patients_around

__all__ = ["CAUGHT", "Caught", "Judge", "Outcome"]


class Outcome(Enum):
    """What became of a mutant.

    The first four caught it. The next three are no weakening: the diff says so, and no
    worked patient contradicts it.
    """

    LOAD = "load"
    DIFF = "diff"
    CHECK = "check"
    CASE = "case"
    STRENGTHENS = "strengthens"
    REWORDS = "rewords"
    EQUIVALENT = "equivalent"
    MISSED = "missed"


CAUGHT = (Outcome.LOAD, Outcome.DIFF, Outcome.CHECK, Outcome.CASE)


@frozen
class Caught:
    """What became of a mutant, and how one sees it."""

    mutant: Mutant
    outcome: Outcome
    why: str


# Those that search for patients take as long as the diff, which searches for them as well.
_QUICK = [check for check in CHECKS if check not in {implied, unconditional}]


def _remarks_on(ruleset: RuleSet) -> list[Remark]:
    return [remark for check in _QUICK for remark in check(ruleset)]


class _Places(dict[int, str]):
    """A place of its own for every object of a rule set that lies in no file."""

    def __missing__(self, key: int) -> str:
        return f"object {key}"


class Judge:
    """Tries mutants of one rule set."""

    def __init__(self, ruleset: RuleSet, cases: tuple[Case, ...]) -> None:
        self.ruleset = ruleset
        self.cases = cases

    @cached_property
    def _patients(self) -> Mapping[str, tuple[PatientProfile, Report]]:
        """The worked patients, and what the rules tell them."""
        profiles = {case.id: PatientProfile.from_dict(case.intake) for case in self.cases}
        return {
            id_: (profile, assess(profile, ruleset=self.ruleset))
            for id_, profile in profiles.items()
        }

    @cached_property
    def _remarks(self) -> frozenset[Remark]:
        return frozenset(_remarks_on(self.ruleset))

    @cached_property
    def _facts(self) -> Mapping[PatientProfile, Facts]:
        return {
            profile: recognise_profile(profile, self.ruleset)
            for profile, _ in self._patients.values()
        }

    def _answer_to(self, profile: PatientProfile, new: RuleSet) -> Report:
        """Return what a changed rule set says; the same words are read once only."""
        old = self.ruleset
        if new.vocabulary is old.vocabulary and new.substances is old.substances:
            return evaluate(self._facts[profile], new, None)
        return assess(profile, ruleset=new)

    def tried(self, mutant: Mutant) -> list[Caught]:
        """Return what becomes of a mutant, and if it does not load, of the same one tidied."""
        first = self.judged(mutant)
        if first.outcome is not Outcome.LOAD:
            return [first]
        second = self.judged(mutant.tidied())
        return [first] if second.outcome is Outcome.LOAD else [first, second]

    def tried_together(self, mutants: Sequence[Mutant]) -> list[Caught]:
        """Return what becomes of mutants of as many different things, compared all at once.

        What the diff does not hold against the thing itself is tried alone.
        """
        new = evolve(self._no_pairs, digest="sha256:together")
        for mutant in mutants:
            new = mutant.change(new)
        gated: dict[str, str] = {}
        if not problems_of(new, _Places()):
            for change in compare(self._no_pairs, new).changes:
                if change.gated:
                    gated.update(dict.fromkeys(change.id.split(", "), _said(change)))
        return [
            one
            for mutant in mutants
            for one in (
                [Caught(mutant, Outcome.DIFF, gated[mutant.subject])]
                if mutant.subject in gated
                else self.tried(mutant)
            )
        ]

    def judged(self, mutant: Mutant) -> Caught:
        """Return who catches a mutant."""
        try:
            new = mutant.of(self.ruleset)
        except RuleSetError as error:
            return Caught(mutant, Outcome.LOAD, str(error))
        problems = problems_of(self._lightened(new), _Places())
        if problems:
            return Caught(mutant, Outcome.LOAD, str(problems[0]))
        changes = compare(self.ruleset, new).changes
        gated = [change for change in changes if change.gated]
        if gated:
            return Caught(mutant, Outcome.DIFF, _said(gated[0]))
        return self._not_gated(mutant, new, changes)

    @cached_property
    def _no_pairs(self) -> RuleSet:
        """The rule set without the pairs of names that a dropped name would have to leave."""
        return evolve(self.ruleset, vocabulary=evolve(self.ruleset.vocabulary, confusables=()))

    @cached_property
    def _ids(self) -> Vocabulary:
        words = self.ruleset.vocabulary
        concepts = tuple(evolve(one, names=(), codes={}) for one in words.concepts)
        return Vocabulary(words.drug_classes, (), concepts, (), ())

    def _lightened(self, new: RuleSet) -> RuleSet:
        """Return a rule set without the names, if those are the very same as before.

        The names of the first rule set were in order when it was loaded, and nothing that
        stands outside the vocabulary refers to drugs, terms or words.
        """
        old = self.ruleset
        if new.vocabulary is not old.vocabulary or new.substances is not old.substances:
            return new
        return evolve(new, vocabulary=self._ids)

    def _not_gated(self, mutant: Mutant, new: RuleSet, changes: tuple[Change, ...]) -> Caught:
        """Return what becomes of a mutant that a diff would let pass."""
        verdicts = {change.verdict for change in changes}
        said = "; ".join(map(_said, changes)) or "no change"
        unlike = ""
        heirs = heirs_of_rules(self.ruleset, new)
        for id_, (profile, before) in self._patients.items():
            after = self._answer_to(profile, new)
            lost = losses(before, after, heirs)
            if lost:
                why = f"the diff says {said}, but case {id_} loses {lost[0].what} {lost[0].id}"
                return Caught(mutant, Outcome.MISSED, why)
            if verdicts <= {Verdict.EQUIVALENT} and _told(before) != _told(after):
                why = f"the diff says {said}, but case {id_} is told something else"
                return Caught(mutant, Outcome.MISSED, why)
            if not unlike and _answer(before) != _answer(after):
                unlike = id_
        for profile in patients_around(self.ruleset, new):
            before, after = (assess(profile, ruleset=one) for one in (self.ruleset, new))
            lost = losses(before, after, heirs)
            if lost or (verdicts <= {Verdict.EQUIVALENT} and _told(before) != _told(after)):
                told = json.dumps(profile_to_document(profile), ensure_ascii=False)
                what = f"loses {lost[0].what} {lost[0].id}" if lost else "is told something else"
                why = f"the diff says {said}, but {told} {what}"
                return Caught(mutant, Outcome.MISSED, why)
        if unlike:
            return Caught(mutant, Outcome.CASE, f"case {unlike} gets another answer")
        remarks = [one for one in _remarks_on(new) if one not in self._remarks]
        remarks += compare_with_past(self.ruleset, new)
        if remarks:
            return Caught(mutant, Outcome.CHECK, f"{remarks[0].where}: {remarks[0].says}")
        if Verdict.STRENGTHENS in verdicts:
            return Caught(mutant, Outcome.STRENGTHENS, said)
        if Verdict.REWORDS in verdicts:
            return Caught(mutant, Outcome.REWORDS, said)
        return Caught(mutant, Outcome.EQUIVALENT, said)


def _said(change: Change) -> str:
    return f"{change.verdict.value} {change.about} {change.id}: {change.says[0]}"


def _told(report: Report) -> dict[str, object]:
    """Return all that is said, whichever rules say it."""
    return evolve(report, ruleset=evolve(report.ruleset, version="", digest="")).to_dict()


def _answer(report: Report) -> object:
    """Return what a worked patient writes down of a report."""
    parts = report.assessments
    found = {one.rule for part in parts for one in part.findings}
    found |= {one.rule for part in parts for one in part.silences}
    unclear = {one.rule for part in parts for one in part.open_questions}
    return report.level, report.worst_case, found, unclear
