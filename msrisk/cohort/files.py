"""Reads files of patients batch by batch; rows that cannot be read are set aside with reasons."""

from __future__ import annotations

import itertools
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO, Final, NamedTuple

import polars as pl
from attrs import frozen

from msrisk.cohort import json_rows
from msrisk.cohort.columns import wanted_types
from msrisk.cohort.csv_rows import Line, Lines, is_broken, rows_of
from msrisk.cohort.json_rows import columns_of_first
from msrisk.errors import FrameError, MsriskError, Problem
from msrisk.model.checks import kind_of
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet

__all__ = [
    "Aside",
    "Batch",
    "ENDINGS",
    "Source",
    "as_cells",
    "as_lines",
    "batches",
    "shown",
    "written",
]

ENDINGS: Final = (".parquet", ".csv", ".ndjson", ".jsonl")
"""The endings of files that can be read and written."""

_OTHER_SIGN: Final = re.compile(r"[;\t]")
_UNKNOWN: Final = "unknown"
_YES_NO: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Aside(NamedTuple):
    """A row that was set aside.

    Attributes:
        row: its number, from 1.
        reasons: what was expected, and where.
        patient: the row as it came.
        file: the file in which it is this row, of a folder of several.

    """

    row: int
    reasons: tuple[str, ...]
    patient: object
    file: str | None = None


class Batch(NamedTuple):
    """Some rows of a file.

    Attributes:
        rows: the number of each patient's row, from 1.
        patients: the rows that can be read.
        aside: those that cannot.
        share: which part of the file is read with these, from 0 to 1.

    """

    rows: list[int]
    patients: pl.DataFrame
    aside: list[Aside]
    share: float


@frozen
class Source:
    """A file of patients, a folder of Parquet files, or one of FHIR Bulk Data.

    Attributes:
        path: where it is.
        separator: what stands between the entries of a list in a cell of a CSV file.
        size: how many rows a batch has.
        on: the day as of which records are read; None if it is no folder of them.

    """

    path: Path
    separator: str = ";"
    size: int = 50_000
    on: date | None = None

    @property
    def files(self) -> list[Path]:
        """The files with rows: itself, or the Parquet files in it, in the order of their names."""
        return sorted(self.path.glob("*.parquet")) if self.path.is_dir() else [self.path]


def batches(source: Source, ruleset: RuleSet) -> Iterator[Batch]:
    """Yield the rows of a file in order; one batch at least.

    Raises:
        FrameError: if the file cannot be read.

    """
    ending = ".parquet" if source.path.is_dir() else source.path.suffix.lower()
    if ending not in ENDINGS:
        raise FrameError([Problem(str(source.path), f"a file that ends in {', '.join(ENDINGS)}")])
    try:
        if ending == ".parquet":
            yield from _parquet(source)
        else:
            yield from _texts(source, wanted_types(ruleset), _csv if ending == ".csv" else _ndjson)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise FrameError([Problem(str(source.path), "a file that can be read", reason)]) from None


def _parquet(source: Source) -> Iterator[Batch]:
    try:
        frame = pl.scan_parquet(source.files, glob=False)
        count: int = frame.select(pl.len()).collect().item()
        for start in range(0, max(count, 1), source.size):
            part = frame.slice(start, source.size).collect()
            rows = list(range(start + 1, start + len(part) + 1))
            yield Batch(rows, part, [], (start + len(part)) / max(count, 1))
    except pl.exceptions.PolarsError:
        expected = "a whole Parquet file"
        raise FrameError([Problem(str(source.path), expected, "a part, or another file")]) from None


class _Opened(NamedTuple):
    """A text file that is being read: its columns, its rows, and at which byte it is.

    Attributes:
        types: the types of columns that are not all text.

    """

    names: list[str]
    rows: Iterator[Line]
    at: Callable[[], int]
    types: Mapping[str, pl.DataType] = {}


