"""Finds missing reasons and citations, thresholds of one value, and rules that repeat others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from msrisk.checking.remarks import Remark, few_words, listed
from msrisk.model.concepts import MemberBasis
from msrisk.model.conditions import All, Any, Condition, ThresholdTest, walk
from msrisk.model.quantities import Number
from msrisk.model.rules import Basis, Rule, RuleSet

__all__ = [
    "rules_alike",
    "short_reasons",
    "stated_by_no_sentence",
    "steps_not_cited",
    "twin_thresholds",
]

_LEAST: Final = 3
"""Words below which a text is a label rather than a reason or a reference."""

_STEP: Final = re.compile(r"\((?:its passages? )?(\d+(?:(?:, | and )\d+)*)\)")


def short_reasons(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on reasons and references that are too short to be any."""
    texts = [
        *((f"threshold `{t.id}`: reason", t.reason) for t in ruleset.thresholds if t.chosen),
        *((f"threshold `{t.id}`: reference", t.reference) for t in ruleset.thresholds if t.chosen),
        *(
            (f"rule `{rule.id}`: cites: reason", citation.reason)
            for rule in ruleset.rules
            for citation in rule.cites
            if citation.whole
        ),
        *(
            (f"rule `{rule.id}`: argument", rule.argument)
            for rule in ruleset.rules
            if rule.basis is Basis.INFERRED
        ),
        *((f"retired `{one.id}`: why", one.why) for one in ruleset.retired),
        *((f"drug `{drug.id}`: source", drug.source) for drug in ruleset.vocabulary.drugs),
        *(
            (f"drug `{drug.id}`: classes: `{member.id}`: why", member.why)
            for drug in ruleset.vocabulary.drugs
            for member in drug.classes
            if member.basis is MemberBasis.JUDGED
        ),
    ]
    for where, text in texts:
        if few_words(text, _LEAST):
            yield Remark(
                "short-reason",
                where,
                f"“{text}” does not let a reader judge whether it is right.",
                f"at least {_LEAST} words that somebody can check",
            )


def twin_thresholds(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on thresholds of one value and one reference that a kind of test compares with."""
    values = {one.id: (one.value, one.unit.value, one.reference) for one in ruleset.thresholds}
    twins: defaultdict[tuple[type, Number, str, str], set[str]] = defaultdict(set)
    for rule in ruleset.rules:
        for node in walk(rule.when) if rule.when else ():
            if isinstance(node, ThresholdTest):
                twins[(type(node), *values[node.threshold])].add(node.threshold)
    for ids in twins.values():
        if len(ids) > 1:
            yield Remark(
                "twin-thresholds",
                f"threshold `{min(ids)}`",
                f"{listed(ids)} are the same number for the same test; when one is changed, the "
                "other is forgotten.",
                "one threshold that all these rules name",
            )


def stated_by_no_sentence(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on rules that a source is said to state, without the sentence that does."""
    for rule in ruleset.rules:
        if rule.basis is not Basis.INFERRED and all(one.whole for one in rule.cites):
            yield Remark(
                "no-sentence",
                f"rule `{rule.id}`: cites",
                f"The basis is “{rule.basis.value}”, which means that the source says it, but no "
                "sentence of it is cited.",
                "the passages that say it, or the basis “inferred” with its argument",
            )


def steps_not_cited(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on passages that an argument names in brackets and the rule does not cite."""
    for rule in ruleset.rules:
        cited = {str(n) for citation in rule.cites for n in citation.passages}
        named = {n for step in _STEP.findall(rule.argument) for n in re.split(", | and ", step)}
        if missing := sorted(named - cited, key=int):
            yield Remark(
                "step-not-cited",
                f"rule `{rule.id}`: argument",
                f"The argument rests on passage {', '.join(missing)}, which the rule does not "
                "cite.",
                "a citation of every passage that the argument names",
            )


def rules_alike(ruleset: RuleSet) -> Iterator[Remark]:
    """Remark on rules of one substance that say at one level the same of the same people."""
    seen: set[frozenset[str]] = set()
    for substance in ruleset.substances:
        rules = [rule for rule in ruleset.rules_for(substance.id) if rule.when is not None]
        for one, other in combinations(rules, 2):
            pair = frozenset((one.id, other.id))
            if pair not in seen and _same(one, other):
                seen.add(pair)
                yield Remark(
                    "rules-alike",
                    f"rule `{other.id}`: when",
                    f"`{one.id}` has the same level and the same condition, so that whoever gets "
                    "one gets both.",
                    "one rule that says both things, or conditions that differ",
                )


def _same(one: Rule, other: Rule) -> bool:
    return one.kind is other.kind and _shape(one.when) == _shape(other.when)


def _shape(condition: Condition | None) -> object:
    """Return a condition so that order, repetition and needless nesting do not tell."""
    if not isinstance(condition, All | Any):
        return condition
    parts = frozenset(_parts(condition))
    return (type(condition), parts) if len(parts) > 1 else next(iter(parts))


def _parts(condition: All | Any) -> Iterator[object]:
    for part in condition.of:
        if isinstance(part, All | Any) and type(part) is type(condition):
            yield from _parts(part)
        else:
            yield _shape(part)
