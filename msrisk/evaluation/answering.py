"""Makes the report on a patient from what the rules say; it answers every profile.

Read it from `Answer` down: which substances to assess, the rules of each, and what becomes of
a rule when its condition is true, unknown or false. Each part of an answer is made when it is
read: the levels of a report at once, all else by the property of its name.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from attrs import evolve

from msrisk.evaluation.citing import cited_sources
from msrisk.evaluation.clearing import is_stopped, to_clear_up
from msrisk.evaluation.naming import Blanks, all_typed, few, given, told_beside
from msrisk.evaluation.next_question import Asking
from msrisk.evaluation.patients import Asked, Patient, patient_of
from msrisk.evaluation.planning import holds, plan_of
from msrisk.evaluation.saying import (
    as_prescribed,
    in_order,
    policy_caveat,
)
from msrisk.evaluation.signs import signs_told
from msrisk.evaluation.unused import code_of, not_looked_at
from msrisk.model.facts import Denied, Fact, Facts
from msrisk.model.profile import LIST_FIELDS, NONE_REPORTED, Supplement
from msrisk.model.results import (
    Assessment,
    Caveat,
    CitedSource,
    EvidenceUsed,
    Finding,
    Level,
    NextQuestion,
    NotLookedAt,
    OpenQuestion,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    ToAsk,
    Unrecognised,
    highest,
)
from msrisk.model.rules import Kind, Policy, RuleSet
from msrisk.model.truth import Truth

__all__ = ["Answer", "answer", "evaluate"]


def answer(patient: Patient, policy: Policy | None = None) -> Report:
    """Return what the rules say of a patient; the rules already follow the policy.

    Every profile is answered: nothing known, nothing recognised and nothing covered are
    answers too.
    """
    one = Answer(patient, policy)
    level, worst_case = one.ends()
    return Report.of(one, level=level, worst_case=worst_case)


def evaluate(facts: Facts, ruleset: RuleSet, policy: Policy | None = None) -> Report:
    """Return what the rules say of a patient whose entries are recognised already."""
    return answer(patient_of(facts, plan_of(ruleset)), policy)


class Answer:
    """The parts of a report on one patient, each made when it is asked for."""

    def __init__(self, patient: Patient, policy: Policy | None) -> None:
        self._patient = patient
        self._policy = policy
        self._plan = patient.plan
        self._ruleset = patient.plan.ruleset
        supplements = patient.lists["supplements"]
        self._others = supplements.others
        self._unknown = supplements.unknown
        covered: frozenset[str] = frozenset()
        unclear = False
        for told in patient.lists.values():
            covered |= told.covered
            unclear |= told.unclear
        self._asked = [
            Asked(patient, of) for id_, of in self._plan.substances.items() if id_ in covered
        ]
        # What was denied by name may contradict an entry that is clear by itself.
        self._may_be_unclear = unclear or bool(patient.denied)
        if not unclear and patient.denied:
            unclear = bool(self.unrecognised)
        self._clear = supplements.established and not unclear
        # What each substance asks for, and what it could ask for.
        self._ends = [self._ends_of(one) for one in self._asked]

    def ends(self) -> tuple[Level, Level]:
        """Return the level of the whole, and its worst case."""
        ends = self._ends.copy()
        ends += [(Level.UNDETERMINED, Level.UNDETERMINED) for _ in self._others]
        ends += [(Level.UNDETERMINED, worst) for worst in self._unknown.values()]
        if not ends or not self._clear:
            ends.append((Level.UNDETERMINED, Level.UNDETERMINED))
        if self._patient.profile.supplements is None:
            ends.append((Level.UNDETERMINED, Level.URGENT))
        if len(ends) == 1:
            return ends[0]
        return highest(level for level, _ in ends), highest(worst for _, worst in ends)

    def _ends_of(self, asked: Asked) -> tuple[Level, Level]:
        """Return the level of a substance and its worst case.

        The level is the highest of the rules that apply, and at least UNDETERMINED if a rule
        is open or an entry is to be cleared up.
        """
        level, worst_case = asked.level(), asked.worst_case()
        if level in _SETTLED and not (self._clear and not asked.is_open()):
            level = Level.UNDETERMINED
        return level, level if worst_case in _SETTLED else worst_case

    @cached_property
    def facts(self) -> Facts:
        """The entries as they were recognised."""
        told = {name: told.facts for name, told in self._patient.lists.items()}
        return Facts(self._patient.profile, told, self._patient.denied)

    @cached_property
    def ruleset(self) -> RuleSetUsed:
        """Which rules answered."""
        return self._plan.used

    @cached_property
    def policy(self) -> PolicyUsed | None:
        """Which numbers are the caller's."""
        return _policy_used(self._policy) if self._policy else None

    @cached_property
    def headline(self) -> str:
        """Both ends in a line."""
        level, worst_case = self.ends()
        return _headline(
            level,
            worst_case,
            len(self._asking.fields),
            self.assessments,
            _searched(len(self._ruleset.sources), beyond=bool(self._ruleset.evidence)),
            unasked=self._patient.profile.supplements is None,
        )

    @cached_property
    def caveats(self) -> tuple[Caveat, ...]:
        """What must be said of any supplement."""
        caveats = self._plan.caveats
        if self._policy:
            return in_order([*caveats, policy_caveat(self._policy, self._ruleset, caveats)])
        return caveats

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """The answer for each covered substance that is or may be taken, then the others."""
        return (
            *map(self._assess, self._asked, self._ends),
            *(
                self._not_covered(id_, name, Level.UNDETERMINED)
                for id_, name in sorted(self._others.items())
            ),
            *(self._not_covered(None, name, self._unknown[name]) for name in sorted(self._unknown)),
        )

    def _assess(self, asked: Asked, ends: tuple[Level, Level]) -> Assessment:
        of, own = asked.of, asked.own
        true, may = asked.true, asked.may
        # A rule of several substances says the same of each.
        called = Blanks(few(own.typed) if own.typed else of.name), _ANY
        findings: list[Finding] = []
        silences: list[Silence] = []
        questions: list[OpenQuestion] = []
        for one in of.planned:
            if not one.leaves & may:
                continue
            blanks = called[one.shared]
            if one.leaves & true and holds(one.tree, true):
                because = asked.because(one)
                if one.said.tells:
                    blanks = Blanks(blanks.product, told_beside(because, own.typed))
                if one.rule.kind is Kind.SILENCE:
                    silences.append(one.said.silence(because, blanks))
                    continue
                found = one.said.finding(because, blanks)
                if own.prescribed:
                    groups = (own.bought, own.prescribed)
                    each = [evolve(blanks, product=few(names)) for names in groups if names]
                    found = as_prescribed(found, one.rule, each)
                findings.append(found)
            elif one.one_settles or holds(one.tree, may):
                questions.append(one.said.question(asked.settling(one), blanks))
        return Assessment(
            substance=of.id,
            name=of.name,
            covered=True,
            level=ends[0],
            worst_case=ends[1],
            findings=tuple(findings),
            open_questions=tuple(questions),
            caveats=of.caveats,
            claims=of.claims,
            silences=tuple(silences),
            products=own.typed,
            taking=_YES_NO[own.taking],
            prescribed=bool(own.prescribed),
            started=own.started,
        )

    def _not_covered(self, id_: str | None, name: str, worst_case: Level) -> Assessment:
        return Assessment(
            substance=id_,
            name=name,
            covered=False,
            level=Level.UNDETERMINED,
            worst_case=worst_case,
            findings=(),
            open_questions=(),
            caveats=self._plan.caveats,
            claims=(),
            silences=(),
        )

    @cached_property
    def unrecognised(self) -> tuple[Unrecognised, ...]:
        """The entries to be cleared up."""
        if not self._may_be_unclear:
            return ()
        return tuple(to_clear_up(self.facts, self._plan.tests.hierarchy))

    @cached_property
    def _asking(self) -> Asking:
        questions = [question for one in self.assessments for question in one.open_questions]
        return Asking(
            self.facts,
            self._ruleset,
            questions,
            self.unrecognised,
            assessed=bool(self.assessments),
        )

    @cached_property
    def next_question(self) -> NextQuestion | None:
        """What to ask next."""
        return self._asking.next()

    @cached_property
    def to_ask(self) -> tuple[ToAsk, ...]:
        """Each field that leaves something open, the best question first."""
        return self._asking.all()

    @cached_property
    def denied(self) -> tuple[Denied, ...]:
        """What was asked for by name and denied."""
        return tuple(sorted(set(self._patient.denied), key=lambda one: (one.concept, one.text)))

    @cached_property
    def sources(self) -> tuple[CitedSource, ...]:
        """Each cited source once."""
        return cited_sources(self.caveats, self.assessments, self._ruleset)

    @cached_property
    def evidence(self) -> tuple[EvidenceUsed, ...]:
        """What was found beyond the texts and bears on something said."""
        from msrisk.evaluation.bearing import evidence_used  # most of the time it takes at first

        return evidence_used(self.caveats, self.assessments, self._ruleset)

    @cached_property
    def none_reported(self) -> tuple[str, ...]:
        """The lists that were answered with "none"."""
        profile = self._patient.profile
        return tuple(name for name in LIST_FIELDS if getattr(profile, name) is NONE_REPORTED)

    @cached_property
    def medicines(self) -> tuple[str, ...]:
        """The entries told among the medicines, but for those that were stopped."""
        told = self._patient.lists["medications"].facts
        return all_typed(
            one for one in told if one.recognition.says is not False and not is_stopped(one)
        )

    @cached_property
    def supplements(self) -> tuple[str, ...]:
        """The entries told among the supplements, with their amounts."""
        entries = (fact.entry for fact in self._patient.lists["supplements"].facts)
        return tuple(sorted({given(one) for one in entries if isinstance(one, Supplement)}))

    @cached_property
    def not_looked_at(self) -> tuple[NotLookedAt, ...]:
        """What was understood and no rule applies to."""
        return tuple(
            not_looked_at(
                self.facts,
                self._ruleset,
                self.assessments,
                self.unrecognised,
                [*self._signs, *self._watched],
            )
        )

    @cached_property
    def _signs(self) -> list[Fact]:
        return list(signs_told(self.facts, self._plan.signs))

    @cached_property
    def _watched(self) -> list[Fact]:
        """The entries that tell another sign of an emergency, which applies to nothing taken."""
        told = {
            (fact.field, fact.text, fact.code)
            for one in self.assessments
            for finding in one.findings
            if finding.level is Level.URGENT
            for fact in finding.because
        }
        watched = signs_told(self.facts, self._plan.watched)
        return [one for one in watched if (one.field, one.entry.text, code_of(one)) not in told]

    @cached_property
    def watched(self) -> tuple[str, ...]:
        """The other symptoms told that a rule of an emergency asks about."""
        return all_typed(self._watched)

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """The symptoms told that are an emergency by themselves."""
        return all_typed(self._signs)


