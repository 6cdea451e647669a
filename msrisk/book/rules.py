"""Lays out the chapters of a book about rules, claims and caveats, with worked patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msrisk.book.shape import Fact, Part, Ref, Table, anchor, refs
from msrisk.book.vocabulary import looked_up
from msrisk.errors import Problem, RuleSetError
from msrisk.model.cases import Case
from msrisk.model.results import Level
from msrisk.model.rules import EVERY, Claim, Kind, Rule, RuleSet, Substance
from msrisk.rendering.rule_words import Line, claim_lines, rule_lines
from msrisk.rendering.words import CAVEAT_KINDS, LEVELS, listed

__all__ = ["case_words", "cases_by_rule", "chapters", "facts_of"]

Worked = Mapping[str, Sequence[Case]]

_OUTCOMES: Final = {
    "finding": "applies",
    "open": "is asked about",
    "none": "does not apply",
}
_LEVEL_WORDS: Final = {level.value: level.words for level in Level}
# A line with a label that is in neither of these two is an error, so that none gets lost.
_LABELS: Final[Mapping[str, str]] = {
    "applies when": "Applies when",
    "action": "What to do",
    "question": "Asked until known",
    "basis": "Basis",
    "argument": "Reasoning",
    "source": "Source",
    "evidence": "Evidence",
    "worded": "Said beside evidence",
    "replaces": "Stands for",
    "review": "Review",
    "since": "Since",
    "value": "Value",
    "chosen": "Chosen",
    "reason": "Reason",
    "reference": "The same number in",
}
# Said by a heading, by the words set apart, or by links.
_ELSEWHERE: Final = {
    *("kind", "substance", "message", "used by"),
    *("disputes", "qualifies", "disputed by", "qualified by"),
}
_ORDER: Final = (
    *("Applies when", "Look up", "What to do", "Asked until known", "Basis", "Reasoning"),
    *(
        "Source",
        "Evidence",
        "Said beside evidence",
        "Disputes",
        "Limits",
        "Stands for",
        "Review",
        "Since",
    ),
)


def cases_by_rule(ruleset: RuleSet, cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the worked patients of each rule.

    Raises:
        RuleSetError: if one is about a rule that is not there.

    """
    worked: dict[str, list[Case]] = {rule.id: [] for rule in ruleset.rules}
    problems = []
    for case in cases:
        if case.rule in worked:
            worked[case.rule].append(case)
        else:
            problems.append(Problem(f"cases: case `{case.id}`: rule", "the id of a rule"))
    if problems:
        raise RuleSetError(problems)
    return worked


def case_words(case: Case) -> tuple[str, str]:
    """Return what becomes of the rule for a worked patient, and what their report says."""
    level, worst = (_LEVEL_WORDS.get(one, one) for one in (case.level, case.worst_case))
    report = level if level == worst else f"{level}, could be {worst}"
    return _OUTCOMES.get(case.outcome, case.outcome), report


def facts_of(lines: Iterable[Line]) -> Iterator[Fact]:
    """Yield the lines about a rule, claim or threshold that the book does not say otherwise."""
    for label, text in lines:
        if label not in _ELSEWHERE:
            yield Fact(_LABELS[label], text)


def chapters(ruleset: RuleSet, worked: Worked) -> Iterator[Part]:
    """Yield a chapter for each substance, then for what is said of several and of all."""
    names = {one.id: one.name for one in ruleset.substances}
    for one in ruleset.substances:
        about = _Chapter(ruleset, worked, (one.id,))
        yield about.part(one.name, tuple(_known(one, ruleset)))
    said: tuple[Rule | Claim, ...] = (*ruleset.rules, *ruleset.claims)
    for ids in dict.fromkeys(tuple(sorted(one.applies_to)) for one in said):
        if len(ids) > 1:
            title = f"{listed(names[id_] for id_ in names if id_ in ids)} alike"
            yield _Chapter(ruleset, worked, ids).part(title)
    yield _Chapter(ruleset, worked, (EVERY,)).part("every supplement")


