"""The shipped rules as flat Polars expressions, as a person would write them for one table.

What each entry means is a table, as in `msrisk.cohort`; the rest is written from the conditions of
the rules, by Polars' own unknown: joins and group-bys of all lists, then one expression a rule.
It holds for tables without columns of doses, of denied names and of complete lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Final

import polars as pl

from msrisk.cohort import entries
from msrisk.cohort.columns import level_columns
from msrisk.cohort.saying import ENDLESS, ENTRY, KIND, Said, said_of
from msrisk.evaluation.planning import Plan, plan_of
from msrisk.model import conditions as c
from msrisk.model.levels import Level, rank
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet

__all__ = ["by_hand", "meanings"]

_RANKS: Final = {rank(level): level.value for level in Level}


def meanings(read_as: pl.DataFrame, ruleset: RuleSet) -> dict[str, Said]:
    """Return what each entry means, which is looked up before anybody is screened."""
    read = entries.read(entries.givens(read_as), ruleset, None)
    return said_of(read, plan_of(ruleset), ())


def by_hand(
    frame: pl.LazyFrame, meant: dict[str, Said], ruleset: RuleSet, complete: tuple[str, ...] = ()
) -> pl.LazyFrame:
    """Return patients with what `msrisk.cohort.screen` adds to them."""
    plan = plan_of(ruleset)
    lists = [name for name in LIST_FIELDS if name in frame.collect_schema()]
    numbered = frame.with_row_index("row")
    found = numbered.select("row")
    for name in lists:
        found = found.join(_told(numbered, name, meant[name]), on="row", how="left")
    found = found.sort("row").drop("row")
    wide = pl.concat([numbered, found], how="horizontal")
    there = set(wide.collect_schema())
    hand = _Hand(plan, there, lists, complete)
    wide = wide.with_columns(*hand.facts())
    wide = wide.with_columns(*hand.rules_of_each())
    wide = wide.with_columns(*hand.levels_of_each())
    return wide.select(*frame.collect_schema(), *hand.outcomes())


def _told(frame: pl.LazyFrame, name: str, said: Said) -> pl.LazyFrame:
    """Return what the entries of a list mean together, for each patient who has any."""
    some = frame.filter((pl.col(name).list.len() > 0) & (pl.col(name) != ["none"]))
    each = some.select("row", pl.col(name).alias(ENTRY)).explode(ENTRY)
    each = each.group_by("row", ENTRY).agg(pl.len().alias("lines"))
    table = said.entries.join(said.kinds, on=KIND)
    numbers = []
    for id_, products in said.products.items():
        of = products.select(ENTRY, pl.exclude(ENTRY).name.prefix(f"{id_}:"))
        table = table.join(of, on=ENTRY, how="left")
        for high in ("daily_high", "times_high"):
            count = pl.col("lines") if name == "supplements" else 1
            numbers += [
                (pl.col(f"{id_}:{high}") * count)
                .filter(pl.col(f"{id_}:taken"))
                .sum()
                .alias(f"{name}:{id_}:{high}"),
                (pl.col(f"{id_}:{high}") * count)
                .filter(~pl.col(f"{id_}:taken"))
                .sum()
                .alias(f"{name}:{id_}:allergy_{high}"),
            ]
        numbers += [
            pl.col(f"{id_}:daily_low").sum().name.prefix(f"{name}:"),
            pl.col(f"{id_}:times_low").max().name.prefix(f"{name}:"),
            *(
                pl.col(f"{id_}:{of}").any().name.prefix(f"{name}:")
                for of in ("taken", "sure", "started")
            ),
            (~pl.col(f"{id_}:taken")).any().alias(f"{name}:{id_}:allergy"),
            (pl.col(f"{id_}:may_be_started") & pl.col(f"{id_}:taken"))
            .any()
            .alias(f"{name}:{id_}:may_be_started"),
        ]
    unclear = pl.col("unclear") if "unclear" in said.codes else pl.lit(value=False)
    if name == "supplements":
        unclear = unclear | (pl.col("lines") > 1)
    return (
        each.join(table.lazy(), on=ENTRY, how="left")
        .group_by("row")
        .agg(
            *(pl.col(code).any().name.prefix(f"{name}:") for code in said.codes),
            *numbers,
            unclear.sum().alias(f"{name}:to_clear_up"),
            pl.col("unread").sum().alias(f"{name}:bad"),
        )
    )


class _Hand:
    """Writes the expressions of one table."""

    def __init__(
        self, plan: Plan, there: set[str], lists: list[str], complete: tuple[str, ...]
    ) -> None:
        self._plan = plan
        self._there = there
        self._lists = lists
        self._complete = complete

    def _any(self, code: str) -> pl.Expr:
        names = [f"{name}:{code}" for name in self._lists if f"{name}:{code}" in self._there]
        every = [pl.col(name).fill_null(value=False) for name in names]
        return reduce(lambda one, other: one | other, every, pl.lit(value=False))

    def _sum(self, code: str) -> pl.Expr:
        names = [f"{name}:{code}" for name in self._lists if f"{name}:{code}" in self._there]
        return reduce(
            lambda one, other: one + other, (pl.col(of).fill_null(0) for of in names), pl.lit(0)
        )

    def _most(self, code: str) -> pl.Expr:
        names = [f"{name}:{code}" for name in self._lists if f"{name}:{code}" in self._there]
        return pl.max_horizontal(pl.lit(0.0), *(pl.col(of) for of in names))

    def _whole(self, name: str) -> pl.Expr:
        """Return whether a list can prove absence."""
        if name not in self._lists:
            return pl.lit(value=False)
        of = pl.col(name)
        some = of.list.len() > 0 if name in self._complete else pl.lit(value=False)
        return (some | (of == ["none"])).fill_null(value=False)

    def facts(self) -> Iterator[pl.Expr]:
        """Yield what several rules ask: lists, products and tests."""
        for name in LIST_FIELDS:
            yield self._whole(name).alias(f"whole:{name}")
        for id_ in self._plan.substances:
            open_ = ~self._whole("supplements") | self._any(f"else_{id_.replace('-', '_')}")
            yield open_.alias(f"open:{id_}")
            taken = self._any(f"{id_}:taken")
            for high in ("daily_high", "times_high"):
                sum_ = (
                    pl.when(taken)
                    .then(self._sum(f"{id_}:{high}"))
                    .otherwise(self._sum(f"{id_}:allergy_{high}"))
                )
                yield pl.when(open_).then(ENDLESS).otherwise(sum_).alias(f"{high}:{id_}")
        yield self._sum("to_clear_up").alias("to_clear_up")

    def _test(self, test: c.Condition, id_: str) -> pl.Expr:
        """Return a test: true, false, or null where it is open."""
        bit = self._plan.tests.bit(test, id_)
        at = bit.bit_length() - 1
        match test:
            case c.States(field):
                return pl.col(field) if field in self._there else pl.lit(None, dtype=pl.Boolean)
            case c.AgeAtLeast(of) | c.AgeBelow(of) | c.WeightBelow(of):
                if test.field not in self._there:
                    return pl.lit(None, dtype=pl.Boolean)
                edge = float(self._plan.ruleset.threshold(of).quantity.value)
                number = pl.col(test.field)
                return number < edge if test.below else number >= edge
            case c.Taking():
                sure = pl.col(f"open:{id_}") | self._any(f"{id_}:may_be_started")
                none = sure | (self._any(f"{id_}:allergy") & ~self._any(f"{id_}:taken"))
                return _kleene(self._any(f"{id_}:started"), none)
            case c.DailyDoseAbove(of) | c.DailyDoseBelow(of) | c.DosesPerDayBelow(of):
                return self._dose(test, float(self._plan.ruleset.threshold(of).quantity.value), id_)
        asked = [name for name in LIST_FIELDS if self._plan.tests.wanted[name] & bit]
        open_ = reduce(lambda one, name: one | ~pl.col(f"whole:{name}"), asked, self._any(f"o{at}"))
        return _kleene(self._any(f"t{at}"), open_)

    def _dose(self, test: c.Condition, edge: float, id_: str) -> pl.Expr:
        low, high = self._sum(f"{id_}:daily_low"), pl.col(f"daily_high:{id_}")
        some = self._any(f"{id_}:taken") | self._any(f"{id_}:allergy") | pl.col(f"open:{id_}")
        sure = self._any(f"{id_}:sure")
        if isinstance(test, c.DailyDoseAbove):
            return _kleene(low > edge, high > edge)
        if isinstance(test, c.DosesPerDayBelow):
            low, high = self._most(f"{id_}:times_low"), pl.col(f"times_high:{id_}")
            return _kleene(sure & (low < edge) & (high < edge), some & (low < edge))
        return _kleene(sure & (high < edge), some & (low < edge))

    def _holds(self, condition: c.Condition, id_: str) -> pl.Expr:
        if isinstance(condition, c.All | c.Any):
            parts = [self._holds(one, id_) for one in condition.of]
            both = isinstance(condition, c.All)
            return reduce(lambda one, other: one & other if both else one | other, parts)
        return self._test(condition, id_)

    def rules_of_each(self) -> Iterator[pl.Expr]:
        """Yield each rule of each substance, and whether the substance is told."""
        for id_, of in self._plan.substances.items():
            yield self._any(f"covers_{id_.replace('-', '_')}").alias(f"covers:{id_}")
            for one in of.planned:
                if one.rule.when is not None:
                    yield self._holds(one.rule.when, id_).alias(f"{one.rule.id}:{id_}")
        unclear = pl.col("to_clear_up") > 0
        yield (pl.col("whole:supplements") & ~unclear).alias("clear")

    def levels_of_each(self) -> Iterator[pl.Expr]:
        """Yield the level and the worst case of each substance, as ranks."""
        for id_, of in self._plan.substances.items():
            rules = [(rank(one.level), pl.col(f"{one.rule.id}:{id_}")) for one in of.planned]
            is_open = reduce(lambda one, other: one | other, (rule.is_null() for _, rule in rules))
            least = pl.when(pl.col("clear") & ~is_open).then(0).otherwise(rank(Level.UNDETERMINED))
            true = [pl.when(rule).then(of_).otherwise(0) for of_, rule in rules]
            may = [
                pl.when(rule.fill_null(value=True)).then(of_).otherwise(0) for of_, rule in rules
            ]
            yield pl.max_horizontal(least, *true).alias(f"level:{id_}")
            yield pl.max_horizontal(least, *true, *may).alias(f"worst:{id_}")

    def outcomes(self) -> Iterator[pl.Expr]:
        """Yield the columns that are added."""
        plan = self._plan
        covers = {id_: pl.col(f"covers:{id_}") for id_ in plan.substances}
        for rule in plan.ruleset.rules:
            if rule.when is not None:
                of = [
                    covers[id_] & pl.col(f"{rule.id}:{id_}")
                    for id_, one in plan.substances.items()
                    if any(planned.rule.id == rule.id for planned in one.planned)
                ]
                yield reduce(lambda one, other: one | other, of, pl.lit(value=False)).alias(rule.id)
        known = reduce(lambda one, other: one | other, [*covers.values(), self._any("other")])
        asked = (pl.col("supplements").list.len() > 0).fill_null(value=False)
        open_ = self._any("other") | ~known | ~pl.col("clear") | ~asked
        level = pl.when(open_).then(rank(Level.UNDETERMINED)).otherwise(0)
        anything = self._any("unknown") | ~asked
        worst = pl.when(anything).then(rank(Level.URGENT)).otherwise(level)
        for end, column, others in (("level", "level", level), ("worst", "worst_case", worst)):
            each = [
                pl.when(told).then(pl.col(f"{end}:{id_}")).otherwise(0)
                for id_, told in covers.items()
            ]
            yield (
                pl.max_horizontal(*each, others)
                .replace_strict(_RANKS, return_dtype=pl.String)
                .alias(column)
            )
        for id_, told in covers.items():
            for end, column in zip(("level", "worst"), level_columns(id_), strict=True):
                word = pl.col(f"{end}:{id_}").replace_strict(_RANKS, return_dtype=pl.String)
                yield pl.when(told).then(word).alias(column)
        yield pl.col("to_clear_up").cast(pl.Int64).alias("unrecognised")
        numbers = [name for name in ("age_years", "weight_kg") if name in self._there]
        bad = [
            (~pl.col(name).is_between(low, high)).fill_null(value=False)
            for name, low, high in (("age_years", 0, 130), ("weight_kg", 0.5, 650))
            if name in numbers
        ]
        yield pl.sum_horizontal(self._sum("bad"), *bad).cast(pl.Int64).alias("not_read")
        empty = [(pl.col(name).list.len() == 0).fill_null(value=False) for name in self._lists]
        yield pl.sum_horizontal(*empty).cast(pl.Int64).alias("empty_lists")


def _kleene(true: pl.Expr, open_: pl.Expr) -> pl.Expr:
    return pl.when(true).then(True).when(open_).then(None).otherwise(False)
