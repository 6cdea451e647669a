"""Finds the symptoms that are an emergency by themselves, whatever is taken."""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.model import conditions as node
from msrisk.model.conditions import Condition, walk
from msrisk.model.facts import Fact, Facts
from msrisk.model.rules import Kind, Rule

__all__ = ["signs_of", "signs_told"]


def signs_of(rule: Rule) -> Iterator[node.ReportsSymptom]:
    """Yield each symptom that makes a rule an emergency by itself."""
    if rule.when is not None and rule.kind is Kind.EMERGENCY:
        alone = _alone(rule.when)
        yield from (
            test
            for test in walk(rule.when)
            if isinstance(test, node.ReportsSymptom) and test in alone
        )


def _alone(condition: Condition) -> frozenset[Condition]:
    match condition:
        case node.Any(of=parts):
            return frozenset().union(*map(_alone, parts))
        case node.All(of=parts):
            return frozenset.intersection(*map(_alone, parts))
        case node.ReportsSymptom():
            return frozenset([condition])
    return frozenset()


def signs_told(facts: Facts, signs: frozenset[str]) -> Iterator[Fact]:
    """Yield the entries among the symptoms that certainly tell one of these signs."""
    for fact in dict.fromkeys(facts.told["symptoms"]):
        if not signs.isdisjoint(fact.recognition.concepts):
            yield fact
