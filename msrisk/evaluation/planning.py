"""Prepares a rule set once for all patients: tests as bits, conditions as trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from attrs import frozen

from msrisk.evaluation.marking import Tests, joined
from msrisk.evaluation.saying import Said, caveats_of, claims_of
from msrisk.evaluation.signs import signs_of
from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.conditions import Condition, ThresholdTest
from msrisk.model.levels import Level, rank
from msrisk.model.profile import NUMBER_FIELDS, YES_NO_FIELDS, amount_of
from msrisk.model.quantities import Quantity, Unit
from msrisk.model.results import Caveat, DisputedClaim, RuleSetUsed, need
from msrisk.model.rules import EVERY, Kind, Rule, RuleSet
from msrisk.model.truth import Truth

__all__ = ["OfSubstance", "Plan", "Planned", "Tree", "holds", "plan_of", "true_leaves"]


_UNITS: Final = {"age_years": Unit.YEARS, "weight_kg": Unit.KG}


class Tree(NamedTuple):
    """A condition: some tests and further trees, all of which must hold, or any.

    Attributes:
        all: whether all must.
        tests: the tests, each a bit.
        parts: the trees.

    """

    all: bool
    tests: int
    parts: tuple[Tree, ...] = ()


def holds(tree: Tree, tests: int) -> bool:
    """Return whether a condition holds if just these tests do.

    Conditions have no "not". So with the tests that hold this tells whether a condition is
    true, and with those that may hold whether it is not false: that is Kleene's logic.
    """
    # Loops take half the time of all() and any() of as many.
    if tree.all:
        if tests & tree.tests != tree.tests:
            return False
        for part in tree.parts:  # noqa: SIM110
            if not holds(part, tests):
                return False
        return True
    if tests & tree.tests:
        return True
    for part in tree.parts:  # noqa: SIM110
        if holds(part, tests):
            return True
    return False


def true_leaves(tree: Tree, true: int) -> int:
    """Return the tests that make a condition true."""
    if not holds(tree, true):
        return 0
    found = tree.tests & true
    for part in tree.parts:
        found |= true_leaves(part, true)
    return found


@frozen(eq=False)
class Planned:
    """A conditional rule of a substance.

    Attributes:
        rule: the rule.
        said: what it says.
        level: what it brings.
        tree: its condition.
        leaves: all tests of its condition.
        started: those that ask whether the substance was started.
        one_settles: whether any one of its tests is enough, so that each answer settles it.
        shared: whether it is said of the supplement in general: it is a rule of several.

    """

    rule: Rule
    said: Said
    level: Level
    tree: Tree
    leaves: int
    started: int
    one_settles: bool
    shared: bool


class OfLevel(NamedTuple):
    """What brings a level: any of some tests, or any of some trees."""

    level: Level
    tests: int
    trees: tuple[Tree, ...]

    def reached(self, tests: int) -> bool:
        """Return whether one of the rules of this level holds if these tests do."""
        if tests & self.tests:
            return True
        for tree in self.trees:  # noqa: SIM110  # half the time of any() of as many
            if holds(tree, tests):
                return True
        return False


class OfSubstance:
    """The rules of a substance.

    Attributes:
        id: of the substance.
        name: its name.
        planned: its conditional rules, those of the highest level first.
        levels: what brings each level, the highest first.
        doses: the bits of its tests of doses.
        times: the bits of those that count intakes.
        taken: the bits of those that count only what was started.
        taking: the bit of the test whether it was started.

    """

    def __init__(self, id_: str, ruleset: RuleSet, tests: Tests) -> None:
        self.id = id_
        self.name = next(one.name for one in ruleset.substances if one.id == id_)
        self.rules = ruleset.as_said(ruleset.rules_for(id_))
        self._ruleset = ruleset
        planned = (_planned(rule, id_, ruleset, tests) for rule in self.rules if rule.when)
        self.planned = tuple(sorted(planned, key=lambda one: (-rank(one.level), one.rule.id)))
        self.levels = tuple(_levels(self.planned))
        self.taking = tests.bit(node.Taking(), id_)
        doses = tests.doses(id_)
        self.doses = frozenset(bit for _, bit in doses)
        self.times = frozenset(
            bit for test, bit in doses if isinstance(test, node.DosesPerDayBelow)
        )
        self.taken = frozenset(
            bit for test, bit in doses if isinstance(test, node.DailyDoseTakenAbove)
        )

    @cached_property
    def caveats(self) -> tuple[Caveat, ...]:
        """What must be said of it whatever the profile."""
        return caveats_of(self.rules, self._ruleset)

    @cached_property
    def claims(self) -> tuple[DisputedClaim, ...]:
        """What the sources promise of it."""
        return tuple(claims_of(self._ruleset, self.id, {rule.id: rule for rule in self.rules}))


class Plan:
    """What a rule set says whoever asks.

    Attributes:
        ruleset: the rule set.
        tests: its tests.
        numbers: for each number of a profile its tests with their bits and limits.
        yes_no: for each yes/no field the bit of its test.
        field_of: the field that a test reads which is no test of lists.

    """

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        self.tests = Tests(ruleset)
        self.substances = {
            one.id: OfSubstance(one.id, ruleset, self.tests)
            for one in sorted(ruleset.substances, key=lambda one: one.id)
        }
        leaves = dict.fromkeys(
            test for rule in ruleset.rules if rule.when for test in node.walk(rule.when)
        )
        self.numbers: dict[str, list[tuple[ThresholdTest, int, Quantity]]]
        self.numbers = {name: [] for name in NUMBER_FIELDS}
        self.yes_no: dict[str, int] = dict.fromkeys(YES_NO_FIELDS, 0)
        for test in leaves:
            if isinstance(test, node.States):
                self.yes_no[test.field] |= self.tests.bit(test, "")
            elif isinstance(test, ThresholdTest) and test.field in self.numbers:
                limit = ruleset.threshold(test.threshold).quantity
                self.numbers[test.field].append((test, self.tests.bit(test, ""), limit))

        self.field_of: dict[int, str] = {
            **{bit: name for name, bit in self.yes_no.items()},
            **{bit: name for name, of in self.numbers.items() for _, bit, _ in of},
            **{bit: "supplements" for one in self.substances.values() for bit in one.doses},
            **{one.taking: "supplements" for one in self.substances.values()},
        }

    def number(self, name: str, value: Range | None) -> tuple[int, int]:
        """Return the tests of a number that hold, and those that may."""
        amount = amount_of(value, _UNITS[name])
        true = open_ = 0
        for test, bit, limit in self.numbers[name]:
            truth = amount.below(limit) if test.below else amount.at_least(limit)
            true |= bit if truth is Truth.TRUE else 0
            open_ |= bit if truth is Truth.UNKNOWN else 0
        return true, open_

    @cached_property
    def caveats(self) -> tuple[Caveat, ...]:
        """What must be said of any supplement; never nothing."""
        rules = self.ruleset.as_said(self.ruleset.rules_for(None))
        found = caveats_of(rules, self.ruleset)
        need(found, "a caveat")
        return found

    @cached_property
    def signs(self) -> frozenset[str]:
        """The symptoms that are an emergency by themselves."""
        return frozenset(test.symptom for rule in self.ruleset.rules for test in signs_of(rule))

    @cached_property
    def watched(self) -> frozenset[str]:
        """The other symptoms that a rule of an emergency asks about."""
        asked = (
            test.symptom
            for rule in self.ruleset.rules
            if rule.kind is Kind.EMERGENCY and rule.when
            for test in node.walk(rule.when)
            if isinstance(test, node.ReportsSymptom)
        )
        return frozenset(asked) - self.signs

    @cached_property
    def used(self) -> RuleSetUsed:
        """Which rules answer."""
        of = self.ruleset
        return RuleSetUsed(of.version, of.digest, of.packs, of.clinically_reviewed)


@lru_cache(maxsize=16)
def plan_of(ruleset: RuleSet) -> Plan:
    """Return the plan of a rule set, made once."""
    return Plan(ruleset)


def _planned(rule: Rule, substance: str, ruleset: RuleSet, tests: Tests) -> Planned:
    when, level = rule.when, rule.kind.level
    if when is None or level is None:
        raise AssertionError(rule)
    leaves = [one for one in node.walk(when) if not isinstance(one, node.All | node.Any)]
    tree = _tree(when, substance, tests)
    started = _bits((one for one in leaves if isinstance(one, node.Taking)), substance, tests)
    return Planned(
        rule,
        Said(rule, level, ruleset),
        level,
        tree,
        _bits(leaves, substance, tests),
        started,
        not (tree.all or tree.parts or started),
        # A rule of several substances says the same of each.
        EVERY in rule.applies_to or len(rule.applies_to) > 1,
    )


def _bits(leaves: Iterable[Condition], substance: str, tests: Tests) -> int:
    return joined(tests.bit(leaf, substance) for leaf in leaves)


def _tree(condition: Condition, substance: str, tests: Tests) -> Tree:
    if not isinstance(condition, node.All | node.Any):
        return Tree(False, tests.bit(condition, substance))
    leaves = [one for one in condition.of if not isinstance(one, node.All | node.Any)]
    parts = (one for one in condition.of if isinstance(one, node.All | node.Any))
    return Tree(
        isinstance(condition, node.All),
        _bits(leaves, substance, tests),
        tuple(_tree(part, substance, tests) for part in parts),
    )


def _levels(planned: Iterable[Planned]) -> Iterator[OfLevel]:
    """Yield what brings each level, the highest first."""
    every = list(planned)
    for level in reversed(Level):
        trees = [one.tree for one in every if one.level is level]
        bits = 0
        rest: list[Tree] = []
        for tree in trees:
            if tree.all:
                rest.append(tree)
            else:
                bits |= tree.tests
                rest += tree.parts
        if trees:
            yield OfLevel(level, bits, tuple(rest))
