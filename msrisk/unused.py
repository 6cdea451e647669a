"""Entries that were understood and that no rule of the assessed substances names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import astuple

from msrisk.hierarchy import hierarchy_of
from msrisk.model.conditions import All, Any, Condition, States, ThresholdTest, walk
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.results import NotLookedAt, Unrecognised
from msrisk.model.rules import RuleSet

__all__ = ["not_looked_at"]


# Every rule is about people who have it.
_PREMISE: Final = "multiple-sclerosis"


def not_looked_at(
    facts: Facts,
    ruleset: RuleSet,
    substances: Iterable[str],
    unrecognised: Iterable[Unrecognised],
) -> Iterator[NotLookedAt]:
    """Yield each such entry, in reading order; supplements are assessed by name."""
    about = list(substances)
    hierarchy = hierarchy_of(ruleset)
    rules = {rule.id: rule for one in about for rule in ruleset.rules_for(one)}
    tests = (part for rule in rules.values() if rule.when for part in walk(rule.when))
    named = {id_ for test in tests for id_ in _named(test)}
    looked_at = hierarchy.line({*about, *named}) | hierarchy.down([_PREMISE])
    asked = {(one.field, one.text) for one in unrecognised}
    for name in LIST_FIELDS:
        for fact in sorted(dict.fromkeys(facts.told[name]), key=_by_entry):
            told, text = fact.recognition, fact.entry.text
            if told.status != "recognised" or (name, text) in asked or told.says is False:
                continue
            if name == "supplements" or not looked_at.isdisjoint(told.concepts | told.named):
                continue
            code = fact.entry.codes[0] if text is None else None
            yield NotLookedAt(name, text, code, told.name or "")


def _by_entry(fact: Fact) -> tuple[str, list[str]]:
    return fact.entry.text or "", [code.code for code in fact.entry.codes]


def _named(test: Condition) -> Iterator[str]:
    """Yield the concepts that a test names."""
    if not isinstance(test, All | Any | ThresholdTest | States):
        for named in astuple(test, recurse=False):
            yield from (named,) if isinstance(named, str) else named
