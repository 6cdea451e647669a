"""Makes each test of a rule set one bit, and finds the tests that each entry makes true.

Conditions have no "not". So all that a patient says of them is two numbers: the tests that hold,
and those that may hold. What each entry adds to both is read once, whatever rules ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from attrs import field, frozen

from msrisk.evaluation.clearing import is_unclear
from msrisk.evaluation.deciding import DENIABLE, because_of, reading_order, says, told_of
from msrisk.evaluation.naming import all_typed, is_prescribed
from msrisk.evaluation.products import DoseTest, Products, may_be_unlisted, names
from msrisk.model import conditions as node
from msrisk.model.concepts import ANYTHING
from msrisk.model.conditions import Condition, asked_for
from msrisk.model.facts import Fact
from msrisk.model.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.levels import Level
from msrisk.model.profile import LIST_FIELDS, PRODUCT_FIELDS
from msrisk.model.results import Because
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth

__all__ = ["OWN", "Tests", "Told", "joined"]

OWN: Final = tuple(kind for kind in node.KINDS if kind.of_product)
"""The tests that ask about the substance that is assessed: each has a bit for each substance."""


class Marks(NamedTuple):
    """What one entry says of the tests of lists.

    Attributes:
        true: the tests that it makes true.
        open: those that it may make true.
        named: those that it may make true by its words, even if somebody denied them by name.

    """

    true: int
    open: int
    named: int


class Own(NamedTuple):
    """What the products of a substance say of the tests that ask about it.

    Attributes:
        products: the products.
        taking: whether it was started.
        true: the tests that hold.
        open: those that may hold.
        typed: the products as they were typed, in few words.
        bought: those of them that nobody is told to have prescribed.
        prescribed: those that are told among the medicines, or said to be prescribed.
        started: those that are taken already.

    """

    products: Products
    taking: Truth
    true: int
    open: int
    typed: tuple[str, ...]
    bought: tuple[str, ...]
    prescribed: tuple[str, ...]
    started: tuple[str, ...]


@frozen(eq=False)
class Told:
    """One list of a profile as it was read: its entries, and what they say together.

    Attributes:
        facts: the entries, recognised.
        marks: what each of them says of the tests.
        true: the tests that some entry makes true.
        open: those that some entry, or what the list may not hold yet, leaves open.
        named: those that the words of some entry leave open.
        covered: the substances of the rules that an entry is, or may be.
        others: the recognised supplements that the rules do not cover, by id, with their names.
        unknown: the supplements that nobody recognises, and how bad each could be.
        unclear: whether some entry must be cleared up.
        established: whether the list can prove absence.
        products: the entries that are, or may be, a product of each substance.
        own: of the supplements, what they alone say of the tests of each substance.

    """

    facts: tuple[Fact, ...]
    marks: tuple[Marks, ...]
    true: int
    open: int
    named: int
    covered: frozenset[str]
    others: Mapping[str, str]
    unknown: Mapping[str, Level]
    unclear: bool
    established: bool
    products: Mapping[str, tuple[Fact, ...]]
    own: dict[str, Own] = field(factory=dict)
    _because: dict[int, tuple[Because, ...]] = field(factory=dict, init=False)

    def because(self, test: int, concept: str | None) -> tuple[Because, ...]:
        """Return the entries that make a test true, in reading order.

        Args:
            test: its bit.
            concept: what a membership test asks for; None of another test.

        """
        found = self._because.get(test)
        if found is None:
            pairs = zip(self.facts, self.marks, strict=True)
            here = {because_of(fact, concept): None for fact, mark in pairs if mark.true & test}
            found = self._because[test] = tuple(sorted(here, key=reading_order))
        return found


class Tests:
    """The tests of a rule set, each a bit."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.hierarchy: Hierarchy = hierarchy_of(ruleset)
        self.substances = tuple(one.id for one in ruleset.substances)
        self._declared = frozenset(self.substances)
        self._ruleset = ruleset
        self._doses: dict[str, list[tuple[DoseTest, int]]] = {id_: [] for id_ in self.substances}
        self._bits: dict[tuple[Condition, str], int] = {}
        # Of membership tests, by kind and by what they ask for.
        self._members: dict[type, dict[str, int]] = {
            kind: {} for kind in node.KINDS if issubclass(kind, node.Membership)
        }
        self._concepts: dict[int, str] = {}
        self._beyond: list[tuple[int, Callable[[Fact], Truth]]] = []
        # What a list leaves open that was not asked, or is not complete.
        self.wanted: dict[str, int] = dict.fromkeys(LIST_FIELDS, 0)
        # What an entry of a list that may be anything may be.
        self._anything: dict[str, int] = dict.fromkeys(LIST_FIELDS, 0)

    def bit(self, test: Condition, substance: str) -> int:
        """Return the bit of a test, as asked about a substance."""
        key = test, substance if isinstance(test, OWN) else ""
        if key not in self._bits:
            self._bits[key] = 1 << len(self._bits)
            self._place(test, substance, self._bits[key])
        return self._bits[key]

    def _place(self, test: Condition, substance: str, bit: int) -> None:
        """Note which lists a test reads."""
        kind, concept = type(test), asked_for(test)
        if isinstance(test, node.General):
            self._beyond.append((bit, says(test, self.hierarchy, substance)))
            self.wanted[test.told_in] |= bit
        elif concept is not None:
            self._members[kind][concept] = bit
            self._concepts[bit] = concept
            for name in self.hierarchy.told_in_of(test):
                self.wanted[name] |= bit
                self._anything[name] |= bit
        elif isinstance(test, DoseTest):
            self._doses[substance].append((test, bit))

    def doses(self, substance: str) -> Sequence[tuple[DoseTest, int]]:
        """Return the tests of doses of a substance, with their bits."""
        return self._doses[substance]

    def concept_of(self, test: int) -> str | None:
        """Return what a membership test asks for; None of another test."""
        return self._concepts.get(test)

    def denied(self, concepts: Iterable[str]) -> int:
        """Return the tests that a no by name to these concepts can settle."""
        below = self.hierarchy.down(concepts)
        return joined(
            bit
            for kind in DENIABLE
            for concept, bit in self._members[kind].items()
            if concept in below
        )

    def marks(self, fact: Fact) -> Marks:
        """Return what an entry says of all tests of lists."""
        true = open_ = named = 0
        unnamed = fact.recognition.unnamed
        for kind, bits in self._members.items():
            certain, may_be = told_of(kind, fact)
            for concept in certain & bits.keys():
                true |= bits[concept]
            for concept in may_be & bits.keys():
                open_ |= bits[concept]
                if concept not in unnamed:
                    named |= bits[concept]
        for bit, says_ in self._beyond:
            truth = says_(fact)
            if truth is Truth.TRUE:
                true |= bit
            elif truth is Truth.UNKNOWN:
                open_ |= bit
                named |= bit
        if fact.recognition.possible is ANYTHING:
            open_ |= self._anything[fact.field]
        return Marks(true, open_, named)

    def told(self, name: str, facts: tuple[Fact, ...], *, established: bool) -> Told:
        """Return what the entries of a list say together."""
        marks = tuple(map(self.marks, facts))
        others: dict[str, str] = {}
        unknown: dict[str, Level] = {}
        if name == "supplements":
            for fact in facts:
                self._uncovered(fact, others, unknown)
        products = {
            id_: named
            for id_ in self.substances
            if (named := tuple(fact for fact in facts if names(fact, id_)))
        }
        told = Told(
            facts=facts,
            marks=marks,
            true=joined(one.true for one in marks),
            open=joined(one.open for one in marks) | (0 if established else self.wanted[name]),
            named=joined(one.named for one in marks),
            covered=frozenset().union(*map(self._covered, facts)),
            others=others,
            unknown=unknown,
            unclear=any(map(is_unclear, facts)),
            established=established,
            products=products,
        )
        if name == "supplements":
            told.own.update((id_, self.own(id_, told, of)) for id_, of in products.items())
        return told

    def own(self, substance: str, supplements: Told, products: Sequence[Fact]) -> Own:
        """Return what the products of a substance say of the tests that ask about it.

        Args:
            substance: its id.
            supplements: the list that may have a product which is not told.
            products: the products that are told anywhere.

        """
        facts, complete = supplements.facts, supplements.established
        unlisted = may_be_unlisted(substance, facts, complete=complete)
        of = Products(substance, products, unlisted=unlisted)
        taking = of.taking()
        truths = [(taking, self.bit(node.Taking(), substance))]
        for test, bit in self._doses[substance]:
            limit = self._ruleset.threshold(test.threshold).quantity
            truths.append((of.says(test, limit), bit))
        taken = [one for one in of.facts if one.field in PRODUCT_FIELDS]
        # A case of the substance that is one itself has an assessment of its own.
        others = self._declared - {substance}
        taken = [one for one in taken if others.isdisjoint(one.recognition.named)] or taken
        return Own(
            of,
            taking,
            joined(bit for truth, bit in truths if truth is Truth.TRUE),
            joined(bit for truth, bit in truths if truth is Truth.UNKNOWN),
            all_typed(taken),
            all_typed(one for one in taken if not is_prescribed(one)),
            all_typed(one for one in taken if is_prescribed(one)),
            all_typed(of.started()),
        )

    def _covered(self, fact: Fact) -> frozenset[str]:
        told = fact.recognition
        if told.says is False:
            return frozenset()
        return self.hierarchy.substances_of(told.named) | (self._declared & told.may_be)

    def _uncovered(self, fact: Fact, others: dict[str, str], unknown: dict[str, Level]) -> None:
        """Note what a supplement is, or that nobody knows it, if the rules do not cover it."""
        told = fact.recognition
        if told.says is False:
            return
        text = fact.entry.text or ""
        found = frozenset(one for one in told.named if not self.hierarchy.substances_of([one]))
        if told.possible is ANYTHING:
            unknown[text] = Level.URGENT
        elif not found and not self._covered(fact):
            found = frozenset(self.hierarchy.most_specific(told.may_be))
            if not found:
                unknown.setdefault(text, Level.UNDETERMINED)
        for id_ in found:
            others[id_] = self.hierarchy.names[id_]


def joined(masks: Iterable[int]) -> int:
    """Return all tests of several numbers as one."""
    found = 0
    for mask in masks:
        found |= mask
    return found
