"""Screens a frame of patients: the same rules as `assess`, as expressions of the frame's engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final, TypeVar

import narwhals.stable.v2 as nw
import polars as pl
from attrs import evolve

from msrisk.api import rules_to_use
from msrisk.cohort import entries
from msrisk.cohort.columns import TOLD_OF, Columns, columns_of, complete_fields, wanted_columns
from msrisk.cohort.engines import Held, held_of, of_text, with_codes
from msrisk.cohort.entries import Given, Progress
from msrisk.cohort.reading import Lists, distinct_of, with_amounts
from msrisk.cohort.saying import ENTRY, attached, named_of, said_of
from msrisk.cohort.truths import Truths
from msrisk.errors import FrameError, Problem
from msrisk.evaluation.planning import plan_of
from msrisk.model.rules import RuleSet

__all__ = ["recognise", "screen"]

FrameT = TypeVar("FrameT")
_KEYS: Final = ("field", "entry", *TOLD_OF)


def screen(
    frame: FrameT,
    *,
    ruleset: RuleSet | None = None,
    packs: Iterable[str] | None = None,
    complete: Collection[str] = (),
    recognised: object | None = None,
    progress: Progress | None = None,
) -> FrameT:
    """Return a frame of patients, one a row, with what the rules say of each.

    A lazy frame stays lazy: only its distinct entries are collected, unless they are given.
    Every column is kept. Added are one column a conditional rule, named by its id (true: a
    finding or a silence; null: open; false), `level` and `worst_case`, both also of each
    substance (`level_of_alpha_lipoic_acid`; null where it is not assessed), `unrecognised`
    (how many entries are to be cleared up), `not_read` (how many values no profile takes:
    NaN, numbers out of bounds, entries that are blank or null) and `empty_lists`.

    Args:
        frame: of Polars, PyArrow, pandas, DuckDB, PySpark, sqlframe or Ibis. Columns as in the
            intake document; one that is missing was asked of nobody. An entry is text,
            `system|code` or `system|code|text`. A list that is null was not asked, `["none"]` is
            asked and none, and an empty one is unknown.
        ruleset: the rules; those that ship with the package if None.
        packs: ids of the rule packs to use; all that the rule set has if None.
        complete: the lists that are complete for everybody; of others the column
            `<field>_complete` says so. A list that is not complete proves no absence.
        recognised: what `recognise` returned for these patients, or for more.
        progress: is told how many entries are recognised, of how many.

    Raises:
        FrameError: with each column that cannot be read, and how it should be.
        RuleSetWithdrawnError: if the rule set must no longer answer.
        ConceptError: if the rule set does not have one of the packs.

    """
    rules = rules_to_use(ruleset, packs)
    everybody = complete_fields(complete)
    held, columns = _taken_in(frame, rules)
    if recognised is None:
        found = _distinct(held, columns, rules, progress)
    else:
        found = entries.givens(_table(recognised))
    plan = plan_of(rules)
    said = said_of(entries.read(found, rules, progress), plan, columns.products)
    lists = Lists(said, columns, held.make)
    coded = with_codes(held, columns, lists)
    answered: FrameT = held.back(Truths(plan, columns, lists, everybody).answer(coded, held.kept))
    return answered


def recognise(
    frame: object,
    *,
    ruleset: RuleSet | None = None,
    packs: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return each distinct entry of a frame of patients, and what it is read as.

    The table can be checked, kept, and given to `screen` as `recognised`, which then does not
    look for the entries again. `screen` reads each of them by its own rules all the same, and
    takes an entry that is not in the table for one that may be anything.

    Args:
        frame: as `screen` takes it.
        ruleset: the rules; those that ship with the package if None.
        packs: ids of the rule packs to use; all that the rule set has if None.
        progress: is told how many entries are recognised, of how many.

    Raises:
        FrameError: with each column that cannot be read, and how it should be.

    """
    rules = rules_to_use(ruleset, packs)
    held, columns = _taken_in(frame, rules)
    found = _distinct(held, columns, rules, progress)
    return entries.table_of(found, entries.read(found, rules, progress), rules)


def _taken_in(frame: object, rules: RuleSet) -> tuple[Held, Columns]:
    held = held_of(frame, wanted_columns(rules))
    schema = held.frame.collect_schema()
    types = {name: schema.get(name, nw.Unknown()) for name in held.names}
    columns = columns_of(types, rules, any_case=not held.by_row)
    if held.by_row:
        held = evolve(held, frame=of_text(held.frame.to_native(), columns))
    return held, columns


def _distinct(
    held: Held, columns: Columns, rules: RuleSet, progress: Progress | None
) -> dict[Given, int]:
    """Return the distinct entries of a frame, and how many lists have each."""
    found: dict[Given, int] = {}
    frame = with_amounts(held.frame, columns)
    for field in columns.lists:
        texts = _collected(distinct_of(frame, field, columns, None))
        if field == "supplements" and columns.products:
            given = {Given(field, text): 0 for text in texts[ENTRY]}
            named = named_of(entries.read(given, rules, progress), columns.products)
            texts = _collected(distinct_of(frame, field, columns, held.make(named)))
        for row in texts.iter_rows(named=True):
            told = {name: row.get(attached(name), -1.0) for name in TOLD_OF}
            taking = told.pop("taking")
            amounts = {name: None if of < 0 else of for name, of in told.items()}
            one = Given(field, row[ENTRY], **amounts, taking=None if taking < 0 else taking > 0)
            found[one] = row["patients"]
    return found


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    if frame.implementation.is_polars():  # a batch at a time, however long the frame is
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="streaming")
    table: pl.DataFrame = frame.collect(backend="polars").to_native()
    return table


def _table(recognised: object) -> pl.DataFrame:
    """Return a table of entries that was kept."""
    try:
        found = nw.from_native(recognised, eager_only=True)  # type: ignore[call-overload]  # anything may come
        table: pl.DataFrame = found.to_polars()
    except TypeError:
        table = pl.DataFrame()
    if not set(_KEYS) <= set(table.columns):
        expected = f"the table that `recognise` returned, with {', '.join(_KEYS)}"
        raise FrameError([Problem("recognised", expected, "something else")])
    return table
