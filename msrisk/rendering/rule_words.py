"""Describes a rule, claim or threshold in labelled lines that a clinician can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import (
    AgeAtLeast,
    AgeBelow,
    All,
    AllergicTo,
    Any,
    Condition,
    DailyDoseAbove,
    DailyDoseBelow,
    DosesPerDayBelow,
    HasCondition,
    HasConditionBeyond,
    ReportsSymptom,
    ReportsSymptomBeyond,
    States,
    Takes,
    TakesAnyMedication,
    TakesOtherSupplement,
    TakesSupplement,
    Taking,
    WeightBelow,
)
from msrisk.model.rules import EVERY, Claim, Rule, RuleSet, Threshold
from msrisk.model.sources import Citation
from msrisk.rendering.words import sources

__all__ = ["Line", "claim_lines", "condition_words", "rule_lines", "threshold_lines"]

Line = tuple[str, str]
"""A label, and what it is about."""


def rule_lines(rule: Rule, ruleset: RuleSet) -> Iterator[Line]:
    """Yield all that a rule says, and where it is from."""
    level = rule.kind.level
    bring = f"brings the level {level.words}" if level is not None else "said whatever the profile"
    yield "kind", f"{rule.kind.value}, {bring}"
    yield "substance", _about(rule.applies_to)
    if rule.when is not None:
        yield "applies when", f"the patient {condition_words(rule.when, ruleset)}"
    yield "message", rule.message
    if rule.action:
        yield "action", rule.action
    if rule.question:
        yield "question", rule.question
    yield "basis", rule.basis.value
    if rule.argument:
        yield "argument", rule.argument
    yield from _cites(rule.cites, ruleset)
    disputed = [claim.id for claim in ruleset.claims if rule.id in claim.disputed_by]
    if disputed:
        yield "disputes", ", ".join(disputed)
    qualified = [claim.id for claim in ruleset.claims if rule.id in claim.qualified_by]
    if qualified:
        yield "qualifies", ", ".join(qualified)
    if rule.replaces:
        yield "replaces", ", ".join(rule.replaces)
    signed = f"{rule.review.role}, {rule.review.on}" if rule.review.done else "signed by nobody yet"
    yield "review", signed
    yield "since", f"{rule.since}, in the pack {rule.pack}"


def claim_lines(claim: Claim, ruleset: RuleSet) -> Iterator[Line]:
    """Yield what a source claims, and what stands against it."""
    yield "kind", "claim of a source, shown beside what disputes it; lowers no level"
    yield "substance", _about(claim.applies_to)
    yield "message", claim.message
    if claim.disputed_by:
        yield "disputed by", ", ".join(claim.disputed_by)
    if claim.qualified_by:
        yield "qualified by", ", ".join(claim.qualified_by)
    yield from _cites(claim.cites, ruleset)


def threshold_lines(threshold: Threshold, ruleset: RuleSet) -> Iterator[Line]:
    """Yield a number that rules compare with, and where it is from."""
    yield "kind", f"threshold: {threshold.name}"
    yield "value", str(threshold.quantity)
    if threshold.chosen:
        yield "chosen", "by msrisk; a policy may replace it"
        yield "reason", threshold.reason
        yield "reference", threshold.reference
    yield from _cites(threshold.cites, ruleset)
    used = [rule.id for rule in ruleset.rules if threshold.id in rule.thresholds()]
    yield "used by", ", ".join(used) or "no rule"


def _about(applies_to: Sequence[str]) -> str:
    return "every substance" if EVERY in applies_to else ", ".join(applies_to)


def _cites(cites: Sequence[Citation], ruleset: RuleSet) -> Iterator[Line]:
    names = {one.id: one.short or one.title for one in ruleset.sources}
    for citation, cited in zip(cites, ruleset.cited(cites), strict=True):
        plural = "s" if len(cited.passages) > 1 else ""
        numbers = f"passage{plural} {', '.join(map(str, cited.passages))}"
        yield "source", f"{sources([cited], names)} ({citation.reason or numbers})"


def condition_words(condition: Condition, ruleset: RuleSet) -> str:
    """Return a condition as what it says of "the patient"."""
    vocabulary = ruleset.vocabulary
    names = {
        **{drug_class.id: drug_class.name for drug_class in vocabulary.drug_classes},
        **{concept.id: concept.name for concept in vocabulary.concepts},
        **{substance.id: substance.name for substance in ruleset.substances},
        **{field.id: field.name for field in ruleset.fields},
    }

    topics = {c.id for c in vocabulary.concepts if c.kind is ConceptKind.TOPIC}

    def amount(threshold: str) -> str:
        return str(ruleset.threshold(threshold).quantity)

    def words(node: Condition) -> str:
        match node:
            case Takes(drug_class=id_):
                return f"takes a drug of the class {names[id_]}"
            case TakesAnyMedication():
                return "takes any medicine"
            case TakesSupplement(substance=id_):
                return f"takes or considers {names[id_]}"
            case TakesOtherSupplement():
                return "takes or considers another supplement"
            case HasCondition(condition=id_):
                return f"{'is concerned by' if id_ in topics else 'has'} {names[id_]}"
            case HasConditionBeyond(conditions=ids):
                return f"has a medical condition other than {' or '.join(names[i] for i in ids)}"
            case AllergicTo(allergen=id_):
                return f"is allergic to {names[id_]}"
            case ReportsSymptom(symptom=id_):
                return f"reports {names[id_]}"
            case ReportsSymptomBeyond(symptoms=ids):
                return f"reports a symptom other than {' or '.join(names[i] for i in ids)}"
            case AgeAtLeast(threshold=id_):
                return f"is at least {amount(id_)} old"
            case AgeBelow(threshold=id_):
                return f"is younger than {amount(id_)}"
            case WeightBelow(threshold=id_):
                return f"weighs less than {amount(id_)}"
            case DailyDoseAbove(threshold=id_):
                return f"takes more than {amount(id_)} over all products"
            case DailyDoseBelow(threshold=id_):
                return f"takes less than {amount(id_)} over all products"
            case DosesPerDayBelow(threshold=id_):
                return f"takes it in fewer than {amount(id_)}"
            case Taking():
                return "has started the supplement"
            case States(field=id_):
                return f"says yes to: {names[id_]}"
            case All(of=parts):
                return f"({' and '.join(map(words, parts))})"
            case Any(of=parts):
                return f"({' or '.join(map(words, parts))})"
        raise AssertionError(node)

    # Parentheses tell "and" from "or" inside; around the whole they tell nothing.
    whole = words(condition)
    return whole[1:-1] if isinstance(condition, All | Any) else whole
