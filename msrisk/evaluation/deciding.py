"""Decides whether a condition is true, false or unknown for a patient, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen

from msrisk.evaluation.products import Products, may_be_unlisted, names
from msrisk.model import conditions as node
from msrisk.model.concepts import ANYTHING, MemberBasis
from msrisk.model.conditions import Condition
from msrisk.model.facts import Fact, Facts
from msrisk.model.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.profile import FIELDS, LIST_FIELDS
from msrisk.model.quantities import Quantity, Unit
from msrisk.model.results import Because
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth, all_of, any_of, known

__all__ = [
    "DENIABLE",
    "Decider",
    "LIST_TESTS",
    "Leaf",
    "because_of",
    "reading_order",
    "says",
    "told_of",
]

LIST_TESTS: Final[frozenset[type[Condition]]] = frozenset(
    kind for kind in node.KINDS if issubclass(kind, node.Membership | node.General)
)
"""The tests of what lists tell: each reads every list, and wants an answer in `told_in` alone."""

DENIABLE: Final = (node.HasCondition, node.AllergicTo, node.ReportsSymptom)
"""The tests that a no by name can settle; what is taken, only a complete list tells."""

_NONE: Final[frozenset[str]] = frozenset()
_CLASSIFIED: Final = {basis.value for basis in MemberBasis}


@frozen
class Leaf:
    """What is known of one test: its truth, and the fields that keep it unknown."""

    truth: Truth
    fields: frozenset[str] = frozenset()


class Decider:
    """Decides conditions for one patient and one substance."""

    def __init__(self, facts: Facts, ruleset: RuleSet, substance: str) -> None:
        self.facts = facts
        self.ruleset = ruleset
        self.substance = substance
        self.hierarchy = hierarchy_of(ruleset)
        told = (fact for name in LIST_FIELDS for fact in facts.told[name])
        listed, complete = facts.told["supplements"], facts.established("supplements")
        self._own = Products(
            substance,
            [fact for fact in told if names(fact, substance)],
            unlisted=may_be_unlisted(substance, listed, complete=complete),
        )
        self._leaves: dict[Condition, Leaf] = {}
        # A no to a thing is one to everything below it, and to nothing above.
        self._denied = self.hierarchy.down(one.concept for one in facts.denied if one.settles)

    def truth(self, condition: Condition) -> Truth:
        """Return the truth of a condition."""
        match condition:
            case node.All(of=parts):
                return all_of(map(self.truth, parts))
            case node.Any(of=parts):
                return any_of(map(self.truth, parts))
        return self.leaf(condition).truth

    def leaf(self, test: Condition) -> Leaf:
        """Return what is known of a single test."""
        if test not in self._leaves:
            self._leaves[test] = self._decide(test)
        return self._leaves[test]

    def _decide(self, test: Condition) -> Leaf:
        profile = self.facts.profile
        concept = node.asked_for(test)
        if concept is not None:
            return self._member(test, concept)
        match test:
            case node.TakesAnyMedication():
                return self._each("medications", test)
            case node.TakesOtherSupplement():
                return self._each("supplements", test)
            case node.HasConditionBeyond():
                return self._each("conditions", test)
            case node.ReportsSymptomBeyond():
                return self._each("symptoms", test)
            case node.States(field=name):
                return _leaf(known(getattr(profile, name)), name)
            case node.AgeAtLeast():
                age = profile.amount("age_years", Unit.YEARS)
                return _leaf(age.at_least(self._limit(test)), "age_years")
            case node.AgeBelow():
                age = profile.amount("age_years", Unit.YEARS)
                return _leaf(age.below(self._limit(test)), "age_years")
            case node.WeightBelow():
                weight = profile.amount("weight_kg", Unit.KG)
                return _leaf(weight.below(self._limit(test)), "weight_kg")
            case node.DailyDoseAbove() | node.DailyDoseBelow() | node.DosesPerDayBelow():
                return _leaf(self._own.says(test, self._limit(test)), "supplements")
            case node.Taking():
                return _leaf(self._own.taking(), "supplements")
        raise AssertionError(test)

    def _limit(self, test: node.ThresholdTest) -> Quantity:
        return self.ruleset.threshold(test.threshold).quantity

    def _member(self, test: Condition, concept: str) -> Leaf:
        """Decide a membership test: any list may tell the concept, some must be answered.

        What was denied by name needs no answer in a list: only words that name it all the
        same make it true or keep it open.
        """
        denied = isinstance(test, DENIABLE) and concept in self._denied
        told_in = () if denied else self.hierarchy.told_in_of(test)
        open_ = {name for name in told_in if not self.facts.established(name)}
        for name in LIST_FIELDS:
            for fact in self.facts.told[name]:
                certain, may_be = told_of(type(test), fact)
                if concept in certain:
                    return Leaf(Truth.TRUE)
                # An unrecognised entry can be whatever its field tells, and no more.
                anything = fact.recognition.possible is ANYTHING and name in told_in
                if denied:
                    may_be -= fact.recognition.unnamed
                if anything or concept in may_be:
                    open_.add(name)
        return _leaf(Truth.UNKNOWN if open_ else Truth.FALSE, *open_)

    def _each(self, home: str, test: Condition) -> Leaf:
        """Decide whether an entry of any list passes; the home list, incomplete, may hold one."""
        passes = says(test, self.hierarchy, self.substance)
        told = [(fact, passes(fact)) for name in LIST_FIELDS for fact in self.facts.told[name]]
        if any(truth is Truth.TRUE for _, truth in told):
            return Leaf(Truth.TRUE)
        open_ = {fact.field for fact, truth in told if truth is Truth.UNKNOWN}
        open_ |= set() if self.facts.established(home) else {home}
        return _leaf(Truth.UNKNOWN if open_ else Truth.FALSE, *open_)

    def products(self) -> tuple[Fact, ...]:
        """Return the entries that are, or may be, a product of the substance."""
        return self._own.facts


def _leaf(truth: Truth, *fields: str) -> Leaf:
    return Leaf(truth, frozenset(fields)) if truth is Truth.UNKNOWN else Leaf(truth)


def told_of(kind: type[Condition], fact: Fact) -> tuple[frozenset[str], frozenset[str]]:
    """Return what an entry certainly and what it possibly tells of what a kind of test asks for.

    What is named as an allergen may be taken all the same; a symptom told elsewhere may be
    there now or not.
    """
    told = fact.recognition
    if kind is node.AllergicTo:
        return told.allergens, told.may_be_allergens
    if kind is node.HasCondition:
        return told.concepts - told.allergens, told.allergens | told.may_be | told.unnamed
    if kind is node.ReportsSymptom and fact.field != "symptoms":
        return _NONE, told.concepts | told.may_be
    return told.concepts - told.allergens, told.allergens | told.may_be


def says(test: Condition, hierarchy: Hierarchy, substance: str) -> Callable[[Fact], Truth]:
    """Return what tells whether an entry passes a test that is no test of membership."""
    match test:
        case node.TakesAnyMedication():
            return lambda fact: _is_medicine(fact, hierarchy)
        case node.TakesOtherSupplement():
            line = hierarchy.line([substance])
            return lambda fact: _is_other_supplement(fact, hierarchy, substance, line)
        case node.HasConditionBeyond(conditions=inside):
            line = hierarchy.line(inside)
            return lambda fact: _is_beyond(fact, hierarchy, line)
        case node.ReportsSymptomBeyond(symptoms=inside):
            line = hierarchy.line(inside)
            return lambda fact: _is_other_symptom(fact, hierarchy, line)
    raise AssertionError(test)


def _is_medicine(fact: Fact, kinds: Hierarchy) -> Truth:
    """Decide whether a medicine is told, under medications or anywhere else."""
    if fact.field == "medications":
        return known(fact.recognition.says)
    return _elsewhere(fact, kinds.medicines)


def _is_other_supplement(
    fact: Fact, kinds: Hierarchy, substance: str, line: frozenset[str]
) -> Truth:
    told = fact.recognition
    if fact.field != "supplements":
        return _elsewhere(fact, kinds.supplements - line)
    if not told.possible and told.named and told.named <= kinds.medicines:
        return Truth.FALSE
    if told.says is not True:
        this_one = told.possible is not ANYTHING and frozenset() != told.possible <= line
        return Truth.FALSE if this_one else known(told.says)
    if told.concepts - line:
        return Truth.TRUE
    if told.concepts:
        this_one = substance in told.concepts and told.possible == frozenset()
        return Truth.FALSE if this_one else Truth.UNKNOWN
    may_be = told.possible is ANYTHING or bool(told.possible & line)
    return Truth.UNKNOWN if may_be else Truth.TRUE


def _is_beyond(fact: Fact, kinds: Hierarchy, line: frozenset[str]) -> Truth:
    told = fact.recognition
    ill = (told.concepts - told.allergens) & kinds.conditions - line
    may_be = told.may_be & kinds.conditions - line
    if fact.field == "conditions":
        # A symptom or an allergy told among the conditions is meant as one. An allergen may
        # have the id of a substance: it is an allergy only if told as one.
        ill |= (told.allergens & kinds.allergens - line) | (told.concepts & kinds.symptoms - line)
        named = (told.concepts | told.may_be) & told.may_be_allergens
        may_be |= (told.may_be & kinds.symptoms - line) | (named & kinds.allergens - line)
        if told.possible is ANYTHING and not ill:
            return Truth.UNKNOWN
    if ill:
        return Truth.TRUE
    return Truth.UNKNOWN if may_be else Truth.FALSE


def _is_other_symptom(fact: Fact, kinds: Hierarchy, line: frozenset[str]) -> Truth:
    """Decide whether an entry is a symptom outside a line.

    What is told among the symptoms is meant as one, also if it is an illness; what is
    told elsewhere is not.
    """
    told = fact.recognition
    if fact.field != "symptoms":
        return Truth.FALSE
    if (told.concepts - told.allergens) & (kinds.symptoms | kinds.conditions) - line:
        return Truth.TRUE
    may_be = told.may_be & (kinds.symptoms | kinds.conditions) - line
    return Truth.UNKNOWN if may_be or told.possible is ANYTHING else Truth.FALSE


def _elsewhere(fact: Fact, wanted: frozenset[str]) -> Truth:
    """Return whether an entry of another list tells one of the wanted things."""
    told = fact.recognition
    if ((told.concepts | told.named) - told.allergens) & wanted:
        return Truth.TRUE
    may_be = (told.allergens | told.may_be) & wanted
    return Truth.UNKNOWN if may_be else Truth.FALSE


def because_of(fact: Fact, concept: str | None = None) -> Because:
    """Return an entry as a fact that a finding rests on, for what a membership test asks for."""
    basis, why = fact.recognition.why.get(concept or "", ("", ""))
    if basis not in _CLASSIFIED:  # the words say it themselves
        basis, why = "", ""
    text = fact.entry.text
    return Because(
        field=fact.field,
        text=text,
        code=fact.entry.codes[0] if text is None else None,
        recognised_as=fact.recognition.name,
        concept=concept,
        basis=basis or None,
        why=why,
    )


def reading_order(because: Because) -> tuple[int, str, str, str]:
    """Return what facts are sorted by: the order of the fields, then what was typed."""
    return (
        FIELDS.index(because.field),
        because.text or "",
        because.code.code if because.code else "",
        because.concept or "",
    )
