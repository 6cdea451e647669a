"""Arranges the vocabulary of a rule set for look-up by words and by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from msrisk.model.concepts import (
    Concept,
    ConceptKind,
    Drug,
    DrugClass,
    Membership,
    WordKind,
    closure,
)
from msrisk.model.conditions import walk
from msrisk.model.made_once import made_once
from msrisk.model.profile import LIST_FIELDS, PRODUCT_FIELDS
from msrisk.model.rules import RuleSet, Substance
from msrisk.recognition.all_names import AllNames
from msrisk.recognition.beginnings import Beginnings
from msrisk.recognition.characters import split_name
from msrisk.recognition.codes import Codes
from msrisk.recognition.meaning import Elsewhere, Facts, Found, Meaning, opening
from msrisk.recognition.spelling import spelled_otherwise

__all__ = ["Lexicon", "lexicon_of"]

# Words that may give way to a name of another field.
_SILENT_WORDS: Final = {WordKind.FILLER, WordKind.FORM, WordKind.SALT}
_BITS: Final = {field: 1 << at for at, field in enumerate(LIST_FIELDS)}
_ILL: Final = ("conditions", "symptoms")
# What a field has no names of itself, and the fields that have them. An allergen is one
# beside words of allergy alone, but for the conditions.
_ELSEWHERE: Final = {
    here: tuple(f for f in LIST_FIELDS if f != here and (f != "allergies" or here == "conditions"))
    for here in LIST_FIELDS
}
_UNREAD: Final[Any] = object()  # what was not looked up yet


class Lexicon(Beginnings):
    """Names per field, codes, and the hierarchy above them."""

    def __init__(self, ruleset: RuleSet) -> None:
        super().__init__()
        words = ruleset.vocabulary
        self.parents: dict[str, tuple[str, ...]] = {}
        placed: tuple[DrugClass | Concept | Substance, ...]
        placed = (*words.drug_classes, *words.concepts, *ruleset.substances)
        for one in placed:
            self.parents[one.id] = tuple({*self.parents.get(one.id, ()), *one.within})
        self._drugs = {drug.id: drug for drug in words.drugs}
        self.called = {one.id: one.name for one in (*placed, *words.drugs)}
        self.classes = frozenset(one.id for one in words.drug_classes)
        self.medicines = self.classes.union(self._drugs)
        self.codes = Codes(words)
        self._names: dict[str, dict[tuple[str, ...], Meaning]] = {f: {} for f in LIST_FIELDS}
        # What was looked up, of names, their first words and ids of the vocabulary alone.
        self._found: dict[str, dict[tuple[str, ...], Found | None]] = {f: {} for f in LIST_FIELDS}
        self._meant: dict[str, dict[tuple[str, ...], Meaning | None]] = {f: {} for f in LIST_FIELDS}
        self._above: dict[str, frozenset[str]] = {}
        self.facts: dict[int, Facts] = {}  # by `facts_of`
        self._fields_of: dict[tuple[str, ...], int] = {}
        listed_words = (one.words for one in words.words if one.kind is WordKind.ALLERGY)
        said = {split_name(word) for listed in listed_words for word in listed}
        self.of_allergy = {one[0]: {w for w in said if w[0] == one[0]} for one in said}
        self._headings: dict[str, set[tuple[str, ...]]] = {f: set() for f in LIST_FIELDS}
        self.tokens: set[str] = set()

        def of_kind(kind: ConceptKind) -> frozenset[str]:
            return frozenset(one.id for one in words.concepts if one.kind is kind)

        self.allergens = of_kind(ConceptKind.ALLERGEN)
        self.symptoms = of_kind(ConceptKind.SYMPTOM)
        self.drugs = frozenset(self._drugs)
        self.told_as_drug = self.medicines.union(one.id for one in words.concepts if one.drug)
        # What some rule asks for by itself.
        self.asked = frozenset(
            str(getattr(test, name))
            for rule in ruleset.rules
            for test in (walk(rule.when) if rule.when else ())
            for name in ("drug_class", "substance", "condition", "allergen", "symptom")
            if hasattr(test, name)
        )
        self.substances = frozenset(one.id for one in ruleset.substances)
        self.matters = self.asked | self.classes | self.substances
        self.products = self.medicines | self.substances | of_kind(ConceptKind.SUPPLEMENT)
        self._ingredients = {drug.id: drug.ingredients for drug in words.drugs}
        self._mistaken: dict[str, tuple[str, ...]] = {}
        for pair in words.confusables:
            for name in pair.names:
                key = " ".join(split_name(name))
                before = self._mistaken.get(key, (name,))
                self._mistaken[key] = tuple(dict.fromkeys((*before, *pair.names)))
        of_allergies = [one for one in words.concepts if "allergies" in one.told_in]
        # What words leave open that speak of medicines alone, and of foods alone.
        self.not_drug_allergies = closure(
            (one.id for one in of_allergies if not one.drug), self.parents
        )
        self.not_food_allergies = closure(
            (one.id for one in of_allergies if one.drug or one.id in self.products), self.parents
        )
        self.foods = self.not_drug_allergies - self.not_food_allergies
        self._read(ruleset)
        self._spellings = spelled_otherwise(drug.name for drug in words.drugs)

    def spelled(self, field: str, word: str, behind: str = "") -> Found | None:
        """Return the medicine that a word of another language names, if nothing else is known."""
        name = self._spellings.name_of(word, behind)
        return None if name is None else self.anywhere(field, split_name(name), 0)

    def _read(self, ruleset: RuleSet) -> None:
        # The first meaning of a name in a field stands, so what the field is for comes
        # first; two meanings of equal standing are refused when the rules are loaded.
        words = ruleset.vocabulary
        concepts = {one.id: one for one in words.concepts}
        by_kind = {kind: [c for c in words.concepts if c.kind is kind] for kind in ConceptKind}
        for list_ in words.words:
            for word in list_.words:
                self._add(list_.fields, [word], Meaning(word, word=list_.kind, route=list_.id))
                if list_.kind is WordKind.NONE:
                    for field in list_.fields:
                        self._headings[field].add(split_name(word)[1:])
            if list_.codes:
                self.codes.add(list_.codes, Meaning(list_.words[0], word=list_.kind))
        for term in words.terms:
            meaning = Meaning(
                term.names[0],
                named=term.concepts,
                possible=term.possible,
                members=tuple(m for id_ in term.concepts for m in self.members(id_)),
                concepts=closure(
                    (id_ for id_ in term.concepts if id_ not in self._drugs), self.parents
                ),
                why=term.why,
            )
            meaning = opening(meaning, concepts)
            self._add(term.fields, term.names, meaning)
            self.codes.add(term.codes, meaning)
        for allergen in by_kind[ConceptKind.ALLERGEN]:
            meaning = self._concept(allergen.id, allergen.name)
            self._add(["allergies"], (allergen.name, *allergen.names), meaning)
            self.codes.add(allergen.codes, meaning)
        for kind in (ConceptKind.CONDITION, ConceptKind.TOPIC, ConceptKind.SYMPTOM):
            for one in by_kind[kind]:
                meaning = opening(self._concept(one.id, one.name, one.implies), concepts)
                home = ("symptoms",) if kind is ConceptKind.SYMPTOM else ("conditions",)
                self._add({*home, *one.told_in}, (one.name, *one.names), meaning)
                self.codes.add(one.codes, meaning)
        supplements: tuple[Concept | Substance, ...]
        supplements = (*ruleset.substances, *by_kind[ConceptKind.SUPPLEMENT])
        for substance in supplements:
            meaning = self._concept(substance.id, substance.name)
            self._add(PRODUCT_FIELDS, (substance.name, *substance.names), meaning)
            self.codes.add(substance.codes, meaning)
        for drug in words.drugs:
            meaning = Meaning(drug.name, (drug.id,), members=self.members(drug.id))
            self._add(PRODUCT_FIELDS, (drug.name, *drug.names), meaning)
            self.codes.add(drug.codes, meaning)
        # Thousands of drugs are in the same few classes.
        classes = {
            closure((member.id for member in self.members(drug)), self.parents)
            for drug in self._drugs
        }
        for class_ in words.drug_classes:
            # A class named in words leaves open which member it is, and what else that is.
            of_members = frozenset[str]().union(*(one for one in classes if class_.id in one))
            others = of_members - closure([class_.id], self.parents)
            meaning = self._concept(class_.id, class_.name)._replace(
                possible=tuple(sorted(others)),
                why=f"which {class_.name} it is is not said" if others else "",
            )
            self._add(PRODUCT_FIELDS, (class_.name, *class_.names), meaning)
        self._add_from_elsewhere()

    def _add_from_elsewhere(self) -> None:
        """Let each field know what belongs in another, so that it is not a riddle there."""
        for home, field in (
            ("symptoms", "conditions"),
            ("conditions", "symptoms"),
            ("conditions", "allergies"),
            ("symptoms", "allergies"),
        ):
            there = self._names[field]
            there.update(
                (name, meaning)
                for name, meaning in self._names[home].items()
                if meaning.word is None and name not in there
            )
        # A drug or supplement among the allergies is known; it is taken by nobody there.
        there = self._names["allergies"]
        made: dict[int, Meaning] = {}
        for name, meaning in self._names["medications"].items():
            if meaning.word is None and name not in there:
                if id(meaning) not in made:
                    made[id(meaning)] = self._as_allergen(meaning)
                there[name] = made[id(meaning)]

    def _as_allergen(self, meaning: Meaning) -> Meaning:
        """Return what the name of a product means among the allergies."""
        named = tuple(id_ for id_ in meaning.named if id_ not in self.classes)
        of_allergies = self.allergens | {"anything"}
        possible = tuple(id_ for id_ in meaning.possible if id_ in of_allergies)
        own = closure(self.allergens.intersection(named), self.parents)
        return meaning._replace(named=named, possible=possible, concepts=own, members=())

    def _concept(self, id_: str, name: str, implies: tuple[str, ...] = ()) -> Meaning:
        return Meaning(name, (id_,), concepts=closure((id_, *implies), self.parents))

    def members(self, id_: str) -> tuple[Membership, ...]:
        """Return the classes of a drug, those of its ingredients included."""
        drug: Drug | None = self._drugs.get(id_)
        if drug is None:
            return ()
        inner = tuple(member for one in drug.ingredients for member in self.members(one))
        return (*drug.classes, *inner)

    def _add(self, fields: Iterable[str], names: Iterable[str], meaning: Meaning) -> None:
        split = [tokens for name in names if (tokens := split_name(name))]  # others are refused
        for tokens in split:
            self.tokens.update(tokens)
            self._begin(tokens)
        for field in fields:
            there = self._names[field]
            bit = _BITS[field] if meaning.is_name else 0
            for tokens in split:
                if there.setdefault(tokens, meaning) is meaning:
                    self._fields_of[tokens] = self._fields_of.get(tokens, 0) | bit

    def names(self, field: str) -> Mapping[tuple[str, ...], Meaning]:
        """Return every name and word of a field, as normalised words, with its meaning."""
        return self._names[field]

    @cached_property
    def all_names(self) -> AllNames:
        """The names of all fields, by their length."""
        return AllNames.of_fields(self._names.values())

    def match(
        self, field: str, tokens: tuple[str, ...], at: int, most: int = 99
    ) -> tuple[int, Meaning] | None:
        """Return the longest name or word that begins at a token, and its length.

        `most` is the number of tokens that it may have.
        """
        known = self._meant[field]
        for length in range(self.longest(tokens, at, most), 0, -1):
            words = tokens[at : at + length]
            meaning: Meaning | None = known.get(words, _UNREAD)
            if meaning is _UNREAD:
                meaning = self._names[field].get(words)
                if length == 1 or meaning is not None:
                    known[words] = meaning
            if meaning is not None:
                return length, meaning
        return None

    def anywhere(
        self, field: str, tokens: tuple[str, ...], at: int, most: int = 99
    ) -> Found | None:
        """Return the longest name or word that begins at a token, of this field or another.

        With its length come what it means in the field, if anything, and what it names in
        others. A name goes before a word that says nothing.
        """
        known = self._found[field]
        for length in range(self.longest(tokens, at, most), 0, -1):
            words = tokens[at : at + length]
            found: Found | None = known.get(words, _UNREAD)
            if found is _UNREAD:
                found = self._everywhere(field, words)
                if length == 1 or found is not None:
                    known[words] = found
            if found is not None:
                return found
        return None

    def _everywhere(self, field: str, words: tuple[str, ...]) -> Found | None:
        """Return what words mean in a field, and what they name in others."""
        if words not in self._fields_of:
            return None
        meaning = self._names[field].get(words)
        away = self._elsewhere(field, words, meaning)
        return (len(words), meaning, away) if away or meaning is not None else None

    def _elsewhere(
        self, field: str, words: tuple[str, ...], own: Meaning | None
    ) -> tuple[Elsewhere, ...]:
        """Return what words name in other fields, and do not in their own.

        What names an illness or a symptom where such things are told is just that.
        """
        there = self._fields_of[words] & ~_BITS[field]
        if not there or (own and not own.is_name and own.word not in _SILENT_WORDS):
            return ()
        ill = own is not None and any(own is self._names[one].get(words) for one in _ILL)
        found: list[Elsewhere] = []
        for other in _ELSEWHERE[field]:
            if not there & _BITS[other]:
                continue
            meaning = self._names[other][words]
            if not meaning.is_name or meaning is own:
                continue
            if ill and other in _ILL and field == "conditions":
                continue  # an illness among the conditions is no symptom that is there now
            beside = other == "allergies" or (ill and other in _ILL)
            if beside and not self._adds(meaning, own):
                continue
            if not any(one.meaning is meaning for one in found):
                found.append(Elsewhere(other, meaning))
        return tuple(found)

    def _adds(self, meaning: Meaning, own: Meaning | None) -> bool:
        """Whether what a name is in another list tells what a rule asks for."""
        told = self.told_by(own) if own is not None else frozenset()
        return bool(self.told_by(meaning) & self.matters - told)

    def says_allergy(self, tokens: tuple[str, ...], at: int) -> bool:
        """Whether words of allergy begin at a token."""
        words = self.of_allergy.get(tokens[at])
        return words is not None and any(tokens[at : at + len(word)] == word for word in words)

    def name(self, field: str, words: tuple[str, ...]) -> Meaning | None:
        """Return what words stand for that are the whole of a name in a field."""
        meaning = self._names[field].get(words)
        return meaning if meaning is not None and meaning.is_name else None

    def is_name(self, words: tuple[str, ...]) -> bool:
        """Whether words are the whole of a name in any field."""
        return self._fields_of.get(words, 0) > 0

    def heads(self, field: str, words: tuple[str, ...]) -> bool:
        """Whether words are the heading of a whole list: "no medications" says that it is empty."""
        return words in self._headings[field]

    def above(self, ids: Iterable[str]) -> frozenset[str]:
        """Return ids with the classes of the drugs among them, and all that is above."""
        told = set(ids)
        for id_ in told:
            if id_ not in self._above:
                members = (member.id for member in self.members(id_))
                self._above[id_] = closure((id_, *members), self.parents)
        return frozenset[str]().union(*(self._above[id_] for id_ in told))

    def is_told_by(self, id_: str, told: frozenset[str]) -> bool:
        """Whether all that an id is a case of is told."""
        above = closure([id_], self.parents) - {id_}
        return bool(above) and above <= told

    def told_by(self, meaning: Meaning) -> frozenset[str]:
        """Return everything that a name certainly or possibly tells."""
        members = (member.id for member in meaning.members)
        return self.above((*meaning.concepts, *meaning.possible, *meaning.opens, *members))

    def parts(self, ids: Iterable[str]) -> frozenset[str]:
        """Return ids with the ingredients of the combinations among them."""
        return frozenset(part for id_ in ids for part in (id_, *self._ingredients.get(id_, ())))

    def mistaken_for(self, name: str) -> tuple[str, ...]:
        """Return a name and those that it is often mistaken for; nothing if none is known."""
        return self._mistaken.get(" ".join(split_name(name)), ())


@made_once
def lexicon_of(ruleset: RuleSet) -> Lexicon:
    """Return the lexicon of a rule set, made once."""
    return Lexicon(ruleset)
