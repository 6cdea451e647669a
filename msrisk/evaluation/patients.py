"""Holds a patient as two numbers: the tests that hold, and those that may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from attrs import evolve

from msrisk.evaluation.deciding import because_of, reading_order
from msrisk.evaluation.marking import Own, Told, joined
from msrisk.evaluation.planning import OfSubstance, Plan, Planned, holds, true_leaves
from msrisk.model.facts import Denied, Facts
from msrisk.model.levels import Level
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, PatientProfile
from msrisk.model.results import Because

__all__ = ["Asked", "Patient", "patient_of"]


class Patient:
    """What one patient says of the tests of a rule set.

    Attributes:
        profile: what is known.
        lists: each list as it was read.
        true: the tests that hold.
        may: those that hold or may hold.

    """

    def __init__(
        self,
        plan: Plan,
        profile: PatientProfile,
        lists: Mapping[str, Told],
        denied: tuple[Denied, ...],
        numbers: Sequence[tuple[int, int]],
    ) -> None:
        """Take in what was read of a profile; `numbers` has of each the tests that hold or may."""
        self.plan = plan
        self.profile = profile
        self.lists = lists
        self.denied = denied
        self._numbers = numbers
        true = open_ = named = 0
        for told in lists.values():
            true |= told.true
            open_ |= told.open
            named |= told.named
        # What was denied by name needs no answer in a list: only words that name it all the
        # same make it true or keep it open.
        self._closed = (
            plan.tests.denied(one.concept for one in denied if one.settles) if denied else 0
        )
        open_ = (open_ & ~self._closed) | (named & self._closed)
        for holds_, may_ in self._numbers:
            true |= holds_
            open_ |= may_
        for name, bit in plan.yes_no.items():
            value = getattr(profile, name)
            true |= bit if value else 0
            open_ |= bit if value is None else 0
        self.true = true
        self.may = true | open_

    @cached_property
    def keeps(self) -> dict[str, int]:
        """Each field that keeps tests open, with those, in the order of the fields."""
        closed, profile = self._closed, self.profile
        found = {
            name: (told.open & ~closed) | (told.named & closed) for name, told in self.lists.items()
        }
        found |= zip(NUMBER_FIELDS, [open_ for _, open_ in self._numbers], strict=True)
        for name, bit in self.plan.yes_no.items():
            found[name] = bit if getattr(profile, name) is None else 0
        return {name: tests for name, tests in found.items() if tests}


class Asked:
    """What one patient says of the tests of one substance.

    Attributes:
        of: the substance with its rules.
        own: its products, and what they say of the tests that ask about it.
        true: the tests that hold.
        may: those that hold or may hold.
        open: those that may hold, and do not yet.

    """

    def __init__(self, patient: Patient, of: OfSubstance) -> None:
        self.of = of
        self._patient = patient
        self.own = _own(patient.lists, of.id, patient.plan)
        self.true = patient.true | self.own.true
        self.may = patient.may | self.own.true | self.own.open
        self.open = self.may & ~self.true

    def level(self) -> Level:
        """Return the highest level of a rule that applies, or of one that is open if unsettled."""
        for one in self.of.levels:
            if one.reached(self.true):
                return one.level
        return Level.NO_FINDING

    def worst_case(self) -> Level:
        """Return the highest level of a rule that applies or may apply."""
        for one in self.of.levels:
            if one.reached(self.may):
                return one.level
        return Level.NO_FINDING

    def is_open(self) -> bool:
        """Return whether some rule cannot be decided yet."""
        return any(
            holds(one.tree, self.may) and not holds(one.tree, self.true) for one in self.of.planned
        )

    def because(self, planned: Planned) -> tuple[Because, ...]:
        """Return the facts that make a rule apply, in reading order."""
        if planned.leaves & (planned.leaves - 1) == 0:  # one test
            return self._facts_of(planned.leaves)
        tests = _each(true_leaves(planned.tree, self.true))
        found = {fact: None for test in tests for fact in self._facts_of(test)}
        return tuple(sorted(found, key=reading_order))

    def _facts_of(self, test: int) -> tuple[Because, ...]:
        """Return the facts that make a test true, in reading order."""
        patient = self._patient
        name = patient.plan.field_of.get(test)
        if name == "supplements":
            return tuple(sorted(dict.fromkeys(self._of_products(test)), key=reading_order))
        if name is not None:
            return (Because(field=name, value=getattr(patient.profile, name)),)
        concept = patient.plan.tests.concept_of(test)
        lists = patient.lists.values()
        return tuple(
            [one for told in lists if told.true & test for one in told.because(test, concept)]
        )

    def _of_products(self, test: int) -> Iterator[Because]:
        products, taken = self.own.products, test in self.of.taken
        if taken or test == self.of.taking:
            yield from map(because_of, products.started())
        if test == self.of.taking:
            return
        daily = str(products.daily(started=taken)) if test not in self.of.times else None
        for fact in products.started() if taken else products.facts:
            one = because_of(fact)
            yield one if daily is None else evolve(one, recognised_as=daily)

    def settling(self, planned: Planned) -> tuple[str, ...]:
        """Return the fields any one of which, answered, could settle a rule that is open.

        If it takes several answers together, all fields that bear on it.
        """
        open_ = planned.leaves & self.open
        if planned.one_settles:
            return tuple([name for name, tests in self._keeps if tests & open_])
        keeps = tuple([(name, tests & open_) for name, tests in self._keeps if tests & open_])
        return settling(planned, planned.leaves & self.true, keeps)

    @cached_property
    def _keeps(self) -> list[tuple[str, int]]:
        """Each field that keeps tests open, with those, in the order of the fields."""
        found, own = self._patient.keeps, self.own.open
        if own:
            # The supplements are the first of the fields.
            found = {"supplements": 0} | found
            found["supplements"] |= own
        return list(found.items())


@lru_cache(maxsize=1_000)
def settling(planned: Planned, true: int, keeps: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    """Return the fields any one of which, answered, could settle a rule that is open.

    Args:
        planned: the rule.
        true: its tests that hold.
        keeps: the fields that keep its other tests open, each with those, in their order.

    """
    may = true | joined(tests for _, tests in keeps)
    alone = []
    for name, yes in keeps:
        no = yes & ~joined(tests for other, tests in keeps if other != name)
        if holds(planned.tree, true | yes) or not holds(planned.tree, may & ~no):
            alone.append(name)
    # Whether it was started is asked only where no other answer settles it.
    if may & ~true & planned.started:
        alone = [name for name in alone if name != "supplements"] or alone
    return tuple(alone or [name for name, _ in keeps])


def _own(lists: Mapping[str, Told], substance: str, plan: Plan) -> Own:
    """Return what the products of a substance say, mostly those of one list."""
    supplements = lists["supplements"]
    elsewhere = [
        fact
        for name, told in lists.items()
        if name != "supplements" and told.products
        for fact in told.products.get(substance, ())
    ]
    if not elsewhere and substance in supplements.own:
        return supplements.own[substance]
    named = (*supplements.products.get(substance, ()), *elsewhere)
    return plan.tests.own(substance, supplements, named)


def patient_of(facts: Facts, plan: Plan) -> Patient:
    """Return a patient whose entries are recognised already."""
    lists = {
        name: plan.tests.told(name, facts.told[name], established=facts.established(name))
        for name in LIST_FIELDS
    }
    numbers = [plan.number(name, getattr(facts.profile, name)) for name in NUMBER_FIELDS]
    return Patient(plan, facts.profile, lists, facts.denied, numbers)


def _each(tests: int) -> Iterator[int]:
    """Yield each of some tests, a bit each, the lowest first."""
    while tests:
        test = tests & -tests
        yield test
        tests ^= test
