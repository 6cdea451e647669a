"""The entries that two vocabularies can tell apart: one of each sort, recognised by both.

A rule sees of an entry only which of the concepts that rules speak of it certainly or
possibly is, and a few things more. Entries that agree in all of that under both rule sets
are of one sort, and one of them stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from msrisk.deciding import Hierarchy, hierarchy_of
from msrisk.model import conditions as node
from msrisk.model.concepts import (
    ANYTHING,
    Concept,
    Drug,
    DrugClass,
    Recognition,
    WordKind,
    closure,
)
from msrisk.model.conditions import walk
from msrisk.model.facts import Fact
from msrisk.model.made_once import made_once
from msrisk.model.profile import LIST_FIELDS, Code, Entry, Supplement
from msrisk.model.rules import RuleSet, Substance
from msrisk.recognition import fact_of, lexicon_of
from msrisk.recognition.characters import split_name
from msrisk.recognition.lexicon import Lexicon, Meaning
from msrisk.recognition.profile import signs_of

__all__ = ["Both", "Changed", "Key", "Probe", "UNKNOWN_NAME"]

UNKNOWN_NAME: Final = "xqz"
"""Stands for every name that is not recognised; too short to look like another."""

Key = tuple[object, ...]
"""All of an entry that rules can see."""


@frozen(eq=False)
class Probe:
    """An entry of a list field, and what each rule set takes it for."""

    field: str
    entry: Entry | Supplement
    old: Fact
    new: Fact

    def fact(self, side: int) -> Fact:
        """Return what the old rules (0) or the new ones (1) take it for."""
        return (self.old, self.new)[side]


@frozen(eq=False)
class Changed:
    """A name, word or code that the two rule sets read differently.

    Attributes:
        field: the list field in which it is told.
        name: as the vocabulary spells it.
        old: what it stands for under the old rules; None for what those do not have.
        new: likewise under the new rules.
        system: of a code, the FHIR URI of the system that it is from.

    """

    field: str
    name: str
    old: Meaning | None
    new: Meaning | None
    system: str = ""


class _Side:
    """One of the two rule sets, and what its rules can see of an entry."""

    def __init__(
        self,
        ruleset: RuleSet,
        tested: frozenset[str],
        beyond: list[tuple[str, ...]],
        substances: list[str],
    ) -> None:
        self.tested = tested
        self.lexicon: Lexicon = lexicon_of(ruleset)
        self.hierarchy: Hierarchy = hierarchy_of(ruleset)
        kinds = self.hierarchy
        self.outside = [
            kind - kinds.line(inside)
            for inside in beyond
            for kind in (kinds.conditions, kinds.allergens, kinds.symptoms)
        ]
        self.lines = [self.hierarchy.line([id_]) for id_ in substances]
        self._of_meanings: dict[Key, Key] = {}

    def of_meaning(self, meaning: Meaning) -> Key:
        """Return all of a name's meaning that can matter to a rule."""
        medicine = self.lexicon.is_medicine(meaning)
        key = (
            meaning.word,
            meaning.route,
            meaning.members,
            medicine,
            meaning.possible,
            meaning.concepts,
        )
        if key not in self._of_meanings:
            self._of_meanings[key] = self._of_meaning(meaning, medicine=medicine)
        return self._of_meanings[key]

    def _of_meaning(self, meaning: Meaning, *, medicine: bool) -> Key:
        possible = self.lexicon.above(meaning.possible)
        if meaning.word is WordKind.NO_DRUG_ALLERGY:
            possible |= self.lexicon.not_drug_allergies
        if meaning.word is WordKind.NO_FOOD_ALLERGY:
            possible |= self.lexicon.not_food_allergies
        members = frozenset(
            (closure([m.id], self.lexicon.parents) & self.tested, m.not_by, m.ask_route)
            for m in meaning.members
        )
        return (
            meaning.word,
            meaning.route,
            members,
            medicine,
            "anything" in meaning.possible,
            *self._seen(meaning.concepts, possible),
        )

    def of_fact(self, fact: Fact) -> Key:
        """Return all of an entry that can matter to a rule."""
        told = fact.recognition
        return (
            told.says,
            told.status,
            told.possible is ANYTHING,
            self._kinds(told.concepts | told.named, told),
            self._kinds(told.may_be, told),
            told.named & self.tested,
            told.allergens & self.tested,
            told.may_be_allergens & self.tested,
            fact.taking,
            *self._seen(told.concepts, told.may_be),
            *self._seen(told.allergens, told.may_be_allergens),
        )

    def _kinds(self, ids: frozenset[str], told: Recognition) -> tuple[object, ...]:
        """Return whether there is a medicine or another supplement among what is told or borne."""
        of_kind = (
            self.hierarchy.medicines,
            *(self.hierarchy.supplements - line for line in self.lines),
        )
        return (
            ids <= self.hierarchy.medicines,
            *(bool((ids - told.allergens) & kind) for kind in of_kind),
            *(bool(ids & told.allergens & kind) for kind in of_kind),
        )

    def _seen(self, certain: frozenset[str], possible: frozenset[str]) -> Key:
        return (
            certain & self.tested,
            possible & self.tested,
            tuple((bool(certain & out), bool(possible & out)) for out in self.outside),
            tuple(
                (bool(certain - line), bool(possible & line), bool(possible - line))
                for line in self.lines
            ),
            bool(certain),
        )


