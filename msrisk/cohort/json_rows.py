"""Reads the rows of NDJSON, an object a line, and the types of the columns that are kept."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

import polars as pl

from msrisk.cohort.csv_rows import INSIDE, Line
from msrisk.model.checks import kind_of

__all__ = ["columns_of_first", "kept_value", "rows_of"]

_GOES_ON: Final = ("[", "{", ",", ":")
_EXACT: Final = 2**53  # the greatest whole number that a number with a point holds exactly
_WORDS: Final[Mapping[pl.DataType, str]] = {
    pl.Int64(): "a whole number",
    pl.Float64(): "a number",
    pl.Boolean(): "true or false",
}


def columns_of_first(path: Path, rows: int) -> dict[str, pl.DataType]:
    """Return the keys of the first rows of a file, each with the type that all its values have.

    Values of several types are kept as text, and so are lists and objects, as JSON.
    """
    found: dict[str, set[type]] = {}
    with path.open("rb") as file:
        for line in itertools.islice(map(_document, filter(bytes.strip, file)), rows):
            for key, value in (line.cells or {}).items():
                found.setdefault(key, set()).update(_kinds(value))
    return {key: _type_of(kinds) for key, kinds in found.items()}


def _kinds(value: object) -> Iterable[type]:
    """Return of which types a value is, none of null."""
    if value is None:
        return ()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return (int, str) if abs(value) >= 2**63 else (int, _Long)
    return (type(value),)


class _Long:
    """Stands for whole numbers that are too long for a number with a point."""


def _type_of(kinds: set[type]) -> pl.DataType:
    if kinds and kinds <= {int, _Long}:
        return pl.Int64()
    if kinds and kinds <= {int, float}:
        return pl.Float64()
    return pl.Boolean() if kinds == {bool} else pl.String()


def kept_value(value: object, of: pl.DataType) -> object:
    """Return a value as a column of a type keeps it.

    Raises:
        ValueError: with what was expected.

    """
    if value is None:
        return None
    if of == pl.String():
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _type_of(set(_kinds(value))) == of:
        return value
    if of == pl.Float64() and type(value) is int and abs(value) <= _EXACT:
        return float(value)
    raise ValueError(f"{_WORDS[of]}, as in the first rows")


def rows_of(file: IO[bytes], names: Collection[str], first: int) -> Iterator[Line]:
    """Yield each row; those with a key that is not among the names are set aside.

    A line that may be a part of an object of several lines is no row either.
    """
    goes_on = False
    for line in map(_document, filter(bytes.strip, file)):
        if line.cells is None:
            goes_on = isinstance(line.came, str) and line.came.endswith(_GOES_ON)
            yield line
        elif goes_on:
            yield line._replace(reason=INSIDE)
        elif any(key not in names for key in line.cells):
            expected = f"a key that the first {first} rows have"
            yield line._replace(reason=f"row: expected {expected}, got another")
        else:
            yield line


def _document(data: bytes) -> Line:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        shown = data.decode("utf-8", "backslashreplace").rstrip("\r\n")
        return Line(None, shown, "row: expected text in UTF-8")
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return Line(None, text.strip(), "row: expected one JSON object on a line, each key once")
    if not isinstance(found, dict):
        return Line(None, found, f"row: expected a JSON object, got {kind_of(found)}")
    return Line(found, found)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
