"""Recognised facts and rules → Report: pure and total.

Read it from `evaluate` down: which substances to assess, the rules of each, and what
becomes of a rule when its condition is true, unknown or false.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from msrisk.citing import cited_sources
from msrisk.deciding import Decider
from msrisk.denying import Denials
from msrisk.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.concepts import ANYTHING, MemberBasis
from msrisk.model.conditions import Taking
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS, PRODUCT_FIELDS
from msrisk.model.quantities import Quantity
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
    OtherSide,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    Unrecognised,
    highest,
    rank,
)
from msrisk.model.rules import Basis, Kind, Policy, Rule, RuleSet
from msrisk.model.truth import Truth
from msrisk.naming import Blanks, few, shown, told
from msrisk.next_question import next_question
from msrisk.unused import not_looked_at

__all__ = ["evaluate"]


def evaluate(facts: Facts, ruleset: RuleSet, policy: Policy | None = None) -> Report:
    """Return what the rules say of a patient; `ruleset` already follows the policy.

    Every profile is answered: nothing known, nothing recognised and nothing covered are
    answers too.
    """
    unrecognised = tuple(_unrecognised(facts, hierarchy_of(ruleset)))
    listed = facts.established("supplements")
    clear = listed and not unrecognised
    assessments = tuple(_assessments(facts, ruleset, clear=clear))
    covered = [one.substance for one in assessments if one.substance and one.covered]
    unasked = facts.profile.supplements is None
    undetermined = [] if assessments and clear else [Level.UNDETERMINED]
    level = highest([*(a.level for a in assessments), *undetermined])
    worst_case = highest(
        [level, *(a.worst_case for a in assessments), *([Level.URGENT] if unasked else [])]
    )
    questions = [question for one in assessments for question in one.open_questions]
    open_fields = {name for question in questions for name in question.fields}
    open_fields |= {entry.field for entry in unrecognised}
    open_fields |= set() if listed else {"supplements"}
    caveats = _caveats(ruleset.rules_for(None), ruleset)
    if policy:
        caveats = _in_order([*caveats, _policy_caveat(policy, ruleset, caveats)])
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
            len(open_fields),
            assessments,
            len(ruleset.sources),
            unasked=unasked,
        ),
        caveats=caveats,
        assessments=assessments,
        unrecognised=unrecognised,
        next_question=next_question(facts, ruleset, questions, open_fields, unrecognised),
        denied=tuple(sorted(set(facts.denied), key=lambda one: (one.concept, one.text))),
        sources=cited_sources(caveats, assessments, ruleset.sources),
        not_looked_at=tuple(not_looked_at(facts, ruleset, covered, unrecognised)),
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
    typed = tuple(dict.fromkeys(_as_typed(fact) for fact in products))
    prescribed = any(fact.field == "medications" for fact in products)
    product = few(typed) if typed else name
    fields_named = {prompt.id: prompt.name for prompt in ruleset.fields}
    findings: list[Finding] = []
    silences: list[Silence] = []
    questions: list[OpenQuestion] = []
    for rule in rules:
        if rule.when is None or rule.kind.level is None:
            continue
        truth = decider.truth(rule.when)
        if truth is Truth.UNKNOWN:
            blanks = Blanks(product)
            fields = decider.settling(rule.when)
            questions.append(_question(rule, rule.kind.level, fields, blanks, ruleset))
        elif truth is Truth.TRUE:
            because = decider.because(rule.when)
            blanks = Blanks(product, few(told(one, fields_named) for one in because))
            if rule.kind is Kind.SILENCE:
                silences.append(_silence(rule, because, blanks, ruleset))
            else:
                said = _prescribed(rule) if prescribed else rule
                findings.append(_finding(said, rule.kind.level, because, blanks, ruleset))
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
        caveats=_caveats(rules, ruleset),
        claims=tuple(_claims(ruleset, substance, {rule.id: rule for rule in rules})),
        silences=tuple(sorted(silences, key=lambda one: one.rule)),
        products=typed,
        taking=_YES_NO[decider.truth(Taking())],
        prescribed=prescribed,
    )


def _as_typed(fact: Fact) -> str:
    code = next(iter(fact.entry.codes), None)
    return shown(fact.entry.text, fact.recognition.name, code)


_YES_NO: Final = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


def _prescribed(rule: Rule) -> Rule:
    """Return a rule as it is said of a product that is told among the medicines."""
    return evolve(
        rule,
        action=rule.action_prescribed or rule.action,
        do=rule.do_prescribed or rule.do,
    )


def _not_covered(ruleset: RuleSet, id_: str | None, name: str, worst_case: Level) -> Assessment:
    return Assessment(
        substance=id_,
        name=name,
        covered=False,
        level=Level.UNDETERMINED,
        worst_case=worst_case,
        findings=(),
        open_questions=(),
        caveats=_caveats(ruleset.rules_for(None), ruleset),
        claims=(),
        silences=(),
    )


def _by_level(one: Finding | OpenQuestion) -> tuple[int, str]:
    return -rank(one.level), one.rule


def _finding(
    rule: Rule, level: Level, because: tuple[Because, ...], blanks: Blanks, ruleset: RuleSet
) -> Finding:
    return Finding(
        rule=rule.id,
        kind=rule.kind.value,
        level=level,
        basis=rule.basis.value,
        message=blanks.fill(rule.message),
        action=blanks.fill(rule.action),
        basis_in_words=_basis_in_words(rule, because, ruleset),
        because=because,
        citations=ruleset.cited(rule.cites),
        title=_title(rule),
        effect=blanks.fill(rule.effect),
        do=blanks.fill(rule.do),
        ask=blanks.fill(rule.ask),
    )


def _title(rule: Rule) -> str:
    return rule.title or rule.id.replace("-", " ")


def _basis_in_words(rule: Rule, because: tuple[Because, ...], ruleset: RuleSet) -> str:
    """Say how far the finding goes beyond its sources: in the rule, or in a membership."""
    by_basis = {
        Basis.STATED: "The source says so.",
        Basis.THRESHOLD: "The source says so in words; the number is not from the source.",
        Basis.INFERRED: f"Inferred by msrisk: {rule.argument}",
    }
    words = [by_basis[rule.basis]]
    for threshold in map(ruleset.threshold, rule.thresholds()):
        words.append(f"{threshold.name[0].upper()}{threshold.name[1:]}: {threshold.quantity}.")
        if threshold.chosen:
            words.append(f"{threshold.reason} ({threshold.reference})")
    members = [one for one in because if one.basis]
    # One labelled membership is enough to carry the finding.
    if members and all(one.basis == MemberBasis.JUDGED.value for one in members):
        words.append("That the medicine belongs to this class is msrisk's judgement.")
    return " ".join(words)


def _question(
    rule: Rule, level: Level, fields: tuple[str, ...], blanks: Blanks, ruleset: RuleSet
) -> OpenQuestion:
    return OpenQuestion(
        rule=rule.id,
        level=level,
        question=blanks.fill(rule.question),
        fields=fields,
        citations=ruleset.cited(rule.cites),
        title=_title(rule),
    )


def _silence(rule: Rule, because: tuple[Because, ...], blanks: Blanks, ruleset: RuleSet) -> Silence:
    return Silence(
        topic=rule.id.removeprefix("silence-"),
        rule=rule.id,
        message=blanks.fill(rule.message),
        because=because,
        citations=ruleset.cited(rule.cites),
        action=blanks.fill(rule.action),
        title=_title(rule),
    )


# A caveat is the same for every product.
_GENERAL: Final = Blanks("the supplement", "what you told")
_KIND_ORDER: Final = tuple(kind.value for kind in Kind)


def _caveats(rules: Iterable[Rule], ruleset: RuleSet) -> tuple[Caveat, ...]:
    return _in_order(
        Caveat(
            rule=rule.id,
            kind=rule.kind.value,
            message=_GENERAL.fill(rule.message),
            citations=ruleset.cited(rule.cites),
            action=_GENERAL.fill(rule.action),
            title=_title(rule),
            effect=_GENERAL.fill(rule.effect),
            do=_GENERAL.fill(rule.do),
            screen=rule.screen.value if rule.screen else None,
        )
        for rule in rules
        if rule.when is None
    )


def _in_order(caveats: Iterable[Caveat]) -> tuple[Caveat, ...]:
    return tuple(sorted(caveats, key=lambda one: (_KIND_ORDER.index(one.kind), one.rule)))


def _claims(ruleset: RuleSet, substance: str, rules: dict[str, Rule]) -> Iterator[DisputedClaim]:
    for claim in sorted(ruleset.claims_for(substance), key=lambda one: one.id):
        disputed_by = tuple(id_ for id_ in claim.disputed_by if id_ in rules)
        qualified_by = tuple(id_ for id_ in claim.qualified_by if id_ in rules)
        yield DisputedClaim(
            claim=claim.id,
            message=claim.message,
            disputed_by=disputed_by,
            qualified_by=qualified_by,
            citations=ruleset.cited(claim.cites),
            other_side=tuple(
                OtherSide(id_, _title(rules[id_]), ruleset.cited(rules[id_].cites))
                for id_ in (*disputed_by, *qualified_by)
            ),
        )


def _unrecognised(facts: Facts, hierarchy: Hierarchy) -> Iterator[Unrecognised]:
    """Yield each entry that a person must clear up, once, in reading order."""
    denials = Denials(facts, hierarchy)
    found: dict[object, tuple[Fact, str]] = {}
    told_all = (fact for name in LIST_FIELDS for fact in facts.told[name])
    for fact in sorted(told_all, key=_reading_order):
        denied = ", ".join(denials.told_by(fact))
        no = f"{denied} denied when asked by name" if denied else ""
        if fact.recognition.status != "recognised" or fact.doubt or no:
            found.setdefault((fact.field, fact.entry.text, fact.entry.codes), (fact, no))
    for fact, no in found.values():
        told = fact.recognition
        recognised = told.status == "recognised"
        why = fact.doubt if recognised else told.reason
        codes = fact.entry.codes
        yield Unrecognised(
            field=fact.field,
            text=fact.entry.text,
            code=codes[0] if codes and fact.entry.text is None else None,
            status="ambiguous" if recognised else told.status,
            reason="; ".join(filter(None, (why, no, told.warning))),
            question=_clearing_question(fact, "; ".join(filter(None, (fact.doubt, no)))),
            suggestions=told.suggestions,
        )


def _reading_order(fact: Fact) -> tuple[int, str, tuple[tuple[str, str], ...], str]:
    codes = tuple((code.system, code.code) for code in fact.entry.codes)
    return LIST_FIELDS.index(fact.field), fact.entry.text or "", codes, fact.doubt


def _clearing_question(fact: Fact, doubt: str) -> str:
    text = fact.entry.text
    code = fact.entry.codes[0].code if text is None else ""
    if fact.recognition.status == "recognised":
        given = f"The code {code}" if text is None else f"“{text}”"
        return f"{given}: {doubt}{'' if doubt.endswith('?') else '; which is right?'}"
    if text is None:
        return f"What does the code {code} stand for?"
    if fact.recognition.status == "unrecognised":
        if fact.field in ("supplements", "medications"):
            return f"What is “{text}”? Read the name from the package or the record."
        return f"What is “{text}”? Say it in other words."
    return f"What exactly is meant by “{text}”?"


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


def _policy_caveat(policy: Policy, ruleset: RuleSet, caveats: tuple[Caveat, ...]) -> Caveat:
    """Say which numbers are the caller's, citing the rules that they change."""
    changed = sorted(policy.thresholds)
    used = [rule for rule in ruleset.rules if set(rule.thresholds()) & set(changed)]
    numbers = "; ".join(
        f"{one.name}: {Quantity(policy.thresholds[one.id], one.unit)}"
        for one in map(ruleset.threshold, changed)
    )
    message = f"This answer uses a local policy in place of msrisk's own numbers: {numbers}."
    citations = tuple(dict.fromkeys(c for rule in used for c in ruleset.cited(rule.cites)))
    return Caveat("policy", Kind.SCOPE.value, message, citations or caveats[0].citations)
