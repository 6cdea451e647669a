"""Smallest patients: for each way in which a rule can fire, one of each sort that does it.

Truth only grows with an entry added, a list left open, or a "no" that becomes unknown or
"yes". So whoever gets a finding or an open question contains one of these patients, who
gets it too; and a rule that keeps it for all of them keeps it for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product
from typing import Final

from attrs import evolve

from msrisk.analysis.cells import Way, cells, leaves, read_by, values_of, ways
from msrisk.analysis.entries import Both, Probe
from msrisk.analysis.stakes import (
    DOSE_TESTS,
    NUMBER_TESTS,
    PRODUCT_TESTS,
    Answers,
    Stake,
    Truths,
    lost,
)
from msrisk.analysis.states import State, Value
from msrisk.deciding import READ, Decider
from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.concepts import ANYTHING
from msrisk.model.conditions import Condition
from msrisk.model.profile import LIST_FIELDS, YES_NO_FIELDS, Supplement
from msrisk.model.rules import Rule, RuleSet
from msrisk.model.truth import Truth, any_of

__all__ = ["MOST_PATIENTS", "Search", "TooManyError"]

MOST_PATIENTS: Final = 6_000
_MOST_KNOWN: Final = 20_000
_LARGEST: Final = (1_000, 1_000)
_USUAL: Final[Mapping[str, Range]] = {"age_years": 45, "weight_kg": 70}

# Where a reader looks for a fact first.
_READABLE: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")
_PRODUCTS: Final = ("supplements", "medications")


class TooManyError(Exception):
    """A condition has more ways, or more smallest patients, than are looked at."""


class Search:
    """Looks for a patient who loses a finding or an open question.

    From the old rules to the new ones; `backward`, from the new ones to the old.
    """

    def __init__(self, both: Both, *, backward: bool = False) -> None:
        self.both = both
        self.side = int(backward)
        rulesets = (both.old, both.new)
        self._alone: dict[Probe, dict[str, tuple[Decider, Decider]]] = {}
        self._bases_of: dict[str, list[Probe]] = {}
        self.before: RuleSet = rulesets[self.side]
        self.after: RuleSet = rulesets[1 - self.side]
        # A decider remembers its tests, and many rules ask the same ones of the same people.
        self._of_values: dict[tuple[int, Condition, Value], Truth] = {}
        self._known: dict[tuple[str, State], tuple[Decider, Decider]] = {}

    def patient(
        self, substance: str, rule: Rule, heirs: Iterable[Rule], forced: Probe | None = None
    ) -> State | None:
        """Return the smallest patient who loses a rule that the heirs do not keep; or None.

        Args:
            substance: the substance that is assessed; both rule sets cover it.
            rule: a rule of the first rule set.
            heirs: the rules of the second that stand for it.
            forced: an entry that every patient looked at must have.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        if rule.when is None or rule.kind.level is None:
            raise AssertionError(rule)
        kept = tuple(
            (heir.when, heir.kind.level)
            for heir in heirs
            if heir.when is not None and heir.kind.level is not None
        )
        stake = Stake(substance, rule.when, rule.kind.level, kept)
        best: tuple[tuple[bool, tuple[int, int]], State] | None = None
        for state, truths in self._states(stake, forced):
            had = lost(stake, truths)
            if had is not None:
                key = (had is not Truth.TRUE, state.size)
                if best is None or key < best[0]:
                    best = key, state
        return best[1] if best else None

    def truth(self, substance: str, rule: Rule, state: State) -> Truth:
        """Return what a conditional rule of the first rule set is for a patient."""
        if rule.when is None:
            raise AssertionError(rule)
        return self._deciders(substance, state)[0].truth(rule.when)

    def met(self, substance: str, rule: Rule) -> State | None:
        """Return some patient for whom a conditional rule holds, or None if there is none.

        Raises:
            TooManyError: if there are too many ways or patients to look at.

        """
        if rule.when is None or rule.kind.level is None:
            raise AssertionError(rule)
        stake = Stake(substance, rule.when, rule.kind.level, ())
        found = self._states(stake, None)
        return next((one for one, truths in found if truths.of(0, stake.when) is Truth.TRUE), None)

    def spares(self, substance: str, rule: Rule) -> bool:
        """Return whether a conditional rule holds not for some patient of whom all is known."""
        if rule.when is None or rule.kind.level is None:
            raise AssertionError(rule)
        stake = Stake(substance, rule.when, rule.kind.level, ())
        numbers = self._numbers(stake.own)
        return any(
            self.truth(substance, rule, State(own, values=values)) is Truth.FALSE
            for base in self._bases(stake, None)
            for own in self._products(stake, base, frozenset())
            for values in product(*numbers, *_answers(set()))
        )

    def _deciders(self, substance: str, state: State) -> tuple[Decider, Decider]:
        profile = state.profile()
        return (
            Decider(state.facts(profile, self.side), self.before, substance),
            Decider(state.facts(profile, 1 - self.side), self.after, substance),
        )

    def _states(self, stake: Stake, forced: Probe | None) -> Iterator[tuple[State, Answers]]:
        """Yield the smallest patients for each way of a rule, and what each test says of them."""
        found = ways(stake.when)
        if found is None:
            raise TooManyError
        numbers = self._numbers((*stake.own, *stake.theirs))
        count = 0
        seen: dict[tuple[object, ...], tuple[int, int]] = {}
        for base in self._bases(stake, forced):
            wanted = None if base is forced else forced
            witnesses = self._witnesses(stake, base, wanted)
            for way in found:
                lists = [test for test in leaves(*way) if type(test) in READ]
                said = {test.field for test in way if isinstance(test, node.States)}
                products = list(self._products(stake, base, way))
                values = list(product(*numbers, *_answers(said)))
                for chosen in product(*(witnesses[test] for test in lists)):
                    if wanted is not None and wanted not in chosen:
                        continue
                    entries = tuple(one for one in chosen if isinstance(one, Probe))
                    open_ = frozenset(one for one in chosen if isinstance(one, str)) - {""}
                    for own in products:
                        count += 1
                        if count > MOST_PATIENTS:
                            raise TooManyError
                        listed = self._listed(stake, own, entries, open_)
                        told = (*own, *entries)
                        # Whoever is told the same by each test, and is no smaller, is no news.
                        size = len(told), len(open_)
                        key = frozenset(said), *listed.values()
                        if seen.get(key, _LARGEST) <= size:
                            continue
                        seen[key] = size
                        for value in values:
                            yield State(told, open_, value), Answers(listed, self._said, value)

    def _listed(
        self,
        stake: Stake,
        own: tuple[Probe, ...],
        entries: tuple[Probe, ...],
        open_: frozenset[str],
    ) -> Truths:
        """Return what the tests of lists and products say; each by the entry that says most."""
        apart = frozenset(_PRODUCTS) if stake.of_products else frozenset[str]()
        near = tuple(one for one in entries if apart and self._may_be_product(stake.substance, one))
        found = self._truths(stake, (*own, *near), open_ & apart)
        for one in entries:
            if one not in near:
                found = self._with(stake, own, found, one)
        for name in open_ - apart:
            more = self._truths(stake, own, frozenset([name]))
            found = {
                key: any_of([truth, more[key]]) if type(key[1]) in READ else truth
                for key, truth in found.items()
            }
        return found

    def _said(self, side: int, test: Condition, value: Value) -> Truth:
        """Return what a test of a number or of a yes/no field says of an answer."""
        key = side, test, value
        if key not in self._of_values:
            pair = self._deciders("", State((), values=(value,)))
            self._of_values[key] = pair[side].truth(test)
        return self._of_values[key]

    def _numbers(self, tests: Sequence[Condition]) -> list[list[Value]]:
        """Return, for each number field, every answer that the tests can tell apart."""
        return [
            [(name, value) for value in (*self._cells(name, tests, kinds), None)]
            if any(isinstance(test, kinds) for test in tests)
            else [(name, self.neutral[name])]
            for name, kinds in NUMBER_TESTS.items()
        ]

    def _cells(
        self, name: str, tests: Sequence[Condition], kinds: tuple[type, ...]
    ) -> tuple[Range, ...]:
        return cells(name, values_of(read_by(tests, kinds), self.before, self.after))

    @cached_property
    def neutral(self) -> Mapping[str, Range]:
        """For each number field an answer by which few rules fire."""
        tests = leaves(*(rule.when for rule in self.before.rules if rule.when))
        found: dict[str, Range] = {}
        for name, kinds in NUMBER_TESTS.items():
            own = [test for test in tests if isinstance(test, kinds)]
            usual = _USUAL[name]
            numbers = [usual, *self._cells(name, own, kinds)]

            def fired(value: Range, name: str = name, own: list[Condition] = own) -> int:
                first, _ = self._deciders("", State((), values=((name, value),)))
                return sum(first.truth(test) is Truth.TRUE for test in own)

            found[name] = min(numbers, key=fired)
        return found

    def _bases(self, stake: Stake, forced: Probe | None) -> Iterator[Probe]:
        """Yield entries by which the substance is assessed, the plainest first."""
        if forced is not None and self._is_assessed(forced, stake.substance):
            yield forced
            return
        sorts: dict[object, Probe] = {}
        for probe in self.bases(stake.substance):
            if forced is not None and not self.both.is_same(probe):
                continue
            first = next(self._products(stake, probe, frozenset()))
            seen = [
                tuple(self._truths(stake, told, frozenset()).values()) for told in ((probe,), first)
            ]
            sorts.setdefault(tuple(seen), probe)
        yield from sorts.values()

    def bases(self, substance: str) -> list[Probe]:
        """Return an entry of each sort by which a substance is assessed, the plainest first."""
        if substance not in self._bases_of:
            sorts = (probe for name in _PRODUCTS for probe in self.both.sorts(name))
            found = [probe for probe in sorts if self._is_assessed(probe, substance)]
            if not any(self._is_plain(probe, substance) for probe in found):
                # All of its own names are read differently now.
                others = (probe for name in _PRODUCTS for probe in self.both.changed_sorts(name))
                found += [probe for probe in others if self._is_assessed(probe, substance)]
            found.sort(key=lambda probe: not self._is_plain(probe, substance))
            self._bases_of[substance] = found
        return self._bases_of[substance]

    def _is_assessed(self, probe: Probe, substance: str) -> bool:
        told = probe.fact(self.side).recognition
        here = probe.field in _PRODUCTS and told.says is not False
        return here and substance in told.named | told.may_be

    def _may_be_product(self, substance: str, probe: Probe) -> bool:
        """Whether an entry can be a product of the substance, under either rule set."""
        told = (probe.old.recognition, probe.new.recognition)
        return probe.field in _PRODUCTS and any(
            one.possible is ANYTHING or substance in one.concepts | one.may_be for one in told
        )

    def _is_plain(self, probe: Probe, substance: str) -> bool:
        told = probe.fact(self.side).recognition
        certain = told.named == {substance} and told.status == "recognised"
        return certain and probe.field == "supplements"

    def _products(self, stake: Stake, base: Probe, way: Way) -> Iterator[tuple[Probe, ...]]:
        """Yield the substance's own entries, in every dose that the tests can tell apart.

        Several tests of a way may be met by one product each.
        """
        tests = [one for one in (*stake.own, *stake.theirs) if isinstance(one, PRODUCT_TESTS)]
        if not tests or not isinstance(base.entry, Supplement):
            yield (base,)
            return
        menus: list[list[Value]] = [
            [(name, value) for value in (*self._cells(name, tests, kinds), None)]
            for name, kinds in DOSE_TESTS.items()
            if any(isinstance(test, kinds) for test in tests)
        ]
        if node.Taking() in tests:
            menus.append([("taking", value) for value in (False, None, True)])
        single = [
            self.both.probe("supplements", evolve(base.entry, **dict(said)))  # type: ignore[arg-type]  # each key is of its own type
            for said in product(*menus)
        ]
        for most in range(1, max(1, sum(isinstance(test, PRODUCT_TESTS) for test in way)) + 1):
            yield from combinations(single, most)

    def _witnesses(
        self, stake: Stake, base: Probe, forced: Probe | None
    ) -> Mapping[Condition, Sequence[Probe | str]]:
        """Return, for each test of a list, what alone keeps it from being false.

        Entries, of those that no test of the rule or its heirs can tell apart, one; fields
        left open; and "" where the substance itself does.
        """
        own = [test for test in stake.own if type(test) in READ]
        found: dict[Condition, dict[object, Probe | str]] = {test: {} for test in own}
        # With a known dose, so that another product that may be the substance is seen.
        told = next(self._products(stake, base, frozenset()))
        plain = self._truths(stake, told, frozenset())
        fields = {name for test in own for name in READ[type(test)]}
        for name in ("", *LIST_FIELDS):
            truths = self._truths(stake, told, frozenset([name])) if name else plain
            for test in own:
                if truths[0, test] is not Truth.FALSE:
                    found[test].setdefault(name, name)
                    fields.add(name)
        for name in (one for one in _READABLE if one in fields):
            entries = self.both.sorts(name)
            if forced is not None:
                entries = (*entries, *self.both.changed_sorts(name))
            if forced is not None and forced.field == name:
                entries = (*entries, forced)
            for probe in entries:
                truths = self._with(stake, told, plain, probe)
                for test in own:
                    if truths[0, test] is not Truth.FALSE:
                        key = (name, probe is forced, *truths.values())
                        found[test].setdefault(key, probe)
        return {test: list(of.values()) for test, of in found.items()}

    def _with(self, stake: Stake, told: tuple[Probe, ...], plain: Truths, probe: Probe) -> Truths:
        """Return what the tests say once an entry is added to what was told before.

        A test of a list says the most of what it says of each entry; only tests of the
        substance's own products look at several entries together.
        """
        if stake.of_products and self._may_be_product(stake.substance, probe):
            return self._truths(stake, (*told, probe), frozenset())
        if probe not in self._alone:
            self._alone[probe] = {}
        deciders = self._alone[probe]
        if stake.substance not in deciders:
            deciders[stake.substance] = self._deciders(stake.substance, State((probe,)))
        pair = deciders[stake.substance]
        return {
            (side, test): any_of([truth, pair[side].truth(test)]) if type(test) in READ else truth
            for (side, test), truth in plain.items()
        }

    def _truths(self, stake: Stake, told: tuple[Probe, ...], open_: frozenset[str]) -> Truths:
        neutral = (*self.neutral.items(), *((name, False) for name in YES_NO_FIELDS))
        key = stake.substance, State(told, open_, neutral)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if key not in self._known:
            self._known[key] = self._deciders(*key)
        first, second = self._known[key]
        return {
            **{(0, test): first.truth(test) for test in stake.own},
            **{(1, test): second.truth(test) for test in stake.theirs},
        }


def _answers(said: set[str]) -> list[list[Value]]:
    return [
        [(name, True), (name, None)] if name in said else [(name, False)] for name in YES_NO_FIELDS
    ]
