"""Says what a person has to do at once: an emergency that is there, or that may be there."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from msrisk.asking.form import Form
from msrisk.evaluation import evaluate
from msrisk.evaluation.deciding import Decider
from msrisk.evaluation.naming import UNNAMED
from msrisk.evaluation.signs import signs_of, signs_told
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition, walk
from msrisk.model.facts import Facts
from msrisk.model.kinds import Screen
from msrisk.model.profile import Entry, PatientProfile, Supplement
from msrisk.model.results import Level, Report
from msrisk.model.rules import Kind, Rule, RuleSet
from msrisk.model.truth import Truth
from msrisk.recognition import recognise_entry, recognise_profile

__all__ = ["Urgent", "settled", "sign_told", "urgent", "urgent_of"]


@frozen
class Urgent:
    """What to do at once, in the words of a rule.

    Attributes:
        rule: its id.
        action: what it says is to be done.
        call: whether there is a sign that the emergency number has to be called for.
        certain: whether it is an emergency for certain. It may be one where nobody knows
            whether the supplement was begun, and nothing else is left to ask.

    """

    rule: str
    action: str
    call: bool
    certain: bool = True


def urgent(told: PatientProfile | Form, ruleset: RuleSet) -> tuple[Urgent, ...]:
    """Return what a person has to do at once, whether or not a supplement is named yet.

    Of a form it tells too what may be an emergency, once nobody knew whether the supplement was
    begun: unknown is not no. Of a profile alone nothing says what was asked.
    """
    form = told if isinstance(told, Form) else Form(told)
    facts = recognise_profile(form.profile, ruleset)
    return urgent_of(form, facts, evaluate(facts, ruleset), ruleset)


def urgent_of(form: Form, facts: Facts, report: Report, ruleset: RuleSet) -> tuple[Urgent, ...]:
    """Return the same of a form that was read and assessed already."""
    there = [
        rule
        for rule in ruleset.rules
        if any(sign_told(test, facts, ruleset) is Truth.TRUE for test in signs_of(rule))
    ]
    brought = [
        finding
        for one in report.assessments
        for finding in one.findings
        if finding.level is Level.URGENT
    ]
    may_be = [] if brought or there else [*_may_be(form, facts, report, ruleset)]
    if not (brought or there or may_be):
        return ()
    call = bool(there) or any(signs_told(facts, _called_for(ruleset)))
    if brought:
        return tuple(Urgent(one.rule, one.action, call) for one in brought)
    # No supplement is named that it could come from, or nobody knows whether it was begun: one
    # rule is enough, and there is no time to read two. That which says most also says what to
    # do with the supplement, which may be prescribed.
    words = [
        Urgent(one.id, UNNAMED.fill(one.action_prescribed or one.action), call, bool(there))
        for one in there or may_be
    ]
    return (max(words, key=lambda one: len(one.action)),)


def sign_told(test: Condition, facts: Facts, ruleset: RuleSet) -> Truth:
    """Return whether a symptom is there, which is the same for every substance."""
    return Decider(facts, ruleset, ruleset.substances[0].id).truth(test)


def settled(decider: Decider, condition: Condition | None, told: set[Condition]) -> bool:
    """Return whether a condition is true as soon as the single tests in `told` are."""
    if isinstance(condition, node.All):
        return all(settled(decider, part, told) for part in condition.of)
    if isinstance(condition, node.Any):
        return any(settled(decider, part, told) for part in condition.of)
    return condition is not None and (condition in told or decider.truth(condition) is Truth.TRUE)


def _may_be(form: Form, facts: Facts, report: Report, ruleset: RuleSet) -> Iterator[Rule]:
    """Yield each rule of an emergency that hangs on whether the supplement was begun alone.

    Only once that was asked of all that may be begun: until then it is the next question.
    """
    for one in report.assessments:
        if one.substance is None:
            continue
        decider = Decider(facts, ruleset, one.substance)
        open_ = {question.rule for question in one.open_questions}
        not_said = [
            fact.entry
            for fact in decider.products()
            if fact.taking is None and isinstance(fact.entry, Supplement)
        ]
        if all(form.asked(("taking", entry.name)) for entry in not_said if entry.taking is None):
            yield from (
                rule
                for rule in ruleset.rules_for(one.substance)
                if rule.id in open_
                and rule.kind is Kind.EMERGENCY
                and settled(decider, rule.when, {*_if_begun(decider, rule)})
            )


def _if_begun(decider: Decider, rule: Rule) -> Iterator[Condition]:
    """Yield the tests of a rule that are true if all that may be begun was."""
    yield node.Taking()
    for test in walk(rule.when) if rule.when else ():
        if isinstance(test, node.DailyDoseTakenAbove):
            whole = node.DailyDoseAbove(test.threshold)
            if decider.truth(whole) is Truth.TRUE:
                yield test


def _called_for(ruleset: RuleSet) -> frozenset[str]:
    """Return the symptoms that the line for emergencies has people call for.

    It is in sight on every page, so no page may say less.
    """
    line = next((one.effect for one in ruleset.rules if one.screen is Screen.EMERGENCY), "")
    told = filter(str.strip, line.rpartition(": ")[0].split(", "))
    found = (recognise_entry(Entry(one), "symptom", ruleset, suggest=False) for one in told)
    return frozenset().union(*(one.named for one in found))