class Both:
    """Two rule sets side by side, and the entries that they can tell apart."""

    def __init__(self, old: RuleSet, new: RuleSet) -> None:
        # One that was withdrawn does not answer, and is compared all the same.
        old, new = evolve(old, withdrawn=None), evolve(new, withdrawn=None)
        # Equal names are arranged once.
        self.same_words = (old.vocabulary, old.substances) == (new.vocabulary, new.substances)
        if self.same_words:
            new = evolve(new, vocabulary=old.vocabulary, substances=old.substances)
        self.old = old
        self.new = new
        tested, beyond = _tested(old, new)
        kept = {one.id for one in new.substances}
        common = [one.id for one in old.substances if one.id in kept]
        side = _Side(old, tested, beyond, common)
        other = side if self.same_words else _Side(new, tested, beyond, common)
        self.sides = (side, other)
        self._probes: dict[tuple[str, Entry | Supplement], Probe] = {}
        self._keys: dict[Probe, Key] = {}
        self._sorts: dict[Key, tuple[Probe, ...]] = _sorts_of(old) if self.same_words else {}
        # All that the sorts of the same names depend on besides the names.
        self._asked: Key = (tested, tuple(beyond), signs_of(old))

    def probe(self, field: str, entry: Entry | Supplement) -> Probe:
        """Return an entry as both rule sets take it."""
        key = field, entry
        if key not in self._probes:
            old = fact_of(field, entry, self.old, suggest=False)
            new = old if self.same_words else fact_of(field, entry, self.new, suggest=False)
            self._probes[key] = Probe(field, entry, old, new)
        return self._probes[key]

    def named(self, field: str, name: str) -> Probe:
        """Return an entry of which nothing but the name is told."""
        return self.probe(field, Supplement(name) if field == "supplements" else Entry(name))

    def key(self, probe: Probe) -> Key:
        """Return what the rules of both sides can see of an entry."""
        if probe not in self._keys:
            old, new = self.sides
            before = old.of_fact(probe.old)
            now = before if self.same_words else new.of_fact(probe.new)
            self._keys[probe] = probe.field, before, now
        return self._keys[probe]

    def is_same(self, probe: Probe) -> bool:
        """Whether no rule can tell what became of an entry."""
        _, old, new = self.key(probe)
        return old == new

    def sorts(self, field: str) -> tuple[Probe, ...]:
        """Return one entry of each sort that both rule sets read alike."""
        key = field, *self._asked
        if key not in self._sorts:
            found: dict[Key, Probe] = {}
            for probe in self._unchanged(field):
                if self.is_same(probe):
                    found.setdefault(self.key(probe), probe)
            # A reader learns most from who is one thing and nothing else.
            self._sorts[key] = tuple(sorted(found.values(), key=self._sides_of))
        return self._sorts[key]

    def _sides_of(self, probe: Probe) -> int:
        """Return how many of the concepts that rules speak of an entry is or may be."""
        told = probe.old.recognition
        return len((told.concepts | told.may_be) & self.sides[0].tested)

    def entry_of(self, changed: Changed) -> Probe:
        """Return the entry that consists of a changed name, word or code alone."""
        if changed.system:
            return self.probe(changed.field, Entry(codes=(Code(changed.system, changed.name),)))
        return self.named(changed.field, changed.name)

    def _unchanged(self, field: str) -> Iterator[Probe]:
        yield self.named(field, UNKNOWN_NAME)
        stopped = self._word(field, WordKind.STOPPED)
        seen: set[Key] = set()
        before, after = (side.lexicon.names(field) for side in self.sides)
        for tokens, name in self._first_names(field):
            meanings = before[tokens], after[tokens]
            key = tuple(side.of_meaning(m) for side, m in zip(self.sides, meanings, strict=True))
            if key in seen:
                continue
            seen.add(key)
            meaning = meanings[0]
            yield self.named(field, name)
            if stopped:
                yield self.named(field, f"{stopped} {name}")
            for route in dict.fromkeys(r for m in meaning.members for r in m.not_by):
                yield self.named(field, f"{name} {self._word(field, WordKind.ROUTE, route)}")

    def _first_names(self, field: str) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield one name for each meaning that both sides have, preferred names before others.

        Of these, what has many names first, since it is known to many.
        """
        before, after = (side.lexicon.names(field) for side in self.sides)
        found: dict[tuple[int, int], list[tuple[str, ...]]] = {}
        for tokens, meaning in before.items():
            other = after.get(tokens)
            if meaning.word is None and other is not None:
                found.setdefault((id(meaning), id(other)), []).append(tokens)
        others: list[tuple[tuple[str, ...], str]] = []
        for tokens, *_ in sorted(found.values(), key=len, reverse=True):
            meaning = before[tokens]
            preferred = split_name(meaning.name)
            ambiguous = bool(meaning.why)  # a term, of which nothing is the proper name
            same = before.get(preferred) is meaning and after.get(preferred) is after[tokens]
            if same and not ambiguous:
                yield preferred, meaning.name
            else:
                others.append((tokens, " ".join(tokens)))
        yield from others

    def _word(self, field: str, kind: WordKind, route: str = "") -> str:
        """Return a word of a kind that both rule sets have; empty if there is none."""
        there = self.sides[1].lexicon.names(field)
        return next(
            (
                " ".join(tokens)
                for tokens, meaning in self.sides[0].lexicon.names(field).items()
                if meaning.word is kind and meaning.route == route and there.get(tokens) == meaning
            ),
            "",
        )

    @cached_property
    def changed(self) -> tuple[Changed, ...]:
        """Every name, word and code that the two rule sets read differently."""
        if self.same_words:
            return ()
        old, new = (side.lexicon for side in self.sides)
        found: list[Changed] = []
        known: dict[tuple[int, int], bool] = {}
        for field_ in LIST_FIELDS:
            before, after = old.names(field_), new.names(field_)
            for tokens in {**before, **after}:
                one, other = before.get(tokens), after.get(tokens)
                same = known.get((id(one), id(other))) or self._means_same(one, other, known)
                if not same:
                    name = self._spelt.get(tokens, " ".join(tokens))
                    found.append(Changed(field_, name, one, other))
                    found += (
                        Changed(field_, f"{name} {word}", one, other)
                        for word in self._route_words(field_, one, other)
                    )
        return (*found, *self._changed_codes(known))

    @cached_property
    def _spelt(self) -> Mapping[tuple[str, ...], str]:
        return {**_spellings(self.new), **_spellings(self.old)}

    def _route_words(self, field: str, *meanings: Meaning | None) -> Iterator[str]:
        """Yield a word for each route by which a drug acts only locally, before or now."""
        routes = (r for one in meanings if one for m in one.members for r in m.not_by)
        for route in dict.fromkeys(routes):
            word = self._word(field, WordKind.ROUTE, route)
            if word:
                yield word

    def _means_same(
        self, one: Meaning | None, other: Meaning | None, known: dict[tuple[int, int], bool]
    ) -> bool:
        """Whether a meaning is the same to both; `known` must not outlive what is compared."""
        key = id(one), id(other)
        if key not in known:
            old, new = self.sides
            known[key] = (
                one is not None
                and other is not None
                and one == other
                and old.of_meaning(one) == new.of_meaning(other)
            )
        return known[key]

    def _changed_codes(self, known: dict[tuple[int, int], bool]) -> Iterator[Changed]:
        before, after = (side.lexicon.codes() for side in self.sides)
        for key in {**before, **after}:
            system, code = key
            one, other = before.get(key, ()), after.get(key, ())
            routes = [side.lexicon.routes_of(*key) for side in self.sides]
            same = len(one) == len(other) and all(
                self._means_same(a, b, known) for a, b in zip(one, other, strict=True)
            )
            if not same or routes[0] != routes[1]:
                meaning = next(iter(one), None), next(iter(other), None)
                for field_ in _TOLD_BY_CODE:
                    yield Changed(field_, code, *meaning, system=system)


@made_once
def _sorts_of(_: RuleSet) -> dict[Key, tuple[Probe, ...]]:
    """Return the sorts of a rule set's names, for comparisons in which these stay the same."""
    return {}


