"""Describes what is no rule, such as a medicine or a source, in labelled lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msrisk.model.concepts import (
    CODE_SYSTEMS,
    Codes,
    Concept,
    ConceptKind,
    Confusable,
    Drug,
    DrugClass,
    Membership,
    Term,
    Vocabulary,
    Words,
    closure,
)
from msrisk.model.conditions import walk
from msrisk.model.evidence import Item, Reference, Relation
from msrisk.model.history import Retired
from msrisk.model.rules import FieldPrompt, RuleSet, Substance
from msrisk.model.sources import Source
from msrisk.rendering.rule_words import Line
from msrisk.rendering.words import plural

__all__ = ["entry_lines", "members_of"]

_KINDS: Final = {
    ConceptKind.CONDITION: "medical condition",
    ConceptKind.TOPIC: "topic, told among the conditions and no illness",
    ConceptKind.ALLERGEN: "allergen",
    ConceptKind.SYMPTOM: "symptom",
    ConceptKind.SUPPLEMENT: "supplement that no rule covers",
}
# What a test of a condition may speak of, by the fields of all kinds of test.
_SPOKEN_OF: Final = ("drug_class", "substance", "condition", "allergen", "symptom")
_SPOKEN_OF_MANY: Final = ("conditions", "symptoms")


def members_of(class_: str, vocabulary: Vocabulary) -> list[Drug]:
    """Return the medicines of a class and of those below it, combinations by their parts."""
    parents = {one.id: one.within for one in vocabulary.drug_classes}
    of_drug = {
        drug.id: closure([member.id for member in drug.classes], parents)
        for drug in vocabulary.drugs
    }
    return [
        drug
        for drug in vocabulary.drugs
        if any(class_ in of_drug[one] for one in (drug.id, *drug.ingredients))
    ]


def entry_lines(made: object, ruleset: RuleSet) -> Iterator[Line]:
    """Yield all that an entry says, by its kind."""
    match made:
        case Drug() as drug:
            yield from _drug(drug, ruleset.vocabulary)
        case DrugClass() as class_:
            yield from _class(class_, ruleset)
        case Concept() as concept:
            yield "kind", _KINDS[concept.kind]
            yield from _named(concept, concept.codes)
            yield from _hierarchy(concept, ruleset.vocabulary.concepts)
            yield "told in", ", ".join(concept.told_in)
            yield from _list("implies", concept.implies)
            yield from _list("opens", concept.opens)
            yield from _list("opens if treated", concept.if_treated)
            yield from _list("opens if planned", concept.if_planned)
            yield from _told("source", concept.source)
            yield from _list("spoken of by", _rules_about(concept.id, ruleset))
        case Substance() as substance:
            yield "kind", "substance that rules cover"
            yield from _named(substance, substance.codes)
            yield from _hierarchy(substance, ruleset.substances)
            yield from _list("without", substance.without)
            yield "told in", ", ".join(substance.told_in)
            yield "source", substance.source
            yield from _list("rules", [rule.id for rule in ruleset.rules_for(substance.id)])
        case Term() as term:
            yield "kind", "words that leave open what is meant, or say it of a group"
            yield "names", ", ".join(term.names)
            yield from _codes(term.codes)
            yield "told in", ", ".join(term.fields)
            yield from _list("certainly", term.concepts)
            yield from _list("possibly", term.possible)
            yield "because", term.why
        case Words() as words:
            yield "kind", f"words of the kind {words.kind.value}, {len(words.words)} in this list"
            yield from _told("route", words.id)
            yield from _told("what they say", words.about)
            yield "told in", ", ".join(words.fields)
            yield from _list("ATC groups", words.atc)
            yield from _codes(words.codes)
        case Confusable() as confusable:
            yield "kind", "names of different products that are mistaken for one another"
            yield "names", ", ".join(confusable.names)
            yield "source", confusable.source
        case Item() as item:
            yield from _item(item, ruleset)
        case Reference() as reference:
            yield from _reference(reference, ruleset)
        case _:
            yield from _of_rules(made)


def _item(item: Item, ruleset: RuleSet) -> Iterator[Line]:
    yield "kind", f"item of evidence, cited as {item.key}"
    yield "statement", item.statement
    if item.figures.words:
        yield "figures", item.figures.words
    yield "frequency", item.figures.frequency
    for relation in Relation:
        if getattr(item, relation.value):
            yield relation.value, ", ".join(getattr(item, relation.value))
    yield "certainty", f"{item.certainty}: {item.why}"
    for one in ruleset.references:
        if one.id in item.references:
            yield "reference", one.words


def _reference(one: Reference, ruleset: RuleSet) -> Iterator[Line]:
    yield "kind", one.kind.value
    yield "reference", one.words
    yield "read", f"{one.read.value}{f': {one.note}' if one.note else ''}"
    checked = one.checked
    yield "checked", f"{checked.on}, {checked.by}; retraction {checked.retraction.value}"
    if checked.note:
        yield "changed", checked.note
    yield "items", ", ".join(item.key for item in ruleset.evidence if one.id in item.references)


def _of_rules(made: object) -> Iterator[Line]:
    """Yield what an entry says that is no rule and not of the vocabulary."""
    match made:
        case Source() as source:
            yield "kind", f"source: {source.kind} text, {plural(len(source.passages), 'passage')}"
            yield "title", source.title
            yield from _told("short", source.short)
            yield "author", source.author
            yield "quotes", source.quotes
            yield "interest", source.interest
            yield "licence", source.licence
            yield "retrieved", source.retrieved
        case FieldPrompt() as prompt:
            yield "kind", "field of the profile"
            yield "name", prompt.name
            yield "question", prompt.question
            yield from _told("short", prompt.short)
        case Retired() as retired:
            yield "kind", "id that is gone and is never used again"
            yield "dropped in", retired.dropped_in
            yield "because", retired.why
        case _:
            raise AssertionError(made)


def _drug(drug: Drug, vocabulary: Vocabulary) -> Iterator[Line]:
    drugs = {one.id: one for one in vocabulary.drugs}
    yield "kind", "combination of medicines" if drug.ingredients else "medicine"
    yield from _named(drug, drug.codes)
    yield from _list("ingredients", drug.ingredients)
    members = [("", one) for one in drug.classes]
    members += [(f", by {id_}", one) for id_ in drug.ingredients for one in drugs[id_].classes]
    for by, member in members:
        yield "class", f"{member.id}{by} ({member.basis.value}: {member.why}){_limits(member)}"
    if not members:
        yield "class", "none of the classes that the rules speak of"
    yield "source", drug.source


def _limits(member: Membership) -> str:
    local = f"; not by {', '.join(member.not_by)}" if member.not_by else ""
    return f"{local}; the name alone leaves it open" if member.ask_route else local


def _class(class_: DrugClass, ruleset: RuleSet) -> Iterator[Line]:
    members = members_of(class_.id, ruleset.vocabulary)
    yield "kind", f"class of medicines with {plural(len(members), 'member')}"
    yield from _named(class_, {})
    yield "definition", class_.definition
    yield from _hierarchy(class_, ruleset.vocabulary.drug_classes)
    yield from _list("ATC groups", class_.atc)
    yield from _list("spoken of by", _rules_about(class_.id, ruleset))


def _named(one: Concept | Drug | DrugClass | Substance, codes: Codes) -> Iterator[Line]:
    yield "name", one.name
    yield from _list("names", one.names)
    yield from _codes(codes)


def _codes(codes: Codes) -> Iterator[Line]:
    for system in CODE_SYSTEMS:
        yield from _list(system, codes.get(system, ()))


def _hierarchy(
    one: Concept | DrugClass | Substance, others: Sequence[Concept | DrugClass | Substance]
) -> Iterator[Line]:
    yield from _list("within", one.within)
    yield from _list("counted as it", [other.id for other in others if one.id in other.within])


def _rules_about(id_: str, ruleset: RuleSet) -> list[str]:
    """Return the ids of the rules whose conditions speak of a thing."""
    return [
        rule.id
        for rule in ruleset.rules
        if rule.when is not None
        and any(
            id_ in (getattr(test, name, None) for name in _SPOKEN_OF)
            or any(id_ in getattr(test, name, ()) for name in _SPOKEN_OF_MANY)
            for test in walk(rule.when)
        )
    ]


def _list(label: str, words: Iterable[str]) -> Iterator[Line]:
    yield from _told(label, ", ".join(words))


def _told(label: str, words: str) -> Iterator[Line]:
    if words:
        yield label, words
