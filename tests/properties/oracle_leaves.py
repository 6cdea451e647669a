"""What the facts say of one leaf of a condition; the first half of the second evaluator.

A statement is the set of outcomes that it may have: {True}, {False}, or both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from msrisk.model import conditions as c
from msrisk.model.concepts import ANYTHING, ConceptKind
from msrisk.model.facts import Fact, Facts
from msrisk.model.quantities import Number
from msrisk.model.rules import RuleSet

__all__ = ["EITHER", "NO", "YES", "Outcomes", "is_below", "leaf_outcomes"]

Outcomes = frozenset[bool]
YES: Outcomes = frozenset({True})
NO: Outcomes = frozenset({False})
EITHER: Outcomes = YES | NO

READ = {
    c.Takes: ("medications", "supplements", "conditions"),
    c.TakesSupplement: ("supplements", "medications"),
    c.HasCondition: ("conditions", "allergies", "medications", "symptoms"),
    c.AllergicTo: ("allergies", "conditions"),
    c.ReportsSymptom: ("symptoms",),
}


def may_be(statements: Iterable[Outcomes]) -> Outcomes:
    """Return the outcomes of "at least one of these"."""
    found = NO
    for statement in statements:
        found = frozenset(one or other for one in found for other in statement)
    return found


def yes_no(value: bool | None, /) -> Outcomes:
    """Return the outcomes of a yes/no field."""
    return EITHER if value is None else frozenset({value})


def parents(ruleset: RuleSet) -> dict[str, tuple[str, ...]]:
    """Return what each thing that one takes is directly a case of.

    An allergen may have the id of a substance: what one takes and what one has are
    therefore looked up apart.
    """
    words = ruleset.vocabulary
    taken = [one for one in words.concepts if one.kind is ConceptKind.SUPPLEMENT]
    found = {one.id: one.within for one in words.drug_classes}
    found |= {one.id: one.within for one in taken}
    return found | {one.id: one.within for one in ruleset.substances}


def is_case_of(one: str, other: str, above: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the first is the second or a case of it."""
    return one == other or any(is_case_of(up, other, above) for up in above.get(one, ()))


def is_below(one: str, other: str, ruleset: RuleSet) -> bool:
    """Return whether the first of two things that one takes is the second, or a case of it."""
    return is_case_of(one, other, parents(ruleset))


def told_in(leaf: c.Condition, concept: str, ruleset: RuleSet) -> tuple[str, ...]:
    """Return the fields that must be answered before the concept is known to be absent."""
    if isinstance(leaf, c.Takes):
        return ("medications",)
    taken = isinstance(leaf, c.TakesSupplement)
    found = {
        one.id: one.told_in
        for one in ruleset.vocabulary.concepts
        if (one.kind is ConceptKind.SUPPLEMENT) is taken
    }
    if taken:
        found |= {one.id: one.told_in for one in ruleset.substances}
    return found[concept]


def holds_possibly(fact: Fact, concept: str) -> bool:
    """Return whether the entry may be this."""
    possible = fact.recognition.possible
    return possible is ANYTHING or concept in possible


def holds_by_name(fact: Fact, concept: str) -> bool:
    """Return whether the entry may be this because its words or code name it."""
    got = fact.recognition
    return concept in (got.heard if got.possible is ANYTHING else got.possible)


def membership(
    leaf: c.Condition, concept: str, facts: Facts, ruleset: RuleSet
) -> tuple[Outcomes, frozenset[str]]:
    """Decide a membership test: its outcomes, and the fields that leave it open."""
    read = READ[type(leaf)]
    if any(concept in f.recognition.concepts for name in read for f in facts.told[name]):
        return YES, frozenset()
    told = told_in(leaf, concept, ruleset)
    open_ = {name for name in told if not facts.established(name)}
    open_ |= {name for name in told if any(holds_possibly(f, concept) for f in facts.told[name])}
    open_ |= {name for name in read if any(holds_by_name(f, concept) for f in facts.told[name])}
    return (EITHER, frozenset(open_)) if open_ else (NO, frozenset())


def is_other(fact: Fact, substance: str, ruleset: RuleSet) -> Outcomes:
    """Decide whether a supplement is certainly not the assessed one, nor its kin."""
    got = fact.recognition

    def kin(one: str) -> bool:
        return is_below(one, substance, ruleset) or is_below(substance, one, ruleset)

    if got.says is False:
        return NO
    if got.says is None:
        denied = got.possible is not ANYTHING and got.possible and all(map(kin, got.possible))
        return NO if denied else EITHER
    if any(not kin(one) for one in got.concepts):
        return YES
    if got.concepts:
        return NO if substance in got.concepts and got.possible == frozenset() else EITHER
    return EITHER if got.possible is ANYTHING or any(map(kin, got.possible)) else YES


def is_beyond(fact: Fact, listed: tuple[str, ...], ruleset: RuleSet) -> Outcomes:
    """Decide whether an entry is a medical condition outside the listed ones."""
    kinds = {ConceptKind.CONDITION, ConceptKind.ALLERGEN, ConceptKind.SYMPTOM}
    had = [one for one in ruleset.vocabulary.concepts if one.kind is not ConceptKind.SUPPLEMENT]
    above = {one.id: one.within for one in had}
    outside = {
        known.id
        for known in had
        if known.kind in kinds
        and not any(
            is_case_of(known.id, one, above) or is_case_of(one, known.id, above) for one in listed
        )
    }
    got = fact.recognition
    if got.concepts & outside:
        return YES
    return EITHER if got.possible is ANYTHING or got.possible & outside else NO


