"""Looks up what each test of a rule and its heirs answers about entries, lists and values.

Implements *Two strengths, each of two answers*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from msrisk.evaluation.deciding import Decider
from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.concepts import ANYTHING
from msrisk.model.conditions import Condition
from msrisk.model.profile import LIST_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth
from msrisk.search.goal import NUMBER_TESTS, Bits, Goal, Strength, bits_of
from msrisk.search.list_answers import ListAnswers
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient, Value
from msrisk.search.ways import cells, leaves, read_by, values_of

__all__ = ["Answers"]

_MOST_KNOWN: Final = 20_000
_USUAL: Final[Mapping[str, Range]] = {"age_years": 45, "weight_kg": 70}


class Answers:
    """The answers of tests, from the old rules to the new ones; if `side` is 1, the other way."""

    def __init__(self, pair: RuleSetPair, side: int, list_answers: ListAnswers) -> None:
        self.pair = pair
        self.list_answers = list_answers
        # The rule set of the rule, and that of its heirs.
        self.sides: tuple[int, int] = (side, 1 - side)
        self.before: RuleSet = (pair.old, pair.new)[side]
        self.after: RuleSet = (pair.new, pair.old)[side]
        # A decider remembers its tests, and many rules ask the same tests about the same patient.
        self._known: dict[tuple[object, ...], tuple[Decider, Decider]] = {}
        self._of_values: dict[tuple[int, Condition, Value], Truth] = {}

    def deciders(self, substance: str, patient: Patient) -> tuple[Decider, Decider]:
        """Return what decides for a patient under the first rule set and under the second."""
        profile = patient.profile()
        return (
            Decider(patient.facts(profile, self.sides[0]), self.before, substance),
            Decider(patient.facts(profile, self.sides[1]), self.after, substance),
        )

    def of_told(
        self,
        goal: Goal,
        tests: Iterable[tuple[int, Condition, int]],
        told: tuple[PairedEntry, ...],
        open_: frozenset[str],
    ) -> Bits:
        """Return the answers of list and product tests about entries and open lists together."""
        key = goal.substance, told, open_
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if key not in self._known:
            neutral = (*self.neutral.items(), *((name, False) for name in YES_NO_FIELDS))
            self._known[key] = self.deciders(goal.substance, Patient(told, open_, neutral))
        pair = self._known[key]
        return bits_of(tests, lambda side, test: pair[side].leaf(test).truth)

    def of_value(self, goal: Goal, value: Value) -> Bits:
        """Return the answers of the tests of a number or yes/no field about a value."""
        name, _ = value
        tests = [one for one in goal.of_values if _field(one[1]) == name]
        return bits_of(tests, lambda side, test: self._said(side, test, value))

    def _said(self, side: int, test: Condition, value: Value) -> Truth:
        key = side, test, value
        if key not in self._of_values:
            pair = self.deciders("", Patient((), values=(value,)))
            self._of_values[key] = pair[side].leaf(test).truth
        return self._of_values[key]

    def of_entries(self, goal: Goal, *, changed: bool) -> Mapping[PairedEntry, Bits]:
        """Return the answers of list tests about each sort of entry that meets one of the rule.

        If `changed`, about the names that the rule sets read differently.
        """
        found: dict[PairedEntry, list[int]] = {}
        for side, test, bit in goal.of_lists:
            for name in LIST_FIELDS:
                asked = self.sides[side], test, goal.substance, name
                answers = self.list_answers.of(*asked, changed=changed)
                for entry, truth in answers.items():
                    if not side:
                        found.setdefault(entry, [0, 0])
                    if entry in found:
                        found[entry][Strength.CERTAIN] |= bit if truth is Truth.TRUE else 0
                        found[entry][Strength.OPEN] |= bit
        return {entry: (certain, open_) for entry, (certain, open_) in found.items()}

    def of_entry(self, goal: Goal, entry: PairedEntry) -> Bits:
        """Return the answers of list tests about one entry alone."""
        about, sides = goal.substance, self.sides
        return bits_of(
            goal.of_lists,
            lambda side, test: self.list_answers.truth(sides[side], test, about, entry),
        )

    def may_be_product(self, substance: str, entry: PairedEntry) -> bool:
        """Whether an entry can be a product of the substance, under either rule set."""
        listed = entry.field == "supplements"
        told = (entry.old.recognition, entry.new.recognition)
        return any(
            (listed and one.possible is ANYTHING) or substance in one.concepts | one.may_be
            for one in told
        )

    def is_borne(self, substance: str, entry: PairedEntry) -> bool:
        """Whether an entry names the substance as an allergen, under either rule set.

        It is a product only where no other is told.
        """
        told = (entry.old.recognition, entry.new.recognition)
        return any(substance in one.allergens for one in told)

    def numbers(self, name: str, tests: Iterable[Condition]) -> tuple[Range, ...]:
        """Return a number or range for each answer that the tests of a number can give."""
        return cells(name, values_of(read_by(tests, NUMBER_TESTS[name]), self.before, self.after))

    @cached_property
    def neutral(self) -> Mapping[str, Range]:
        """For each number field a value by which few rules fire."""
        tests = leaves(*(rule.when for rule in self.before.rules if rule.when))
        found: dict[str, Range] = {}
        for name, kinds in NUMBER_TESTS.items():
            own = [test for test in tests if isinstance(test, kinds)]

            def fired(value: Range, name: str = name, own: list[Condition] = own) -> int:
                return sum(self._said(0, test, (name, value)) is Truth.TRUE for test in own)

            found[name] = min((_USUAL[name], *self.numbers(name, own)), key=fired)
        return found


def _field(test: Condition) -> str:
    """Return the number or yes/no field that a test reads."""
    if isinstance(test, node.States):
        return test.field
    return next(name for name, kinds in NUMBER_TESTS.items() if isinstance(test, kinds))
