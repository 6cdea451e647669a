"""Makes the smallest patients for each way in which a rule can fire.

Implements *Each way of firing has smallest patients* and *Of two means, the one that meets
less of the heirs is enough*, docs/analysis.md: if two entries meet a test, only the one that
meets no more tests of the heirs is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import product
from operator import or_
from typing import Final, TypeVar

from attrs import frozen

from msrisk.evaluation.deciding import LIST_TESTS
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
    Goal,
    Option,
    Strength,
    undominated,
)
from msrisk.search.pair import PairedEntry
from msrisk.search.patient import Value
from msrisk.search.products import Products
from msrisk.search.ways import Way, leaves

__all__ = ["Candidates", "Listed"]

T = TypeVar("T")

# Where a reader looks for a fact first.
_READABLE: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")

Means = Option[PairedEntry | str]
"""What can meet a test of a list: an entry, an open list, or "" for the substance itself."""


@frozen
class Listed:
    """The entries and open lists of a patient, and the tests that count for them."""

    told: tuple[PairedEntry, ...]
    open: frozenset[str]
    said: int


class Candidates:
    """The smallest patients who meet a rule in one strength.

    If there is an entry `must_have`, they all have it.
    """

    def __init__(
        self, answers: Answers, goal: Goal, strength: Strength, must_have: PairedEntry | None = None
    ) -> None:
        self.answers = answers
        self.goal = goal
        self.strength = strength
        self.must_have = must_have
        self._entries = list(self._helpful())

    def _helpful(self) -> Iterator[tuple[PairedEntry, Bits]]:
        """Yield the entries that meet some test of the rule, one for each answer of the tests."""
        pair, alike, goal = self.answers.pair, self.answers.list_answers.alike, self.goal
        found = self.answers.of_entries(goal, changed=False)
        changed = self.answers.of_entries(goal, changed=True) if self.must_have is not None else {}
        seen: set[tuple[str, Bits]] = set()
        for name in _READABLE:
            entries = (
                *pair.representatives(name),
                *(alike.changed_representatives(name) if changed else ()),
            )
            for entry in entries:
                bits = found.get(entry) or changed.get(entry)
                if bits is not None and entry is not self.must_have:
                    # What is, or may be, a product is looked at beside the others.
                    if self._may_be_product(entry):
                        yield entry, bits
                    elif (name, bits) not in seen:
                        seen.add((name, bits))
                        yield entry, bits

    def _may_be_product(self, means: PairedEntry | str) -> bool:
        """Whether an entry, or a list left open, can matter to the tests of products."""
        if not self.goal.of_products:
            return False
        if isinstance(means, str):
            return means == "supplements"
        return self.answers.may_be_product(self.goal.substance, means)

    def values(self, way: Way) -> list[tuple[tuple[Value, ...], int]]:
        """Return the answers to number and yes/no fields that can bring about a way."""
        menus = [self._menu(name, way) for name in (*NUMBER_TESTS, *YES_NO_FIELDS)]
        return [
            (
                tuple(value for value, _, _ in one),
                reduce(or_, (bits[self.strength] for _, bits, _ in one)),
            )
            for one in product(*menus)
        ]

    def _menu(self, name: str, way: Way) -> Sequence[Option[Value]]:
        """Return the answers to one field that can bring about a way."""
        goal = self.goal
        said = [test for test in way if isinstance(test, node.States) and test.field == name]
        kinds = NUMBER_TESTS.get(name, ())
        tests = [test for test in (*goal.own, *goal.theirs) if isinstance(test, kinds)]
        values: Sequence[Range | bool | None] = [bool(said)]
        if tests:
            values = [*self.answers.numbers(name, tests), None]
        elif kinds:
            values = [self.answers.neutral[name]]
        elif said:
            values = [True, None]
        wanted = goal.bits(test for test in way if test in said or isinstance(test, kinds))
        options: list[Option[Value]] = [
            ((name, one), self.answers.of_value(goal, (name, one)), (0, int(_is_unsure(one))))
            for one in values
        ]
        return self._undominated(options, wanted, wanted)

    def _undominated(
        self, options: Iterable[Option[T]], needed: int, wanted: int, plain: Bits = NOTHING
    ) -> Sequence[Option[T]]:
        """Return the options that meet all that is needed and that no other makes superfluous.

        Tests that count anyway, `plain`, do not tell options apart.
        """
        strength = self.strength
        return undominated(
            (one for one in options if needed & ~one[1][strength] == 0),
            lambda bits: self.goal.against(bits[strength] | plain[strength], wanted),
        )

    def of(self, base: PairedEntry, ways: Iterable[Way]) -> Iterator[tuple[Way, Listed]]:
        """Yield the entries and open lists that bring about each way beside an entry.

        The entry `must_have`, if any, is among them.
        """
        answers, goal, strength = self.answers, self.goal, self.strength
        products = Products(answers.pair, goal, base)
        first = next(products.all())
        plain = answers.of_told(goal, goal.of_lists, first, frozenset())
        means = list(self._means(first))
        for way in ways:
            own = list(self._own(base, products, way))
            alone = self._undominated(own, 0, self._wanted_of_products(way))
            tests = [test for test in leaves(*way) if type(test) in LIST_TESTS]
            menus = [self._menu_of(test, way, means, plain) for test in tests]
            for chosen in product(*menus):
                if self._lacks(base, chosen):
                    continue
                said = reduce(or_, (bits[strength] for _, bits, _ in chosen), plain[strength])
                entries = [one for one, _, _ in chosen if isinstance(one, PairedEntry)]
                open_ = frozenset(one for one, _, _ in chosen if isinstance(one, str)) - {""}
                products_too = tuple(filter(self._may_be_product, dict.fromkeys(entries)))
                open_products = frozenset(filter(self._may_be_product, open_))
                together = products_too or open_products
                for one, bits, _ in own if together else alone:
                    more = bits
                    if together:
                        told = *one, *products_too
                        more = answers.of_told(goal, goal.of_products, told, open_products)
                    told = tuple(dict.fromkeys((*one, *entries)))
                    yield way, Listed(told, open_, said | more[strength])

    def _lacks(self, base: PairedEntry, chosen: Sequence[Means]) -> bool:
        """Whether the patient lacks the entry that everybody must have."""
        return self.must_have not in (None, base, *(one for one, _, _ in chosen))

    def _wanted_of_products(self, way: Way) -> int:
        return self.goal.bits(test for test in way if isinstance(test, PRODUCT_TESTS))

    def _own(
        self, base: PairedEntry, products: Products, way: Way
    ) -> Iterator[Option[tuple[PairedEntry, ...]]]:
        """Yield the substance's own products that can bring about a way.

        For each sum of the doses, since other products may add to it.
        """
        goal, wanted = self.goal, self._wanted_of_products(way)
        sums: dict[object, list[Option[tuple[PairedEntry, ...]]]] = {}
        for told in (*products.all(), *self._beside_allergy(base)):
            bits = self.answers.of_told(goal, goal.of_products, told, frozenset())
            doses = tuple((one.old.dose.of_a_day, one.new.dose.of_a_day) for one in told)
            sums.setdefault(doses, []).append((told, bits, (len(told), 0)))
        for options in sums.values():
            yield from self._undominated(options, wanted, wanted)

    def _beside_allergy(self, base: PairedEntry) -> Iterator[tuple[PairedEntry, ...]]:
        """Yield an allergy to the substance with each product beside which it is no product.

        Implements *An allergy to the substance is a product only where no other is told*.
        """
        answers, substance = self.answers, self.goal.substance
        if not (self.goal.of_products and answers.is_borne(substance, base)):
            return
        for entry in answers.pair.representatives("supplements"):
            told = entry.fact(answers.sides[0]).recognition
            if substance in told.concepts | told.may_be and substance not in told.allergens:
                for more in Products(answers.pair, self.goal, entry).all():
                    yield base, *more

    def _means(self, first: tuple[PairedEntry, ...]) -> Iterator[Means]:
        """Yield what can meet list tests beside the substance: open lists, and entries.

        Entries that may be products are told apart by what the tests of products answer.
        """
        answers, goal = self.answers, self.goal
        for name in LIST_FIELDS:
            bits = answers.of_told(goal, goal.of_lists, first, frozenset([name]))
            yield name, bits, (0, 1)
        seen: set[tuple[str, Bits, Bits]] = set()
        for entry, bits in self._entries:
            if self._may_be_product(entry):
                said = answers.of_told(goal, goal.of_products, (*first, entry), frozenset())
                key = entry.field, bits, said
                if key in seen:
                    continue
                seen.add(key)
            yield entry, bits, (1, 0)

    def _menu_of(
        self, test: Condition, way: Way, means: Sequence[Means], plain: Bits
    ) -> Sequence[Means]:
        """Return what can meet a test of a list in a way."""
        goal, strength = self.goal, self.strength
        bit, wanted = goal.bits([test]), goal.bits(way) & ~plain[strength]
        found: list[Means] = [("", NOTHING, (0, 0))]
        if bit & ~plain[strength]:
            others = [one for one in means if not self._may_be_product(one[0])]
            found = [*self._undominated(others, bit, wanted, plain)]
            # The tests of products look at these together, so each of them is tried.
            found += [
                one for one in means if self._may_be_product(one[0]) and bit & one[1][strength]
            ]
        if self.must_have is not None:
            bits = self.answers.of_entry(goal, self.must_have)
            if bit & bits[strength]:
                found.append((self.must_have, bits, (1, 0)))
        return found


def _is_unsure(value: object) -> bool:
    return value is None or isinstance(value, tuple)
