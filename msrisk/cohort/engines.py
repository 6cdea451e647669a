"""Takes in frames of each engine, and gives back frames of the same kind.

Polars computes what lies in memory, whoever holds it; DuckDB, Spark and sqlframe compute
themselves, and nothing of theirs is collected but the distinct entries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, cast

import narwhals.stable.v2 as nw
import polars as pl
from attrs import frozen
from narwhals.exceptions import DuplicateError

from msrisk.cohort.columns import Columns
from msrisk.cohort.numbered import NumberedLists
from msrisk.cohort.reading import ROW, Lists, MakeFrame, with_amounts
from msrisk.errors import FrameError, Problem

__all__ = ["Held", "held_of", "of_text", "read_rows", "to_spark", "with_codes"]

_FRAMES: Final = (
    "a frame of Polars, PyArrow, pandas, DuckDB, PySpark, sqlframe or Ibis, one row a patient"
)


@frozen
class Held:
    """A frame of the caller's.

    Attributes:
        frame: its columns, or those of them that are wanted.
        names: the names of all its columns.
        kept: those that `frame` has.
        by_row: whether its rows have an order, so that they can be numbered.
        make: makes a table one of this engine.
        back: makes the answered frame one of the caller's kind.

    """

    frame: nw.LazyFrame[Any]
    names: tuple[str, ...]
    kept: tuple[str, ...]
    by_row: bool
    make: MakeFrame
    back: Callable[[nw.LazyFrame[Any]], Any]


def held_of(frame: object, wanted: Collection[str]) -> Held:
    """Return a frame of the caller's, of which these columns are wanted.

    Raises:
        FrameError: if it is no frame, or one that cannot be read.

    """
    try:
        found: Any = nw.from_native(frame)
    except TypeError:
        raise FrameError([Problem("frame", _FRAMES, type(frame).__name__)]) from None
    except DuplicateError:
        raise FrameError([Problem("frame", "each name of a column once", "one twice")]) from None
    kind = found.implementation
    if kind.is_pandas() or kind.is_pyarrow():
        return _in_memory(found, wanted)
    names = tuple(found.collect_schema().names())
    lazy = found.lazy()
    if kind.is_polars():
        eager = isinstance(found, nw.DataFrame)
        return Held(lazy, names, names, True, _of_polars, _collected if eager else _native)
    if kind.is_duckdb():
        return Held(lazy, names, names, False, _to_duckdb(lazy.to_native()), _native)
    if kind.is_spark_like():
        return Held(lazy, names, names, False, to_spark(lazy.to_native()), _native)
    if kind.is_ibis():
        return Held(lazy, names, names, False, _to_ibis, _native)
    raise FrameError([Problem("frame", _FRAMES, f"one of {kind.name.title()}")])


def with_codes(held: Held, columns: Columns, lists: Lists) -> nw.LazyFrame[Any]:
    """Return a frame with what its lists say."""
    if not held.by_row:
        return lists.read(with_amounts(held.frame, columns))
    native: pl.LazyFrame = held.frame.to_native()
    codes: dict[str, pl.DataType] = {
        name: pl.Boolean() if yes else pl.Float64() for name, yes in lists.codes().items()
    }
    if not codes:
        return held.frame
    # Batch by batch, so that no more than a batch is held when a frame is streamed.
    numbered = NumberedLists(lists.said, columns)
    read = pl.struct(columns.read()).map_batches(
        lambda batch: read_rows(batch.struct.unnest(), columns, numbered, codes),
        return_dtype=pl.Struct(codes),
        is_elementwise=True,
    )
    return nw.from_native(native.with_columns(read.alias(ROW)).unnest(ROW))


def read_rows(
    batch: pl.DataFrame, columns: Columns, lists: NumberedLists, codes: Iterable[str]
) -> pl.Series:
    """Return what the lists of a batch of rows say, in their order."""
    # Polars may pass lists that hold nothing on without the type of what they would hold.
    numbered = with_amounts(of_text(batch.with_row_index(ROW).lazy(), columns), columns)
    frame: pl.LazyFrame = numbered.to_native()
    return lists.read(frame.collect()).select(*codes).to_struct(ROW)


def of_text(frame: pl.LazyFrame, columns: Columns) -> nw.LazyFrame[Any]:
    """Return a frame of Polars whose lists are lists of text, those too that hold nothing."""
    return nw.from_native(
        frame.with_columns(pl.col(name).cast(pl.List(pl.String)) for name in columns.lists)
    )


def _native(frame: nw.LazyFrame[Any]) -> Any:
    return frame.to_native()


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native: pl.LazyFrame = frame.to_native()
    return native.collect()


def _of_polars(table: pl.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(table.lazy())


def _in_memory(found: nw.DataFrame[Any], wanted: Collection[str]) -> Held:
    """Return a table of PyArrow or pandas: what is wanted goes to Polars, all else stays."""
    import pyarrow as pa

    native = found.to_native()
    names = tuple(found.columns)
    here = [name for name in names if name in wanted]
    is_pandas = found.implementation.is_pandas()
    columns: dict[str, pl.Series] = {}
    problems: list[Problem] = []
    for name in here:
        try:
            column = pa.Array.from_pandas(native[name]) if is_pandas else native[name]
            columns[name] = pl.Series(name, pl.from_arrow(column))
        except (pa.ArrowException, pl.exceptions.PolarsError, TypeError, ValueError):
            expected = "values of one type (pandas: convert_dtypes(dtype_backend='pyarrow'))"
            problems.append(Problem(f"column {name}", expected, "several, or others"))
    if problems:
        raise FrameError(problems)

    def back(answered: nw.LazyFrame[Any]) -> Any:
        table = _collected(answered).to_arrow()
        if not is_pandas:
            whole = native
            for name in table.column_names:
                whole = whole.append_column(name, table[name])
            return whole
        import pandas as pd

        added = {
            name: pd.Series(pd.arrays.ArrowExtensionArray(table[name]), index=native.index)
            for name in table.column_names
        }
        return native.assign(**added)

    # A row has no place in a frame without columns.
    rows = pl.Series(ROW, range(len(found)), dtype=pl.Int64)
    data = pl.DataFrame([*columns.values()] or [rows]).lazy()
    return Held(nw.from_native(data), names, (), True, _of_polars, back)


def _to_duckdb(relation: Any) -> MakeFrame:
    """Return what makes a table one of the connection that a relation is of."""

    def make(table: pl.DataFrame) -> nw.LazyFrame[Any]:
        msrisk_table = table.to_arrow()  # noqa: F841  # DuckDB finds it by the name that it has here
        found = relation.query("msrisk_nothing", "select * from msrisk_table")
        return cast("nw.LazyFrame[Any]", nw.from_native(found))

    return make


def _to_ibis(table: pl.DataFrame) -> nw.LazyFrame[Any]:
    """Return a table as one of Ibis, which it takes to whatever computes."""
    import ibis

    return cast("nw.LazyFrame[Any]", nw.from_native(ibis.memtable(table.to_arrow())))


def to_spark(frame: Any) -> MakeFrame:
    """Return what makes a table one of the session that a frame is of."""

    def make(table: pl.DataFrame) -> nw.LazyFrame[Any]:
        types = {pl.String: "string", pl.Boolean: "boolean", pl.Int64: "bigint"}
        schema = ", ".join(
            f"`{name}` {types.get(type(of), 'double')}" for name, of in table.schema.items()
        )
        found = frame.sparkSession.createDataFrame(table.rows(), schema)
        return cast("nw.LazyFrame[Any]", nw.from_native(found))

    return make
