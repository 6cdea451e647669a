"""A rule set's vocabulary, arranged for look-up by normalised words and by code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from attrs import frozen

from msrisk.model.concepts import (
    CODE_SYSTEMS,
    Concept,
    ConceptKind,
    Drug,
    DrugClass,
    MemberBasis,
    Membership,
    WordKind,
    closure,
)
from msrisk.model.profile import LIST_FIELDS, Code
from msrisk.model.rules import RuleSet, Substance
from msrisk.recognition.tokens import split_name

__all__ = ["Lexicon", "Meaning", "Why", "lexicon_of"]

Why = Mapping[str, tuple[str, str]]
"""For each concept its basis ("labelled", "judged" or "named") and the reason."""

NAMED: Final = "named"
_PRODUCTS: Final = ("supplements", "medications")


@frozen
class Meaning:
    """What a name, a code or a word stands for.

    Attributes:
        name: preferred name.
        named: ids that it names directly.
        possible: ids that it may stand for besides.
        members: of a drug, its classes.
        concepts: of anything else, what it certainly is, ancestors included.
        word: of a word that names nothing, what it does; then `route` may be set.
        why: of an ambiguous term, what it leaves open.

    """

    name: str
    named: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    concepts: frozenset[str] = frozenset()
    word: WordKind | None = None
    route: str = ""
    why: str = ""


class Lexicon:
    """Names per field, codes, and the hierarchy above them."""

    def __init__(self, ruleset: RuleSet) -> None:
        words = ruleset.vocabulary
        self.parents: dict[str, tuple[str, ...]] = {}
        placed: tuple[DrugClass | Concept | Substance, ...] = (
            *words.drug_classes,
            *words.concepts,
            *ruleset.substances,
        )
        for one in placed:
            self.parents[one.id] = tuple({*self.parents.get(one.id, ()), *one.within})
        self._drugs = {drug.id: drug for drug in words.drugs}
        self.classes = frozenset(one.id for one in words.drug_classes)
        self._atc = [(prefix, one) for one in words.drug_classes for prefix in one.atc]
        self._names: dict[str, dict[tuple[str, ...], Meaning]] = {f: {} for f in LIST_FIELDS}
        self._longest: dict[str, dict[str, int]] = {f: {} for f in LIST_FIELDS}
        self._codes: dict[tuple[str, str], list[Meaning]] = {}
        self.tokens: set[str] = set()
        self.not_drug_allergies = closure(
            (one.id for one in words.concepts if "allergies" in one.told_in and not one.drug),
            self.parents,
        )
        self._read(ruleset)

    def _read(self, ruleset: RuleSet) -> None:
        # The first meaning of a name in a field stands, so what the field is for comes
        # first; two meanings of equal standing are refused when the rules are loaded.
        words = ruleset.vocabulary
        by_kind = {
            kind: [one for one in words.concepts if one.kind is kind] for kind in ConceptKind
        }
        for list_ in words.words:
            for word in list_.words:
                meaning = Meaning(word, word=list_.kind, route=list_.id)
                self._add(list_.fields, [word], meaning)
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
            self._add(term.fields, term.names, meaning)
        for allergen in by_kind[ConceptKind.ALLERGEN]:
            meaning = self._concept(allergen.id, allergen.name)
            self._add(["allergies"], (allergen.name, *allergen.names), meaning)
            self._add_codes(allergen.codes, meaning)
        for kind in (ConceptKind.CONDITION, ConceptKind.TOPIC, ConceptKind.SYMPTOM):
            for one in by_kind[kind]:
                meaning = self._concept(one.id, one.name, one.implies)
                home = ("symptoms",) if kind is ConceptKind.SYMPTOM else ("conditions",)
                self._add({*home, *one.told_in}, (one.name, *one.names), meaning)
                self._add_codes(one.codes, meaning)
        supplements: tuple[Concept | Substance, ...] = (
            *ruleset.substances,
            *by_kind[ConceptKind.SUPPLEMENT],
        )
        for substance in supplements:
            meaning = self._concept(substance.id, substance.name)
            self._add(_PRODUCTS, (substance.name, *substance.names), meaning)
            self._add_codes(substance.codes, meaning)
        for drug in words.drugs:
            meaning = Meaning(drug.name, (drug.id,), members=self.members(drug.id))
            self._add(_PRODUCTS, (drug.name, *drug.names), meaning)
            self._add_codes(drug.codes, meaning)
        for class_ in words.drug_classes:
            meaning = self._concept(class_.id, class_.name)
            self._add(_PRODUCTS, (class_.name, *class_.names), meaning)
        self._add_from_elsewhere()

    def _add_from_elsewhere(self) -> None:
        """Let each field know what belongs in another, so that it is not a riddle there."""
        for home, field in (
            ("symptoms", "conditions"),
            ("conditions", "symptoms"),
            ("conditions", "allergies"),
            ("symptoms", "allergies"),
        ):
            for name, meaning in self._names[home].items():
                if meaning.word is None:
                    self._add([field], [" ".join(name)], meaning)
        # An allergy to a drug or supplement is known, and is no taking of it.
        for name, meaning in self._names["medications"].items():
            if meaning.word is None:
                self._add(["allergies"], [" ".join(name)], Meaning(meaning.name, meaning.named))

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
        for name in names:
            tokens = split_name(name)
            if not tokens:
                continue  # reported when the rules are loaded
            self.tokens.update(tokens)
            for field in fields:
                self._names[field].setdefault(tokens, meaning)
                longest = self._longest[field]
                longest[tokens[0]] = max(longest.get(tokens[0], 0), len(tokens))

    def _add_codes(self, codes: Mapping[str, tuple[str, ...]], meaning: Meaning) -> None:
        for system, prefixes in codes.items():
            for prefix in prefixes:
                key = (CODE_SYSTEMS[system], _plain_code(prefix))
                self._codes.setdefault(key, []).append(meaning)

    def match(self, field: str, tokens: tuple[str, ...], at: int) -> tuple[int, Meaning] | None:
        """Return the longest name or word that begins at a token, and its length."""
        names = self._names[field]
        for length in range(self._longest[field].get(tokens[at], 0), 0, -1):
            meaning = names.get(tokens[at : at + length])
            if meaning is not None and at + length <= len(tokens):
                return length, meaning
        return None

    def by_code(self, code: Code) -> list[Meaning]:
        """Return what a code stands for; nothing for one that msrisk does not know."""
        plain = _plain_code(code.code)
        found = list(self._exact_or_prefix(code.system, plain))
        if code.system == CODE_SYSTEMS["icd_10"] and not found:
            # Of WHO's ICD-10 only the three-character categories are shared with ICD-10-CM.
            found = list(self._exact_or_prefix(CODE_SYSTEMS["icd_10_cm"], plain[:3]))
        if code.system == CODE_SYSTEMS["atc"]:
            for prefix, class_ in self._atc:
                if plain.startswith(prefix):
                    why = f"ATC {code.code} is in {prefix}, {class_.name}"
                    member = Membership(class_.id, MemberBasis.LABELLED, why)
                    named = () if found else (class_.id,)
                    found.append(Meaning(class_.name, named, members=(member,)))
        return found

    def _exact_or_prefix(self, system: str, plain: str) -> list[Meaning]:
        exact_only = system in {CODE_SYSTEMS["rxnorm"], CODE_SYSTEMS["snomed"], CODE_SYSTEMS["atc"]}
        for length in range(len(plain), len(plain) - 1 if exact_only else 2, -1):
            found = self._codes.get((system, plain[:length]))
            if found:
                return found
        return []

    def alike(self, field: str, words: str) -> tuple[str, ...]:
        """Return at most three names that look like these words, for a person to confirm."""
        if len(words) < 4:
            return ()
        names = {
            " ".join(name): meaning.name
            for name, meaning in self._names[field].items()
            if meaning.word is None and abs(len(" ".join(name)) - len(words)) < 4
        }
        close = difflib.get_close_matches(words, sorted(names), n=6, cutoff=0.8)
        return tuple(dict.fromkeys(names[name] for name in close))[:3]


@lru_cache(maxsize=16)
def lexicon_of(ruleset: RuleSet) -> Lexicon:
    """Return the lexicon of a rule set, made once."""
    return Lexicon(ruleset)


def _plain_code(code: str) -> str:
    return code.replace(".", "").strip().upper()
