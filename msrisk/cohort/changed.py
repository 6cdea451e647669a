"""Finds the patients of whom a rule set says something else than an earlier one did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import polars as pl
from attrs import frozen

from msrisk.cohort.columns import ON_THE_WAY, added_columns, wanted_columns
from msrisk.diff import About, compare
from msrisk.model.levels import Level, rank
from msrisk.model.rules import RuleSet

__all__ = ["Moved", "OfChange", "UNTOUCHED", "changed_of", "proof_of", "with_answers_of"]

_BEFORE: Final = f"{ON_THE_WAY}before_"


UNTOUCHED: Final = "untouched"
"""The verdict of what the comparison of two rule sets does not list: nothing of it was changed."""


@frozen
class OfChange:
    """What became of a rule, or of another part of a rule set.

    Attributes:
        about: what it is: a rule, a name, a source and so on.
        id: which one.
        verdict: what `msrisk rules diff` says of all patients there could be.
        patients: of how many of those screened a rule says something else, by its own change or
            by that of a name; None of what is no rule.

    """

    about: str
    id: str
    verdict: str
    patients: int | None


def _rules(ruleset: RuleSet) -> list[str]:
    return [rule.id for rule in ruleset.rules if rule.when]


def with_answers_of(old: RuleSet, before: pl.DataFrame, screened: pl.DataFrame) -> pl.DataFrame:
    """Return screened patients with what an earlier rule set says of each beside it."""
    wanted = ["level", "worst_case", *_rules(old)]
    return screened.hstack(before.select(pl.col(name).alias(_BEFORE + name) for name in wanted))


class Moved(NamedTuple):
    """What earlier rules said otherwise.

    Attributes:
        screened: the patients, without what was said of them before.
        to_call: those of whom something else is said.
        by_rule: of how many of them each rule says something else, in one row.

    """

    screened: pl.LazyFrame
    to_call: pl.LazyFrame
    by_rule: pl.LazyFrame


def changed_of(frame: pl.LazyFrame, ruleset: RuleSet) -> Moved:
    """Return what rules say otherwise than earlier ones did.

    The list to call has the columns that no rule reads, such as a key; both ends before and
    after; and each rule of which something else is true now. Those of whom the gravest is or was
    said come first, then it goes by the key.
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
        pl.concat_list(lines).list.drop_nulls().alias("rules"),
    )
    return Moved(frame.drop(before), listed, frame.select(one.sum() for one in moved))


def proof_of(old: RuleSet, new: RuleSet, patients: Mapping[str, int]) -> tuple[OfChange, ...]:
    """Return what became of each rule, here and of all patients there could be.

    Args:
        old: the earlier rules.
        new: the rules that answer.
        patients: of how many of the screened patients each rule says something else.

    """
    changes = compare(old, new).changes
    verdicts = {one.id: one.verdict.value for one in changes if one.about is About.RULE}
    rules = [
        OfChange("rule", rule, verdicts.get(rule, UNTOUCHED), count)
        for rule, count in patients.items()
    ]
    others = [
        OfChange(one.about.value, one.id, one.verdict.value, None)
        for one in changes
        if one.about is not About.RULE or one.id not in patients
    ]
    return (*sorted(rules, key=lambda one: (-(one.patients or 0), one.id)), *others)


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
