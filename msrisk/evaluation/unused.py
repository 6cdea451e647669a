"""Finds entries that msrisk understood and no rule applies to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from attrs import astuple

from msrisk.model.conditions import All, Any, Condition, States, ThresholdTest, walk
from msrisk.model.facts import Fact, Facts
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS, Code
from msrisk.model.results import Assessment, NotLookedAt, Unrecognised
from msrisk.model.rules import RuleSet

__all__ = ["code_of", "not_looked_at"]

# Every rule is about people who have it.
_PREMISE: Final = "multiple-sclerosis"


def not_looked_at(
    facts: Facts,
    ruleset: RuleSet,
    assessments: Iterable[Assessment],
    unrecognised: Iterable[Unrecognised],
    signs: Iterable[Fact],
) -> Iterator[NotLookedAt]:
    """Yield each entry that nothing rests on and no open rule asks about, in reading order.

    Supplements are assessed by their names, and `signs` of an emergency are said first.
    """
    entries = [
        (name, fact)
        for name in LIST_FIELDS
        if name != "supplements"
        for fact in sorted(dict.fromkeys(facts.told[name]), key=_by_entry)
        if fact.recognition.status == "recognised" and fact.recognition.says is not False
    ]
    if not entries:
        return
    every = list(assessments)
    premise, lines = _lines_of(ruleset)
    facts_of = [part.because for one in every for part in one.findings]
    facts_of += [part.because for one in every for part in one.silences]
    said: set[tuple[str, str | None, Code | None]] = {
        (fact.field, fact.text, fact.code) for because in facts_of for fact in because
    }
    said.update((one.field, one.text, one.code) for one in unrecognised)
    said.update((fact.field, fact.entry.text, code_of(fact)) for fact in signs)
    open_ = {question.rule for one in every for question in one.open_questions}
    open_.update(filter(None, (one.substance for one in every if one.covered)))
    asked = [lines[id_] for id_ in open_]
    for name, fact in entries:
        tells = fact.recognition.concepts | fact.recognition.named
        known = (name, fact.entry.text, code_of(fact)) in said
        if not known and all(map(tells.isdisjoint, asked)):
            yield NotLookedAt(
                field=name,
                text=fact.entry.text,
                code=code_of(fact),
                recognised_as=fact.recognition.name or "",
                premise=bool(tells) and tells <= premise,
            )


@lru_cache(maxsize=16)
def _lines_of(ruleset: RuleSet) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """Return what is the premise of all rules, and what each rule and substance asks about."""
    hierarchy = hierarchy_of(ruleset)
    asked = {
        rule.id: frozenset(id_ for test in walk(rule.when) for id_ in _named(test))
        for rule in ruleset.rules
        if rule.when
    }
    asked |= {one.id: frozenset([one.id]) for one in ruleset.substances}
    lines = {id_: hierarchy.line(ids) for id_, ids in asked.items()}
    return hierarchy.up(hierarchy.down([_PREMISE])), lines


def code_of(fact: Fact) -> Code | None:
    """Return the code by which an entry without words is named."""
    return fact.entry.codes[0] if fact.entry.text is None else None


def _by_entry(fact: Fact) -> tuple[str, list[str]]:
    return fact.entry.text or "", [code.code for code in fact.entry.codes]


def _named(test: Condition) -> Iterator[str]:
    """Yield the concepts that a test names."""
    if not isinstance(test, All | Any | ThresholdTest | States):
        for named in astuple(test, recurse=False):
            yield from (named,) if isinstance(named, str) else named
