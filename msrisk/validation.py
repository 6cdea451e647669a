"""Checks on a whole rule set that no single object can make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msrisk.errors import Problem
from msrisk.model import conditions as node
from msrisk.model.concepts import CODE_SYSTEMS, Concept, ConceptKind, Membership, WordKind
from msrisk.model.conditions import Condition
from msrisk.model.profile import FIELDS, LIST_FIELDS, YES_NO_FIELDS
from msrisk.model.quantities import Unit
from msrisk.model.rules import EVERY, Kind, Rule, RuleSet, Substance
from msrisk.model.sources import Citation
from msrisk.recognition.tokens import split_name

__all__ = ["problems_of"]

Places = Mapping[tuple[str, str], str]
Ids = frozenset[str]

_UNITS: Final = {
    node.AgeAtLeast: Unit.YEARS,
    node.AgeBelow: Unit.YEARS,
    node.WeightBelow: Unit.KG,
    node.DailyDoseAbove: Unit.MG_PER_DAY,
    node.DailyDoseBelow: Unit.MG_PER_DAY,
    node.DosesPerDayBelow: Unit.PER_DAY,
}


def problems_of(ruleset: RuleSet, places: Places, broken: Ids | None = None) -> list[Problem]:
    """Return everything that is wrong with a rule set as a whole.

    Args:
        ruleset: as far as it could be read.
        places: (table, id) → file and id, for the messages.
        broken: None if all of it could be read; otherwise ids of what could not, which
            may be referred to. What can only be judged of the whole is then left out.

    """
    check = _Check(ruleset, places, broken or frozenset())
    found = [*check.references(), *check.names(), *check.cycles()]
    if broken is None:
        found += [*check.passages(), *check.coverage()]
    return found


class _Check:
    def __init__(self, ruleset: RuleSet, places: Places, broken: Ids) -> None:
        self.ruleset = ruleset
        self.places = places
        self.broken = broken
        words = ruleset.vocabulary
        self.substances = _ids(ruleset.substances)
        self.rules = _ids(ruleset.rules)
        self.claims = _ids(ruleset.claims)
        self.classes = _ids(words.drug_classes)
        self.drugs = _ids(words.drugs)
        self.by_kind = {
            kind: _ids(c for c in words.concepts if c.kind is kind) for kind in ConceptKind
        }
        self.supplements = self.by_kind[ConceptKind.SUPPLEMENT] | self.substances
        self.conditions = self.by_kind[ConceptKind.CONDITION] | self.by_kind[ConceptKind.TOPIC]
        self.routes = frozenset(w.id for w in words.words if w.kind is WordKind.ROUTE)

    def at(self, table: str, id_: str) -> str:
        return self.places.get((table, id_), f"{table} `{id_}`")

    def known(self, where: str, ids: Iterable[str], known: Ids, what: str) -> Iterator[Problem]:
        for id_ in ids:
            if id_ not in known | self.broken:
                yield Problem(where, f"the id of {what}", f"`{id_}`")

    def references(self) -> Iterator[Problem]:
        """Yield every reference to something that is not there."""
        words = self.ruleset.vocabulary
        for rule in self.ruleset.rules:
            yield from self._rule(rule)
        for claim in self.ruleset.claims:
            at = self.at("claim", claim.id)
            yield from self._cites(at, claim.cites)
            yield from self._placed(at, claim.applies_to, claim.pack)
            yield from self.known(f"{at}: disputed_by", claim.disputed_by, self.rules, "a rule")
            yield from self.known(f"{at}: qualified_by", claim.qualified_by, self.rules, "a rule")
        for threshold in self.ruleset.thresholds:
            yield from self._cites(self.at("threshold", threshold.id), threshold.cites)
        for substance in self.ruleset.substances:
            at = self.at("substance", substance.id)
            yield from self.known(f"{at}: within", substance.within, self.substances, "a substance")
            known = self.rules | self.claims
            yield from self.known(f"{at}: without", substance.without, known, "a rule or claim")
            yield from self._codes(at, substance.codes)
            yield from self._fields(f"{at}: told_in", substance.told_in)
        for class_ in words.drug_classes:
            at = self.at("drug_class", class_.id)
            yield from self.known(f"{at}: within", class_.within, self.classes, "a drug class")
        for drug in words.drugs:
            at = self.at("drug", drug.id)
            yield from self._codes(at, drug.codes)
            yield from self.known(f"{at}: ingredients", drug.ingredients, self.drugs, "a drug")
            for member in drug.classes:
                yield from self._membership(f"{at}: classes", member)
        for concept in words.concepts:
            yield from self._concept(concept)
        yield from self._terms()

    def _rule(self, rule: Rule) -> Iterator[Problem]:
        at = self.at("rule", rule.id)
        yield from self._cites(at, rule.cites)
        yield from self._placed(at, rule.applies_to, rule.pack)
        if rule.when is not None:
            yield from self._condition(f"{at}: when", rule.when)

    def _placed(self, at: str, applies_to: tuple[str, ...], pack: str) -> Iterator[Problem]:
        if not applies_to:
            yield Problem(f"{at}: applies_to", "ids of substances, or every", "none")
        known = self.substances | {EVERY}
        yield from self.known(f"{at}: applies_to", applies_to, known, "a substance")
        yield from self.known(f"{at}: pack", [pack], frozenset(self.ruleset.packs), "a rule pack")

    def _cites(self, at: str, cites: tuple[Citation, ...]) -> Iterator[Problem]:
        sources = {source.id: source for source in self.ruleset.sources}
        for citation in cites:
            yield from self.known(f"{at}: cites", [citation.source], frozenset(sources), "a source")
            if citation.source in sources:
                there = {passage.n for passage in sources[citation.source].passages}
                for n in citation.passages:
                    if n not in there:
                        expected = f"the number of a passage of {citation.source}"
                        yield Problem(f"{at}: cites", expected, str(n))

    def _condition(self, at: str, condition: Condition) -> Iterator[Problem]:
        match condition:
            case node.All(of=parts) | node.Any(of=parts):
                if not parts:
                    yield Problem(f"{at}.of", "at least one condition", "none")
                for index, part in enumerate(parts):
                    yield from self._condition(f"{at}.of[{index}]", part)
            case node.Takes(drug_class=id_):
                yield from self.known(f"{at}.drug_class", [id_], self.classes, "a drug class")
            case node.TakesSupplement(substance=id_):
                yield from self.known(f"{at}.substance", [id_], self.supplements, "a supplement")
            case node.HasCondition(condition=id_):
                yield from self.known(f"{at}.condition", [id_], self.conditions, "a condition")
            case node.HasConditionBeyond(conditions=ids):
                yield from self.known(f"{at}.conditions", ids, self.conditions, "a condition")
            case node.AllergicTo(allergen=id_):
                allergens = self.by_kind[ConceptKind.ALLERGEN]
                yield from self.known(f"{at}.allergen", [id_], allergens, "an allergen")
            case node.ReportsSymptom(symptom=id_):
                symptoms = self.by_kind[ConceptKind.SYMPTOM]
                yield from self.known(f"{at}.symptom", [id_], symptoms, "a symptom")
            case node.States(field=id_):
                fields = frozenset(YES_NO_FIELDS)
                yield from self.known(f"{at}.field", [id_], fields, "a yes/no field")
            case _ if isinstance(condition, node.ThresholdTest):
                yield from self._threshold(at, condition)
            case _:
                return

    def _threshold(self, at: str, test: node.ThresholdTest) -> Iterator[Problem]:
        units = {threshold.id: threshold.unit for threshold in self.ruleset.thresholds}
        where = f"{at}.threshold"
        yield from self.known(where, [test.threshold], frozenset(units), "a threshold")
        unit, wanted = units.get(test.threshold), _UNITS[type(test)]
        if unit is not None and unit is not wanted:
            yield Problem(where, f"a threshold in {wanted.value}", f"one in {unit.value}")

    def _membership(self, at: str, member: Membership) -> Iterator[Problem]:
        yield from self.known(at, [member.id], self.classes, "a drug class")
        yield from self.known(f"{at}.not_by", member.not_by, self.routes, "a route")
        if not member.why.strip():
            yield Problem(f"{at}.why", "who says so, or the reason", "nothing")

    def _concept(self, concept: Concept) -> Iterator[Problem]:
        at = self.at(concept.kind.value, concept.id)
        of_kind = {
            ConceptKind.SUPPLEMENT: self.supplements,
            ConceptKind.CONDITION: self.conditions,
            ConceptKind.TOPIC: self.conditions,
        }.get(concept.kind, self.by_kind[concept.kind])
        yield from self.known(f"{at}: within", concept.within, of_kind, f"a {concept.kind.value}")
        yield from self.known(f"{at}: implies", concept.implies, self.classes, "a drug class")
        yield from self._codes(at, concept.codes)
        yield from self._fields(f"{at}: told_in", concept.told_in)

    def _terms(self) -> Iterator[Problem]:
        everything = (
            self.classes
            | self.drugs
            | self.substances
            | {"anything"}
            | _ids(self.ruleset.vocabulary.concepts)
        )
        for term in self.ruleset.vocabulary.terms:
            at = f"term `{term.names[0] if term.names else ''}`"
            yield from self._fields(f"{at}: fields", term.fields)
            ids = (*term.concepts, *term.possible)
            yield from self.known(at, ids, everything, "something in the vocabulary")
            if not term.names or not ids:
                yield Problem(at, "names, and what they are or may be", "none")
        for words in self.ruleset.vocabulary.words:
            yield from self._fields(f"words `{words.kind.value}`: fields", words.fields)

    def _codes(self, at: str, codes: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
        yield from self.known(f"{at}: codes", codes, frozenset(CODE_SYSTEMS), "a code system")

    def _fields(self, where: str, fields: tuple[str, ...]) -> Iterator[Problem]:
        if not fields:
            yield Problem(where, "at least one list field", "none")
        yield from self.known(where, fields, frozenset(LIST_FIELDS), "a list field")

    def names(self) -> Iterator[Problem]:
        """Yield every name that has two meanings in one field, or that cannot be matched."""
        seen: dict[tuple[str, tuple[str, ...]], str] = {}
        for at, fields, names in self._named():
            for name in names:
                tokens = split_name(name)
                if not tokens:
                    yield Problem(at, "names with a letter or a digit", "a name without")
                for field in fields:
                    first = seen.setdefault((field, tokens), at)
                    if first != at:
                        yield Problem(
                            at, f"a name of its own in {field}", f"`{name}`, also of {first}"
                        )

    def _named(self) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        words = self.ruleset.vocabulary
        products = ("supplements", "medications")
        things: tuple[tuple[str, Iterable[Substance | Concept]], ...] = (
            ("substance", self.ruleset.substances),
            ("", words.concepts),
        )
        for table, ones in things:
            for one in ones:
                kind = one.kind if isinstance(one, Concept) else ConceptKind.SUPPLEMENT
                home = _HOME.get(kind, products)
                told_in = one.told_in if kind is not ConceptKind.ALLERGEN else ()
                fields = tuple(dict.fromkeys((*home, *told_in)))
                yield self.at(table or kind.value, one.id), fields, (one.name, *one.names)
        for drug in words.drugs:
            yield self.at("drug", drug.id), products, (drug.name, *drug.names)
        for class_ in words.drug_classes:
            yield self.at("drug_class", class_.id), products, (class_.name, *class_.names)
        for number, term in enumerate(words.terms):
            yield f"term {number + 1} `{', '.join(term.names[:1])}`", term.fields, term.names
        for list_ in words.words:
            at = f"words `{list_.kind.value}` {list_.id}".rstrip()
            yield at, list_.fields, list_.words

    def cycles(self) -> Iterator[Problem]:
        """Yield everything that is a case of itself."""
        words = self.ruleset.vocabulary
        for group in (words.drug_classes, words.concepts, self.ruleset.substances):
            parents = {one.id: one.within for one in group}
            for id_ in parents:
                above, waiting = set[str](), list(parents[id_])
                while waiting:
                    one = waiting.pop()
                    if one not in above:
                        above.add(one)
                        waiting.extend(parents.get(one, ()))
                if id_ in above:
                    yield Problem(f"`{id_}`: within", "what it is a case of", "itself")
        combined = {drug.id for drug in words.drugs if drug.ingredients}
        for drug in words.drugs:
            if drug.ingredients and (drug.classes or combined.intersection(drug.ingredients)):
                expected = "single drugs as ingredients, and then no classes"
                yield Problem(self.at("drug", drug.id), expected, "classes or a combination")

    def passages(self) -> Iterator[Problem]:
        """Yield every passage that is out of place, or neither cited nor explained, or both."""
        cited: dict[str, set[int]] = {source.id: set() for source in self.ruleset.sources}
        rules = self.ruleset
        for cites in (
            one.cites for group in (rules.rules, rules.claims, rules.thresholds) for one in group
        ):
            for citation in cites:
                cited.setdefault(citation.source, set()).update(citation.passages)
        for source in self.ruleset.sources:
            end = 0
            for index, passage in enumerate(source.passages):
                at = f"{self.at('source', source.id)}: passage {passage.n}"
                if passage.n != index + 1:
                    yield Problem(at, f"number {index + 1}, in the order of the text")
                if not end <= passage.start < passage.end:
                    yield Problem(at, "a start behind the passage before, and an end behind that")
                end = passage.end
                if (passage.n in cited[source.id]) is (passage.context is not None):
                    expected = "a rule or claim that cites it, or a context that says why not"
                    yield Problem(at, expected, "both" if passage.context else "neither")

    def coverage(self) -> Iterator[Problem]:
        """Yield what keeps the rule set from answering about each substance."""
        for substance in self.ruleset.substances:
            rules = self.ruleset.rules_for(substance.id)
            at = self.at("substance", substance.id)
            if not any(rule.when is None for rule in rules):
                yield Problem(at, "at least one caveat", "none")
            if not any(rule.when is not None for rule in rules):
                yield Problem(at, "at least one rule with a condition", "none")
        if not any(rule.kind is Kind.SCOPE for rule in self.ruleset.rules_for(None)):
            yield Problem("substances/every.toml", "a scope caveat that applies to every", "none")
        prompts = [prompt.id for prompt in self.ruleset.fields]
        for name in FIELDS:
            if prompts.count(name) != 1:
                expected = f"one [[field]] with the question for {name}"
                yield Problem("ruleset.toml", expected, str(prompts.count(name)))


_HOME: Final = {
    ConceptKind.CONDITION: ("conditions",),
    ConceptKind.TOPIC: ("conditions",),
    ConceptKind.SYMPTOM: ("symptoms",),
    ConceptKind.ALLERGEN: ("allergies",),
}


def _ids(ones: Iterable[object]) -> Ids:
    return frozenset(str(getattr(one, "id")) for one in ones)  # noqa: B009  # any kind of table