_TOLD_BY_CODE: Final = ("medications", "conditions", "allergies")


def _tested(old: RuleSet, new: RuleSet) -> tuple[frozenset[str], list[tuple[str, ...]]]:
    """Return the concepts that rules speak of, and the sets beyond which they ask."""
    tested = {one.id for ruleset in (old, new) for one in ruleset.substances}
    beyond: dict[tuple[str, ...], None] = {}
    for ruleset in (old, new):
        for rule in ruleset.rules:
            for part in walk(rule.when) if rule.when else ():
                match part:
                    case node.Takes(drug_class=id_) | node.HasCondition(condition=id_):
                        tested.add(id_)
                    case node.TakesSupplement(substance=id_) | node.AllergicTo(allergen=id_):
                        tested.add(id_)
                    case node.ReportsSymptom(symptom=id_):
                        tested.add(id_)
                    case node.HasConditionBeyond(conditions=inside):
                        beyond[inside] = None
    return frozenset(tested), list(beyond)


def _spellings(ruleset: RuleSet) -> Mapping[tuple[str, ...], str]:
    """Return how the vocabulary spells each name."""
    words = ruleset.vocabulary
    spelt: dict[tuple[str, ...], str] = {}
    named: tuple[Drug | DrugClass | Concept | Substance, ...] = (
        *words.drugs,
        *words.drug_classes,
        *words.concepts,
        *ruleset.substances,
    )
    for one in named:
        for name in (one.name, *one.names):
            spelt.setdefault(split_name(name), name)
    return spelt
