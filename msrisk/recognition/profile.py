"""Recognises a whole profile: every entry of every list becomes a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from attrs import evolve

from msrisk.errors import ConceptError, Problem
from msrisk.model.concepts import Recognition, WordKind
from msrisk.model.conditions import ReportsSymptom, walk
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import LIST_FIELDS, Entries, Entry, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from msrisk.recognition.characters import hidden_in, visible
from msrisk.recognition.denied import recognise_denied
from msrisk.recognition.doses import UNKNOWN_DOSE, dose_of
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.pieces import PRODUCT_FIELDS
from msrisk.recognition.reading import read_words
from msrisk.recognition.together import (
    UNKNOWN_CIRCUMSTANCE,
    UNKNOWN_CODE,
    Written,
    beside,
    coded_routes,
    codes_in_words,
    doubted,
    is_circumstance,
    read_codes,
    together,
)

__all__ = [
    "KINDS",
    "closes_foods",
    "fact_of",
    "facts_together",
    "recognise_entry",
    "recognise_profile",
    "signs_of",
]

KINDS: Final = {
    "medication": "medications",
    "condition": "conditions",
    "allergy": "allergies",
    "symptom": "symptoms",
    "supplement": "supplements",
}
"""The kinds of entry, and the list field that each stands in."""

_NOTHING_WRITTEN: Final = Written(None)
_KIND_OF: Final = {field: kind for kind, field in KINDS.items()}


def recognise_entry(
    entry: Entry | Supplement,
    kind: str,
    ruleset: RuleSet,
    *,
    suggest: bool = True,
    every_dose: bool = False,
) -> Recognition:
    """Return what one entry certainly and possibly is; `suggest` names that look alike.

    The dose is read of what rules ask for it, or of anything if `every_dose` is wanted.

    Raises:
        ConceptError: if there is no such kind.

    """
    if kind not in KINDS:
        raise ConceptError([Problem("kind", f"one of {', '.join(sorted(KINDS))}", "another")])
    told = _recognise(entry, kind, ruleset, suggest=suggest, every_dose=every_dose)
    return doubted(told, entry.doubt) if entry.doubt else told


def _recognise(
    entry: Entry | Supplement, kind: str, ruleset: RuleSet, *, suggest: bool, every_dose: bool
) -> Recognition:
    lexicon = lexicon_of(ruleset)
    field = KINDS[kind]
    text = entry.text and visible(entry.text)
    written = _NOTHING_WRITTEN
    if text is not None and field not in PRODUCT_FIELDS:
        written = codes_in_words(text, field, lexicon)
        text = written.text
    codes = (*entry.codes, *written.codes)
    coded = read_codes(codes, field, lexicon) if codes else None
    if text is None:
        return evolve(coded or UNKNOWN_CODE, text=entry.text, kind=kind)
    routes = coded_routes(entry.codes, lexicon) if entry.codes else {}
    read = read_words(
        *(text, field, kind, lexicon),
        typed=entry.text,
        suggest=suggest,
        every_dose=every_dose,
        coded=routes,
    )
    if not (codes or written.perhaps):
        return read
    perhaps = read_codes(written.perhaps, field, lexicon)
    if perhaps is not None:
        read = beside(read, perhaps)
    if coded is None and any(map(is_circumstance, entry.codes)):
        coded = UNKNOWN_CIRCUMSTANCE
    return read if coded is None else together(read, coded, lexicon)


def recognise_profile(profile: PatientProfile, ruleset: RuleSet) -> Facts:
    """Return the facts of a profile: each entry of each list, in the given order.

    Raises:
        ProfileError: if a name that was denied is not known or may mean several things.

    """
    denied = recognise_denied(profile.denied or (), ruleset)
    told: dict[str, tuple[Fact, ...]] = {}
    for name in LIST_FIELDS:
        value = getattr(profile, name)
        items = value.items if isinstance(value, Entries) else ()
        known = {item: fact_of(name, item, ruleset) for item in items}
        told[name] = facts_together(name, [known[item] for item in items], ruleset)
    return Facts(profile, told, denied)


def facts_together(field: str, facts: Sequence[Fact], ruleset: RuleSet) -> tuple[Fact, ...]:
    """Return the entries of a list in the light of each other.

    A supplement listed twice may be one product or several; an entry that says that there is
    no allergy to a food says so of the others too.
    """
    if field == "supplements":
        twice = Counter(facts)
        return tuple(_listed_twice(fact) if twice[fact] > 1 else fact for fact in facts)
    if field == "allergies" and any(map(closes_foods, facts)):
        foods = lexicon_of(ruleset).foods
        return tuple(_without(fact, foods) for fact in facts)
    return tuple(facts)


def closes_foods(fact: Fact) -> bool:
    """Return whether an entry says that there is no allergy to a food.

    Then another leaves none open.
    """
    said = () if fact.entry.doubt else fact.recognition.read
    return any(words.role == WordKind.NO_FOOD_ALLERGY.value for words in said)


def _without(fact: Fact, foods: frozenset[str]) -> Fact:
    told = fact.recognition
    unnamed = foods - told.may_be - told.concepts
    left = evolve(told, may_be_allergens=told.may_be_allergens - unnamed)
    return evolve(fact, recognition=left)


_SIGN: Final = "a sign that belongs among the symptoms: is it there now, or was it before?"


@lru_cache(maxsize=16)
def signs_of(ruleset: RuleSet) -> frozenset[str]:
    """Return the symptoms that the rules ask about."""
    return frozenset(
        node.symptom
        for rule in ruleset.rules
        for node in (walk(rule.when) if rule.when else ())
        if isinstance(node, ReportsSymptom)
    )


def _listed_twice(fact: Fact) -> Fact:
    doubts = [fact.doubt, "listed more than once: one product, or several?"]
    return evolve(fact, doubt="; ".join(filter(None, doubts)))


def _unseen(text: str) -> str:
    """Return a doubt about characters inside a word that nobody sees; empty if there are none."""
    names = hidden_in(text)
    return f"{' and '.join(names)} inside a word, passed over: is the word right?" if names else ""


def _unread(recognition: Recognition) -> str:
    """Return a doubt about words of a dose that are not understood; empty if there are none."""
    words = " ".join(recognition.directions_left)
    return f"of its dose, “{words}” is not understood: how much is taken a day?" if words else ""


def fact_of(
    field: str, item: Entry | Supplement, ruleset: RuleSet, *, suggest: bool = True
) -> Fact:
    """Return one entry of a list field, recognised; what stands beside it is not looked at."""
    recognition = recognise_entry(item, _KIND_OF[field], ruleset, suggest=suggest)
    unseen = "; ".join(filter(None, (_unseen(item.text or ""), _unread(recognition))))
    words = recognition.dose or UNKNOWN_DOSE
    if isinstance(item, Entry):
        sign = field == "conditions" and recognition.concepts & signs_of(ruleset)
        doubt = "; ".join(filter(None, (_SIGN if sign else "", unseen)))
        taking = recognition.says
        if field not in PRODUCT_FIELDS and not recognition.named & lexicon_of(ruleset).products:
            taking = None  # only by the way
        doses = recognition.doses
        return Fact(field, item, recognition, words, taking, doubt, doses=doses)
    dose, agree = dose_of(item, words)
    doubts = [unseen] if unseen else []
    if not agree:
        doubts.append("the dose is told in two ways that differ")
    taking = item.taking if item.taking is not None else recognition.taking
    if recognition.taking is not None and recognition.taking is not taking:
        doubts.append("whether it was started is told in two ways that differ")
        taking = None
    doses = {id_: dose_of(item, told)[0] for id_, told in recognition.doses.items()}
    return Fact(field, item, recognition, dose, taking, "; ".join(doubts), doses)