def distinct(facts: Iterable[Fact]) -> list[tuple[Fact, int]]:
    """Return each entry once, with how often it is listed."""
    found: list[tuple[Fact, int]] = []
    for fact in facts:
        places = [i for i, (other, _) in enumerate(found) if other.entry == fact.entry]
        if places:
            other, count = found[places[0]]
            found[places[0]] = (other, count + 1)
        else:
            found.append((fact, 1))
    return found


def is_product(fact: Fact, substance: str) -> bool:
    """Return whether an entry is, or is one of a few things that may be, the substance."""
    got = fact.recognition
    return got.says is not False and (substance in got.concepts or holds_by_name(fact, substance))


def is_open_list(facts: Facts, substance: str) -> bool:
    """Return whether there may be products that the profile does not show."""
    return not facts.established("supplements") or any(
        fact.recognition.possible is ANYTHING and not is_product(fact, substance)
        for fact in facts.told["supplements"]
    )


def products(facts: Facts, substance: str) -> Iterator[tuple[Fact, int]]:
    """Yield each product, and how many it may be: only supplements may be several."""
    for name in ("supplements", "medications"):
        chosen = [fact for fact in facts.told[name] if is_product(fact, substance)]
        for fact, count in distinct(chosen):
            yield fact, count if name == "supplements" else 1


def over_limit(facts: Facts, substance: str, limit: float) -> Outcomes:
    """Decide whether all products together bring more a day than the limit."""
    low, high = 0.0, math.inf if is_open_list(facts, substance) else 0.0
    for fact, count in products(facts, substance):
        low += 0 if fact.recognition.says is None else fact.dose.daily.low
        high += count * fact.dose.daily.high
    return frozenset({low > limit, high > limit})


def of_any_product(facts: Facts, substance: str, leaf: c.Condition, limit: float) -> Outcomes:
    """Decide a test that any one product may meet."""
    each: list[Outcomes] = [EITHER] if is_open_list(facts, substance) else [NO]
    for fact, _ in products(facts, substance):
        doubtful = fact.recognition.says is None
        if isinstance(leaf, c.Taking):
            each.append(EITHER if doubtful else yes_no(fact.taking))
            continue
        amount = fact.dose.daily if isinstance(leaf, c.DailyDoseBelow) else fact.dose.times
        met = frozenset({amount.low < limit, amount.high < limit})
        each.append(EITHER if doubtful and met == YES else met)
    return may_be(each)


def of_number(
    told: Number | tuple[Number, Number] | None, leaf: c.Condition, limit: float
) -> Outcomes:
    """Decide a test of age or weight at both ends of what is known."""
    ends = (0, math.inf) if told is None else told if isinstance(told, tuple) else (told,)
    upward = isinstance(leaf, c.AgeAtLeast)
    return frozenset(n >= limit if upward else n < limit for n in ends)


def leaf_outcomes(
    leaf: c.Condition, substance: str, facts: Facts, ruleset: RuleSet
) -> tuple[Outcomes, frozenset[str]]:
    """Decide a condition without parts: its outcomes, and the fields that leave it open."""
    limit = math.nan
    if isinstance(leaf, c.ThresholdTest):
        limit = {t.id: t.value for t in ruleset.thresholds}[leaf.threshold]
    match leaf:
        case (
            c.Takes(concept)
            | c.TakesSupplement(concept)
            | c.HasCondition(concept)
            | c.AllergicTo(concept)
            | c.ReportsSymptom(concept)
        ):
            return membership(leaf, concept, facts, ruleset)
        case c.TakesAnyMedication():
            field = "medications"
            found = may_be(yes_no(f.recognition.says) for f in facts.told[field])
            classes = {one.id for one in ruleset.vocabulary.drug_classes}
            elsewhere = (*facts.told["supplements"], *facts.told["conditions"])
            if any(f.recognition.concepts & classes for f in elsewhere):
                found = YES
            found = may_be([found, NO if facts.established(field) else EITHER])
        case c.TakesOtherSupplement():
            field = "supplements"
            found = may_be(is_other(f, substance, ruleset) for f in facts.told[field])
            found = may_be([found, NO if facts.established(field) else EITHER])
        case c.HasConditionBeyond(listed):
            field = "conditions"
            found = may_be(is_beyond(f, listed, ruleset) for f in facts.told[field])
            found = may_be([found, NO if facts.established(field) else EITHER])
        case c.States(field):
            found = yes_no(getattr(facts.profile, field))
        case c.AgeAtLeast() | c.AgeBelow() | c.WeightBelow():
            field = "weight_kg" if isinstance(leaf, c.WeightBelow) else "age_years"
            found = of_number(getattr(facts.profile, field), leaf, limit)
        case c.DailyDoseAbove():
            field = "supplements"
            found = over_limit(facts, substance, limit)
        case c.DailyDoseBelow() | c.DosesPerDayBelow() | c.Taking():
            field = "supplements"
            found = of_any_product(facts, substance, leaf, limit)
        case _:
            raise NotImplementedError(f"the oracle has not been taught {type(leaf).__name__}")
    return found, frozenset({field}) if found == EITHER else frozenset()
