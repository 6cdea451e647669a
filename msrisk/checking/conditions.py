"""Finds rules that fire for nobody or for everybody, and rules that another rule implies.

Asks the search of `msrisk.search` about one rule set beside itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.checking.remarks import Remark
from msrisk.model import conditions as node
from msrisk.model.rules import Rule, RuleSet
from msrisk.model.truth import Truth
from msrisk.search.pair import RuleSetPair
from msrisk.search.search import Search, TooManyError

__all__ = ["implied", "unconditional"]


def unconditional(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on rules whose condition holds for no patient of a substance, or for every one.

    Patients are built from the names of the vocabulary and every number that thresholds
    tell apart, so a class without a drug is a condition that never holds.
    """
    search = Search(RuleSetPair(ruleset, ruleset))
    for rule, about in _conditional(ruleset):
        try:
            fires = any(search.receiver(id_, rule) is not None for id_ in about)
            spares = fires and any(search.spared(id_, rule) for id_ in about)
        except TooManyError:
            says = "its condition can hold in more ways than can be looked at"
            yield Remark("condition-too-large", f"rule {rule.id}: when", says, "a simpler one")
            continue
        if not fires:
            says = "no patient that can be described with the vocabulary meets its condition"
            expected = "a condition that somebody meets, or no such rule"
            yield Remark("never-fires", f"rule {rule.id}: when", says, expected)
        elif not spares:
            says = "every patient of whom all is known meets its condition"
            expected = "a condition that tells patients apart, or a caveat"
            yield Remark("always-fires", f"rule {rule.id}: when", says, expected)


def _conditional(ruleset: RuleSet) -> Iterator[tuple[Rule, list[str]]]:
    """Yield each rule that has a condition, with the substances that it applies to."""
    for rule in ruleset.rules:
        about = [one.id for one in ruleset.substances if rule in ruleset.rules_for(one.id)]
        if rule.when is not None and about:
            yield rule, about


def implied(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on rules whose patients all get another rule at the same level or above.

    One of another pack says what else was found on the same thing, and not the same.
    """
    search = Search(RuleSetPair(ruleset, ruleset))
    for rule, about in _conditional(ruleset):
        try:
            others = _implying(search, rule, about)
        except TooManyError:
            continue  # `unconditional` remarks on it
        for other in others:
            says = f"whoever gets it gets {other} too, at the same level or above"
            expected = "a condition that says something of its own, or one rule for both"
            yield Remark("implied", f"rule {rule.id}: when", says, expected)


def _implying(search: Search, rule: Rule, about: list[str]) -> list[str]:
    """Return the rules that keep a rule for everybody, over all its substances."""
    kept: set[str] | None = None
    for substance in about:
        here = {
            other.id: other
            for other in search.pair.old.rules_for(substance)
            # Whoever takes a certain medicine takes some medicine; the two say different things.
            if other.pack == rule.pack
            and other is not rule
            and not isinstance(other.when, node.General | None)
        }
        patient = search.receiver(substance, rule)
        if patient is None:
            return []
        # One patient rules out nearly all of them; the rest are looked at one by one.
        near = [
            id_
            for id_, other in here.items()
            if search.truth(substance, other, patient) is Truth.TRUE
        ]
        left = {id_ for id_ in near if search.loser(substance, rule, [here[id_]]) is None}
        kept = left if kept is None else kept & left
    return sorted(kept or ())
