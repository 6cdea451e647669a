"""Lays out the chapters of a book about its vocabulary: classes, illnesses, signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msrisk.book.shape import Fact, Part, Ref, Table, anchor, refs
from msrisk.model.concepts import Concept, ConceptKind, DrugClass, MemberBasis, Membership
from msrisk.model.conditions import (
    AllergicTo,
    Condition,
    HasCondition,
    HasConditionBeyond,
    ReportsSymptom,
    ReportsSymptomBeyond,
    Takes,
    TakesSupplement,
    walk,
)
from msrisk.model.rules import RuleSet

__all__ = ["class_parts", "concept_parts", "looked_up"]

_KINDS: Final = {
    ConceptKind.CONDITION: "Medical conditions",
    ConceptKind.TOPIC: "Topics that are no illness",
    ConceptKind.ALLERGEN: "Allergens",
    ConceptKind.SYMPTOM: "Symptoms",
    ConceptKind.SUPPLEMENT: "Other supplements",
}
_CLASS: Final = ConceptKind.DRUG_CLASS


def _named(condition: Condition) -> Iterator[tuple[tuple[ConceptKind, ...], str]]:
    """Yield what a condition speaks of: the kinds that it may be, and its id."""
    for node in walk(condition):
        match node:
            case Takes(drug_class=id_):
                yield (_CLASS,), id_
            case HasCondition(condition=id_):
                yield (ConceptKind.CONDITION, ConceptKind.TOPIC), id_
            case HasConditionBeyond(conditions=ids):
                yield from (((ConceptKind.CONDITION, ConceptKind.TOPIC), id_) for id_ in ids)
            case AllergicTo(allergen=id_):
                yield (ConceptKind.ALLERGEN,), id_
            case ReportsSymptom(symptom=id_):
                yield (ConceptKind.SYMPTOM,), id_
            case ReportsSymptomBeyond(symptoms=ids):
                yield from (((ConceptKind.SYMPTOM,), id_) for id_ in ids)
            case TakesSupplement(substance=id_):
                yield (ConceptKind.SUPPLEMENT,), id_
            case _:
                pass


def looked_up(condition: Condition, ruleset: RuleSet) -> tuple[Ref, ...]:
    """Return links to what the book says of the things that a condition speaks of."""
    things = {(one.kind, one.id): one.name for one in ruleset.vocabulary.concepts}
    things |= {(_CLASS, one.id): one.name for one in ruleset.vocabulary.drug_classes}
    substances = {one.id: one.name for one in ruleset.substances}
    found = []
    for kinds, id_ in _named(condition):
        if ConceptKind.SUPPLEMENT in kinds and id_ in substances:
            found.append(Ref(anchor("substance", id_), substances[id_]))
        found += [
            Ref(anchor(kind.value, id_), things[kind, id_])
            for kind in kinds
            if (kind, id_) in things
        ]
    return tuple(dict.fromkeys(found))


def _used_by(id_: str, kind: ConceptKind, ruleset: RuleSet) -> Fact:
    used = [
        rule.id
        for rule in ruleset.rules
        if rule.when and any(id_ == one and kind in kinds for kinds, one in _named(rule.when))
    ]
    return Fact("Named by", "" if used else "no rule directly", refs("rule", used))


def class_parts(ruleset: RuleSet) -> tuple[Part, ...]:
    """Return each drug class that a rule names, or that is part of one, with its members."""
    classes = ruleset.vocabulary.drug_classes
    named = [
        id_
        for rule in ruleset.rules
        if rule.when
        for kinds, id_ in _named(rule.when)
        if _CLASS in kinds
    ]
    counted = {id_ for name in named for id_ in (name, *_below(name, classes))}
    return tuple(_class(one, counted, ruleset) for one in classes if one.id in counted)


def _below(id_: str, all_: Sequence[DrugClass] | Sequence[Concept]) -> tuple[str, ...]:
    """Return the ids of everything below a thing, each once, the nearest first."""
    found: dict[str, None] = {}
    waiting = [id_]
    while waiting:
        above = waiting.pop(0)
        new = [one.id for one in all_ if above in one.within and one.id not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return tuple(found)


def _class(drug_class: DrugClass, counted: set[str], ruleset: RuleSet) -> Part:
    vocabulary = ruleset.vocabulary
    names = {one.id: one.name for one in vocabulary.drug_classes}

    def links(label: str, ids: Sequence[str]) -> Fact:
        # A class that no rule names, above one that a rule names, is not in the book.
        here = [Ref(anchor(_CLASS.value, id_), names[id_]) for id_ in ids if id_ in counted]
        return Fact(label, ", ".join(names[id_] for id_ in ids if id_ not in counted), tuple(here))

    members = sorted(
        (
            (drug.name, membership)
            for drug in vocabulary.drugs
            for membership in drug.classes
            if membership.id == drug_class.id
        ),
        key=lambda member: member[0].casefold(),
    )
    ids = {d.id for d in vocabulary.drugs for m in d.classes if m.id == drug_class.id}
    combined = sum(1 for drug in vocabulary.drugs if ids.intersection(drug.ingredients))
    labelled = [_member(*one) for one in members if one[1].basis is MemberBasis.LABELLED]
    judged = [one for one in members if one[1].basis is MemberBasis.JUDGED]
    implied = [one.name for one in vocabulary.concepts if drug_class.id in one.implies]
    facts = [
        Fact("What it is", drug_class.definition),
        _used_by(drug_class.id, _CLASS, ruleset),
        links("Counts within", drug_class.within),
        links("Its parts", [c.id for c in vocabulary.drug_classes if drug_class.id in c.within]),
        Fact("ATC groups counted whole", ", ".join(drug_class.atc)),
        Fact("Words that mean a member", ", ".join(drug_class.names)),
        Fact("Also told by", "; ".join(implied)),
        Fact(f"Members by their labelling ({len(labelled)})", ", ".join(labelled)),
        Fact("Products of several drugs", f"{combined} more, by their parts" if combined else ""),
    ]
    table = Table(
        (f"Members by msrisk's own reading ({len(judged)})", "because"), tuple(_grouped(judged))
    )
    return Part(
        drug_class.name,
        anchor(_CLASS.value, drug_class.id),
        facts=tuple(fact for fact in facts if fact.text or fact.refs),
        tables=(table,) if judged else (),
    )


def _grouped(judged: Sequence[tuple[str, Membership]]) -> Iterator[tuple[str, str]]:
    """Yield the drugs that one reason speaks of, and the reason."""
    groups: dict[str, list[str]] = {}
    for name, membership in judged:
        groups.setdefault(membership.why, []).append(_member(name, membership))
    for why, names in groups.items():
        yield f"{', '.join(names)}{f' ({len(names)})' if len(names) > 1 else ''}", why


def _member(name: str, membership: Membership) -> str:
    limits = []
    if membership.not_by:
        limits.append(f"not by: {', '.join(membership.not_by)}")
    if membership.ask_route:
        limits.append("its route is asked")
    return f"{name} ({'; '.join(limits)})" if limits else name


def concept_parts(ruleset: RuleSet) -> tuple[Part, ...]:
    """Return what the rules name besides drug classes, with all that counts as each."""
    concepts = ruleset.vocabulary.concepts
    named = {
        (kind, id_)
        for rule in ruleset.rules
        if rule.when
        for kinds, id_ in _named(rule.when)
        for kind in kinds
    }
    parts = []
    for kind, title in _KINDS.items():
        same = [one for one in concepts if one.kind is kind]
        own = [_concept(one, same, ruleset) for one in same if (kind, one.id) in named]
        if own:
            parts.append(Part(title, anchor("kind", kind.value), parts=tuple(own)))
    return tuple(parts)


def _concept(concept: Concept, same: Sequence[Concept], ruleset: RuleSet) -> Part:
    def tree(id_: str) -> str:
        # A thing below two others stands under both.
        return ", ".join(
            f"{child.name}{f' ({inside})' if (inside := tree(child.id)) else ''}"
            for child in same
            if id_ in child.within
        )

    below = tree(concept.id)
    number = len(_below(concept.id, same))
    return Part(
        concept.name,
        anchor(concept.kind.value, concept.id),
        facts=(
            _used_by(concept.id, concept.kind, ruleset),
            Fact(
                "Counted as it", f"{below} ({number} in all)" if below else "nothing besides itself"
            ),
        ),
    )
