"""Checks a rule set as a whole: references, ids, names and cycles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from msrisk.errors import Problem
from msrisk.model import conditions as node
from msrisk.model.checks import did_you_mean
from msrisk.model.concepts import (
    CODE_SYSTEMS,
    Concept,
    ConceptKind,
    Drug,
    DrugClass,
    Membership,
    Possible,
    WordKind,
    closure,
)
from msrisk.model.conditions import Condition
from msrisk.model.profile import FIELDS, LIST_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import EVERY, Kind, Rule, RuleSet, Substance
from msrisk.model.sources import Citation
from msrisk.recognition.characters import split_name

__all__ = ["problems_of"]

Places = Mapping[int, str]
Ids = frozenset[str]
Tokens = tuple[str, ...]

_ICD = (re.compile(r"[A-Z]|[A-Z]\d[\dA-Z](\.?[\dA-Z]{1,4})?"), "ICD-10 codes such as E11.9")
_DIGITS = re.compile(r"\d+")
_CODES: Final = {
    "atc": (re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d"), "ATC codes of a substance such as A10BA02"),
    "icd_9_cm": (re.compile(r"[\dV]\d(\d(\.\d{1,2})?)?"), "ICD-9-CM codes such as 250.0"),
    "icd_10": _ICD,
    "icd_10_cm": _ICD,
    "rxnorm": (_DIGITS, "RxNorm codes, which are digits"),
    "snomed": (_DIGITS, "SNOMED CT codes, which are digits"),
}

_ATC_PREFIX: Final = re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?")


def problems_of(
    ruleset: RuleSet, places: Places, broken: Possible = frozenset(), *, whole: bool = True
) -> list[Problem]:
    """Return everything that is wrong with a rule set as a whole.

    Args:
        ruleset: as far as it could be read.
        places: `id()` of each of its objects → file and name, for the messages.
        broken: ids of what could not be read, which may be referred to.
        whole: whether all of it could be read; if not, what can only be judged of the
            whole is left out.

    """
    check = _Check(ruleset, places, broken)
    found = [*check.references(), *check.ids(), *check.names(), *check.cycles()]
    if whole:
        found += [*check.passages(), *check.coverage(), *check.confusables()]
    return found


class _Check:
    def __init__(self, ruleset: RuleSet, places: Places, broken: Possible) -> None:
        self.ruleset = ruleset
        self.places = places
        self.broken = broken
        words = ruleset.vocabulary
        self.substances = _ids(ruleset.substances)
        self.rules = _ids(ruleset.rules)
        self.rules_of = [ruleset.rules_for(one.id) for one in ruleset.substances]
        self.claims = _ids(ruleset.claims)
        self.classes = _ids(words.drug_classes)
        self.drugs = _ids(words.drugs)
        self.by_kind = {
            kind: _ids(c for c in words.concepts if c.kind is kind) for kind in ConceptKind
        }
        self.supplements = self.by_kind[ConceptKind.SUPPLEMENT] | self.substances
        self.conditions = self.by_kind[ConceptKind.CONDITION] | self.by_kind[ConceptKind.TOPIC]
        symptoms = self.by_kind[ConceptKind.SYMPTOM]
        self.named_in: Mapping[str, tuple[Ids, str]] = {
            "drug_class": (self.classes, "a drug class"),
            "substance": (self.supplements, "a supplement"),
            "condition": (self.conditions, "a condition"),
            "conditions": (self.conditions, "a condition"),
            "allergen": (self.by_kind[ConceptKind.ALLERGEN], "an allergen"),
            "symptom": (symptoms, "a symptom"),
            "symptoms": (symptoms, "a symptom"),
            "field": (frozenset(YES_NO_FIELDS), "a yes/no field"),
        }
        self.seen: dict[str, dict[Tokens, str]] = {name: {} for name in LIST_FIELDS}
        self.routes = frozenset(w.id for w in words.words if w.kind is WordKind.ROUTE)

    def at(self, one: object) -> str:
        return self.places[id(one)]

    def known(self, where: str, ids: Iterable[str], known: Ids, what: str) -> Iterator[Problem]:
        for id_ in ids:
            if id_ not in known and id_ not in self.broken:
                yield Problem(where, f"the id of {what}", f"`{id_}`{did_you_mean(id_, known)}")

    def references(self) -> Iterator[Problem]:
        """Yield every reference to something that is not there."""
        words = self.ruleset.vocabulary
        for rule in self.ruleset.rules:
            yield from self._rule(rule)
        for claim in self.ruleset.claims:
            at = self.at(claim)
            yield from self._cites(at, claim.cites)
            yield from self._placed(at, claim.applies_to, claim.pack)
            yield from self.known(f"{at}: disputed_by", claim.disputed_by, self.rules, "a rule")
            yield from self.known(f"{at}: qualified_by", claim.qualified_by, self.rules, "a rule")
        for threshold in self.ruleset.thresholds:
            yield from self._cites(self.at(threshold), threshold.cites)
        scope = {rule.id for rule in self.ruleset.rules if rule.kind is Kind.SCOPE}
        for substance in self.ruleset.substances:
            at = self.at(substance)
            yield from self.known(f"{at}: within", substance.within, self.substances, "a substance")
            known = self.rules | self.claims
            yield from self.known(f"{at}: without", substance.without, known, "a rule or claim")
            for id_ in substance.without:
                if id_ in scope:
                    yield Problem(f"{at}: without", "no scope caveat", f"`{id_}`")
            yield from self._codes(at, substance.codes)
            yield from self._fields(f"{at}: told_in", substance.told_in)
        for class_ in words.drug_classes:
            at = self.at(class_)
            yield from self.known(f"{at}: within", class_.within, self.classes, "a drug class")
            yield from _atc_groups(at, class_.atc)
        combined = {drug.id for drug in words.drugs if drug.ingredients}
        for drug in words.drugs:
            at = self.at(drug)
            yield from self._codes(at, drug.codes)
            yield from self.known(f"{at}: ingredients", drug.ingredients, self.drugs, "a drug")
            for index, member in enumerate(drug.classes):
                yield from self._membership(f"{at}: classes[{index}]", member)
            if len({member.id for member in drug.classes}) < len(drug.classes):
                yield Problem(f"{at}: classes", "each class once")
            if drug.ingredients and (drug.classes or combined.intersection(drug.ingredients)):
                expected = "single drugs as ingredients, and then no classes"
                yield Problem(f"{at}: ingredients", expected, "classes, or a combination")
        for concept in words.concepts:
            yield from self._concept(concept)
        yield from self._terms()
        for prompt in self.ruleset.fields:
            known = frozenset(FIELDS)
            yield from self.known(f"{self.at(prompt)}: id", [prompt.id], known, "a field")
        in_use = self.rules | self.claims | _ids(self.ruleset.thresholds)
        for one in self.ruleset.retired:
            if one.id in in_use:
                yield Problem(
                    f"{self.at(one)}: id", "an id that nothing has any more", "one in use"
                )

    def _rule(self, rule: Rule) -> Iterator[Problem]:
        at = self.at(rule)
        yield from self._cites(at, rule.cites)
        yield from self._placed(at, rule.applies_to, rule.pack)
        for id_ in rule.replaces:
            # It may go on for other substances.
            if any({id_, rule.id} <= _ids(rules) for rules in self.rules_of):
                yield Problem(f"{at}: replaces", "ids of earlier rules", f"`{id_}`, still in use")
        if rule.when is not None:
            yield from self._condition(f"{at}: when", rule.when)

    def _placed(self, at: str, applies_to: tuple[str, ...], pack: str) -> Iterator[Problem]:
        if not applies_to:
            yield Problem(f"{at}: applies_to", "ids of substances, or every", "none")
        if EVERY in applies_to and len(applies_to) > 1:
            yield Problem(f"{at}: applies_to", f"{EVERY} alone, or ids of substances", "both")
        known = self.substances | {EVERY}
        yield from self.known(f"{at}: applies_to", applies_to, known, "a substance")
        packs = frozenset(("", *self.ruleset.packs))  # a file without a pack is reported once
        yield from self.known(f"{at}: pack", [pack], packs, "a rule pack")

    def _cites(self, at: str, cites: tuple[Citation, ...]) -> Iterator[Problem]:
        sources = {source.id: source for source in self.ruleset.sources}
        for index, citation in enumerate(cites):
            where, known = f"{at}: cites[{index}]", frozenset(("", *sources))  # or evidence
            yield from self.known(f"{where}.source", [citation.source], known, "a source")
            if citation.source in sources:
                there = {passage.n for passage in sources[citation.source].passages}
                for n in citation.passages:
                    if n not in there:
                        expected = f"the number of a passage of {citation.source}"
                        yield Problem(f"{where}.passages", expected, str(n))

    def _condition(self, at: str, condition: Condition) -> Iterator[Problem]:
        if isinstance(condition, node.All | node.Any):
            if not condition.of:
                yield Problem(f"{at}.of", "at least one condition", "none")
            for index, part in enumerate(condition.of):
                yield from self._condition(f"{at}.of[{index}]", part)
        elif isinstance(condition, node.ThresholdTest):
            yield from self._threshold(at, condition)
        else:
            for key, named in attrs.asdict(condition).items():
                known, what = self.named_in[key]
                ids = (named,) if isinstance(named, str) else named
                yield from self.known(f"{at}.{key}", ids, known, what)

    def _threshold(self, at: str, test: node.ThresholdTest) -> Iterator[Problem]:
        units = {threshold.id: threshold.unit for threshold in self.ruleset.thresholds}
        where = f"{at}.threshold"
        yield from self.known(where, [test.threshold], frozenset(units), "a threshold")
        unit, wanted = units.get(test.threshold), test.unit
        if unit is not None and unit is not wanted:
            expected = f'a threshold with the unit "{wanted.value}" ({wanted.words})'
            yield Problem(where, expected, f'one with "{unit.value}"')

    def _membership(self, at: str, member: Membership) -> Iterator[Problem]:
        yield from self.known(at, [member.id], self.classes, "a drug class")
        yield from self.known(f"{at}.not_by", member.not_by, self.routes, "a route")

    def _concept(self, concept: Concept) -> Iterator[Problem]:
        at = self.at(concept)
        of_kind = {
            ConceptKind.SUPPLEMENT: self.supplements,
            ConceptKind.CONDITION: self.conditions,
            ConceptKind.TOPIC: self.conditions,
        }.get(concept.kind, self.by_kind[concept.kind])
        yield from self.known(f"{at}: within", concept.within, of_kind, f"a {concept.kind.value}")
        yield from self.known(f"{at}: implies", concept.implies, self.classes, "a drug class")
        for key, ids in (
            ("opens", concept.opens),
            ("if_treated", concept.if_treated),
            ("if_planned", concept.if_planned),
        ):
            told = self.classes | self.conditions
            yield from self.known(f"{at}: {key}", ids, told, "a drug class, condition or topic")
        yield from self._codes(at, concept.codes)
        yield from self._fields(f"{at}: told_in", concept.told_in)

    def _terms(self) -> Iterator[Problem]:
        everything = self.classes | self.drugs | self.substances | {"anything"}
        everything |= _ids(self.ruleset.vocabulary.concepts)
        for term in self.ruleset.vocabulary.terms:
            at = self.at(term)
            yield from self._fields(f"{at}: fields", term.fields)
            for key, ids in (("concepts", term.concepts), ("possible", term.possible)):
                what = "something in the vocabulary"
                yield from self.known(f"{at}: {key}", ids, everything, what)
            if not term.names or not (term.concepts or term.possible):
                yield Problem(at, "names, and what they are or may be", "none")
            yield from self._codes(at, term.codes)
        for words in self.ruleset.vocabulary.words:
            at = self.at(words)
            yield from self._fields(f"{at}: fields", words.fields)
            if (words.kind is WordKind.ROUTE) is not bool(words.id):
                yield Problem(f"{at}: id", "the route that the words name, and none otherwise")
            if words.atc and words.kind is not WordKind.ROUTE:
                yield Problem(f"{at}: atc", "ATC groups of a route, and none otherwise")
            yield from _atc_groups(at, words.atc)

    def _codes(self, at: str, codes: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
        yield from self.known(f"{at}: codes", codes, frozenset(CODE_SYSTEMS), "a code system")
        for system in sorted(codes.keys() & _CODES.keys()):
            pattern, expected = _CODES[system]
            if not all(map(pattern.fullmatch, codes[system])):
                yield Problem(f"{at}: codes.{system}", expected)

    def _fields(self, where: str, fields: tuple[str, ...]) -> Iterator[Problem]:
        if not fields:
            yield Problem(where, "at least one list field", "none")
        yield from self.known(where, fields, frozenset(LIST_FIELDS), "a list field")

    def names(self) -> Iterator[Problem]:
        """Yield every name that has two meanings in one field, or that cannot be matched."""
        for at, fields, names in self._named():
            split = {name: split_name(name) for name in names}
            here = dict.fromkeys(split.values(), at)
            seen = [self.seen.setdefault(field, {}) for field in fields]
            if () not in here and all(one.keys().isdisjoint(here) for one in seen):
                for of_field in seen:
                    of_field.update(here)
            else:
                yield from self._doubled(at, split, seen)

    def _doubled(
        self, at: str, split: Mapping[str, Tokens], seen: Sequence[dict[Tokens, str]]
    ) -> Iterator[Problem]:
        for name, tokens in split.items():
            if not tokens:
                yield Problem(f"{at}: names", "names with a letter or a digit", f"`{name}`")
                continue
            firsts = {of_field.setdefault(tokens, at) for of_field in seen}
            for first in sorted(firsts - {at}):
                expected = "names that mean nothing else in the same field"
                yield Problem(f"{at}: names", expected, f"`{name}`, also of {first}")

    def _named(self) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        words = self.ruleset.vocabulary
        products = ("supplements", "medications")
        things: tuple[Substance | Concept, ...] = (*self.ruleset.substances, *words.concepts)
        for one in things:
            kind = one.kind if isinstance(one, Concept) else ConceptKind.SUPPLEMENT
            home = _HOME.get(kind, products)
            told_in = one.told_in if kind is not ConceptKind.ALLERGEN else ()
            fields = tuple(dict.fromkeys((*home, *told_in)))
            yield self.at(one), fields, (one.name, *one.names)
        medicines: tuple[Drug | DrugClass, ...] = (*words.drugs, *words.drug_classes)
        for medicine in medicines:
            yield self.at(medicine), products, (medicine.name, *medicine.names)
        for term in words.terms:
            yield self.at(term), term.fields, term.names
        for list_ in words.words:
            yield self.at(list_), list_.fields, list_.words

    def ids(self) -> Iterator[Problem]:
        """Yield every id with two meanings where one is looked for.

        An allergen may have the id of the substance or drug that it is an allergy to.
        """
        words = self.ruleset.vocabulary
        told = self.conditions | self.by_kind[ConceptKind.SYMPTOM]
        groups = (words.drug_classes, words.drugs, self.ruleset.substances, words.concepts)
        seen: dict[str, str] = {}
        for one in (one for group in groups for one in group):
            allergen = isinstance(one, Concept) and one.kind is ConceptKind.ALLERGEN
            if allergen and one.id not in told:
                continue
            first = seen.setdefault(one.id, self.at(one))
            if first != self.at(one):
                yield Problem(f"{self.at(one)}: id", "an id of its own", f"one of {first}")

    def cycles(self) -> Iterator[Problem]:
        """Yield everything that is a case of itself."""
        words = self.ruleset.vocabulary
        for group in (words.drug_classes, words.concepts, self.ruleset.substances):
            parents = {one.id: one.within for one in group}
            for one in group:
                if one.id in closure(one.within, parents):
                    expected = "what it is a case of, never a way back to itself"
                    yield Problem(f"{self.at(one)}: within", expected)

    def passages(self) -> Iterator[Problem]:
        """Yield every passage that is out of place, or neither cited nor explained, or both."""
        rules = self.ruleset
        cited = {
            (citation.source, n)
            for group in (rules.rules, rules.claims, rules.thresholds)
            for one in group
            for citation in one.cites
            for n in citation.passages
        }
        for source in rules.sources:
            end = 0
            for index, passage in enumerate(source.passages):
                at = f"{self.at(source)}: passage {passage.n}"
                if passage.n != index + 1:
                    yield Problem(at, f"number {index + 1}, in the order of the text")
                if not end <= passage.start < passage.end:
                    yield Problem(at, "a start behind the passage before, and an end behind that")
                end = passage.end
                if ((source.id, passage.n) in cited) is (passage.context is not None):
                    expected = "a rule or claim that cites it, or a context that says why not"
                    yield Problem(at, expected, "both" if passage.context else "neither")

    def confusables(self) -> Iterator[Problem]:
        """Yield every name that is said to be mistaken for another and is not known."""
        # Once for each file: a medicine that is gone would bury under them why it is.
        gone: dict[str, list[str]] = {}
        for confusable in self.ruleset.vocabulary.confusables:
            file, _, entry = self.at(confusable).partition(": ")
            for name in confusable.names:
                if split_name(name) not in self.seen["medications"]:
                    gone.setdefault(file, []).append(f"`{name}` of {entry}")
            if len(set(map(split_name, confusable.names))) < 2:
                yield Problem(f"{file}: {entry}: names", "at least two names", "fewer")
        expected = "names of products in the vocabulary (what is gone there goes here too)"
        yield from (Problem(file, expected, ", ".join(names)) for file, names in gone.items())

    def coverage(self) -> Iterator[Problem]:
        """Yield what keeps the rule set from answering about each substance."""
        for substance in self.ruleset.substances:
            rules = self.ruleset.rules_for(substance.id)
            at = self.at(substance)
            if not any(rule.when is None for rule in rules):
                yield Problem(at, "at least one caveat", "none")
            if not any(rule.when is not None for rule in rules):
                yield Problem(at, "at least one rule with a condition", "none")
            here = {(rule.id, rule.pack) for rule in rules}
            for claim in self.ruleset.claims_for(substance.id):
                sides = {(id_, claim.pack) for id_ in (*claim.disputed_by, *claim.qualified_by)}
                if not here & sides:
                    expected = f"a rule of the same pack that {substance.id} has"
                    yield Problem(f"{self.at(claim)}: disputed_by", expected, "none")
        if not any(rule.kind is Kind.SCOPE for rule in self.ruleset.rules_for(None)):
            yield Problem("substances/every.toml", "a scope caveat that applies to every", "none")
        prompts = {prompt.id for prompt in self.ruleset.fields}
        for name in FIELDS:
            if name not in prompts:
                yield Problem("ruleset.toml", f"a [[field]] with the question for {name}", "none")


_HOME: Final = {
    ConceptKind.CONDITION: ("conditions",),
    ConceptKind.TOPIC: ("conditions",),
    ConceptKind.SYMPTOM: ("symptoms",),
    ConceptKind.ALLERGEN: ("allergies",),
}


def _ids(ones: Iterable[object]) -> Ids:
    return frozenset(str(getattr(one, "id")) for one in ones)  # noqa: B009  # any kind of table


def _atc_groups(at: str, groups: tuple[str, ...]) -> Iterator[Problem]:
    if not all(map(_ATC_PREFIX.fullmatch, groups)):
        yield Problem(f"{at}: atc", "ATC codes or beginnings of them, such as A10")
