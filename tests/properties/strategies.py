"""Facts made directly, and changes to profiles and rule sets that the laws speak of.

`facts` is the untyped side: it reaches states that recognition rarely makes, such as an
entry that is certainly two things and possibly anything, in a field that tells neither.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from msrisk.model.concepts import ANYTHING, ConceptKind, Dose, Possible, Recognition, closure
from msrisk.model.facts import Denied, Fact, Facts
from msrisk.model.profile import (
    FIELDS,
    LIST_FIELDS,
    NONE_REPORTED,
    NUMBER_FIELDS,
    YES_NO_FIELDS,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.quantities import Amount, Number, Unit
from msrisk.model.rules import RuleSet

__all__ = ["changed", "facts"]

KIND_OF = {
    "supplements": "supplement",
    "medications": "medication",
    "conditions": "condition",
    "allergies": "allergy",
    "symptoms": "symptom",
}
AGES: list[Number | tuple[Number, Number] | None] = [None, 17, 18, 40, 65, 80, (17, 66), (40, 41)]
WEIGHTS: list[Number | tuple[Number, Number] | None] = [None, 49.9, 50, 60, 90, (40, 70)]
_STATES = {True: ["none", "some", "some"], False: ["none", "some", "unasked"]}
LISTED = ("one", "two", "three", "four")


def changed(profile: PatientProfile, **changes: object) -> PatientProfile:
    """Return the profile with other values in some fields."""
    told: dict[str, Any] = {name: getattr(profile, name) for name in FIELDS}
    told["denied"] = profile.denied
    told["asked_unknown"] = profile.asked_unknown - changes.keys()
    return PatientProfile(**(told | changes))


def ids_told(name: str, ruleset: RuleSet) -> list[str]:
    """Return the ids that a field usually tells: those tested by rules, and drugs."""
    words = ruleset.vocabulary
    substances = [one.id for one in ruleset.substances]
    medicines = [*(one.id for one in words.drug_classes), *(one.id for one in words.drugs)]
    if name == "medications":
        return [*medicines, *substances]
    kinds = {
        "supplements": {ConceptKind.SUPPLEMENT},
        "conditions": {ConceptKind.CONDITION, ConceptKind.TOPIC},
        "allergies": {ConceptKind.ALLERGEN},
        "symptoms": {ConceptKind.SYMPTOM},
    }[name]
    told = [one.id for one in words.concepts if one.kind in kinds]
    return [*told, *substances * 4] if name == "supplements" else told


def parents_of(ruleset: RuleSet) -> dict[str, tuple[str, ...]]:
    """Return what each id is directly a case of; a drug, of its classes."""
    words = ruleset.vocabulary
    parents = {one.id: tuple(class_.id for class_ in one.classes) for one in words.drugs}
    parents |= {one.id: one.within for one in words.drug_classes}
    parents |= {one.id: one.within for one in words.concepts}
    return parents | {one.id: one.within for one in ruleset.substances}


@st.composite
def some_told(draw: st.DrawFn, name: str, ruleset: RuleSet) -> tuple[set[str], set[str]]:
    """Return a few ids that an entry names, and those of them that the patient does not bear.

    What is no more than an allergen is never taken, and an illness or symptom never an
    allergen; what can be taken may be told as either, in any list.
    """
    words = ruleset.vocabulary
    taken = {one.id for one in words.concepts if one.kind is ConceptKind.SUPPLEMENT}
    taken |= {one.id for one in words.drugs} | {one.id for one in words.drug_classes}
    taken |= {one.id for one in ruleset.substances}
    borne = {one.id for one in words.concepts if one.kind is not ConceptKind.ALLERGEN} | taken
    named: set[str] = set()
    allergens: set[str] = set()
    for _ in range(draw(st.integers(0, 2))):
        other = draw(st.sampled_from([name, name, name, *LIST_FIELDS]))
        one = draw(st.sampled_from(ids_told(other, ruleset)))
        named.add(one)
        either = one in taken
        likely = [True, True, False] if name == "allergies" else [False, False, True]
        if one not in borne or (either and draw(st.sampled_from(likely))):
            allergens.add(one)
    return named, allergens


@st.composite
def recognitions(draw: st.DrawFn, name: str, text: str, ruleset: RuleSet) -> Recognition:
    """Return what an entry might be recognised as, likely or not."""
    drugs = {one.id for one in ruleset.vocabulary.drugs}
    parents = parents_of(ruleset)
    certain, allergens = draw(some_told(name, ruleset))
    concepts = closure(certain, parents) - drugs
    kind = draw(st.sampled_from(["nothing", "nothing", "anything", "some"]))
    possible: Possible = frozenset()
    heard = may_be_allergens = unnamed = frozenset[str]()
    if kind != "nothing":
        besides, perhaps_allergens = draw(some_told(name, ruleset))
        may_be_allergens = closure(perhaps_allergens, parents)
        heard = closure(besides, parents)
    if kind == "anything":
        possible = ANYTHING
        heard -= concepts
    elif kind == "some":
        possible, heard = heard, frozenset()
    named = frozenset() if draw(st.integers(0, 9)) == 9 else frozenset(certain)
    if draw(st.integers(0, 9)) == 9:
        # As "no known drug allergies" does, it leaves allergens open that it does not name.
        plants = [c.id for c in ruleset.vocabulary.concepts if c.kind is ConceptKind.ALLERGEN]
        left = closure([draw(st.sampled_from(plants))], parents)
        unnamed = left - may_be_allergens
        may_be_allergens |= left
    return Recognition(
        text=text,
        kind=KIND_OF[name],
        concepts=concepts,
        named=named,
        possible=possible,
        heard=heard,
        allergens=closure(allergens, parents) & (concepts | named),
        may_be_allergens=may_be_allergens,
        unnamed=unnamed,
        says=draw(st.sampled_from([True, True, True, True, None, False])),
        name=" and ".join(sorted(named)) or None,
        why=dict.fromkeys(concepts, ("judged", "made up")),
        reason="" if possible == frozenset() else "made up",
    )


@st.composite
def amounts(draw: st.DrawFn, unit: Unit, limits: Sequence[Number]) -> Amount:
    """Return amounts at, around and far from the limits; exact, ranges and unknown."""
    near = sorted({n for limit in limits for n in (limit, limit / 2, limit + 1, 3 * limit)})
    number = st.sampled_from(near)
    low, high = sorted(draw(st.tuples(number, number)))
    match draw(st.sampled_from(["exact", "exact", "range", "from", "to", "unknown"])):
        case "exact":
            return Amount(high, high, unit)
        case "range":
            return Amount(low, high, unit)
        case "to":
            return Amount(0, low, unit)
        case "from":
            return Amount(low, math.inf, unit)
        case _:
            return Amount.unknown(unit)


@st.composite
def lists_of_facts(draw: st.DrawFn, name: str, ruleset: RuleSet) -> tuple[Fact, ...]:
    """Return the facts of one list; equal entries are recognised alike, as they must be."""
    limits = {unit: [t.value for t in ruleset.thresholds if t.unit is unit] for unit in Unit}
    texts = LISTED[: draw(st.integers(1, 3))]
    read = {text: draw(recognitions(name, text, ruleset)) for text in texts}
    again = draw(st.lists(st.sampled_from(texts), max_size=1))
    facts_: list[Fact] = []
    known: dict[Entry | Supplement, Fact] = {}
    for text in (*texts, *again):
        entry: Entry | Supplement = Entry(text)
        if name == "supplements":
            entry = Supplement(text, taking=draw(st.booleans()))
        dose = Dose(
            Amount.unknown(Unit.MG),
            draw(amounts(Unit.MG_PER_DAY, limits[Unit.MG_PER_DAY])),
            draw(amounts(Unit.PER_DAY, limits[Unit.PER_DAY])),
        )
        taking = entry.taking if isinstance(entry, Supplement) else read[text].says
        doubt = draw(st.sampled_from(["", "", "", "told in two ways"]))
        fact = Fact(name, entry, read[text], dose, taking, doubt)
        facts_.append(known.setdefault(entry, fact))
    return tuple(facts_)


@st.composite
def denials(draw: st.DrawFn, ruleset: RuleSet) -> tuple[Denied, ...]:
    """Return what was denied by name: mostly nothing; now and then what settles nothing."""
    had = [one.id for one in ruleset.vocabulary.concepts if one.kind is not ConceptKind.SUPPLEMENT]
    taken = [one.id for one in ruleset.vocabulary.drug_classes]
    taken += [one.id for one in ruleset.substances if one.id not in had]
    if draw(st.booleans()):
        return ()
    nos = draw(st.lists(st.sampled_from([*had, *taken]), max_size=4))
    return tuple(Denied(one, one, f"the {one}", settles=one in had) for one in nos)


@st.composite
def facts(draw: st.DrawFn, ruleset: RuleSet) -> Facts:
    """Return facts without a recognition: every truth value of every leaf can be met."""
    certain = draw(st.booleans())
    values: dict[str, Entries[Entry | Supplement] | NoneReported | None] = {}
    told: dict[str, tuple[Fact, ...]] = {}
    for name in LIST_FIELDS:
        told[name] = ()
        match draw(st.sampled_from(_STATES[certain])):
            case "none":
                values[name] = NONE_REPORTED
            case "unasked":
                values[name] = None
            case _:
                told[name] = draw(lists_of_facts(name, ruleset))
                complete = certain or draw(st.booleans())
                values[name] = Entries(tuple(f.entry for f in told[name]), complete=complete)
    numbers = {
        name: draw(st.sampled_from(choices))
        for name, choices in zip(NUMBER_FIELDS, (AGES, WEIGHTS), strict=True)
    }
    flags: dict[str, bool | None] = {
        name: draw(st.sampled_from([True, False] if certain else [None, True, False]))
        for name in YES_NO_FIELDS
    }
    told_too: dict[str, object] = {**values, **numbers, **flags}
    unknown = [field for field, value in told_too.items() if value is None]
    asked = draw(st.sets(st.sampled_from(unknown))) if unknown else set()
    denied = draw(denials(ruleset))
    told_too["denied"] = [one.text for one in denied] or None
    profile = changed(PatientProfile(), **told_too, asked_unknown=asked)
    return Facts(profile, told, denied)
