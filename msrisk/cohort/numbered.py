"""Reads the lists of rows that have a number, in Polars: what entries say is bits of whole numbers.

Other engines read the same in `reading`, list by list. Here the codes of a row are the bits of its
entries, put together; only rows of which more is asked are looked through entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl

from msrisk.cohort.columns import Columns
from msrisk.cohort.reading import (
    OF_PRODUCTS,
    ROW,
    added_by,
    entries_of,
    told,
    with_added,
)
from msrisk.cohort.saying import DENIED, ENTRY, HIGHEST_OF, KIND, SAME, Said

__all__ = ["NumberedLists"]

_ID: Final = "_msrisk_id"
_ASKED: Final = "_msrisk_asked"
_COUNT: Final = "_msrisk_count"
_BITS: Final = 62  # of a whole number that has 64, one of them a sign
_OTHER: Final = -1
"""Stands for each entry of which nobody said anything: it may be anything."""


class NumberedLists:
    """Reads the lists of batches of rows that are numbered in the column `ROW`.

    Args:
        said: what the distinct entries say.
        columns: the columns of the frame.

    """

    def __init__(self, said: Mapping[str, Said], columns: Columns) -> None:
        self._lists = [
            _List(said[field], columns, with_denied="denied" in columns.lists)
            for field in columns.lists
        ]

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return a column for each code, in the order of the rows; none is null.

        Args:
            frame: the rows, as `with_amounts` made them, numbered from 0.

        """
        return pl.DataFrame([column for one in self._lists for column in one.read(frame)])