_ANY: Final = Blanks("the supplement")
# Below UNDETERMINED: what is open or unclear raises them.
_SETTLED: Final = (Level.NO_FINDING, Level.INFORM)
_YES_NO: Final = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


def _headline(
    level: Level,
    worst_case: Level,
    questions: int,
    assessments: tuple[Assessment, ...],
    searched: str,
    *,
    unasked: bool,
) -> str:
    """Name both ends where they differ, and say what was not assessed; never an all-clear."""
    words = f"{questions or 'no'} question{'s' if questions > 1 else ''} open"
    uncovered = sum(not one.covered for one in assessments)
    if uncovered:
        words += f"; {uncovered} {'name' if uncovered == 1 else 'names'} not covered by the rules"
    if unasked:
        words += "; which supplement was not asked"
    elif not assessments:
        words += "; no supplement named, so none was assessed"
    if worst_case is Level.NO_FINDING:
        fits = f"no warning of {searched} fits these answers; that clears nothing"
        return f"{level.words}: {fits}; {words}"
    if level is worst_case:
        return f"{level.words}: {words}"
    return f"{level.words} so far; could be {worst_case.words}: {words}"


def _searched(texts: int, *, beyond: bool) -> str:
    words = {1: "the one text", 2: "the two texts"}.get(texts, f"the {texts} sources")
    return f"{words} or the evidence found" if beyond else words


def _policy_used(policy: Policy) -> PolicyUsed:
    import hashlib
    import json  # few have a policy, and to import it takes longer than to answer

    thresholds = tuple(sorted(policy.thresholds.items()))
    content = json.dumps([thresholds, policy.allow_weaker])
    digest = f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
    return PolicyUsed(thresholds, policy.allow_weaker, digest)
