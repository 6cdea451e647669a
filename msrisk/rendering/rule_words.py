"""Describes a rule, claim or threshold in labelled lines that a clinician can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msrisk.model.concepts import ConceptKind
from msrisk.model.conditions import (
    All,
    Any,
    Condition,
    HasCondition,
    HasConditionBeyond,
    ReportsSymptomBeyond,
    States,
    ThresholdTest,
    asked_for,
)
from msrisk.model.evidence import Relation
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
    yield from _evidence(rule.id, ruleset)
    for words in (one for one in ruleset.wordings if one.of == rule.id):
        yield "worded", f"beside the pack {words.pack}: {rule.worded(words).message}"
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
    yield from _evidence(claim.id, ruleset)


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
    items = {one.id: one for one in ruleset.evidence}
    names |= {one.id: f"evidence {one.key}" for one in items.values()}
    for citation, cited in zip(cites, ruleset.cited(cites), strict=True):
        plural = "s" if len(cited.passages) > 1 else ""
        said = f"passage{plural} {', '.join(map(str, cited.passages))}"
        if citation.evidence:
            said = items[citation.evidence].short
        yield "source", f"{sources([cited], names)} ({citation.reason or said})"


def _evidence(id_: str, ruleset: RuleSet) -> Iterator[Line]:
    """Yield what evidence bears on a rule or claim, by how it does."""
    for relation in Relation:
        found = [one for one in ruleset.evidence if (id_, relation) in one.bears_on]
        if found:
            said = "; ".join(f"{one.key} {one.short}" for one in found)
            yield "evidence", f"{relation.value}: {said}"


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

    def words(node: Condition) -> str:
        match node:
            case All(of=parts):
                return node.says.format(" and ".join(map(words, parts)))
            case Any(of=parts):
                return node.says.format(" or ".join(map(words, parts)))
            case HasCondition(condition=id_) if id_ in topics:
                return f"is concerned by {names[id_]}"
            case HasConditionBeyond(conditions=ids) | ReportsSymptomBeyond(symptoms=ids):
                return node.says.format(" or ".join(names[id_] for id_ in ids))
            case ThresholdTest(threshold=id_):
                return node.says.format(ruleset.threshold(id_).quantity)
            case States(field=id_):
                return node.says.format(names[id_])
        return node.says.format(names.get(asked_for(node) or ""))

    # Parentheses tell "and" from "or" inside; around the whole they tell nothing.
    whole = words(condition)
    return whole[1:-1] if isinstance(condition, All | Any) else whole
