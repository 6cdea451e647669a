"""Puts two rule sets side by side, and finds the entries that they can tell apart.

Implements *There are finitely many, up to what rules can see* and *Names are compared one by
one*, docs/analysis.md. Entries of which both rule sets see the same are of one sort, and one
of each sort, its representative, stands for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from attrs import evolve, frozen

from msrisk.model import conditions as node
from msrisk.model.concepts import Concept, Drug, DrugClass, WordKind
from msrisk.model.conditions import walk
from msrisk.model.facts import Fact
from msrisk.model.made_once import made_once
from msrisk.model.profile import LIST_FIELDS, Code, Entry, Supplement
from msrisk.model.rules import RuleSet, Substance
from msrisk.recognition import fact_of
from msrisk.recognition.characters import split_name
from msrisk.recognition.meaning import Meaning
from msrisk.recognition.profile import signs_of
from msrisk.search.seen import Seen, Side

__all__ = ["ChangedName", "PairedEntry", "RuleSetPair", "Seen", "UNKNOWN_NAME"]

UNKNOWN_NAME: Final = "xqz"
"""Stands for every name that is not recognised; too short to look like another."""


@frozen(eq=False)
class PairedEntry:
    """An entry as it is typed in a list field, and what each rule set takes it for."""

    field: str
    typed: Entry | Supplement
    old: Fact
    new: Fact

    def fact(self, side: int) -> Fact:
        """Return what the old rules (0) or the new ones (1) take it for."""
        return (self.old, self.new)[side]


@frozen(eq=False)
class ChangedName:
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


class RuleSetPair:
    """Two rule sets side by side, and the entries that they can tell apart."""

    def __init__(self, old: RuleSet, new: RuleSet) -> None:
        # A withdrawn rule set does not answer, and is compared all the same.
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
        side = Side(old, tested, beyond, common)
        other = side if self.same_words else Side(new, tested, beyond, common)
        self.sides = (side, other)
        self._entries: dict[tuple[str, Entry | Supplement], PairedEntry] = {}
        self._seen: dict[PairedEntry, Seen] = {}
        self._sorts: dict[Seen, tuple[PairedEntry, ...]] = _sorts_of(old) if self.same_words else {}
        # All that the sorts of the same names depend on besides the names.
        self._asked: Seen = (tested, tuple(beyond), signs_of(old))

    def read(self, field: str, typed: Entry | Supplement) -> PairedEntry:
        """Return an entry as both rule sets take it."""
        key = field, typed
        if key not in self._entries:
            old = fact_of(field, typed, self.old, suggest=False)
            new = old if self.same_words else fact_of(field, typed, self.new, suggest=False)
            self._entries[key] = PairedEntry(field, typed, old, new)
        return self._entries[key]

    def named(self, field: str, name: str) -> PairedEntry:
        """Return an entry of which nothing but the name is told."""
        return self.read(field, Supplement(name) if field == "supplements" else Entry(name))

    def seen(self, entry: PairedEntry) -> Seen:
        """Return what the rules of both rule sets can see of an entry."""
        if entry not in self._seen:
            old, new = self.sides
            before = old.of_fact(entry.old)
            now = before if self.same_words else new.of_fact(entry.new)
            self._seen[entry] = entry.field, before, now
        return self._seen[entry]

    def unchanged_for_rules(self, entry: PairedEntry) -> bool:
        """Whether every rule sees the same of an entry before and after."""
        _, old, new = self.seen(entry)
        return old == new

    def representatives(self, field: str) -> tuple[PairedEntry, ...]:
        """Return one entry of each sort that both rule sets read the same way."""
        key = field, *self._asked
        if key not in self._sorts:
            found: dict[Seen, PairedEntry] = {}
            for entry in self._unchanged(field):
                if self.unchanged_for_rules(entry):
                    found.setdefault(self.seen(entry), entry)
            # A reader learns most from an entry that is one thing and nothing else.
            self._sorts[key] = tuple(sorted(found.values(), key=self._sides_of))
        return self._sorts[key]

    def _sides_of(self, entry: PairedEntry) -> int:
        """Return how many of the concepts that rules speak of an entry is or may be."""
        told = entry.old.recognition
        return len((told.concepts | told.may_be) & self.sides[0].tested)

    def entry_of(self, changed: ChangedName) -> PairedEntry:
        """Return the entry that consists of a changed name, word or code alone."""
        if changed.system:
            return self.read(changed.field, Entry(codes=(Code(changed.system, changed.name),)))
        return self.named(changed.field, changed.name)

    def _unchanged(self, field: str) -> Iterator[PairedEntry]:
        yield self.named(field, UNKNOWN_NAME)
        stopped = self._word(field, WordKind.STOPPED)
        at_home = [side.lexicon.names(field) for side in self._told_apart]
        seen: set[Seen] = set()
        for tokens, name in self._first_names:
            # What a name means for other lists is found there, where it is tried after "stopped".
            if not all((one := names.get(tokens)) and one.is_name for names in at_home):
                continue
            key = tuple(side.of_name_at_home(field, tokens) for side in self._told_apart)
            if key in seen:
                continue
            seen.add(key)
            yield self.named(field, name)
            if stopped:
                yield self.named(field, f"{stopped} {name}")
            for route in self.sides[0].routes_of(field, tokens):
                yield self.named(field, f"{name} {self._word(field, WordKind.ROUTE, route)}")

    @cached_property
    def _first_names(self) -> Sequence[tuple[tuple[str, ...], str]]:
        """One name for each meaning in the five lists, preferred names before others.

        Of these, what has many names first, since it is known to many.
        """
        fields = [side.lexicon.names(name) for side in self._told_apart for name in LIST_FIELDS]
        means: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for at, names in enumerate(fields):
            for tokens, meaning in names.items():
                means[tokens].append((at, id(meaning)))
        found: dict[tuple[tuple[int, int], ...], list[tuple[str, ...]]] = {}
        kinds: dict[tuple[str, ...], tuple[tuple[int, int], ...]] = {}
        for tokens, there in means.items():
            kinds[tokens] = kind = tuple(there)
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
    def _told_apart(self) -> Sequence[Side]:
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
    def changed(self) -> tuple[ChangedName, ...]:
        """Every name, word and code that the two rule sets read differently."""
        if self.same_words:
            return ()
        old, new = (side.lexicon for side in self.sides)
        found: list[ChangedName] = []
        known: dict[tuple[int, int], bool] = {}
        away: dict[tuple[str, ...], tuple[Meaning | None, Meaning | None]] = {}
        for field_ in LIST_FIELDS:
            before, after = old.names(field_), new.names(field_)
            for tokens in {**before, **after}:
                one, other = before.get(tokens), after.get(tokens)
                same = known.get((id(one), id(other))) or self._means_same(one, other, known)
                if not same:
                    name = self._spelt.get(tokens, " ".join(tokens))
                    found.append(ChangedName(field_, name, one, other))
                    if all(each.is_name for each in (one, other) if each is not None):
                        away.setdefault(tokens, (one, other))
                    found += (
                        ChangedName(field_, f"{name} {word}", one, other)
                        for word in self._route_words(field_, one, other)
                    )
        return (*found, *self._changed_away(away), *self._changed_codes(known))

    def _changed_away(
        self, changed: Mapping[tuple[str, ...], tuple[Meaning | None, Meaning | None]]
    ) -> Iterator[ChangedName]:
        """Yield changed names in the lists that know them only from others."""
        old, new = (side.lexicon for side in self.sides)
        for tokens, meanings in changed.items():
            for field_ in LIST_FIELDS:
                if tokens not in old.names(field_) and tokens not in new.names(field_):
                    there = (one.anywhere(field_, tokens, 0) for one in (old, new))
                    if any(one is not None and one[0] == len(tokens) for one in there):
                        name = self._spelt.get(tokens, " ".join(tokens))
                        yield ChangedName(field_, name, *meanings)

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

    def _changed_codes(self, known: dict[tuple[int, int], bool]) -> Iterator[ChangedName]:
        before, after = (side.lexicon.codes.all(side.lexicon.parents) for side in self.sides)
        for key in {**before, **after}:
            system, code = key
            one, other = before.get(key, ()), after.get(key, ())
            routes = [side.lexicon.codes.routes_of(*key) for side in self.sides]
            same = len(one) == len(other) and all(
                self._means_same(a, b, known) for a, b in zip(one, other, strict=True)
            )
            if not same or routes[0] != routes[1]:
                meaning = next(iter(one), None), next(iter(other), None)
                for field_ in _TOLD_BY_CODE:
                    yield ChangedName(field_, code, *meaning, system=system)


@made_once
def _sorts_of(_: RuleSet) -> dict[Seen, tuple[PairedEntry, ...]]:
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
                if id_ := node.asked_for(part):
                    tested.add(id_)
                elif isinstance(part, node.HasConditionBeyond):
                    beyond[part.conditions] = None
                elif isinstance(part, node.ReportsSymptomBeyond):
                    beyond[part.symptoms] = None
    return frozenset(tested), list(beyond)


def _spellings(ruleset: RuleSet) -> Mapping[tuple[str, ...], str]:
    """Return how the vocabulary spells each name."""
    vocabulary = ruleset.vocabulary
    spelt: dict[tuple[str, ...], str] = {}
    named: tuple[Drug | DrugClass | Concept | Substance, ...] = (
        *vocabulary.drugs,
        *vocabulary.drug_classes,
        *vocabulary.concepts,
        *ruleset.substances,
    )
    for one in named:
        for name in (one.name, *one.names):
            spelt.setdefault(split_name(name), name)
    return spelt
