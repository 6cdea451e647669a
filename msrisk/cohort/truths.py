"""Writes the tests, rules and levels of a plan as expressions over the columns of a frame.

Each test is a pair: whether it holds, and whether it may hold. Neither is ever null, so that no
engine's reading of null has a part in any answer; what is open becomes null at the very end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, Final, NamedTuple

import narwhals.stable.v2 as nw

from msrisk.cohort.columns import ON_THE_WAY, Columns, column_name, end_of, level_columns
from msrisk.cohort.reading import Lists, is_none, readable, told
from msrisk.cohort.saying import ENDLESS, HIGHEST_OF, names_of
from msrisk.evaluation.planning import OfSubstance, Plan, Tree
from msrisk.model import conditions as node
from msrisk.model.levels import Level, rank
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS

__all__ = ["Truths"]


class Pair(NamedTuple):
    """Whether something holds, and whether it may hold: names of columns that are never null."""

    true: str
    may: str


_OPEN_LEVEL: Final = rank(Level.UNDETERMINED)
_WORST: Final = rank(Level.URGENT)


class Truths:
    """Adds the answers of a plan to a frame whose lists are read.

    Args:
        plan: the rules.
        columns: the columns of the frame.
        lists: what was read of the lists.
        complete: the lists that are complete for every patient.

    """

    def __init__(
        self, plan: Plan, columns: Columns, lists: Lists, complete: frozenset[str]
    ) -> None:
        self._plan = plan
        self._columns = columns
        self._codes = lists.codes()
        self._complete = complete

    def answer(self, frame: nw.LazyFrame[Any], kept: Sequence[str]) -> nw.LazyFrame[Any]:
        """Return the kept columns of a frame, and the answers."""
        for step in (self._states, self._products, self._tests, self._trees, self._ends):
            frame = frame.with_columns(*step())
        return frame.select(*(nw.col(name) for name in kept), *self._outcomes())

    # --- what the lists are -----------------------------------------------------------------

    def _states(self) -> Iterator[nw.Expr]:
        """Yield whether each list can prove absence, and the numbers that can be read."""
        for name in LIST_FIELDS:
            yield self._established(name).alias(_own(f"{name}_established"))
        for name in NUMBER_FIELDS:
            low = high = nw.lit(None, dtype=nw.Float64)
            if name in self._columns.numbers:
                number, known = nw.col(name).cast(nw.Float64), ~self._not_a_number(name)
                low = high = nw.when(known).then(number)
                if name in self._columns.ends:
                    end = nw.col(end_of(name)).cast(nw.Float64)
                    high = nw.when(known & ~end.is_null()).then(end).otherwise(low)
            yield low.alias(_own(name))
            yield high.alias(_own(end_of(name)))

    def _not_a_number(self, name: str) -> nw.Expr:
        """Return whether no patient can have a number, or a range that ends there.

        A number that is null is one, unless the end of its range is told.
        """
        value = nw.col(name)
        bad = ~value.is_null() & ~readable(name, value)
        if name in self._columns.ends:
            end = nw.col(end_of(name))
            later = (end.cast(nw.Float64) >= value.cast(nw.Float64)).fill_null(False)
            bad = bad | (~end.is_null() & ~(readable(name, end) & later))
        return bad

    def _established(self, name: str) -> nw.Expr:
        if name not in self._columns.lists:
            return nw.lit(False)
        full = nw.lit(name in self._complete)
        if name in self._columns.complete:
            full = full | nw.col(f"{name}_complete").fill_null(False)
        some = nw.col(name).list.len() > 0
        return (is_none(name) | (some & full)).fill_null(False)

    # --- the products of each substance -----------------------------------------------------

    def _products(self) -> Iterator[nw.Expr]:
        for of in self._plan.substances.values():
            yield self._any(f"covers_{of.id}").alias(_own(f"covered_{of.id}"))
            unlisted = ~nw.col(_own("supplements_established")) | self._any(f"else_{of.id}")
            yield unlisted.alias(_own(f"unlisted_{of.id}"))
            for name in ("taken", "allergy", "sure", "started", "may_be_started"):
                yield self._any(f"{of.id}_{name}").alias(_own(f"{name}_{of.id}"))
            for name in ("daily_low", "started_low"):
                yield self._sum(f"{of.id}_{name}").alias(_own(f"{name}_{of.id}"))
            for name in HIGHEST_OF:
                alone = self._sum(f"{of.id}_allergy_{name}")
                taken = self._any(f"{of.id}_taken")
                all_ = nw.when(taken).then(self._sum(f"{of.id}_{name}")).otherwise(alone)
                high = nw.when(unlisted).then(nw.lit(ENDLESS)).otherwise(all_)
                yield high.alias(_own(f"{name}_{of.id}"))
            yield self._reached(of).alias(_own(f"times_low_{of.id}"))
        yield self._clear_up().alias(_own("clear_up"))
        yield self._unread().alias(_own("not_read"))
        yield _any(self._unplaced()).alias(_own("unplaced"))

    def _reached(self, of: OfSubstance) -> nw.Expr:
        code = f"{of.id}_times_low"
        times = [
            nw.col(told(name, code)) for name in LIST_FIELDS if told(name, code) in self._codes
        ]
        return _most([nw.lit(0.0), *times])

    def _clear_up(self) -> nw.Expr:
        return self._sum("clear_up") + self._sum("against")

    def _unread(self) -> nw.Expr:
        """Return the number of values that cannot be read."""
        bad = list(map(self._not_a_number, self._columns.numbers))
        for of in self._columns.products.values():
            bad += [
                ~nw.col(name).is_null() & ~readable(what, nw.col(name))
                for what, name in of.items()
                if what != "taking"
            ]
        if "denied" in self._columns.lists:
            bad.append(nw.col(told("denied", "unread")))
        listed = [name for name in LIST_FIELDS if name in self._columns.lists]
        found = [nw.col(told(name, "not_read")) for name in listed]
        return _added([*found, *map(_one, [*bad, *self._unplaced()])])

    def _unplaced(self) -> list[nw.Expr]:
        """Return whether a dose or a start is told of a substance that no supplement names."""
        found = []
        for id_, of in self._columns.products.items():
            amounts = [nw.col(name) for what, name in of.items() if what != "taking"]
            said = [~amount.is_null() for amount in amounts]
            if "taking" in of:
                said.append(nw.col(of["taking"]).fill_null(False))
            names = told("supplements", names_of(id_))
            listed = nw.col(names) if names in self._codes else nw.lit(False)
            found.append(_any(said) & ~listed)
        return found

    # --- the tests --------------------------------------------------------------------------

    def _tests(self) -> Iterator[nw.Expr]:
        """Yield whether each test holds, and whether it may."""
        plan = self._plan
        leaves = 0
        for of in plan.substances.values():
            for one in of.planned:
                leaves |= one.leaves
        told_otherwise = plan.field_of
        for at, bit in _places(leaves):
            if bit not in told_otherwise:
                yield from self._of_lists(at, bit)
        for name, bit in plan.yes_no.items():
            if bit & leaves:
                value = nw.col(name) if name in self._columns.yes_no else None
                true = nw.lit(False) if value is None else value.fill_null(False)
                may = nw.lit(True) if value is None else value.fill_null(True)
                yield from _pair(_test(_place(bit)), true, may)
        for name, tests in plan.numbers.items():
            for test, bit, limit in tests:
                low, high = nw.col(_own(name)), nw.col(_own(end_of(name)))
                edge = nw.lit(float(limit.value))
                true, may = (high < edge, low < edge) if test.below else (low >= edge, high >= edge)
                yield from _pair(_test(_place(bit)), true.fill_null(False), may.fill_null(True))
        for of in plan.substances.values():
            yield from self._of_products(of)

    def _of_lists(self, at: int, bit: int) -> Iterator[nw.Expr]:
        wanted = [name for name in LIST_FIELDS if self._plan.tests.wanted[name] & bit]
        true = self._any(f"t{at}")
        open_ = self._open("o", at)
        open_ = _any([open_, *(~nw.col(_own(f"{name}_established")) for name in wanted)])
        closed = told("denied", f"c{at}")
        if closed in self._codes:
            no = nw.col(closed)
            open_ = (no & self._open("n", at)) | (~no & open_)
        yield from _pair(_test(at), true, true | open_)

    def _open(self, mark: str, at: int) -> nw.Expr:
        """Return whether an entry leaves a test open, by its words alone for the mark "n"."""
        found = []
        for name in LIST_FIELDS:
            if told(name, "foods") in self._codes:
                closes = nw.col(told(name, "foods"))
                plain, beside = self._code(name, f"{mark}{at}"), self._code(name, f"f{mark}{at}")
                found.append((closes & beside) | (~closes & plain))
            elif told(name, f"{mark}{at}") in self._codes:
                found.append(self._code(name, f"{mark}{at}"))
        return _any(found)

    def _of_products(self, of: OfSubstance) -> Iterator[nw.Expr]:
        """Yield the tests that ask about the substance that is assessed, as `Products` has them."""

        def own(name: str) -> nw.Expr:
            return nw.col(_own(f"{name}_{of.id}"))

        some = own("taken") | own("allergy")
        none_surely = own("unlisted") | own("may_be_started") | (own("allergy") & ~own("taken"))
        yield from _pair(_test(_place(of.taking)), own("started"), own("started") | none_surely)
        sure, any_ = own("sure"), some | own("unlisted")
        for test, bit in self._plan.tests.doses(of.id):
            edge = nw.lit(float(self._plan.ruleset.threshold(test.threshold).quantity.value))
            if isinstance(test, node.DailyDoseTakenAbove):
                true, may = own("started_low") > edge, own("started_high") > edge
            elif isinstance(test, node.DailyDoseAbove):
                true, may = own("daily_low") > edge, own("daily_high") > edge
            elif isinstance(test, node.DailyDoseBelow):
                true = sure & (own("daily_high") < edge)
                may = any_ & (own("daily_low") < edge)
            elif isinstance(test, node.DosesPerDayBelow):
                fewer = own("times_low") < edge
                true, may = sure & fewer & (own("times_high") < edge), any_ & fewer
            else:
                raise AssertionError(test)  # noqa: TRY004  # never runs: the tests of doses are these four
            yield from _pair(_test(_place(bit)), true, may)

    # --- rules and levels -------------------------------------------------------------------

    def _trees(self) -> Iterator[nw.Expr]:
        for number, tree in enumerate(self._distinct()):
            yield from _pair(_tree(number), _holds(tree, 0), _holds(tree, 1))

    def _distinct(self) -> dict[Tree, int]:
        """Return each condition once, with its number."""
        trees = [one.tree for of in self._plan.substances.values() for one in of.planned]
        return {tree: number for number, tree in enumerate(dict.fromkeys(trees))}

    def _ends(self) -> Iterator[nw.Expr]:
        number = self._distinct()
        unplaced = nw.col(_own("unplaced"))
        unclear = (nw.col(_own("clear_up")) > 0) | self._denied_unread() | unplaced
        clear = nw.col(_own("supplements_established")) & ~unclear
        yield clear.alias(_own("clear"))
        for of in self._plan.substances.values():
            pairs = [(one.level, _tree(number[one.tree])) for one in of.planned]
            settled = clear & ~_any([nw.col(may) & ~nw.col(true) for _, (true, may) in pairs])
            least = nw.when(settled).then(nw.lit(0)).otherwise(nw.lit(_OPEN_LEVEL))
            levels = [_rank(nw.col(true), level) for level, (true, _) in pairs]
            worst = [_rank(nw.col(may), level) for level, (_, may) in pairs]
            yield _most([least, *levels]).alias(_own(f"level_{of.id}"))
            yield _most([least, *levels, *worst]).alias(_own(f"worst_{of.id}"))

    def _denied_unread(self) -> nw.Expr:
        name = told("denied", "unread")
        return nw.col(name) if name in self._codes else nw.lit(False)

    def _outcomes(self) -> Iterator[nw.Expr]:
        number = self._distinct()
        substances = self._plan.substances.values()
        # A rule that every substance leaves out is true of nobody.
        rules: dict[str, list[tuple[nw.Expr, Pair]]]
        rules = {rule.id: [] for rule in self._plan.ruleset.rules if rule.when}
        for of in substances:
            covered = nw.col(_own(f"covered_{of.id}"))
            for one in of.planned:
                rules[one.rule.id].append((covered, _tree(number[one.tree])))
        for rule, told_of in rules.items():
            true = _any([covered & nw.col(pair.true) for covered, pair in told_of])
            may = _any([covered & nw.col(pair.may) for covered, pair in told_of])
            yield nw.when(true | ~may).then(true).alias(rule)
        ends = list(zip(*self._all_ends(), strict=True))
        for name, ranks in zip(("level", "worst_case"), ends, strict=True):
            yield _word(_most(ranks)).alias(name)
        for of in substances:
            covered = nw.col(_own(f"covered_{of.id}"))
            names = level_columns(of.id)
            for name, end in zip(names, ("level", "worst"), strict=True):
                yield nw.when(covered).then(_word(nw.col(_own(f"{end}_{of.id}")))).alias(name)
        yield nw.col(_own("clear_up")).cast(nw.Int64).alias("unrecognised")
        yield nw.col(_own("not_read")).cast(nw.Int64).alias("not_read")
        empty = [(nw.col(name).list.len() == 0).fill_null(False) for name in self._columns.lists]
        yield _added(map(_one, empty)).cast(nw.Int64).alias("empty_lists")

    def _all_ends(self) -> Iterator[tuple[nw.Expr, nw.Expr]]:
        """Yield the level and the worst case of all that is assessed, as ranks."""
        covered = [nw.col(_own(f"covered_{id_}")) for id_ in self._plan.substances]
        for here, id_ in zip(covered, self._plan.substances, strict=True):
            level, worst = (
                nw.when(here).then(nw.col(_own(f"{end}_{id_}"))).otherwise(nw.lit(0))
                for end in ("level", "worst")
            )
            yield level, worst
        known = _any([*covered, self._any("other")])
        asked = nw.lit(False)
        if "supplements" in self._columns.lists:
            asked = (nw.col("supplements").list.len() > 0).fill_null(False)
        open_ = self._any("other") | ~known | ~nw.col(_own("clear")) | ~asked
        anything = self._any("unknown") | ~asked | nw.col(_own("unplaced"))
        level = nw.when(open_).then(nw.lit(_OPEN_LEVEL)).otherwise(nw.lit(0))
        yield level, nw.when(anything).then(nw.lit(_WORST)).otherwise(level)

    # --- columns of lists -------------------------------------------------------------------

    def _code(self, field: str, code: str) -> nw.Expr:
        name = told(field, code)
        return nw.col(name) if name in self._codes else nw.lit(False)

    def _any(self, code: str) -> nw.Expr:
        """Return whether an entry of any list has a code."""
        return _any([self._code(name, code) for name in LIST_FIELDS])

    def _sum(self, code: str) -> nw.Expr:
        """Return the sum of a number over the lists."""
        names = [told(name, code) for name in LIST_FIELDS]
        return _added(nw.col(name) for name in names if name in self._codes)


def _own(name: str) -> str:
    return f"{ON_THE_WAY}{column_name(name)}"


def _test(at: int) -> Pair:
    return Pair(_own(f"test{at}_true"), _own(f"test{at}_may"))


def _tree(number: int) -> Pair:
    return Pair(_own(f"when{number}_true"), _own(f"when{number}_may"))


def _pair(pair: Pair, true: nw.Expr, may: nw.Expr) -> Iterator[nw.Expr]:
    yield true.alias(pair.true)
    yield may.alias(pair.may)


def _holds(tree: Tree, end: int) -> nw.Expr:
    """Return whether a condition holds, at one end: with the tests that do, or that may."""
    parts = [nw.col(_test(at)[end]) for at, _ in _places(tree.tests)]
    parts += [_holds(part, end) for part in tree.parts]
    if tree.all:
        return reduce(lambda one, other: one & other, parts)
    return _any(parts)


def _any(parts: Iterable[nw.Expr]) -> nw.Expr:
    """Return whether any part holds, none of which is null; false of none."""
    return reduce(lambda one, other: one | other, parts, nw.lit(False))


def _most(parts: Sequence[nw.Expr]) -> nw.Expr:
    """Return the greatest of several numbers, none of which is null."""
    # Spark has no greatest of one.
    return parts[0] if len(parts) == 1 else nw.max_horizontal(*parts)


def _added(parts: Iterable[nw.Expr]) -> nw.Expr:
    return reduce(lambda one, other: one + other, parts, nw.lit(0))


def _one(holds: nw.Expr) -> nw.Expr:
    return nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0))


def _rank(holds: nw.Expr, level: Level) -> nw.Expr:
    return nw.when(holds).then(nw.lit(rank(level))).otherwise(nw.lit(0))


def _word(of: nw.Expr) -> nw.Expr:
    """Return the name of a level by its rank."""
    levels = list(Level)
    word: nw.Expr = nw.lit(levels[-1].value)
    for level in reversed(levels[:-1]):
        word = nw.when(of <= rank(level)).then(nw.lit(level.value)).otherwise(word)
    return word


def _places(tests: int) -> Iterator[tuple[int, int]]:
    """Yield the place of each of some tests, and its bit."""
    while tests:
        bit = tests & -tests
        yield _place(bit), bit
        tests ^= bit


def _place(bit: int) -> int:
    return bit.bit_length() - 1
