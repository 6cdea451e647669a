"""What the facts say of one leaf of a condition; the first half of the second evaluator.

A statement is the set of outcomes that it may have: {True}, {False}, or both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from msrisk.model import conditions as c
from msrisk.model.concepts import ANYTHING, ConceptKind, Dose
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.quantities import Amount, Number, Unit
from msrisk.model.rules import RuleSet

__all__ = [
    "EITHER",
    "NO",
    "YES",
    "Outcomes",
    "is_below",
    "is_case_of",
    "leaf_outcomes",
    "steps_up",
    "tells_what_was_denied",
]

Outcomes = frozenset[bool]
YES: Outcomes = frozenset({True})
NO: Outcomes = frozenset({False})
EITHER: Outcomes = YES | NO


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


def steps_up(ruleset: RuleSet) -> dict[str, tuple[str, ...]]:
    """Return what each thing is directly a case of, taken or had."""
    above = parents(ruleset)
    for one in ruleset.vocabulary.concepts:
        above[one.id] = (*above.get(one.id, ()), *one.within)
    return above


def was_denied(leaf: c.Condition, concept: str, facts: Facts, ruleset: RuleSet) -> bool:
    """Return whether the patient said no to the concept, or to what it is a case of.

    A no never tells what is taken.
    """
    if isinstance(leaf, c.Takes | c.TakesSupplement):
        return False
    nos = [one.concept for one in facts.denied if one.settles]
    return any(is_case_of(concept, no, steps_up(ruleset)) for no in nos)


def tells_what_was_denied(fact: Fact, facts: Facts, ruleset: RuleSet) -> bool:
    """Return whether the words of an entry tell, or may tell, what the patient said no to."""
    got = fact.recognition
    above = steps_up(ruleset)
    allergens = {one.id for one in ruleset.vocabulary.concepts if one.kind is ConceptKind.ALLERGEN}
    for no in facts.denied:
        if no.concept in allergens:
            named = got.allergens | {one for one in got.may_be_allergens if one not in got.unnamed}
        else:
            named = got.concepts | got.may_be
        if no.settles and any(is_case_of(one, no.concept, above) for one in named):
            return True
    return False


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


def is_told(fact: Fact, concept: str) -> bool:
    """Return whether the entry certainly tells this as taken, had or noticed."""
    got = fact.recognition
    return concept in got.concepts and concept not in got.allergens


def may_be_told(fact: Fact, concept: str) -> bool:
    """Return whether the words or codes of the entry name this in any way."""
    return concept in fact.recognition.concepts or concept in fact.recognition.may_be


def membership(
    leaf: c.Condition, concept: str, facts: Facts, ruleset: RuleSet
) -> tuple[Outcomes, frozenset[str]]:
    """Decide a membership test: its outcomes, and the fields that leave it open."""
    told = told_in(leaf, concept, ruleset)
    denied = was_denied(leaf, concept, facts, ruleset)
    if denied:
        told = ()  # Whatever was not asked there was asked by name.
    open_ = {name for name in told if not facts.established(name)}
    open_ |= {
        name
        for name in told
        if any(fact.recognition.possible is ANYTHING for fact in facts.told[name])
    }
    for name in LIST_FIELDS:
        for fact in facts.told[name]:
            if isinstance(leaf, c.AllergicTo):
                sure = concept in fact.recognition.allergens
                perhaps = concept in fact.recognition.may_be_allergens
                if denied and concept in fact.recognition.unnamed:
                    perhaps = False
            else:
                noticed = name == "symptoms" or not isinstance(leaf, c.ReportsSymptom)
                sure = noticed and is_told(fact, concept)
                perhaps = may_be_told(fact, concept)
                # "No known drug allergies" leaves an intolerance open as well.
                left_open = fact.recognition.unnamed
                perhaps |= isinstance(leaf, c.HasCondition) and concept in left_open
            if sure:
                return YES, frozenset()
            if perhaps:
                open_.add(name)
    return (EITHER, frozenset(open_)) if open_ else (NO, frozenset())


def medicines(ruleset: RuleSet) -> set[str]:
    """Return the ids of all drugs, drug classes, and allergens that are medicines."""
    words = ruleset.vocabulary
    allergens = {one.id for one in words.concepts if one.drug}
    return {one.id for one in words.drugs} | {one.id for one in words.drug_classes} | allergens


def is_medication(fact: Fact, ruleset: RuleSet) -> Outcomes:
    """Decide whether an entry says that some medication is taken."""
    got = fact.recognition
    if fact.field == "medications":
        return yes_no(got.says)
    if (got.named | got.concepts) & medicines(ruleset) - got.allergens:
        return YES
    return EITHER if (got.allergens | got.may_be) & medicines(ruleset) else NO


def is_other(fact: Fact, substance: str, ruleset: RuleSet) -> Outcomes:
    """Decide whether an entry is a supplement, certainly not the assessed one nor its kin."""
    got = fact.recognition

    def kin(one: str) -> bool:
        return is_below(one, substance, ruleset) or is_below(substance, one, ruleset)

    if fact.field != "supplements":
        concepts = ruleset.vocabulary.concepts
        taken = {one.id for one in concepts if one.kind is ConceptKind.SUPPLEMENT}
        taken |= {one.id for one in ruleset.substances}
        others = {one for one in taken if not kin(one)}
        if (got.named | got.concepts) & others - got.allergens:
            return YES
        return EITHER if (got.allergens | got.may_be) & others else NO
    if got.named and got.named <= medicines(ruleset) and got.possible == frozenset():
        return NO
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
    """Decide whether an entry is a medical condition outside the listed ones.

    An allergen may have the id of a substance: it is an allergy only where the entry tells
    it as one.
    """
    had = [one for one in ruleset.vocabulary.concepts if one.kind is not ConceptKind.SUPPLEMENT]
    above = {one.id: one.within for one in had}

    def outside(kind: ConceptKind) -> set[str]:
        return {
            known.id
            for known in had
            if known.kind is kind
            and not any(
                is_case_of(known.id, one, above) or is_case_of(one, known.id, above)
                for one in listed
            )
        }

    got = fact.recognition
    ill = (got.concepts - got.allergens) & outside(ConceptKind.CONDITION)
    perhaps = got.may_be & outside(ConceptKind.CONDITION)
    if fact.field != "conditions":
        return YES if ill else EITHER if perhaps else NO
    allergic = got.allergens & outside(ConceptKind.ALLERGEN)
    unwell = got.concepts & outside(ConceptKind.SYMPTOM)
    if ill or allergic or unwell:
        return YES
    perhaps |= got.may_be & outside(ConceptKind.SYMPTOM)
    # "No known drug allergies" leaves every plant open, and names none.
    named = got.concepts | got.may_be
    perhaps |= named & got.may_be_allergens & outside(ConceptKind.ALLERGEN)
    return EITHER if perhaps or got.possible is ANYTHING else NO


def is_other_symptom(fact: Fact, listed: tuple[str, ...], ruleset: RuleSet) -> Outcomes:
    """Decide whether an entry of the symptoms is one, or an illness, outside the listed ones."""
    kinds = {ConceptKind.SYMPTOM, ConceptKind.CONDITION}
    noticed = [one for one in ruleset.vocabulary.concepts if one.kind in kinds]
    above = {one.id: one.within for one in ruleset.vocabulary.concepts}
    outside = {
        known.id
        for known in noticed
        if not any(is_case_of(known.id, i, above) or is_case_of(i, known.id, above) for i in listed)
    }
    got = fact.recognition
    if fact.field != "symptoms":
        return NO
    if outside & got.concepts - got.allergens:
        return YES
    return EITHER if outside & got.may_be or got.possible is ANYTHING else NO


def in_any_list(
    facts: Facts, usual: str, decide: Callable[[Fact], Outcomes]
) -> tuple[Outcomes, frozenset[str]]:
    """Decide whether some entry is so, and name the fields that leave it open."""
    each = {name: may_be(map(decide, facts.told[name])) for name in LIST_FIELDS}
    each[usual] = may_be([each[usual], NO if facts.established(usual) else EITHER])
    found = may_be(each.values())
    open_ = frozenset(name for name, outcomes in each.items() if outcomes == EITHER)
    return found, open_ if found == EITHER else frozenset()


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
    return fact.recognition.says is not False and may_be_told(fact, substance)


def is_doubtful(fact: Fact, substance: str) -> bool:
    """Return whether a product is only one that may be taken: it is told, but not as taken."""
    return fact.recognition.says is None or substance in fact.recognition.allergens


def is_open_list(facts: Facts, substance: str) -> bool:
    """Return whether there may be products that the profile does not show."""
    return not facts.established("supplements") or any(
        fact.recognition.possible is ANYTHING and not is_product(fact, substance)
        for fact in facts.told["supplements"]
    )


def products(facts: Facts, substance: str) -> Iterator[tuple[Fact, int]]:
    """Yield each product, and how many it may be: only supplements may be several."""
    every = [f for name in LIST_FIELDS for f in facts.told[name] if is_product(f, substance)]
    # An allergy is told of the product that is listed, if one is.
    listed = [fact for fact in every if substance not in fact.recognition.allergens]
    for name in LIST_FIELDS:
        chosen = [fact for fact in facts.told[name] if fact in (listed or every)]
        for fact, count in distinct(chosen):
            yield fact, count if name == "supplements" else 1


def fullest(times: float) -> int:
    """Return the intakes of the fullest day, of a mean that is no whole number: 1.4 is two."""
    if times == math.inf or abs(times - round(times)) < 1e-6:
        return 1
    return next(n for n in range(1, 10_000) if n >= times)


def day_of(dose: Dose) -> Amount:
    """Return what a day brings: the mean of days, or its whole intakes if that is more."""
    least = dose.each.low * fullest(dose.times.low)
    most = 0 if dose.each.high == math.inf else dose.each.high * fullest(dose.times.high)
    return Amount(max(least, dose.daily.low), max(most, dose.daily.high), Unit.MG_PER_DAY)


def of_doses(facts: Facts, substance: str, leaf: c.Condition, limit: float) -> Outcomes:
    """Decide a test of the day: try each number of products that may really be taken.

    Intakes of several products may fall on the same hours, or on hours of their own.
    """
    low, high, longest = 0.0, 0.0, 0.0
    doubtful: list[bool] = []
    taken_only = isinstance(leaf, c.DailyDoseTakenAbove)
    for fact, count in products(facts, substance):
        started = EITHER if is_doubtful(fact, substance) else yes_no(fact.taking)
        if taken_only and started == NO:
            continue
        dose = fact.doses.get(substance, fact.dose)
        amount = dose.times if isinstance(leaf, c.DosesPerDayBelow) else day_of(dose)
        high += count * amount.high
        doubtful.append(is_doubtful(fact, substance) or (taken_only and started != YES))
        if not doubtful[-1]:
            low += amount.low
            longest = max(longest, amount.low)
    if is_open_list(facts, substance):
        high = math.inf
        doubtful.append(True)
    if isinstance(leaf, c.DailyDoseAbove):
        return frozenset({low > limit, high > limit})
    if isinstance(leaf, c.DosesPerDayBelow):
        low = longest
    found = frozenset({low < limit, high < limit})
    if not doubtful:
        return NO  # Of nothing, there is no less.
    return found | NO if all(doubtful) else found


def was_started(facts: Facts, substance: str) -> Outcomes:
    """Decide whether any one product was started."""
    each: list[Outcomes] = [EITHER] if is_open_list(facts, substance) else [NO]
    for fact, _ in products(facts, substance):
        each.append(EITHER if is_doubtful(fact, substance) else yes_no(fact.taking))
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
            return in_any_list(facts, "medications", lambda f: is_medication(f, ruleset))
        case c.TakesOtherSupplement():
            return in_any_list(facts, "supplements", lambda f: is_other(f, substance, ruleset))
        case c.HasConditionBeyond(listed):
            return in_any_list(facts, "conditions", lambda f: is_beyond(f, listed, ruleset))
        case c.ReportsSymptomBeyond(listed):
            return in_any_list(facts, "symptoms", lambda f: is_other_symptom(f, listed, ruleset))
        case c.States(field):
            found = yes_no(getattr(facts.profile, field))
        case c.AgeAtLeast() | c.AgeBelow() | c.WeightBelow():
            field = "weight_kg" if isinstance(leaf, c.WeightBelow) else "age_years"
            found = of_number(getattr(facts.profile, field), leaf, limit)
        case c.DailyDoseAbove() | c.DailyDoseBelow() | c.DosesPerDayBelow():
            field = "supplements"
            found = of_doses(facts, substance, leaf, limit)
        case c.Taking():
            field = "supplements"
            found = was_started(facts, substance)
        case _:
            raise NotImplementedError(f"the oracle has not been taught {type(leaf).__name__}")
    return found, frozenset({field}) if found == EITHER else frozenset()
