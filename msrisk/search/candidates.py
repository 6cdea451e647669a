"""The smallest patients for each way in which a rule can fire, one of each sort that counts.

In one reading, "for certain" or "not ruled out", a test either counts or does not. Of two
means of meeting a test, one that meets no test of the heirs besides is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import product
from operator import or_
from typing import Final, TypeVar

from attrs import frozen

from msrisk.deciding import LIST_TESTS
from msrisk.model import conditions as node
from msrisk.model.checks import Range
from msrisk.model.conditions import Condition
from msrisk.model.profile import LIST_FIELDS, YES_NO_FIELDS
from msrisk.search.answers import Answers
from msrisk.search.goal import (
    NOTHING,
    NUMBER_TESTS,
    PRODUCT_TESTS,
    Bits,
    Option,
    Stake,
    least,
)
from msrisk.search.pair import PairedEntry
from msrisk.search.patient import Value
from msrisk.search.products import Products
from msrisk.search.ways import Way, leaves

__all__ = ["Listed", "Smallest"]

T = TypeVar("T")

# Where a reader looks for a fact first.
_READABLE: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")

Means = Option[PairedEntry | str]
"""What meets a test of a list: an entry, a field left open, or "" for the substance itself."""


@frozen
class Listed:
    """The entries and open lists of a patient, and what the tests say of them."""

    told: tuple[PairedEntry, ...]
    open: frozenset[str]
    said: int


class Smallest:
    """The patients of one rule, in one reading; if `forced` is told, all with that entry."""

    def __init__(
        self, answers: Answers, stake: Stake, reading: int, forced: PairedEntry | None = None
    ) -> None:
        self.answers = answers
        self.stake = stake
        self.reading = reading
        self.forced = forced
        self._entries = list(self._sorted())

    def _sorted(self) -> Iterator[tuple[PairedEntry, Bits]]:
        """Yield the entries that meet some test of the rule, one of each sort."""
        pair, alike, stake = self.answers.pair, self.answers.hits.alike, self.stake
        found = self.answers.of_entries(stake, changed=False)
        changed = self.answers.of_entries(stake, changed=True) if self.forced is not None else {}
        seen: set[tuple[str, Bits]] = set()
        for name in _READABLE:
            entries = (
                *pair.representatives(name),
                *(alike.changed_representatives(name) if changed else ()),
            )
            for entry in entries:
                bits = found.get(entry) or changed.get(entry)
                if bits is not None and entry is not self.forced:
                    # What is, or may be, a product is looked at beside the others.
                    if self._is_near(entry):
                        yield entry, bits
                    elif (name, bits) not in seen:
                        seen.add((name, bits))
                        yield entry, bits

    def _is_near(self, means: PairedEntry | str) -> bool:
        """Whether an entry, or a list left open, can matter to the tests of products."""
        if not self.stake.of_products:
            return False
        if isinstance(means, str):
            return means == "supplements"
        return self.answers.may_be_product(self.stake.substance, means)

    def values(self, way: Way) -> list[tuple[tuple[Value, ...], int]]:
        """Return the answers to number and yes/no fields that can bring about a way."""
        menus = [self._menu(name, way) for name in (*NUMBER_TESTS, *YES_NO_FIELDS)]
        return [
            (
                tuple(value for value, _, _ in one),
                reduce(or_, (bits[self.reading] for _, bits, _ in one)),
            )
            for one in product(*menus)
        ]

    def _menu(self, name: str, way: Way) -> Sequence[Option[Value]]:
        """Return the answers to one field that can bring about a way."""
        stake = self.stake
        said = [test for test in way if isinstance(test, node.States) and test.field == name]
        kinds = NUMBER_TESTS.get(name, ())
        tests = [test for test in (*stake.own, *stake.theirs) if isinstance(test, kinds)]
        values: Sequence[Range | bool | None] = [bool(said)]
        if tests:
            values = [*self.answers.numbers(name, tests), None]
        elif kinds:
            values = [self.answers.neutral[name]]
        elif said:
            values = [True, None]
        goal = stake.goal(test for test in way if test in said or isinstance(test, kinds))
        options: list[Option[Value]] = [
            ((name, one), self.answers.of_value(stake, (name, one)), (0, int(_is_unsure(one))))
            for one in values
        ]
        return self._least(options, goal, goal)

    def _least(
        self, options: Iterable[Option[T]], wanted: int, goal: int, plain: Bits = NOTHING
    ) -> Sequence[Option[T]]:
        """Return the options that meet what is wanted and that no other makes superfluous.

        What is said anyway, `plain`, tells none from another.
        """
        reading = self.reading
        return least(
            (one for one in options if wanted & ~one[1][reading] == 0),
            lambda bits: self.stake.harm(bits[reading] | plain[reading], goal),
        )

    def of(self, base: PairedEntry, ways: Iterable[Way]) -> Iterator[tuple[Way, Listed]]:
        """Yield the entries and open lists that bring about each way beside an entry.

        If `forced` is another entry, it is among them.
        """
        answers, stake, reading = self.answers, self.stake, self.reading
        products = Products(answers.pair, stake, base)
        first = next(products.all())
        plain = answers.of_told(stake, stake.of_lists, first, frozenset())
        means = list(self._means(first))
        for way in ways:
            own = list(self._own(base, products, way))
            alone = self._least(own, 0, self._goal_of_products(way))
            tests = [test for test in leaves(*way) if type(test) in LIST_TESTS]
            menus = [self._menu_of(test, way, means, plain) for test in tests]
            for chosen in product(*menus):
                if self._lacks(base, chosen):
                    continue
                said = reduce(or_, (bits[reading] for _, bits, _ in chosen), plain[reading])
                entries = [one for one, _, _ in chosen if isinstance(one, PairedEntry)]
                open_ = frozenset(one for one, _, _ in chosen if isinstance(one, str)) - {""}
                near = tuple(filter(self._is_near, dict.fromkeys(entries)))
                apart = frozenset(filter(self._is_near, open_))
                for one, bits, _ in own if near or apart else alone:
                    more = bits
                    if near or apart:
                        more = answers.of_told(stake, stake.of_products, (*one, *near), apart)
                    told = tuple(dict.fromkeys((*one, *entries)))
                    yield way, Listed(told, open_, said | more[reading])

    def _lacks(self, base: PairedEntry, chosen: Sequence[Means]) -> bool:
        """Whether the entry that must be told is not."""
        return self.forced not in (None, base, *(one for one, _, _ in chosen))

    def _goal_of_products(self, way: Way) -> int:
        return self.stake.goal(test for test in way if isinstance(test, PRODUCT_TESTS))

    def _own(
        self, base: PairedEntry, products: Products, way: Way
    ) -> Iterator[Option[tuple[PairedEntry, ...]]]:
        """Yield the substance's own products that can bring about a way.

        Beside other products each sum of the doses counts, and beside none only what tests say.
        """
        stake, goal = self.stake, self._goal_of_products(way)
        sums: dict[object, list[Option[tuple[PairedEntry, ...]]]] = {}
        for told in (*products.all(), *self._beside_allergy(base)):
            bits = self.answers.of_told(stake, stake.of_products, told, frozenset())
            doses = tuple((one.old.dose.daily, one.new.dose.daily) for one in told)
            sums.setdefault(doses, []).append((told, bits, (len(told), 0)))
        for options in sums.values():
            yield from self._least(options, goal, goal)

    def _beside_allergy(self, base: PairedEntry) -> Iterator[tuple[PairedEntry, ...]]:
        """Yield an allergy to the substance with each product beside which it is none itself."""
        answers, substance = self.answers, self.stake.substance
        if not (self.stake.of_products and answers.is_borne(substance, base)):
            return
        for entry in answers.pair.representatives("supplements"):
            told = entry.fact(answers.side).recognition
            if substance in told.concepts | told.may_be and substance not in told.allergens:
                for more in Products(answers.pair, self.stake, entry).all():
                    yield base, *more

    def _means(self, first: tuple[PairedEntry, ...]) -> Iterator[Means]:
        """Yield what can meet tests of lists beside the substance: open lists, and entries.

        Entries that are, or may be, products are told apart by what they say beside one.
        """
        answers, stake = self.answers, self.stake
        for name in LIST_FIELDS:
            bits = answers.of_told(stake, stake.of_lists, first, frozenset([name]))
            yield name, bits, (0, 1)
        seen: set[tuple[str, Bits, Bits]] = set()
        for entry, bits in self._entries:
            if self._is_near(entry):
                said = answers.of_told(stake, stake.of_products, (*first, entry), frozenset())
                key = entry.field, bits, said
                if key in seen:
                    continue
                seen.add(key)
            yield entry, bits, (1, 0)

    def _menu_of(
        self, test: Condition, way: Way, means: Sequence[Means], plain: Bits
    ) -> Sequence[Means]:
        """Return what can meet a test of a list in a way."""
        stake, reading = self.stake, self.reading
        bit, goal = stake.goal([test]), stake.goal(way) & ~plain[reading]
        found: list[Means] = [("", NOTHING, (0, 0))]
        if bit & ~plain[reading]:
            apart = [one for one in means if not self._is_near(one[0])]
            near = [one for one in means if self._is_near(one[0]) and bit & one[1][reading]]
            found = [*self._least(apart, bit, goal, plain), *near]
        if self.forced is not None:
            bits = self.answers.of_entry(stake, self.forced)
            if bit & bits[reading]:
                found.append((self.forced, bits, (1, 0)))
        return found


def _is_unsure(value: object) -> bool:
    return value is None or isinstance(value, tuple)
