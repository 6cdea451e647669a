"""The entries that two vocabularies can tell apart: one of each sort, recognised by both.

A rule sees of an entry only which of the concepts that rules speak of it certainly or
possibly is, and a few things more. Entries that agree in all of that under both rule sets
are of one sort, and one of them stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen

from msrisk.deciding import Hierarchy, hierarchy_of
from msrisk.model import conditions as node
from msrisk.model.concepts import (
    ANYTHING,
    Concept,
    Drug,
    DrugClass,
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
from msrisk.recognition.items import BETWEEN
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
        self.substances = frozenset(substances)
        self.lines = [self.hierarchy.line([id_]) for id_ in substances]
        self.of_kind = [kinds.medicines, *(kinds.supplements - line for line in self.lines)]
        lexicon = self.lexicon
        # What recognition looks at in a name, whatever rules ask for.
        self._sorts_of_ids = (
            *(kinds.medicines, lexicon.classes, lexicon.products, lexicon.substances),
            *(lexicon.allergens, lexicon.symptoms, lexicon.told_as_drug),
            *(lexicon.allergens - lexicon.products, *self.of_kind[1:]),
        )
        self._of_meanings: dict[int, tuple[Meaning, Key]] = {}

    def of_name(self, field: str, tokens: tuple[str, ...]) -> Key | None:
        """Return all by which recognition can tell a name that stands alone from others.

        None if the words are no name, and the words themselves where they matter.
        """
        lexicon = self.lexicon
        found = lexicon.anywhere(field, tokens, 0)
        if found is None or found[0] != len(tokens):
            return None
        _, own, others = found
        if own is not None and not own.is_name:
            return tokens if others else None
        if self._is_compound(field, tokens, own, away=bool(others)):
            return tokens
        return (
            own and self.of_meaning(own),
            *((one.field, self.of_meaning(one.meaning)) for one in others),
        )

    def _is_compound(
        self, field: str, tokens: tuple[str, ...], own: Meaning | None, *, away: bool
    ) -> bool:
        """Whether recognition may look at the words inside a name."""
        lexicon = self.lexicon
        if len(tokens) == 1:
            return field != "allergies" and lexicon.begins_allergy(tokens[0])
        if not BETWEEN.isdisjoint(tokens) or any(map(lexicon.begins_allergy, tokens)):
            return True
        if own is None and lexicon.match(field, tokens, 0) is not None:
            return True
        if any(one + other in lexicon.tokens for one, other in pairwise(tokens)):
            return True
        return (
            field == "allergies"
            and away
            and any(
                lexicon.anywhere(field, part, 0) is not None
                for at in range(1, len(tokens))
                for part in (tokens[:at], tokens[at:])
            )
        )

    def routes_of(self, field: str, tokens: tuple[str, ...]) -> Iterable[str]:
        """Return the routes by which what a name stands for acts only locally."""
        found = self.lexicon.anywhere(field, tokens, 0)
        if found is None:
            return ()
        meanings = ((found[1],) if found[1] else ()) + tuple(one.meaning for one in found[2])
        return dict.fromkeys(r for one in meanings for m in one.members for r in m.not_by)

    def of_meaning(self, meaning: Meaning) -> Key:
        """Return all of a name's meaning that can matter to recognition or to a rule."""
        known = self._of_meanings.get(id(meaning))
        if known is None or known[0] is not meaning:
            known = meaning, self._of_meaning(meaning)
            self._of_meanings[id(meaning)] = known
        return known[1]

    def _of_meaning(self, meaning: Meaning) -> Key:
        medicine = self.lexicon.is_medicine(meaning)
        possible = self.lexicon.above(meaning.possible)
        told = meaning.concepts.union(meaning.named)
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
            self.tested.intersection(meaning.named),
            *(not ids.isdisjoint(kind) for kind in self._sorts_of_ids for ids in (told, possible)),
            *self._seen(meaning.concepts, possible),
        )

    def of_fact(self, fact: Fact) -> Key:
        """Return all of an entry that can matter to a rule."""
        told = fact.recognition
        taken = (told.concepts | told.named) - told.allergens
        borne = told.allergens | told.may_be
        left = frozenset[str]() if told.possible is ANYTHING else told.possible
        named_allergens = (told.concepts | told.may_be) & told.may_be_allergens
        return (
            told.says,
            told.status,
            told.possible is ANYTHING,
            bool(told.named) and told.named <= self.hierarchy.medicines,
            *(told_of & self.tested for told_of in (told.named, told.unnamed, told.allergens)),
            told.may_be_allergens & self.tested,
            fact.taking,
            self._doses(fact),
            *(not taken.isdisjoint(kind) for kind in self.of_kind),
            *(not borne.isdisjoint(kind) for kind in self.of_kind),
            *((bool(left & line), left <= line) for line in self.lines),
            *(not named_allergens.isdisjoint(out) for out in self.outside),
            *self._seen(told.concepts - told.allergens, told.may_be),
            *self._seen(told.concepts & told.allergens, told.allergens),
        )

    def _doses(self, fact: Fact) -> Key:
        """Return the dose of each substance that an entry is or may be a product of."""
        told = fact.recognition
        ids = sorted(self.substances & (told.concepts | told.may_be))
        doses = ((id_, fact.dose_of(id_)) for id_ in ids)
        return tuple((id_, dose.daily, dose.times) for id_, dose in doses)

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
        at_home = [side.lexicon.names(field) for side in self._told_apart]
        seen: set[Key] = set()
        old, new = self.sides
        for tokens, name in self._first_names:
            # Away from its lists a name tells nothing that it does not tell there, stopped.
            if not all((one := names.get(tokens)) and one.is_name for names in at_home):
                continue
            key = old.of_name(field, tokens)
            other = key if self.same_words else new.of_name(field, tokens)
            if key is None or other is None or (key, other) in seen:
                continue
            seen.add((key, other))
            yield self.named(field, name)
            if stopped:
                yield self.named(field, f"{stopped} {name}")
            for route in old.routes_of(field, tokens):
                yield self.named(field, f"{name} {self._word(field, WordKind.ROUTE, route)}")

    @cached_property
    def _first_names(self) -> Sequence[tuple[tuple[str, ...], str]]:
        """One name for each meaning in the five lists, preferred names before others.

        Of these, what has many names first, since it is known to many.
        """
        fields = [side.lexicon.names(name) for side in self._told_apart for name in LIST_FIELDS]
        found: dict[tuple[int, ...], list[tuple[str, ...]]] = {}
        kinds: dict[tuple[str, ...], tuple[int, ...]] = {}
        for tokens in dict.fromkeys(tokens for names in fields for tokens in names):
            kinds[tokens] = kind = tuple([id(names.get(tokens)) for names in fields])
            found.setdefault(kind, []).append(tokens)
        preferred: list[tuple[tuple[str, ...], str]] = []
        others: list[tuple[tuple[str, ...], str]] = []
        for kind, (tokens, *_) in sorted(found.items(), key=lambda one: -len(one[1])):
            meanings = [one for names in fields if (one := names.get(tokens)) and one.is_name]
            if not meanings:
                continue
            own = split_name(meanings[0].name)
            # A term is ambiguous: nothing is its proper name.
            if kinds.get(own) == kind and not any(one.why for one in meanings):
                preferred.append((own, meanings[0].name))
            else:
                others.append((tokens, " ".join(tokens)))
        return (*preferred, *others)

    @property
    def _told_apart(self) -> Sequence[_Side]:
        """The sides, or one of them where their names are the same."""
        return self.sides[: 1 if self.same_words else 2]

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
