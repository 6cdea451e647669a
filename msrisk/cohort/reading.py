"""Looks up the entries of each list of a frame, and says for each patient what they say together.

For engines that give rows no order: there the list itself is the key, so that equal lists are
read once and nothing can be put together wrongly. Rows that have a number are read in `numbered`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import narwhals.stable.v2 as nw
import polars as pl

from msrisk.cohort.columns import ON_THE_WAY, TOLD_OF, Columns, column_name
from msrisk.cohort.saying import (
    AMOUNTS_OF,
    DENIED,
    ENTRY,
    HIGHEST_OF,
    KIND,
    Said,
    attached,
    names_of,
)
from msrisk.model.checks import BOUNDS

__all__ = [
    "Lists",
    "MakeFrame",
    "OF_PRODUCTS",
    "ROW",
    "added_by",
    "distinct_of",
    "entries_of",
    "is_none",
    "readable",
    "told",
    "with_added",
    "with_amounts",
]

ROW: Final = "_msrisk_row"
_COUNT: Final = "_msrisk_count"
_NONE: Final = "none"
MakeFrame = Callable[[pl.DataFrame], nw.LazyFrame[Any]]


def told(field: str, code: str) -> str:
    """Return the column that says whether the entries of a list have a code."""
    return f"{ON_THE_WAY}{field}_{column_name(code)}"


def is_none(field: str) -> nw.Expr:
    """Return whether a list says that there is nothing; null if it was not asked."""
    return (nw.col(field).list.len() == 1) & nw.col(field).list.contains(_NONE)


def with_amounts(frame: nw.LazyFrame[Any], columns: Columns) -> nw.LazyFrame[Any]:
    """Return a frame with what columns add to supplements, as numbers: -1 is nothing."""
    added = []
    for id_, of in columns.products.items():
        for what, name in of.items():
            value = nw.col(name)
            if what == "taking":
                number = nw.when(value).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
                known = ~value.is_null()
            else:
                number, known = value.cast(nw.Float64), readable(what, value)
            added.append(nw.when(known).then(number).otherwise(nw.lit(-1.0)).alias(_of(id_, what)))
    return frame.with_columns(*added) if added else frame


def _of(substance: str, what: str) -> str:
    return f"{ON_THE_WAY}{what}_of_{column_name(substance)}"


def readable(field: str, value: nw.Expr) -> nw.Expr:
    """Return whether a number is one that a patient can have; false of null and NaN."""
    low, high, _ = BOUNDS[field]
    number = value.cast(nw.Float64)
    return ((number >= low) & (number <= high)).fill_null(False)


def added_by(columns: Columns) -> list[str]:
    """Return the columns of `with_amounts`."""
    return [_of(id_, what) for id_, of in columns.products.items() for what in of]


def entries_of(
    frame: nw.LazyFrame[Any], field: str, key: Sequence[str], *, unique: bool
) -> nw.LazyFrame[Any]:
    """Return each entry of a list in the column `ENTRY`, beside its key.

    Args:
        frame: the patients.
        field: the list.
        key: the columns that are kept.
        unique: whether equal keys are one.

    """
    some = (nw.col(field).list.len() > 0) & ~is_none(field)
    kept = frame.filter(some.fill_null(False)).select(*dict.fromkeys((*key, field)))
    if unique:
        kept = kept.unique()
    return kept.with_columns(nw.col(field).alias(ENTRY)).explode(ENTRY)


def distinct_of(
    frame: nw.LazyFrame[Any], field: str, columns: Columns, adding: nw.LazyFrame[Any] | None
) -> nw.LazyFrame[Any]:
    """Return the distinct entries of a list, with what columns add to them, and how often each.

    Args:
        frame: the patients, as `with_amounts` made them.
        field: the list.
        columns: the columns of the frame.
        adding: which texts name the substances that columns can add something to.

    """
    added = added_by(columns) if adding is not None else []
    each = entries_of(frame, field, added, unique=False).select(*added, ENTRY)
    keys = [ENTRY]
    if adding is not None:
        each = with_added(each, columns, adding)
        keys += map(attached, TOLD_OF)
    return each.group_by(*keys).agg(nw.len().alias("patients"))


def with_added(
    each: nw.LazyFrame[Any], columns: Columns, named: nw.LazyFrame[Any]
) -> nw.LazyFrame[Any]:
    """Return entries with what columns add to each, by the first substance that it names."""
    each = each.join(named, on=ENTRY, how="left")
    added = []
    for what in TOLD_OF:
        value: nw.Expr = nw.lit(-1.0)
        for id_, of in reversed(list(columns.products.items())):
            if what in of:
                own = nw.col(_of(id_, what))
                use = nw.col(names_of(id_)).fill_null(False) & (own >= 0)
                value = nw.when(use).then(own).otherwise(value)
        added.append(value.alias(attached(what)))
    return each.with_columns(*added)


class Lists:
    """Reads the lists of a frame.

    Args:
        said: what the distinct entries say.
        columns: the columns of the frame.
        make: makes a table one of the frame's engine.

    """

    def __init__(self, said: Mapping[str, Said], columns: Columns, make: MakeFrame) -> None:
        self.said = said
        self._columns = columns
        self._make = make

    def codes(self) -> dict[str, bool]:
        """Return the columns that are added, and whether each is true or false, else a number."""
        found: dict[str, bool] = {}
        for field in self._columns.lists:
            said = self.said[field]
            found |= dict.fromkeys((told(field, code) for code in said.codes), True)
            found |= dict.fromkeys((told(field, one) for one in ("clear_up", "not_read")), False)
            if said.against is not None and "denied" in self._columns.lists:
                found[told(field, "against")] = False
            for id_ in said.products:
                found |= {told(field, f"{id_}_{name}"): yes for name, yes in OF_PRODUCTS.items()}
        return found

    def read(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return a frame, as `with_amounts` made it, with a column for each code; none is null."""
        # Each list is read from the frame as it came, not from one that was joined already:
        # an engine that plans before it computes would read it twice for each join.
        read = frame
        for field in self._columns.lists:
            said = self.said[field]
            key = self._key(said)
            each = self._each(frame, said, key)
            read = read.join(self._codes_of(each, said, key), on=key, how="left")
            for id_, table in said.products.items():
                read = read.join(self._products(each, said, key, id_, table), on=key, how="left")
            if said.against is not None and "denied" in self._columns.lists:
                by = [*key, "denied"]
                read = read.join(self._against(frame, said, by), on=by, how="left")
        filled = [
            nw.col(name).fill_null(False) if yes else nw.col(name).fill_null(0)
            for name, yes in self.codes().items()
        ]
        return read.with_columns(*filled) if filled else read

    def _key(self, said: Said) -> list[str]:
        beside = [] if said.named is None else added_by(self._columns)
        return [said.field, *beside]

    def _each(self, frame: nw.LazyFrame[Any], said: Said, key: list[str]) -> nw.LazyFrame[Any]:
        """Return each entry of each patient once, with the number of its lines."""
        beside = [] if said.named is None else added_by(self._columns)
        each = entries_of(frame, said.field, [*key, *beside], unique=True)
        if said.named is not None:
            each = with_added(each, self._columns, self._make(said.named))
        return each.group_by(*key, *said.keys).agg(nw.len().alias(_COUNT))

    def _codes_of(self, each: nw.LazyFrame[Any], said: Said, key: list[str]) -> nw.LazyFrame[Any]:
        kinds = each.join(self._make(said.entries), on=list(said.keys), how="left")
        kinds = kinds.with_columns(nw.col(KIND).fill_null(0))
        kinds = kinds.join(self._make(said.kinds), on=KIND, how="left")
        unclear, one = _is_unclear(said), nw.lit(1)
        kinds = kinds.with_columns(
            nw.when(unclear).then(one).otherwise(nw.lit(0)).alias("clear_up"),
            nw.when(nw.col("unread")).then(one).otherwise(nw.lit(0)).alias("not_read"),
        )
        if said.apart != said.keys:
            kinds = kinds.group_by(*key, *said.apart).agg(
                *(nw.col(code).any() for code in said.codes),
                nw.col("clear_up").max(),
                nw.col("not_read").sum(),
            )
        return kinds.group_by(*key).agg(
            *(nw.col(code).any().alias(told(said.field, code)) for code in said.codes),
            *(nw.col(one).sum().alias(told(said.field, one)) for one in ("clear_up", "not_read")),
        )

    def _products(
        self, each: nw.LazyFrame[Any], said: Said, key: list[str], id_: str, table: pl.DataFrame
    ) -> nw.LazyFrame[Any]:
        """Return what the products of a substance say together.

        An allergy to it tells of a product of its own only where none is told: `allergy`.
        """
        found = each.join(self._make(table), on=list(said.keys), how="inner")
        # Equal lines may be one product or several.
        most = nw.col(_COUNT) if said.field == "supplements" else nw.lit(1)
        taken, nothing = nw.col("taken"), nw.lit(0.0)
        high = {name: nw.col(name) * most for name in HIGHEST_OF}
        found = found.with_columns(
            (~taken).alias("allergy"),
            *(nw.when(taken).then(of).otherwise(nothing).alias(name) for name, of in high.items()),
            *(
                nw.when(~taken).then(of).otherwise(nothing).alias(f"allergy_{name}")
                for name, of in high.items()
            ),
            (nw.col("may_be_started") & taken).alias("may_be_started"),
        )
        return found.group_by(*key).agg(
            *(
                (
                    nw.col(name).any()
                    if yes
                    else nw.col(name).max()
                    if name == "times_low"
                    else nw.col(name).sum()
                ).alias(told(said.field, f"{id_}_{name}"))
                for name, yes in OF_PRODUCTS.items()
            )
        )

    def _unclear(self, frame: nw.LazyFrame[Any], said: Said, by: list[str]) -> nw.LazyFrame[Any]:
        """Return which entries are to be cleared up whatever was denied."""
        each = self._each(frame.filter(~nw.col("denied").is_null()), said, by)
        each = each.join(self._make(said.entries), on=list(said.keys), how="inner")
        each = each.join(self._make(said.kinds), on=KIND, how="left")
        return each.filter(_is_unclear(said)).select(*by, *said.apart).unique()

    def _against(self, frame: nw.LazyFrame[Any], said: Said, by: list[str]) -> nw.LazyFrame[Any]:
        """Return the number of entries that tell what was denied."""
        if said.against is None:
            raise AssertionError(said)
        no = "_msrisk_no"
        keys = [*by, *said.apart]
        each = self._each(frame.filter(~nw.col("denied").is_null()), said, by)
        each = each.join(self._make(said.against), on=list(said.keys), how="inner")
        if said.field == "supplements":
            each = each.filter(nw.col(_COUNT) == 1)
        each = each.with_columns(nw.col("denied").alias(no)).explode(no)
        each = each.filter(nw.col(no) == nw.col(DENIED))
        each = each.select(*keys).unique()
        if said.apart != said.keys:  # one of those that are alike may be to clear up in any case
            each = each.join(self._unclear(frame, said, by), on=keys, how="anti")
        counted = each.group_by(*by)
        return counted.agg(nw.len().alias(told(said.field, "against")))


def _is_unclear(said: Said) -> nw.Expr:
    """Return whether an entry is to be cleared up: by its words, or as it stands there twice."""
    twice = (nw.col(_COUNT) > 1) if said.field == "supplements" else nw.lit(False)
    return twice | nw.col("unclear") if "unclear" in said.codes else twice


OF_PRODUCTS: Final = {
    **dict.fromkeys(("taken", "allergy", "sure", "started", "may_be_started"), True),
    **dict.fromkeys((*AMOUNTS_OF, *(f"allergy_{name}" for name in HIGHEST_OF)), False),
}
"""What is told of the products of a substance, and whether it is true or false, else a number."""
