"""The same rows as a frame of each engine, and screened rows of each as plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet
from tests.cohort.rows import Row, told_columns

KEY = "patient"
Screen = Callable[[Any], Any]


def schema_of(ruleset: RuleSet) -> dict[str, pl.DataType]:
    """Return every column that a frame of patients can have, with its type."""
    found: dict[str, pl.DataType] = {KEY: pl.Int64()}
    found |= dict.fromkeys((*LIST_FIELDS, "denied"), pl.List(pl.String()))
    found |= dict.fromkeys((*NUMBER_FIELDS, *(f"{n}_to" for n in NUMBER_FIELDS)), pl.Float64())
    found |= dict.fromkeys(
        (*YES_NO_FIELDS, *(f"{name}_complete" for name in LIST_FIELDS)), pl.Boolean()
    )
    for one in ruleset.substances:
        for what, name in told_columns(one.id).items():
            found[name] = pl.Boolean() if what == "taking" else pl.Float64()
    return found


def table(rows: Sequence[Row], ruleset: RuleSet) -> pl.DataFrame:
    """Return rows as a frame of Polars, each with its place as its key."""
    keyed = [{KEY: at, **row} for at, row in enumerate(rows)]
    schema = schema_of(ruleset)
    return pl.DataFrame({name: [row[name] for row in keyed] for name in schema}, schema=schema)


def polars_eager(frame: pl.DataFrame, screen: Screen) -> list[Row]:
    screened: pl.DataFrame = screen(frame)
    return screened.to_dicts()


def polars_lazy(frame: pl.DataFrame, screen: Screen) -> list[Row]:
    screened: pl.LazyFrame = screen(frame.lazy())
    return screened.collect(engine="streaming").to_dicts()


def pyarrow(frame: pl.DataFrame, screen: Screen) -> list[Row]:
    screened: pa.Table = screen(frame.to_arrow())
    rows: list[Row] = screened.to_pylist()
    return rows


def pandas(frame: pl.DataFrame, screen: Screen) -> list[Row]:
    screened: pd.DataFrame = screen(frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype))
    rows: list[Row] = pa.Table.from_pandas(screened).to_pylist()
    return rows


def relation_of(frame: pl.DataFrame) -> duckdb.DuckDBPyRelation:
    """Return a relation of a connection of its own."""
    patients = frame.to_arrow()  # noqa: F841  # DuckDB finds it by its name
    return duckdb.connect().sql("select * from patients")


def of_duckdb(frame: pl.DataFrame, screen: Screen) -> list[Row]:
    screened: duckdb.DuckDBPyRelation = screen(relation_of(frame))
    rows: list[Row] = screened.order(KEY).to_arrow_table().to_pylist()
    return rows


def spark_schema(frame: pl.DataFrame) -> str:
    """Return the columns of a frame with their types as Spark names them."""
    types: Mapping[object, str] = {pl.Int64: "bigint", pl.Float64: "double", pl.Boolean: "boolean"}
    return ", ".join(
        f"{name} {types.get(type(of), 'array<string>')}" for name, of in frame.schema.items()
    )


def of_session(session: Any) -> Callable[[pl.DataFrame, Screen], list[Row]]:
    """Return what screens with a session of PySpark, or of one that has its API."""

    def screened(frame: pl.DataFrame, screen: Screen) -> list[Row]:
        native = session.createDataFrame(frame.rows(), schema=spark_schema(frame))
        rows = [row.asDict() for row in screen(native).collect()]
        return sorted(rows, key=lambda row: int(row[KEY]))

    return screened


ENGINES: Mapping[str, Callable[[pl.DataFrame, Screen], list[Row]]] = {
    "Polars": polars_eager,
    "lazy Polars": polars_lazy,
    "PyArrow": pyarrow,
    "pandas": pandas,
    "DuckDB": of_duckdb,
}


def answers(rows: Sequence[Row], given: Sequence[str]) -> Iterator[Row]:
    """Yield what was added to each row."""
    for row in rows:
        yield {name: value for name, value in row.items() if name not in given}
