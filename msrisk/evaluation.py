"""Recognised facts and rules → Report: pure and total.

Read it from `evaluate` down: which substances to assess, the rules of each, and what
becomes of a rule when its condition is true, unknown or false.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from attrs import evolve

from msrisk.citing import cited_sources
from msrisk.clearing import to_clear_up
from msrisk.deciding import Decider
from msrisk.hierarchy import hierarchy_of
from msrisk.model.concepts import ANYTHING
from msrisk.model.conditions import Taking
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS, NONE_REPORTED, PRODUCT_FIELDS
from msrisk.model.results import (
    Assessment,
    Finding,
    Level,
    OpenQuestion,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    highest,
    rank,
)
from msrisk.model.rules import EVERY, Kind, Policy, RuleSet
from msrisk.model.truth import Truth
from msrisk.naming import Blanks, few, shown, told_beside
from msrisk.next_question import Asking
from msrisk.saying import (
    as_prescribed,
    caveats_of,
    claims_of,
    finding_of,
    in_order,
    policy_caveat,
    question_of,
    silence_of,
)
from msrisk.signs import signs_told
from msrisk.unused import not_looked_at

__all__ = ["as_typed", "evaluate"]


def evaluate(facts: Facts, ruleset: RuleSet, policy: Policy | None = None) -> Report:
    """Return what the rules say of a patient; `ruleset` already follows the policy.

    Every profile is answered: nothing known, nothing recognised and nothing covered are
    answers too.
    """
    unrecognised = tuple(to_clear_up(facts, hierarchy_of(ruleset)))
    listed = facts.established("supplements")
    clear = listed and not unrecognised
    assessments = tuple(_assessments(facts, ruleset, clear=clear))
    signs = list(signs_told(facts, ruleset))
    unasked = facts.profile.supplements is None
    undetermined = [] if assessments and clear else [Level.UNDETERMINED]
    level = highest([*(a.level for a in assessments), *undetermined])
    worst_case = highest(
        [level, *(a.worst_case for a in assessments), *([Level.URGENT] if unasked else [])]
    )
    questions = [question for one in assessments for question in one.open_questions]
    asking = Asking(facts, ruleset, questions, unrecognised, assessed=bool(assessments))
    caveats = caveats_of(ruleset.rules_for(None), ruleset)
    if policy:
        caveats = in_order([*caveats, policy_caveat(policy, ruleset, caveats)])
    return Report(
        ruleset=RuleSetUsed(
            ruleset.version, ruleset.digest, ruleset.packs, ruleset.clinically_reviewed
        ),
        policy=_policy_used(policy) if policy else None,
        level=level,
        worst_case=worst_case,
        headline=_headline(
            level,
            worst_case,
            len(asking.fields),
            assessments,
            len(ruleset.sources),
            unasked=unasked,
        ),
        caveats=caveats,
        assessments=assessments,
        unrecognised=unrecognised,
        next_question=asking.next(),
        denied=tuple(sorted(set(facts.denied), key=lambda one: (one.concept, one.text))),
        sources=cited_sources(caveats, assessments, ruleset.sources),
        to_ask=asking.all(),
        none_reported=tuple(
            name for name in LIST_FIELDS if getattr(facts.profile, name) is NONE_REPORTED
        ),
        medicines=tuple(
            sorted(
                {
                    as_typed(fact)
                    for fact in facts.told["medications"]
                    if fact.recognition.says is not False
                }
            )
        ),
        not_looked_at=tuple(not_looked_at(facts, ruleset, assessments, unrecognised, signs)),
        signs=tuple(sorted({as_typed(fact) for fact in signs})),
    )


def _assessments(facts: Facts, ruleset: RuleSet, *, clear: bool) -> Iterator[Assessment]:
    """Assess each covered substance that is, or may be, taken; then what is not covered."""
    covered, uncovered, unknown = _to_assess(facts, ruleset)
    for substance in sorted(covered):
        yield _assess(facts, ruleset, substance, clear=clear)
    for id_, name in sorted(uncovered.items()):
        yield _not_covered(ruleset, id_, name, Level.UNDETERMINED)
    for name in sorted(unknown):
        yield _not_covered(ruleset, None, name, unknown[name])


def _to_assess(facts: Facts, ruleset: RuleSet) -> tuple[set[str], dict[str, str], dict[str, Level]]:
    """Return the covered substances, the recognised others, and the names nobody knows."""
    declared = {substance.id for substance in ruleset.substances}
    hierarchy = hierarchy_of(ruleset)
    covered: set[str] = set()
    uncovered: dict[str, str] = {}
    unknown: dict[str, Level] = {}
    for fact in (fact for name in LIST_FIELDS for fact in facts.told[name]):
        told = fact.recognition
        if told.says is False:
            continue
        here = declared & (told.named | told.may_be)
        covered |= here
        if fact.field != "supplements":
            continue
        text = fact.entry.text or ""
        others = told.named - declared
        if told.possible is ANYTHING:
            unknown[text] = Level.URGENT
        elif not here and not others:
            others = frozenset(hierarchy.most_specific(told.may_be))
            if not others:
                unknown.setdefault(text, Level.UNDETERMINED)
        for id_ in others:
            uncovered[id_] = hierarchy.names[id_]
    return covered, uncovered, unknown


def _assess(facts: Facts, ruleset: RuleSet, substance: str, *, clear: bool) -> Assessment:
    decider = Decider(facts, ruleset, substance)
    rules = ruleset.rules_for(substance)
    name = next(one.name for one in ruleset.substances if one.id == substance)
    products = [fact for fact in decider.products() if fact.field in PRODUCT_FIELDS]
    # What is a case of the substance has an assessment of its own.
    products = [f for f in products if substance in f.recognition.named] or products
    typed = tuple(sorted({as_typed(fact) for fact in products}))
    bought, prescribed = (
        tuple(sorted({as_typed(fact) for fact in products if fact.field == field}))
        for field in PRODUCT_FIELDS
    )
    product = few(typed) if typed else name
    findings: list[Finding] = []
    silences: list[Silence] = []
    questions: list[OpenQuestion] = []
    for rule in rules:
        if rule.when is None or rule.kind.level is None:
            continue
        truth = decider.truth(rule.when)
        # A rule of several substances says the same of each.
        shared = EVERY in rule.applies_to or len(rule.applies_to) > 1
        blanks = Blanks("the supplement" if shared else product)
        if truth is Truth.UNKNOWN:
            fields = decider.settling(rule.when)
            questions.append(question_of(rule, rule.kind.level, fields, blanks, ruleset))
        elif truth is Truth.TRUE:
            because = decider.because(rule.when)
            blanks = evolve(blanks, told=told_beside(because, typed))
            if rule.kind is Kind.SILENCE:
                silences.append(silence_of(rule, because, blanks, ruleset))
            else:
                said = finding_of(rule, rule.kind.level, because, blanks, ruleset)
                if prescribed:
                    of = [evolve(blanks, product=few(one)) for one in (bought, prescribed) if one]
                    said = as_prescribed(said, rule, of)
                findings.append(said)
    settled = clear and not silences and not questions
    level = highest([*(f.level for f in findings), *([] if settled else [Level.UNDETERMINED])])
    return Assessment(
        substance=substance,
        name=name,
        covered=True,
        level=level,
        worst_case=highest([level, *(question.level for question in questions)]),
        findings=tuple(sorted(findings, key=_by_level)),
        open_questions=tuple(sorted(questions, key=_by_level)),
        caveats=caveats_of(rules, ruleset),
        claims=tuple(claims_of(ruleset, substance, {rule.id: rule for rule in rules})),
        silences=tuple(sorted(silences, key=lambda one: one.rule)),
        products=typed,
        taking=_YES_NO[decider.truth(Taking())],
        prescribed=bool(prescribed),
    )


def as_typed(fact: Fact) -> str:
    """Return an entry in few words, as it was typed."""
    code = next(iter(fact.entry.codes), None)
    return shown(fact.entry.text, fact.recognition.name, code)


_YES_NO: Final = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


def _not_covered(ruleset: RuleSet, id_: str | None, name: str, worst_case: Level) -> Assessment:
    return Assessment(
        substance=id_,
        name=name,
        covered=False,
        level=Level.UNDETERMINED,
        worst_case=worst_case,
        findings=(),
        open_questions=(),
        caveats=caveats_of(ruleset.rules_for(None), ruleset),
        claims=(),
        silences=(),
    )


def _by_level(one: Finding | OpenQuestion) -> tuple[int, str]:
    return -rank(one.level), one.rule


def _headline(
    level: Level,
    worst_case: Level,
    questions: int,
    assessments: tuple[Assessment, ...],
    sources: int,
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
        fits = f"no warning of {_texts(sources)} fits these answers; that clears nothing"
        return f"{level.words}: {fits}; {words}"
    if level is worst_case:
        return f"{level.words}: {words}"
    return f"{level.words} so far; could be {worst_case.words}: {words}"


def _texts(count: int) -> str:
    return {1: "the one text", 2: "the two texts"}.get(count, f"the {count} sources")


def _policy_used(policy: Policy) -> PolicyUsed:
    thresholds = tuple(sorted(policy.thresholds.items()))
    content = json.dumps([thresholds, policy.allow_weaker])
    digest = f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"
    return PolicyUsed(thresholds, policy.allow_weaker, digest)