class _List:
    """Reads one list."""

    def __init__(self, said: Said, columns: Columns, *, with_denied: bool) -> None:
        self._said = said
        self._columns = columns
        self._keys = list(said.keys)
        self._against = said.against if with_denied else None
        entries = said.entries.with_row_index(_ID).with_columns(pl.col(_ID).cast(pl.Int64))
        other = pl.DataFrame({_ID: [_OTHER], KIND: [0]})
        entries = pl.concat([entries, other], how="diagonal").join(said.kinds, on=KIND, how="left")
        codes = list(said.codes)
        asked = [pl.col("unread"), pl.col("unclear") if "unclear" in codes else pl.lit(value=False)]
        self._unclear = asked[-1]
        self._numbers = ["clear_up", "not_read"]
        for id_, table in said.products.items():
            entries = entries.join(_product(id_, table, self._keys), on=self._keys, how="left")
            for name, yes in OF_PRODUCTS.items():
                (codes if yes else self._numbers).append(f"{id_}_{name}")
            asked.append(pl.col(f"{id_}_taken").is_not_null())
        if self._against is not None:
            self._numbers.append("against")
            against = entries.join(self._against, on=self._keys, how="semi")
            asked.append(pl.col(_ID).is_in(against[_ID].to_list()))
        entries = entries.with_columns(pl.any_horizontal(asked).alias(_ASKED)).sort(_ID)
        codes.append(_ASKED)
        self._codes = [codes[at : at + _BITS] for at in range(0, len(codes), _BITS)]
        bits = {f"_msrisk_bits{at}": _packed(some) for at, some in enumerate(self._codes)}
        self._entries = entries.select(
            *self._keys,
            _ID,
            SAME,
            "unread",
            self._unclear.alias("unclear"),
            # What is 0 for every entry is 0 for every row.
            *(
                pl.col(name).fill_null(0.0)
                for name in self._numbers
                if name in entries.columns and (entries[name] > 0).any()
            ),
            **bits,
        )
        self._bits = list(bits)

    def read(self, frame: pl.DataFrame) -> Iterator[pl.Series]:
        """Yield a column for each code."""
        rows = len(frame)
        if self._said.named is None:
            none = frame.select(_is_none(self._said.field)).to_series()
            bits = frame.select(self._bits_of_lists())
            bits = bits.select(pl.when(none).then(0).otherwise(pl.all()).name.keep())
        else:  # what columns add to an entry stands in no list
            each = self._each(frame).group_by(ROW).agg(pl.col(self._bits).bitwise_or()).collect()
            bits = pl.DataFrame([_placed(each, name, rows, pl.Int64) for name in self._bits])
        for some, name in zip(self._codes, self._bits, strict=True):
            yield from bits.select(
                (pl.col(name) & pl.lit(1 << at) != 0).alias(told(self._said.field, code))
                for at, code in enumerate(some)
            )
        asked = (bits[self._bits[-1]] & 1 << len(self._codes[-1]) - 1) != 0
        if self._said.field == "supplements":  # equal lines are to be cleared up
            asked |= (frame[self._said.field].list.len() > 1).fill_null(value=False)
        found = self._more(frame.filter(asked))
        for name in self._numbers:
            yield _placed(found, name, rows, pl.Float64).alias(told(self._said.field, name))

    def _bits_of_lists(self) -> Iterator[pl.Expr]:
        """Yield the bits of each list, of entries that are nothing but text, "none" too."""
        entries = self._entries.filter(pl.col(ENTRY).is_not_null())
        field = self._said.field
        for name in self._bits:
            of = pl.element().replace_strict(
                entries[ENTRY], entries[name], default=self._entries[name][0], return_dtype=pl.Int64
            )
            yield pl.col(field).list.agg(of.bitwise_or()).fill_null(0).alias(name)

    def _each(self, frame: pl.DataFrame) -> pl.LazyFrame:
        """Return each entry of each row, with what is said of it."""
        said, columns = self._said, self._columns
        beside = [] if said.named is None else added_by(columns)
        each = entries_of(nw.from_native(frame.lazy()), said.field, [ROW, *beside], unique=False)
        if said.named is not None:
            each = with_added(each, columns, nw.from_native(said.named.lazy()))
        native: pl.LazyFrame = each.to_native()
        native = native.join(self._entries.lazy(), on=self._keys, how="left")
        other = self._entries.row(0, named=True)
        # Each text that nobody said anything of is one of its own.
        own = -1 - (pl.struct(self._keys).hash() // 4).cast(pl.Int64)
        return native.select(
            ROW,
            pl.col(_ID, SAME).fill_null(own),
            *(
                pl.col(name).fill_null(value)
                for name, value in other.items()
                if name not in (*self._keys, _ID, SAME)
            ),
        )

    def _more(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the numbers of rows that have any."""
        each = self._each(frame).drop(self._bits)
        is_supplement = self._said.field == "supplements"
        most = pl.len() if is_supplement else pl.lit(1)  # equal lines may be one product or several
        counted = each.group_by(ROW, _ID).agg(
            most.cast(pl.Float64).alias(_COUNT), pl.exclude(ROW, _ID).first()
        )
        amounts = []
        for name in self._entries.columns:
            if name in self._numbers:
                of = pl.col(name)
                if name.endswith(HIGHEST_OF):
                    amounts.append((of * pl.col(_COUNT)).sum().alias(name))
                else:
                    amounts.append(of.max() if name.endswith("times_low") else of.sum())
        found = counted.group_by(ROW).agg(pl.col("unread").sum().alias("not_read"), *amounts)
        unclear = (
            counted.filter(pl.col("unclear") | (pl.col(_COUNT) > 1)).select(ROW, SAME).unique()
        )
        clear_up = unclear.group_by(ROW).agg(pl.len().alias("clear_up"))
        found = found.join(clear_up, on=ROW, how="left")
        if self._against is not None:
            against = self._denied(frame, counted, unclear)
            found = found.join(against, on=ROW, how="left")
        return found.collect()

    def _denied(
        self, frame: pl.DataFrame, counted: pl.LazyFrame, unclear: pl.LazyFrame
    ) -> pl.LazyFrame:
        """Return the number of entries that tell what was denied, and are not unclear anyhow."""
        if self._against is None:
            raise AssertionError(self._said)
        against = self._entries.select(*self._keys, _ID).join(self._against, on=self._keys)
        nos = frame.lazy().select(ROW, pl.col("denied").alias(DENIED)).explode(DENIED)
        each = counted.filter(pl.col(_COUNT) == 1).select(ROW, _ID)
        each = each.join(against.lazy().select(_ID, SAME, DENIED), on=_ID)
        each = each.join(nos, on=[ROW, DENIED]).select(ROW, SAME).unique()
        each = each.join(unclear, on=[ROW, SAME], how="anti")
        return each.group_by(ROW).agg(pl.len().alias("against"))


def _is_none(field: str) -> pl.Expr:
    """Return whether a list says that there is nothing; false if it was not asked."""
    of = pl.col(field)
    return ((of.list.len() == 1) & of.list.contains("none")).fill_null(value=False)


def _placed(found: pl.DataFrame, name: str, rows: int, of: type[pl.DataType]) -> pl.Series:
    """Return a column with a value for each row, 0 where none was found."""
    column = pl.zeros(rows, of, eager=True)
    if name in found.columns:
        column.scatter(found[ROW], found[name].cast(of).fill_null(0))
    return column.alias(name)


def _packed(codes: list[str]) -> pl.Expr:
    """Return codes as the bits of a whole number, the first one the lowest."""
    each = (pl.col(of).fill_null(value=False) * pl.lit(1 << at) for at, of in enumerate(codes))
    return pl.sum_horizontal(*each).cast(pl.Int64)


def _product(id_: str, table: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return what products of a substance say, by their keys.

    An allergy to it tells of a product of its own only where none is told: `allergy`.
    """
    taken = pl.col("taken")
    table = table.with_columns(
        (~taken).alias("allergy"),
        (pl.col("may_be_started") & taken).alias("may_be_started"),
        *(pl.when(taken).then(name).otherwise(0.0).alias(name) for name in HIGHEST_OF),
        *(pl.when(taken).then(0.0).otherwise(name).alias(f"allergy_{name}") for name in HIGHEST_OF),
    )
    return table.select(*keys, *(pl.col(name).alias(f"{id_}_{name}") for name in OF_PRODUCTS))
