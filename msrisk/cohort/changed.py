"""Finds the patients of whom a rule set says something else than an earlier one did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from msrisk.cohort.columns import ON_THE_WAY, added_columns, wanted_columns
from msrisk.model.levels import Level, rank
from msrisk.model.rules import RuleSet

__all__ = ["changed_of", "with_answers_of"]

_BEFORE: Final = f"{ON_THE_WAY}before_"


def _rules(ruleset: RuleSet) -> list[str]:
    return [rule.id for rule in ruleset.rules if rule.when]


def with_answers_of(old: RuleSet, before: pl.DataFrame, screened: pl.DataFrame) -> pl.DataFrame:
    """Return screened patients with what an earlier rule set says of each beside it."""
    wanted = ["level", "worst_case", *_rules(old)]
    return screened.hstack(before.select(pl.col(name).alias(_BEFORE + name) for name in wanted))


def changed_of(frame: pl.LazyFrame, ruleset: RuleSet) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return screened patients without what was said before, and a list of those to call.

    The list has the columns that no rule reads, such as a key; both ends before and after; and
    each rule of which something else is true now. Those of whom the gravest is or was said come
    first, then it goes by the key.
    """
    names = frame.collect_schema().names()
    before = [name for name in names if name.startswith(_BEFORE)]
    rules = dict.fromkeys(
        name.removeprefix(_BEFORE) for name in [*before, *map(_BEFORE.__add__, _rules(ruleset))]
    )
    ends = ("level", "worst_case")
    moved = [
        _truth(f"{_BEFORE}{rule}", names).ne_missing(_truth(rule, names)).alias(rule)
        for rule in rules
        if rule not in ends
    ]
    lines = [
        pl.when(differs).then(
            pl.format(
                "{}: {} -> {}", pl.lit(name), _said(_BEFORE + name, names), _said(name, names)
            )
        )
        for name, differs in zip((r for r in rules if r not in ends), moved, strict=True)
    ]
    others = {*before, *added_columns(ruleset), *wanted_columns(ruleset)}
    key = [name for name in names if name not in others]
    other = [pl.col(_BEFORE + end).ne_missing(pl.col(end)) for end in ends]
    gravest = [pl.max_horizontal(_rank(_BEFORE + end), _rank(end)) for end in ends]
    by = [pl.col(name) for name in key if not frame.collect_schema()[name].is_nested()]
    moved_patients = frame.filter(pl.any_horizontal(*other, *moved)).sort(
        *gravest, *by, descending=[True, True, *(False for _ in by)], maintain_order=True
    )
    listed = moved_patients.select(
        *key,
        *(
            pl.col(source).alias(name)
            for end in ends
            for source, name in ((_BEFORE + end, f"{end}_before"), (end, f"{end}_after"))
        ),
        pl.concat_str(lines, separator="; ", ignore_nulls=True).alias("rules"),
    )
    return frame.drop(before), listed


def _rank(name: str) -> pl.Expr:
    """Return the rank of a level, the greater the graver."""
    ranks = {level.value: rank(level) for level in Level}
    return pl.col(name).replace_strict(ranks, return_dtype=pl.Int64)


def _truth(name: str, names: Collection[str]) -> pl.Expr:
    """Return the truth of a rule; one that is not there is true of nobody."""
    return pl.col(name) if name in names else pl.lit(value=False)


def _said(name: str, names: Collection[str]) -> pl.Expr:
    """Return what a rule says, in a word; a rule that is not there says nothing."""
    if name not in names:
        return pl.lit("no such rule")
    rule = pl.col(name)
    applies = pl.when(rule).then(pl.lit("applies")).otherwise(pl.lit("does not apply"))
    return pl.when(rule.is_null()).then(pl.lit("open")).otherwise(applies)
