"""A second evaluator, naive and slow, written from the semantics alone.

It never imports the evaluator it is compared with, nor anything above `msrisk.model`, and
it is organised differently on purpose: no three-valued table appears in it. A statement is
the set of outcomes that it may have ({True}, {False} or both), and a condition is decided
by trying every completion of its unknown leaves.

Is that the same as strong Kleene logic? In general not: `x or not x` is true in every
completion and unknown to Kleene. Here it is, also when a leaf occurs twice. Without
negation a condition only ever grows with its leaves; so it is true in every completion
exactly when it is true with every unknown leaf false, and false in every completion exactly
when it is false with every unknown leaf true. Kleene's tables for "and" and "or" compute
exactly these two evaluations side by side, and both give a repeated leaf the same value at
each of its places. What neither sees is that leaves depend on each other (who takes a
corticosteroid takes an immunosuppressant): both treat different leaves as free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from msrisk.model import conditions as c
from msrisk.model.concepts import ANYTHING, Concept
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import FIELDS, LIST_FIELDS, Code, Entry
from msrisk.model.results import Level
from msrisk.model.rules import EVERY, Kind, Policy, Rule, RuleSet, Substance

from .oracle_leaves import (
    EITHER,
    NO,
    YES,
    Outcomes,
    is_below,
    is_case_of,
    leaf_outcomes,
    steps_up,
    tells_what_was_denied,
)

__all__ = ["Answer", "Assessed", "evaluate", "outcomes_of"]

LEVELS = list(Level)
Known = Mapping[c.Condition, Outcomes]


@dataclass(frozen=True)
class Assessed:
    """What must be said of one substance; `names` are those that it may be shown by."""

    substance: str | None
    names: frozenset[str]
    covered: bool
    level: Level
    worst_case: Level
    findings: frozenset[str]
    open_questions: Mapping[str, tuple[str, ...]]
    silences: frozenset[str]
    caveats: frozenset[str]
    claims: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Answer:
    """What must be said of one profile."""

    level: Level
    worst_case: Level
    assessed: tuple[Assessed, ...]
    caveats: frozenset[str]
    policy_caveats: int
    unrecognised: tuple[tuple[str, str | None, Code | None], ...]
    questions_open: int
    next_field: str | None


def top(levels: Iterable[Level]) -> Level:
    """Return the highest of the levels."""
    return LEVELS[max([0, *(LEVELS.index(level) for level in levels)])]


def holds(when: c.Condition, world: Mapping[c.Condition, bool]) -> bool:
    """Decide a condition in a world where everything is known."""
    if isinstance(when, c.All):
        return all(holds(part, world) for part in when.of)
    if isinstance(when, c.Any):
        return any(holds(part, world) for part in when.of)
    return world[when]


def outcomes_of(when: c.Condition, known: Known) -> Outcomes:
    """Decide a condition in every world that agrees with what is known of its leaves."""
    leaves = list(known)
    return frozenset(
        holds(when, dict(zip(leaves, world, strict=True))) for world in product(*known.values())
    )


def fields_to_ask(
    when: c.Condition, known: Known, missing: Mapping[c.Condition, frozenset[str]]
) -> tuple[str, ...]:
    """Return the fields whose answer may settle a condition, or all if none does alone."""
    asked = [name for name in FIELDS if any(name in names for names in missing.values())]
    settling = []
    for name in asked:
        told_yes = {leaf: YES if name in missing[leaf] else known[leaf] for leaf in known}
        told_no = {leaf: NO if missing[leaf] == {name} else known[leaf] for leaf in known}
        if outcomes_of(when, told_yes) == YES or outcomes_of(when, told_no) == NO:
            settling.append(name)
    # Whether it was started is asked only where nothing else settles it.
    started = missing.get(c.Taking(), frozenset())
    return tuple([name for name in settling if name not in started] or settling or asked)


def belongs(id_: str, applies_to: tuple[str, ...], substance: str, ruleset: RuleSet) -> bool:
    """Return whether a rule or claim speaks of a substance, itself or through its parents."""
    line = [one for one in ruleset.substances if is_below(substance, one.id, ruleset)]
    if any(id_ in one.without for one in line):
        return False
    return EVERY in applies_to or any(one.id in applies_to for one in line)


def is_unclear(fact: Fact, facts: Facts, ruleset: RuleSet) -> bool:
    """Return whether a person must clear the entry up."""
    if fact.doubt or fact.recognition.possible != frozenset():
        return True
    return tells_what_was_denied(fact, facts, ruleset)


def assess_covered(substance: str, facts: Facts, ruleset: RuleSet) -> Assessed:
    """Work out the assessment of a substance that the rule set covers."""
    rules = [r for r in ruleset.rules if belongs(r.id, r.applies_to, substance, ruleset)]
    sure: dict[str, Rule] = {}
    asked: dict[str, tuple[str, ...]] = {}
    entries = [fact for name in LIST_FIELDS for fact in facts.told[name]]
    levels = [Level.UNDETERMINED for fact in entries if is_unclear(fact, facts, ruleset)]
    if not facts.established("supplements"):
        levels.append(Level.UNDETERMINED)
    worst = []
    for rule in rules:
        if rule.when is None:
            continue
        known: dict[c.Condition, Outcomes] = {}
        missing: dict[c.Condition, frozenset[str]] = {}
        for leaf in c.walk(rule.when):
            if not isinstance(leaf, c.All | c.Any):
                known[leaf], missing[leaf] = leaf_outcomes(leaf, substance, facts, ruleset)
        outcomes = outcomes_of(rule.when, known)
        level = rule.kind.level
        assert level is not None
        if outcomes == YES:
            sure[rule.id] = rule
            levels.append(level)
        elif outcomes == EITHER:
            asked[rule.id] = fields_to_ask(rule.when, known, missing)
            levels.append(Level.UNDETERMINED)
            worst.append(level)
    here = {rule.id for rule in rules}
    return Assessed(
        substance=substance,
        names=frozenset(s.name for s in ruleset.substances if s.id == substance),
        covered=True,
        level=top(levels),
        worst_case=top(levels + worst),
        findings=frozenset(id_ for id_, rule in sure.items() if rule.kind is not Kind.SILENCE),
        open_questions=asked,
        silences=frozenset(id_ for id_, rule in sure.items() if rule.kind is Kind.SILENCE),
        caveats=frozenset(rule.id for rule in rules if rule.when is None),
        claims={
            claim.id: (
                tuple(id_ for id_ in claim.disputed_by if id_ in here),
                tuple(id_ for id_ in claim.qualified_by if id_ in here),
            )
            for claim in ruleset.claims
            if belongs(claim.id, claim.applies_to, substance, ruleset)
        },
    )


def any_caveats(ruleset: RuleSet) -> frozenset[str]:
    """Return the caveats that are said of any substance at all."""
    return frozenset(r.id for r in ruleset.rules if r.when is None and EVERY in r.applies_to)


def assess_uncovered(
    substance: str | None, names: Iterable[str], worst: Level, ruleset: RuleSet
) -> Assessed:
    """Work out the assessment of something that the rule set says nothing about."""
    return Assessed(
        substance,
        frozenset(names),
        covered=False,
        level=Level.UNDETERMINED,
        worst_case=worst,
        findings=frozenset(),
        open_questions={},
        silences=frozenset(),
        caveats=any_caveats(ruleset),
        claims={},
    )


def most_specific(fact: Fact, ruleset: RuleSet) -> list[str]:
    """Return what the entry may be, less what something else that it may be is a case of."""
    possible, above = fact.recognition.may_be, steps_up(ruleset)
    return sorted(
        one
        for one in possible
        if not any(other != one and is_case_of(other, one, above) for other in possible)
    )


def preferred_names(id_: str, ruleset: RuleSet) -> set[str]:
    """Return the name of a class, drug or concept as the vocabulary gives it."""
    words = ruleset.vocabulary
    names = {one.name for one in words.concepts if one.id == id_}
    names |= {one.name for one in words.drugs if one.id == id_}
    return names | {one.name for one in words.drug_classes if one.id == id_}


def as_substances(id_: str, ruleset: RuleSet) -> set[str]:
    """Return the nearest substances that something is a form of; itself where it is none."""
    covered = {one.id for one in ruleset.substances}
    placed: list[Concept | Substance] = [*ruleset.vocabulary.concepts, *ruleset.substances]
    above = {one.id: one.within for one in placed}
    if id_ in covered:
        return {id_}
    found = {one for parent in above.get(id_, ()) for one in as_substances(parent, ruleset)}
    return found & covered or {id_}


def all_assessed(facts: Facts, ruleset: RuleSet) -> tuple[Assessed, ...]:
    """Work out which substances are assessed, and each assessment."""
    covered = {one.id for one in ruleset.substances}
    chosen: set[str] = set()
    beyond: dict[str, set[str]] = {}
    nameless: dict[str, Level] = {}
    for name in LIST_FIELDS:
        for fact in facts.told[name]:
            got = fact.recognition
            if got.says is False:
                continue
            # A form of a substance is that substance.
            ids = {one for id_ in got.named for one in as_substances(id_, ruleset)}
            ids |= covered & got.may_be
            chosen |= ids & covered
            if name != "supplements":
                continue
            text = fact.entry.text or ""
            others = ids - covered
            if got.possible is ANYTHING:
                nameless[text] = Level.URGENT
            elif not ids:
                others = set(most_specific(fact, ruleset))
                if not others:
                    nameless.setdefault(text, Level.UNDETERMINED)
            for id_ in others:
                shown = beyond.setdefault(id_, set())
                # A name of the whole entry may name more than this one, or nothing.
                shown |= {got.name or text}
                shown |= preferred_names(id_, ruleset)
    return (
        *(assess_covered(id_, facts, ruleset) for id_ in sorted(chosen)),
        *(
            assess_uncovered(id_, names, Level.UNDETERMINED, ruleset)
            for id_, names in sorted(beyond.items())
        ),
        *(
            assess_uncovered(None, [text], worst, ruleset)
            for text, worst in sorted(nameless.items())
        ),
    )


def evaluate(facts: Facts, ruleset: RuleSet, policy_used: Policy | None = None) -> Answer:
    """Work out everything that the report of these facts must say."""
    told = [fact for name in LIST_FIELDS for fact in facts.told[name]]
    unclear = [fact for fact in told if is_unclear(fact, facts, ruleset)]
    assessed = all_assessed(facts, ruleset)
    unasked = facts.profile.supplements is None
    listed = facts.established("supplements")
    at_least = [Level.UNDETERMINED] if unclear or not assessed or not listed else []
    level = top([*(one.level for one in assessed), *at_least])
    worst = top([level, *(one.worst_case for one in assessed), *([Level.URGENT] * unasked)])

    brings = {rule.id: rule.kind.level for rule in ruleset.rules}
    questions = [
        (level_, fields)
        for one in assessed
        for id_, fields in one.open_questions.items()
        if (level_ := brings[id_]) is not None
    ]
    open_fields = {name for _, fields in questions for name in fields}
    open_fields |= {fact.field for fact in unclear} | (set() if listed else {"supplements"})
    if not assessed and listed and not facts.established("medications"):
        open_fields.add("medications")  # a supplement may be told there
    anything = any(fact.recognition.possible is ANYTHING for fact in facts.told["supplements"])

    def urgency(name: str) -> tuple[int, int, str]:
        brought = [worst_of_it for worst_of_it, fields in questions if name in fields]
        if name == "supplements" and (unasked or anything):
            brought = [*brought, Level.URGENT]
        counted = sum(name in fields for _, fields in questions)
        return -LEVELS.index(top([Level.UNDETERMINED, *brought])), -counted, name

    candidates = sorted(open_fields - facts.profile.asked_unknown, key=urgency)
    if unasked and "supplements" in candidates:
        candidates = ["supplements"]
    return Answer(
        level=level,
        worst_case=worst,
        assessed=assessed,
        caveats=any_caveats(ruleset),
        policy_caveats=0 if policy_used is None else 1,
        # Two entries of the same words with other codes or doubts are two things to clear up.
        unrecognised=tuple(
            (field, entry.text, entry.codes[0] if entry.text is None else None)
            for field, entry in {
                (f.field, Entry(f.entry.text, f.entry.codes, f.entry.doubt)) for f in unclear
            }
        ),
        questions_open=len(open_fields),
        next_field=candidates[0] if candidates else None,
    )
