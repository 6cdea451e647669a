"""Chooses the questions of a form that are still open, the best one first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, field, frozen, mutable

from msrisk.asking import wording
from msrisk.asking.by_name import is_asked_by_name, named
from msrisk.asking.form import EMERGENCY, Form, Kind, Question
from msrisk.asking.offering import offered
from msrisk.asking.urgency import settled, sign_told, urgent_of
from msrisk.evaluation import evaluate
from msrisk.evaluation.deciding import DENIABLE, LIST_TESTS, Decider
from msrisk.evaluation.signs import signs_of
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.facts import Facts
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import NUMBER_FIELDS, Supplement
from msrisk.model.results import Level, OpenQuestion, Report, highest, rank
from msrisk.model.rules import Rule, RuleSet
from msrisk.model.truth import Truth
from msrisk.recognition import recognise_profile

__all__ = ["next_question", "open_questions"]

_DAILY: Final = (node.DailyDoseAbove, node.DailyDoseBelow)


def next_question(form: Form, ruleset: RuleSet, *, after_help: bool = False) -> Question | None:
    """Return the best question that is still open; None if no answer could matter enough.

    With an answer that is an emergency nothing more is asked, unless `after_help`: the person
    has read what to do at once and goes on all the same.
    """
    return next(iter(open_questions(form, ruleset, after_help=after_help)), None)


def open_questions(
    form: Form, ruleset: RuleSet, *, after_help: bool = False
) -> tuple[Question, ...]:
    """Return the questions that are still worth asking, best first.

    The emergency first of all; then what a name stands for that was not understood; then the
    list of supplements; then what could bring the most, and of that what settles most, by field
    as a report's next question. Within a field what is asked by name comes before the list,
    which would close it, and counts as much as the list. Left out
    is what was asked already, what no open rule hangs on, and what could neither bring a
    finding of CAUTION or above nor raise the level; what is asked by name always counts.
    In an emergency there are none, unless `after_help`.
    """
    profile = form.profile
    facts = recognise_profile(profile, ruleset)
    report = evaluate(facts, ruleset)
    if not after_help and urgent_of(form, facts, report, ruleset):
        return ()
    found = _Found(form, facts, report, ruleset)
    for assessment in report.assessments:
        if assessment.covered and assessment.substance:
            found.add_rules(assessment.substance, assessment.open_questions)
    if not facts.established("supplements"):
        found.add_list("supplements")
    elif not report.assessments:
        # A supplement can be told among the medicines.
        found.add_list("medications")
    return (*_emergency(form, facts, ruleset), *found.which(), *found.in_order())


def _emergency(form: Form, facts: Facts, ruleset: RuleSet) -> Iterator[Question]:
    """Yield for each unknown sign of an emergency the question that needs no supplement.

    One by one, so that a yes tells just what was asked.
    """
    for test in dict.fromkeys(test for rule in ruleset.rules for test in signs_of(rule)):
        sign = named(test, ruleset)
        key = (*EMERGENCY, sign.concept)
        if not form.asked(key) and sign_told(test, facts, ruleset) is not Truth.FALSE:
            yield Question(
                key=key,
                field=sign.field,
                kind=Kind.BY_NAME,
                wording=wording.about_a_sign(sign, ruleset),
                why="with a yes nothing else matters until you have had help",
                worst=Level.URGENT,
                named=(sign,),
            )


def _open_tests(decider: Decider, condition: Condition) -> Iterator[Condition]:
    """Yield the single tests that an unknown condition hangs on."""
    if decider.truth(condition) is not Truth.UNKNOWN:
        return
    if isinstance(condition, node.All | node.Any):
        for part in condition.of:
            yield from _open_tests(decider, part)
    else:
        yield condition


@frozen(eq=False)
class _Bearing:
    """A single test that an open rule hangs on, for one substance."""

    test: Condition
    rule: Rule
    open_: OpenQuestion
    decider: Decider


@mutable
class _Candidate:
    """A question, and what its answer bears on."""

    question: Question
    bearings: list[_Bearing] = field(factory=list)

    @property
    def rules(self) -> dict[str, Level]:
        return {one.rule.id: one.open_.level for one in self.bearings}

    @property
    def worst(self) -> Level:
        return highest([self.question.worst, *self.rules.values()])

    def decides(self, level: Level) -> bool:
        """Return whether the answer alone can bring a level."""
        told = {one.test for one in self.bearings}
        return self.question.worst is level or any(
            one.open_.level is level and settled(one.decider, one.rule.when, told)
            for one in self.bearings
        )


class _Found:
    """Collects the questions of one form."""

    def __init__(self, form: Form, facts: Facts, report: Report, ruleset: RuleSet) -> None:
        self.form = form
        self.facts = facts
        self.report = report
        self.ruleset = ruleset
        self.candidates: dict[tuple[str, ...], _Candidate] = {}
        self.deniable: list[_Bearing] = []
        self.fields = {one.field: place for place, one in enumerate(report.to_ask)}
        self.worst = {one.field: one.level for one in report.to_ask}
        self.prompts = {prompt.id: prompt for prompt in ruleset.fields}

    def which(self) -> Iterator[Question]:
        """Yield a question for each entry that was not understood, one for the same words."""
        told: set[tuple[str, ...]] = set()
        for entry in self.report.unrecognised:
            text = entry.text if entry.text is not None else entry.code.code if entry.code else ""
            key = ("which", entry.field, text)
            if key not in told and not self.form.asked(key):
                told.add(key)
                yield Question(
                    key=key,
                    field=entry.field,
                    kind=Kind.WHICH,
                    wording=entry.question,
                    why=entry.reason,
                    worst=self.worst[entry.field],
                    text=text,
                    suggestions=offered(entry, self.ruleset),
                )

    def add_rules(self, substance: str, questions: Iterable[OpenQuestion]) -> None:
        """Add what the open rules of a substance hang on."""
        decider = Decider(self.facts, self.ruleset, substance)
        rules = {rule.id: rule for rule in self.ruleset.rules_for(substance)}
        for open_ in questions:
            rule = rules[open_.rule]
            for test in _open_tests(decider, rule.when) if rule.when else ():
                wanted = decider.leaf(test).fields.intersection(open_.fields)
                if wanted:
                    self._add_test(_Bearing(test, rule, open_, decider), wanted)

    def _add_test(self, bearing: _Bearing, wanted: frozenset[str]) -> None:
        test = bearing.test
        if isinstance(test, DENIABLE):
            self.deniable.append(bearing)
        if is_asked_by_name(test, bearing.rule):
            self._add_by_name(bearing, min(wanted))
        if type(test) in LIST_TESTS:
            for name in sorted(wanted):
                self.add_list(name, bearing)
        elif wanted == {"supplements"}:
            self._add_products(bearing)
        else:
            (name,) = wanted
            kind = Kind.NUMBER if name in NUMBER_FIELDS else Kind.YES_NO
            if name not in self.facts.profile.asked_unknown:
                asked = self.prompts[name].question
                self._add(Question((kind.value, name), name, kind, asked), bearing)

    def _add_by_name(self, bearing: _Bearing, name: str) -> None:
        asked = named(bearing.test, self.ruleset)
        if self.form.asked_by_name(asked.concept):
            return
        words = wording.by_name(asked, bearing.test, bearing.rule, bearing.open_.question)
        key = (Kind.BY_NAME.value, asked.concept)
        self._add(Question(key, name, Kind.BY_NAME, words, named=(asked,)), bearing)

    def add_list(self, name: str, bearing: _Bearing | None = None) -> None:
        """Add the question for a list that cannot prove absence yet."""
        profile = self.facts.profile
        if self.facts.established(name) or name in profile.asked_unknown:
            return
        value = getattr(profile, name)
        by_name = self.form.names_asked_of(name)
        told = value is not None or bool(by_name)
        urgent = name == "supplements" and value is None
        self._add(
            Question(
                key=(Kind.NAMES.value, name),
                field=name,
                kind=Kind.NAMES,
                wording=wording.about_a_list(
                    self.prompts[name], self.ruleset, told=told, by_name=by_name
                ),
                worst=Level.URGENT if urgent else Level.UNDETERMINED,
            ),
            bearing,
        )

    def _add_products(self, bearing: _Bearing) -> None:
        """Add what is not known of a product: whether it was started, its dose, how often."""
        test, decider = bearing.test, bearing.decider
        self.add_list("supplements", bearing)
        for fact in decider.products():
            entry = fact.entry
            if not isinstance(entry, Supplement):
                continue
            if fact.doses and not isinstance(test, node.Taking):
                continue  # an amount would be that of all its products
            dose = fact.dose_of(decider.substance)
            unsaid = fact.taking is None and isinstance(test, node.DailyDoseTakenAbove)
            if unsaid or isinstance(test, node.Taking):
                part, missing = "taking", fact.taking is None
            elif isinstance(test, _DAILY):
                part, missing = "daily_dose_mg", math.isinf(dose.daily.high)
            else:
                part, missing = "times_per_day", math.isinf(dose.times.high)
            if missing and getattr(entry, part) is None:
                kind = Kind.YES_NO if part == "taking" else Kind.NUMBER
                key = (part, entry.name)
                words = wording.about_a_part(part, entry.name)
                question = Question(key, "supplements", kind, words, text=entry.name, part=part)
                self._add(question, bearing)

    def _add(self, question: Question, bearing: _Bearing | None) -> None:
        if self.form.asked(question.key):
            return
        candidate = self.candidates.setdefault(question.key, _Candidate(question))
        if bearing is not None:
            candidate.bearings.append(bearing)

    def _spread(self) -> None:
        """Let what is asked by name bear on each rule that a yes tells something of.

        A silence has kidney disease asked by name; a caution may hang on it, too.
        """
        for one in self.candidates.values():
            for sign in one.question.named:
                above = hierarchy_of(self.ruleset).up([sign.concept])
                one.bearings = [b for b in self.deniable if node.asked_for(b.test) in above]

    def in_order(self) -> Iterator[Question]:
        """Yield the questions that are worth asking, with the reason of each."""
        self._spread()
        unclear = [Level.UNDETERMINED] if self.report.unrecognised else []
        so_far = {
            one.substance: highest(
                [f.level for f in one.findings]
                + (unclear or [Level.UNDETERMINED for _ in one.silences])
            )
            for one in self.report.assessments
        }

        def worth(one: _Candidate) -> bool:
            # Of each supplement by itself: what is said of one raises nothing of another.
            return (
                one.question.kind is Kind.BY_NAME
                or (one.question.field == "supplements" and one.question.kind is Kind.NAMES)
                or not (one.bearings or unclear)
                or any(
                    rank(bearing.open_.level) >= rank(Level.CAUTION)
                    or rank(bearing.open_.level) > rank(so_far[bearing.decider.substance])
                    for bearing in one.bearings
                )
            )

        asked = [*filter(worth, self.candidates.values())]
        lists = {one.question.field: one for one in asked if one.question.kind is Kind.NAMES}
        named = [one for one in asked if one.question.kind is Kind.BY_NAME]

        def order(one: _Candidate) -> tuple[object, ...]:
            # What is asked by name counts as much as the list that waits for it; and where two
            # can bring as much, that comes first which does so alone, as whether it was begun
            # after a sign of an allergy; then that which does not have to wait.
            question, last = one.question, one.question.kind is Kind.NAMES
            before = [other.worst for other in named if other.question.field == question.field]
            behind = lists.get(question.field, one) if question.kind is Kind.BY_NAME else one
            most = highest([one.worst, behind.worst])
            least = min(before, key=rank, default=one.worst) if last else one.worst
            return (
                not (last and question.field == "supplements"),
                -rank(most),
                not (one.decides(most) or behind.decides(most)),
                -rank(least),
                self.fields[question.field],
                last,
                -len(one.rules),
                question.key,
            )

        for one in sorted(asked, key=order):
            yield evolve(one.question, worst=one.worst, why=_why(one))


def _why(one: _Candidate) -> str:
    count = len(one.rules)
    bears = f"; it bears on {count} open question{'s' if count > 1 else ''}" if count else ""
    if one.worst is Level.UNDETERMINED:
        return f"without it the answer stays open{bears}"
    return f"the answer could bring {one.worst.words}{bears}"