def _known(substance: Substance, ruleset: RuleSet) -> Iterator[Fact]:
    """Yield what counts as a substance, and what it has from those that it is a case of."""
    names = {one.id: one.name for one in ruleset.substances}
    if substance.names:
        yield Fact("Counted as it", ", ".join(substance.names))
    if substance.within:
        above = tuple(Ref(anchor("substance", id_), names[id_]) for id_ in substance.within)
        yield Fact("Has all rules and claims of", "", above)
    if substance.without:
        claims = {claim.id for claim in ruleset.claims}
        without = [
            ref
            for id_ in substance.without
            for ref in refs("claim" if id_ in claims else "rule", [id_])
        ]
        yield Fact("But not", "", tuple(without))


class _Chapter:
    """What is said of these substances and of no others."""

    def __init__(self, ruleset: RuleSet, worked: Worked, ids: tuple[str, ...]) -> None:
        self.ruleset, self.worked = ruleset, worked
        self.anchor = anchor("substance", "_".join(ids))
        self.rules = [r for r in ruleset.rules if tuple(sorted(r.applies_to)) == ids]
        self.claims = [c for c in ruleset.claims if tuple(sorted(c.applies_to)) == ids]

    def part(self, name: str, facts: tuple[Fact, ...] = ()) -> Part:
        """Return the chapter: what warns first, the worst before all."""
        levels = [level for level in LEVELS if level is not Level.UNDETERMINED]
        parts = [
            *(self._level(level, f"{level.words}: {LEVELS[level]}") for level in levels),
            self._level(Level.UNDETERMINED, "UNDETERMINED: what the texts do not speak of"),
            self._section(
                "claims",
                "What the texts claim, and what disputes or limits it",
                [self._claim(claim) for claim in self.claims],
            ),
            *(
                self._section(
                    kind.value,
                    f"Said to everyone: {CAVEAT_KINDS[kind.value]}",
                    [self._rule(r) for r in self.rules if r.kind is kind],
                )
                for kind in Kind
                if kind.level is None
            ),
        ]
        kept = tuple(part for part in parts if part.parts)
        return Part(f"{name[:1].upper()}{name[1:]}", self.anchor, facts=facts, parts=kept)

    def _level(self, level: Level, title: str) -> Part:
        rules = [self._rule(r) for r in self.rules if r.kind.level is level]
        return self._section(level.value, title, rules, level)

    def _section(
        self, name: str, title: str, parts: Sequence[Part], level: Level | None = None
    ) -> Part:
        return Part(title, f"{self.anchor}-{name}", level, parts=tuple(parts))

    def _rule(self, rule: Rule) -> Part:
        claims = self.ruleset.claims
        found = looked_up(rule.when, self.ruleset) if rule.when else ()
        facts = [
            *facts_of(rule_lines(rule, self.ruleset)),
            Fact("Look up", "", (*found, *refs("number", rule.thresholds()))),
            Fact("Disputes", "", refs("claim", [c.id for c in claims if rule.id in c.disputed_by])),
            Fact("Limits", "", refs("claim", [c.id for c in claims if rule.id in c.qualified_by])),
        ]
        facts.sort(key=lambda fact: _ORDER.index(fact.label))
        rows = tuple((case.says, *case_words(case)) for case in self.worked[rule.id])
        return Part(
            rule.id,
            anchor("rule", rule.id),
            said=rule.message,
            facts=tuple(fact for fact in facts if fact.text or fact.refs),
            tables=(Table(("Worked patient", "this rule", "whole report"), rows),) if rows else (),
            to_sign=True,
        )

    def _claim(self, claim: Claim) -> Part:
        facts = (
            *facts_of(claim_lines(claim, self.ruleset)),
            Fact("Disputed by", "", refs("rule", claim.disputed_by)),
            Fact("Limited by", "", refs("rule", claim.qualified_by)),
        )
        return Part(
            claim.id,
            anchor("claim", claim.id),
            said=claim.message,
            facts=tuple(fact for fact in facts if fact.text or fact.refs),
        )
