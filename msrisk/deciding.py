"""A condition and the facts of a patient → true, false or unknown, and what makes it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from msrisk.hierarchy import Hierarchy, hierarchy_of
from msrisk.model import conditions as node
from msrisk.model.concepts import ANYTHING, MemberBasis
from msrisk.model.conditions import Condition, walk
from msrisk.model.facts import Fact, Facts
from msrisk.model.profile import FIELDS, LIST_FIELDS
from msrisk.model.quantities import Quantity, Unit
from msrisk.model.results import Because
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth, all_of, any_of, known
from msrisk.products import Products, may_be_unlisted, names

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
    {
        node.Takes,
        node.TakesSupplement,
        node.HasCondition,
        node.AllergicTo,
        node.ReportsSymptom,
        node.TakesAnyMedication,
        node.TakesOtherSupplement,
        node.HasConditionBeyond,
        node.ReportsSymptomBeyond,
    }
)
"""The tests of what lists tell: each reads every list, and wants an answer in `told_in` alone."""

DENIABLE: Final = (node.HasCondition, node.AllergicTo, node.ReportsSymptom)
"""The tests that a no by name can settle; what is taken, only a complete list tells."""

_NOTHING: Final[Mapping[Condition, Truth]] = {}
_NONE: Final[frozenset[str]] = frozenset()
_CLASSIFIED: Final = {basis.value for basis in MemberBasis}


@frozen
class Leaf:
    """What is known of one test: its truth, and which facts or fields make it so.

    `fields` are those that keep it unknown; `because` the facts that make it true.
    """

    truth: Truth
    fields: frozenset[str] = frozenset()
    because: tuple[Because, ...] = ()


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

    def truth(self, condition: Condition, assumed: Mapping[Condition, Truth] = _NOTHING) -> Truth:
        """Return the truth of a condition, given that of some of its tests."""
        match condition:
            case node.All(of=parts):
                return all_of(self.truth(part, assumed) for part in parts)
            case node.Any(of=parts):
                return any_of(self.truth(part, assumed) for part in parts)
        return assumed.get(condition, self.leaf(condition).truth)

    def because(self, condition: Condition) -> tuple[Because, ...]:
        """Return the facts that make a true condition true, in reading order."""
        found = {
            fact: None for part in self._true_leaves(condition) for fact in self.leaf(part).because
        }
        return tuple(sorted(found, key=reading_order))

    def settling(self, condition: Condition) -> tuple[str, ...]:
        """Return the fields any one of which, answered, could settle an unknown condition.

        If it takes several answers together, all fields that bear on it.
        """
        unknown: dict[Condition, frozenset[str]] = {
            part: self.leaf(part).fields
            for part in walk(condition)
            if not isinstance(part, node.All | node.Any) and self.leaf(part).truth is Truth.UNKNOWN
        }
        fields = {name for names in unknown.values() for name in names}
        alone = set()
        for name in fields:
            yes: dict[Condition, Truth] = {
                part: Truth.TRUE for part, names in unknown.items() if name in names
            }
            no: dict[Condition, Truth] = {
                part: Truth.FALSE for part, names in unknown.items() if names == {name}
            }
            best, worst = self.truth(condition, no), self.truth(condition, yes)
            if best is Truth.FALSE or worst is Truth.TRUE:
                alone.add(name)
        # Whether it was started is asked only where no other answer settles it.
        started = {
            name for part in unknown if isinstance(part, node.Taking) for name in unknown[part]
        }
        alone = alone - started or alone
        return tuple(name for name in FIELDS if name in (alone or fields))

    def _true_leaves(self, condition: Condition) -> Iterator[Condition]:
        if self.truth(condition) is not Truth.TRUE:
            return
        if isinstance(condition, node.All | node.Any):
            for part in condition.of:
                yield from self._true_leaves(part)
        else:
            yield condition

    def leaf(self, test: Condition) -> Leaf:
        """Return what is known of a single test."""
        if test not in self._leaves:
            self._leaves[test] = self._decide(test)
        return self._leaves[test]

    def _decide(self, test: Condition) -> Leaf:
        match test:
            case node.Takes(drug_class=concept):
                return self._member(test, concept)
            case node.TakesSupplement(substance=concept):
                return self._member(test, concept)
            case node.HasCondition(condition=concept):
                return self._member(test, concept)
            case node.AllergicTo(allergen=concept):
                return self._member(test, concept)
            case node.ReportsSymptom(symptom=concept):
                return self._member(test, concept)
            case node.TakesAnyMedication():
                return self._each("medications", test)
            case node.TakesOtherSupplement():
                return self._each("supplements", test)
            case node.HasConditionBeyond():
                return self._each("conditions", test)
            case node.ReportsSymptomBeyond():
                return self._each("symptoms", test)
            case node.States(field=name):
                return self._stated(name, known(getattr(self.facts.profile, name)))
            case node.AgeAtLeast():
                age = self.facts.profile.amount("age_years", Unit.YEARS)
                return self._stated("age_years", age.at_least(self._limit(test)))
            case node.AgeBelow():
                age = self.facts.profile.amount("age_years", Unit.YEARS)
                return self._stated("age_years", age.below(self._limit(test)))
            case node.WeightBelow():
                weight = self.facts.profile.amount("weight_kg", Unit.KG)
                return self._stated("weight_kg", weight.below(self._limit(test)))
            case node.DailyDoseAbove() | node.DailyDoseBelow():
                truth = self._own.says(test, self._limit(test))
                return self._dose(truth, str(self._own.daily()))
            case node.DosesPerDayBelow():
                return self._dose(self._own.says(test, self._limit(test)))
            case node.Taking():
                return self._taking()
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
        because: list[Because] = []
        open_ = {name for name in told_in if not self.facts.established(name)}
        for name in LIST_FIELDS:
            for fact in self.facts.told[name]:
                certain, may_be = told_of(type(test), fact)
                if concept in certain:
                    because.append(because_of(fact, concept))
                # An unrecognised entry can be whatever its field tells, and no more.
                anything = fact.recognition.possible is ANYTHING and name in told_in
                if denied:
                    may_be -= fact.recognition.unnamed
                if anything or concept in may_be:
                    open_.add(name)
        if because:
            return Leaf(Truth.TRUE, because=tuple(because))
        return Leaf(Truth.UNKNOWN if open_ else Truth.FALSE, frozenset(open_))

    def _each(self, home: str, test: Condition) -> Leaf:
        """Decide whether an entry of any list passes; the home list, incomplete, may hold one."""
        passes = says(test, self.hierarchy, self.substance)
        told = [(fact, passes(fact)) for name in LIST_FIELDS for fact in self.facts.told[name]]
        because = tuple(because_of(fact) for fact, truth in told if truth is Truth.TRUE)
        if because:
            return Leaf(Truth.TRUE, because=because)
        open_ = {fact.field for fact, truth in told if truth is Truth.UNKNOWN}
        open_ |= set() if self.facts.established(home) else {home}
        return Leaf(Truth.UNKNOWN if open_ else Truth.FALSE, frozenset(open_))

    def _stated(self, name: str, truth: Truth) -> Leaf:
        if truth is Truth.UNKNOWN:
            return Leaf(truth, frozenset([name]))
        value = getattr(self.facts.profile, name)
        return Leaf(truth, because=(Because(field=name, value=value),))

    def products(self) -> tuple[Fact, ...]:
        """Return the entries that are, or may be, a product of the substance."""
        return self._own.facts

    def _taking(self) -> Leaf:
        truth = self._own.taking()
        if truth is Truth.UNKNOWN:
            return Leaf(truth, frozenset(["supplements"]))
        return Leaf(truth, because=tuple(map(because_of, self._own.started())))

    def _dose(self, truth: Truth, recognised_as: str | None = None) -> Leaf:
        if truth is Truth.UNKNOWN:
            return Leaf(truth, frozenset(["supplements"]))
        because = [because_of(fact) for fact in self._own.facts]
        if recognised_as:
            because = [evolve(one, recognised_as=recognised_as) for one in because]
        return Leaf(truth, because=tuple(because))


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