def _texts(
    source: Source,
    types: Mapping[str, pl.DataType],
    lines: Callable[[Source], _Opened],
) -> Iterator[Batch]:
    names, rows, at, others = lines(source)
    kept = {name: others.get(name, pl.String()) for name in names if name not in types}
    schema = {name: types[name] if name in types else kept[name] for name in names}
    for name in LIST_FIELDS:
        if name in names and f"{name}_complete" not in names and source.path.suffix != ".csv":
            schema[f"{name}_complete"] = pl.Boolean()
    numbered = enumerate(rows, 1)
    whole = source.path.stat().st_size
    while True:
        some = list(itertools.islice(numbered, source.size))
        good: list[int] = []
        columns: dict[str, list[object]] = {name: [] for name in schema}
        aside: list[Aside] = []
        for number, line in some:
            problems = [line.reason] if line.reason else []
            cells = _cells(line.cells or {}, types, kept, source.separator, problems)
            if problems:
                aside.append(Aside(number, tuple(problems), line.came))
            else:
                good.append(number)
                for name, of in columns.items():
                    of.append(cells.get(name))
        share = at() / whole if len(some) == source.size else 1.0
        yield Batch(good, pl.DataFrame(columns, schema=schema), aside, share)
        if len(some) < source.size:
            return


def _csv(source: Source) -> _Opened:
    # What is no UTF-8 becomes surrogates, by which its row is known.
    file = source.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    lines = Lines(file)
    names, _ = lines.record()
    if not names or len(set(names)) < len(names) or any(map(is_broken, names)):
        file.close()
        expected = "a first line with the names of the columns, each once"
        raise FrameError([Problem(str(source.path), expected)])

    if len(names) == 1 and _OTHER_SIGN.search(names[0]):
        file.close()
        expected = "commas between the columns"
        raise FrameError([Problem(str(source.path), expected, "semicolons or tabs")])

    def rows() -> Iterator[Line]:
        with file:
            yield from rows_of(lines, names)

    return _Opened(names, rows(), lambda: _at(file))


def _at(file: IO[str] | IO[bytes]) -> int:
    """Return up to which byte a file was read."""
    return os.lseek(file.fileno(), 0, os.SEEK_CUR)


def _ndjson(source: Source) -> _Opened:
    """Return the keys of the first batch with their types, and all lines."""
    types = columns_of_first(source.path, source.size)
    names = [name for name in types if name != "schema"]
    file = source.path.open("rb")

    def rows() -> Iterator[Line]:
        with file:
            yield from json_rows.rows_of(file, types, source.size)

    return _Opened(names, rows(), lambda: _at(file), types)


def _cells(
    given: Mapping[str, object],
    types: Mapping[str, pl.DataType],
    kept: Mapping[str, pl.DataType],
    separator: str,
    problems: list[str],
) -> dict[str, object]:
    """Return the values of a row in the types of their columns; note those that have none."""
    found: dict[str, object] = {}
    for name, value in given.items():
        of = types.get(name)
        try:
            if isinstance(of, pl.List):
                found[name], full = _list(value, separator)
                beside = f"{name}_complete"
                if full is not None:  # what is said twice is so only if both say it
                    found[beside] = full and found.get(beside) is not False
            elif isinstance(of, pl.Float64):
                found[name] = _number(value)
            elif isinstance(of, pl.Boolean):
                said = _yes_no(value)
                found[name] = said if found.get(name) is None or said is False else found[name]
            elif name in kept:
                found[name] = _kept(value, kept[name])
        except _NotThatError as error:
            problems.append(str(Problem(name, error.args[0], kind_of(value))))
    return found


class _NotThatError(MsriskError):
    """A cell does not hold what its column is for; the argument says what that is."""

    def __init__(self, expected: str) -> None:
        super().__init__([])
        self.args = (expected,)


def _kept(value: object, of: pl.DataType) -> object:
    try:
        return json_rows.kept_value(value, of)
    except ValueError as error:
        raise _NotThatError(*error.args) from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(value: object, separator: str) -> tuple[list[str | None] | None, bool | None]:
    """Return a list, and whether it is complete if it says so."""
    if value is None:
        return None, None
    if isinstance(value, str):
        text = value.strip()
        if not text or text == _UNKNOWN:
            return None, None
        if text.startswith("["):
            try:
                return _list(json.loads(text), separator)
            except ValueError:
                pass
        return [part.strip() for part in text.split(separator) if part.strip()], None
    if isinstance(value, dict) and set(value) <= {"entries", "complete"}:
        return _list(value.get("entries"), separator)[0], value.get("complete") is True
    if isinstance(value, list):
        return [None if one is None else _entry(one) for one in value], None
    raise _NotThatError('a list of text, "none", or nothing')


