"""Small weakenings of the vocabulary and of the substances, by what each does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import zip_longest
from typing import Final

from attrs import evolve

from msrisk.model.concepts import (
    Codes,
    Concept,
    Drug,
    DrugClass,
    MemberBasis,
    Term,
    Vocabulary,
    WordKind,
    Words,
    closure,
)
from msrisk.model.conditions import walk
from msrisk.model.rules import RuleSet, Substance
from tests.mutation.mutants import Mutant, replaced

__all__ = ["APART", "WORD_KINDS", "batches", "sampled", "word_mutants"]

Placed = DrugClass | Concept | Substance
Named = Drug | DrugClass | Concept | Substance
GROUPS: Final[Mapping[type, str]] = {
    Drug: "drugs",
    DrugClass: "drug_classes",
    Concept: "concepts",
    Term: "terms",
    Words: "words",
}


def word_mutants(ruleset: RuleSet, kind: str) -> list[Mutant]:
    """Return every mutant of a kind of `WORD_KINDS`."""
    return [Mutant(kind, what, change) for what, change in WORD_KINDS[kind](ruleset)]


def batches(ruleset: RuleSet, kind: str) -> Iterator[list[Mutant]]:
    """Yield every mutant of a kind that is in `APART`, many of different things together."""
    by_subject: dict[str, list[Mutant]] = {}
    for mutant in word_mutants(ruleset, kind):
        by_subject.setdefault(mutant.subject, []).append(mutant)
    for row in zip_longest(*by_subject.values()):
        mutants = [one for one in row if one is not None]
        for first in range(0, len(mutants), _AT_ONCE):
            yield mutants[first : first + _AT_ONCE]


def sampled(ruleset: RuleSet, kinds: Iterable[str], seed: int, most: int) -> list[Mutant]:
    """Return some mutants, as evenly of all kinds as they are there, the same for each seed."""
    choice = random.Random(seed)  # noqa: S311  # a sample, not a secret
    waiting = [word_mutants(ruleset, kind) for kind in kinds]
    for group in waiting:
        choice.shuffle(group)
    choice.shuffle(waiting)
    found: list[Mutant] = []
    while len(found) < most and any(waiting):
        for group in waiting:
            if group and len(found) < most:
                found.append(group.pop())
    return found


Changes = Iterator[tuple[str, Callable[[RuleSet], RuleSet]]]


def _edit(old: object, *new: object) -> Callable[[RuleSet], RuleSet]:
    """Return what puts something else, or nothing, in the place of a member of the vocabulary."""
    group = GROUPS.get(type(old))
    if group is None:
        return lambda rules: evolve(rules, substances=_put(rules.substances, old, new))
    return lambda rules: evolve(rules, vocabulary=_with(rules.vocabulary, group, old, *new))


def _with(words: Vocabulary, group: str, old: object, *new: object) -> Vocabulary:
    return evolve(words, **{group: replaced(getattr(words, group), old, *new)})


def _put(
    substances: tuple[Substance, ...], old: object, new: tuple[object, ...]
) -> tuple[Substance, ...]:
    there = [one for one in new if isinstance(one, Substance)]
    return tuple(after for one in substances for after in (there if one is old else [one]))


def _named(rules: RuleSet) -> tuple[Named, ...]:
    words = rules.vocabulary
    return (*words.drugs, *words.drug_classes, *words.concepts, *rules.substances)


def _placed(rules: RuleSet) -> tuple[Placed, ...]:
    words = rules.vocabulary
    return (*words.drug_classes, *words.concepts, *rules.substances)


def _asked(rules: RuleSet) -> frozenset[str]:
    """Return the concepts that rules speak of."""
    tests = [test for rule in rules.rules if rule.when for test in walk(rule.when)]
    keys = ("drug_class", "substance", "condition", "allergen", "symptom")
    return frozenset(getattr(test, key) for test in tests for key in keys if hasattr(test, key))


def _drop(group: str, rules: RuleSet) -> Changes:
    for one in getattr(rules.vocabulary, group):
        yield getattr(one, "id", "") or one.names[0], _edit(one)


def _drop_substance(rules: RuleSet) -> Changes:
    for one in rules.substances:
        yield one.id, _edit(one)


def _without(rules: RuleSet) -> Changes:
    for one in rules.substances:
        held = [rule.id for rule in rules.rules_for(one.id)]
        for id_ in (*held, *(claim.id for claim in rules.claims_for(one.id))):
            yield f"{one.id}: {id_}", _edit(one, evolve(one, without=(*one.without, id_)))


def _within(rules: RuleSet) -> Changes:
    asked = _asked(rules)
    parents = {one.id: one.within for one in _placed(rules)}
    for one in _placed(rules):
        for id_ in one.within:
            if closure([id_], parents) & asked:
                rest = tuple(other for other in one.within if other != id_)
                yield f"{one.id}: {id_}", _edit(one, evolve(one, within=rest))


def _told_in(rules: RuleSet) -> Changes:
    asked = _asked(rules)
    for one in _placed(rules):
        if not isinstance(one, DrugClass) and one.id in asked:
            for name in one.told_in:
                rest = tuple(other for other in one.told_in if other != name)
                yield f"{one.id}: {name}", _edit(one, evolve(one, told_in=rest))


def _names(rules: RuleSet) -> Changes:
    for one in _named(rules):
        for name in one.names:
            yield f"{one.id}: {name}", _edit(one, evolve(one, names=_less(one.names, name)))


def _codes(rules: RuleSet) -> Changes:
    for one in _named(rules):
        if isinstance(one, DrugClass):
            for code in one.atc:
                yield f"{one.id}: {code}", _edit(one, evolve(one, atc=_less(one.atc, code)))
            continue
        for system, codes in one.codes.items():
            for code in codes:
                rest: Codes = {**one.codes, system: _less(codes, code)}
                yield f"{one.id}: {code}", _edit(one, evolve(one, codes=rest))


def _less(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _memberships(rules: RuleSet) -> Changes:
    for drug in rules.vocabulary.drugs:
        for one in drug.classes:
            yield (
                f"{drug.id}: {one.id}",
                _edit(drug, evolve(drug, classes=replaced(drug.classes, one))),
            )


def _ask_route(rules: RuleSet) -> Changes:
    for drug in rules.vocabulary.drugs:
        for one in drug.classes:
            if not one.ask_route:
                classes = replaced(drug.classes, one, evolve(one, ask_route=True))
                yield f"{drug.id}: {one.id}", _edit(drug, evolve(drug, classes=classes))


def _not_by(rules: RuleSet) -> Changes:
    routes = sorted({list_.id for list_ in rules.vocabulary.words if list_.id})
    for drug in rules.vocabulary.drugs:
        for one in drug.classes:
            for route in routes:
                if route not in one.not_by:
                    new = evolve(one, not_by=(*one.not_by, route))
                    classes = replaced(drug.classes, one, new)
                    yield (
                        f"{drug.id}: {one.id}: {route}",
                        _edit(drug, evolve(drug, classes=classes)),
                    )


def _labelled(rules: RuleSet) -> Changes:
    for drug in rules.vocabulary.drugs:
        for one in drug.classes:
            if one.basis is MemberBasis.JUDGED:
                new = evolve(one, basis=MemberBasis.LABELLED)
                classes = replaced(drug.classes, one, new)
                yield f"{drug.id}: {one.id}", _edit(drug, evolve(drug, classes=classes))


def _ingredients(rules: RuleSet) -> Changes:
    for drug in rules.vocabulary.drugs:
        for id_ in drug.ingredients:
            new = evolve(drug, ingredients=_less(drug.ingredients, id_))
            yield f"{drug.id}: {id_}", _edit(drug, new)


def _implied(rules: RuleSet) -> Changes:
    for one in rules.vocabulary.concepts:
        for id_ in one.implies:
            yield f"{one.id}: {id_}", _edit(one, evolve(one, implies=_less(one.implies, id_)))


def _opened(rules: RuleSet) -> Changes:
    for one in rules.vocabulary.concepts:
        for id_ in one.opens:
            yield f"{one.id}: {id_}", _edit(one, evolve(one, opens=_less(one.opens, id_)))
        for id_ in one.if_treated:
            new = evolve(one, if_treated=_less(one.if_treated, id_))
            yield f"{one.id} if treated: {id_}", _edit(one, new)
        for id_ in one.if_planned:
            new = evolve(one, if_planned=_less(one.if_planned, id_))
            yield f"{one.id} if planned: {id_}", _edit(one, new)


def _medicine(rules: RuleSet) -> Changes:
    for one in rules.vocabulary.concepts:
        if "allergies" in one.told_in and not one.drug:
            yield one.id, _edit(one, evolve(one, drug=True))


def _parts_of_terms(rules: RuleSet) -> Changes:
    for term in rules.vocabulary.terms:
        for key in ("names", "possible", "concepts"):
            for id_ in getattr(term, key):
                rest = {key: _less(getattr(term, key), id_)}
                new = evolve(term, **rest)  # type: ignore[arg-type]  # each of these keys is a list
                yield f"{term.names[0]}: {key}: {id_}", _edit(term, new)


def _wrong_drug(rules: RuleSet) -> Changes:
    drugs = rules.vocabulary.drugs
    # Far enough apart that the two are of different files and mostly of different classes.
    for one, other in zip(drugs, (*drugs[777:], *drugs[:777]), strict=True):
        for name in one.names:
            yield f"{one.id}: {name} to {other.id}", partial(_moved, one, other, name)


def _moved(one: Drug, other: Drug, name: str, rules: RuleSet) -> RuleSet:
    less = _edit(one, evolve(one, names=_less(one.names, name)))
    return _edit(other, evolve(other, names=(*other.names, name)))(less(rules))


def _lists(rules: RuleSet, *kinds: WordKind) -> Iterator[Words]:
    yield from (list_ for list_ in rules.vocabulary.words if not kinds or list_.kind in kinds)


def _fillers(rules: RuleSet) -> Changes:
    list_ = next(_lists(rules, WordKind.FILLER))
    words = (
        word.casefold() for one in _named(rules) for name in one.names for word in name.split()
    )
    for word in dict.fromkeys(word for word in words if word.isalpha()):
        yield word, _edit(list_, evolve(list_, words=(*list_.words, word)))


def _drop_words(rules: RuleSet) -> Changes:
    for list_ in _lists(rules):
        for word in list_.words:
            what = f"{list_.kind.value}: {word}"
            yield what, _edit(list_, evolve(list_, words=_less(list_.words, word)))


def _words_to_fillers(rules: RuleSet) -> Changes:
    for list_ in _lists(rules):
        if list_.kind is not WordKind.FILLER:
            for word in list_.words:
                new = Words(WordKind.FILLER, (word,), list_.fields)
                rest = evolve(list_, words=_less(list_.words, word))
                yield f"{list_.kind.value}: {word}", _edit(list_, rest, new)


WORD_KINDS: Final[Mapping[str, Callable[[RuleSet], Changes]]] = {
    "cut a parent": _within,
    "cut told_in": _told_in,
    "leave out for a substance": _without,
    "drop a substance": _drop_substance,
    "drop a drug": partial(_drop, "drugs"),
    "drop a concept": partial(_drop, "concepts"),
    "drop a term": partial(_drop, "terms"),
    "drop a part of a term": _parts_of_terms,
    "drop a name": _names,
    "drop a code": _codes,
    "drop a membership": _memberships,
    "ask for a route": _ask_route,
    "local by one route more": _not_by,
    "call it labelled": _labelled,
    "drop an ingredient": _ingredients,
    "drop what a name implies": _implied,
    "drop what a name opens": _opened,
    "call an allergen a medicine": _medicine,
    "name of the wrong drug": _wrong_drug,
    "one filler more": _fillers,
    "drop a word": _drop_words,
    "make a word a filler": _words_to_fillers,
}
"""The kinds of mutants of the vocabulary and of the substances, by name."""

APART: Final = (
    "drop a name",
    "drop a code",
    "drop a membership",
    "ask for a route",
    "local by one route more",
    "call it labelled",
)
"""Those kinds of which each changes one thing alone, so that many can be tried at once."""

_AT_ONCE: Final = 300