def _entry(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        match value:
            case {"name": str(text), **rest} | {"text": str(text), **rest} if not rest:
                return text
            case {"codes": [{"system": str(system), "code": str(code)}], **rest}:
                if not rest:
                    return f"{system}|{code}"
                if rest.keys() == {"text"} and isinstance(rest["text"], str):
                    return f"{system}|{code}|{rest['text']}"
    raise _NotThatError(
        "entries as text or as text with one code; doses stand in columns of their own"
    )


def _number(value: object) -> float | None:
    if value is None or (isinstance(value, str) and value.strip().lower() in ("", _UNKNOWN)):
        return None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except (ValueError, OverflowError):
            pass
    raise _NotThatError("a number, or nothing")


def _yes_no(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value.strip().lower()
        if text in ("", _UNKNOWN):
            return None
        if text in _YES_NO:
            return _YES_NO[text]
    raise _NotThatError("true, false, or nothing")


def as_cells(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return a frame whose lists and structs are JSON, as cells of CSV hold text alone."""
    inside, begin = "of", len('{"of":')
    frame = as_lines(frame)
    return frame.with_columns(
        pl.when(pl.col(name).is_not_null())
        .then(
            pl.struct(pl.col(name).alias(inside)).struct.json_encode().str.slice(begin).str.head(-1)
        )
        .alias(name)
        for name, of in frame.collect_schema().items()
        if of.is_nested()
    )


def as_lines(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return a frame as text can hold it: bytes in hexadecimal, durations as ISO 8601 has them."""
    return frame.with_columns(
        _as_text(pl.col(name), of).alias(name)
        for name, of in frame.collect_schema().items()
        if of.is_nested() or isinstance(of, pl.Binary | pl.Duration)
    )


def _as_text(value: pl.Expr, of: object) -> pl.Expr:
    if isinstance(of, pl.Binary):
        return value.bin.encode("hex")
    if isinstance(of, pl.Duration):
        return value.dt.to_string("iso")
    if isinstance(of, pl.Array):
        return _as_text(value.arr.to_list(), pl.List(of.inner))
    if isinstance(of, pl.List) and _is_told_otherwise(of.inner):
        return value.list.eval(_as_text(pl.element(), of.inner))
    if isinstance(of, pl.Struct) and _is_told_otherwise(of):
        fields = (
            _as_text(value.struct.field(one.name), one.dtype).alias(one.name) for one in of.fields
        )
        return pl.when(value.is_not_null()).then(pl.struct(*fields))
    return value


def _is_told_otherwise(of: object) -> bool:
    """Return whether there is anything in a type that text tells otherwise."""
    if isinstance(of, pl.Struct):
        return any(_is_told_otherwise(one.dtype) for one in of.fields)
    if isinstance(of, pl.List | pl.Array):
        return _is_told_otherwise(of.inner)
    return isinstance(of, pl.Binary | pl.Duration)


def shown(frame: pl.DataFrame) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return rows, and the same as JSON can hold them, which has no NaN, no bytes and no days."""
    rows = list(frame.iter_rows(named=True))
    lines = as_lines(frame.lazy()).collect().write_ndjson().split("\n")
    of_text = [json.loads(line) for line in lines if line]
    for row, told in zip(rows, of_text, strict=True):
        told.update(
            (k, str(v)) for k, v in row.items() if isinstance(v, float) and not math.isfinite(v)
        )
    return rows, of_text


def written(rows: Iterable[Aside]) -> Iterator[str]:
    """Yield each row that was set aside, as a line of JSON."""
    for row in rows:
        of = {} if row.file is None else {"file": row.file}
        yield _json({**of, "row": row.row, "reasons": row.reasons, "patient": row.patient})
