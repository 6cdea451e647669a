"""Finds the columns of a frame that tell of patients, and refuses those that cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final

import narwhals.stable.v2 as nw
import polars as pl
from attrs import frozen

from msrisk.errors import FrameError, Problem
from msrisk.model.checks import did_you_mean
from msrisk.model.profile import FIELDS, LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet

__all__ = [
    "AMOUNTS",
    "Columns",
    "ON_THE_WAY",
    "OUTCOMES",
    "PLACE",
    "TOLD_OF",
    "added_columns",
    "column_name",
    "columns_of",
    "complete_fields",
    "end_of",
    "level_columns",
    "say_once",
    "wanted_columns",
    "wanted_types",
]

ON_THE_WAY: Final = "_msrisk_"
"""What the names of columns begin with that are made on the way and dropped at the end."""

AMOUNTS: Final = ("dose_mg", "daily_dose_mg", "times_per_day")
"""What is told of a supplement in numbers: each as `<amount>_of_<substance>`."""

TOLD_OF: Final = (*AMOUNTS, "taking")
"""What columns can tell of a supplement: the amounts, and whether it was started."""

PLACE: Final = "place_of_the_row"
"""By which the rows of a batch are put in order again that another engine has screened."""

OUTCOMES: Final = ("level", "worst_case", "unrecognised", "not_read", "empty_lists")
"""The columns that are added besides those of rules and substances."""

_DENIED: Final = "denied"
_LIST: Final = 'a list of text, such as ["one", "two"], ["none"] or null'
_NUMBER: Final = "a number or null"
_YES_NO: Final = "true, false or null"
_log = logging.getLogger("msrisk.cohort")


@frozen
class Columns:
    """The columns of a frame that are read.

    Attributes:
        lists: the lists that are there, `denied` among them.
        numbers: the numbers that are there.
        ends: those of them beside which a column says where their range ends.
        yes_no: the yes/no fields that are there.
        complete: the lists beside which a column says whether they are complete.
        products: for each substance that has any, its columns by what they tell.
        kept: the columns that are not read.

    """

    lists: tuple[str, ...]
    numbers: tuple[str, ...]
    ends: tuple[str, ...]
    yes_no: tuple[str, ...]
    complete: tuple[str, ...]
    products: Mapping[str, Mapping[str, str]]
    kept: tuple[str, ...]

    def read(self) -> list[str]:
        """Return the names of all columns that are read."""
        told = [name for of in self.products.values() for name in of.values()]
        beside = [f"{name}_complete" for name in self.complete]
        beside += map(end_of, self.ends)
        return [*self.lists, *self.numbers, *self.yes_no, *beside, *told]

    def missing(self) -> list[str]:
        """Return the fields that no column tells, so that nobody was asked."""
        there = {*self.lists, *self.numbers, *self.yes_no}
        return [name for name in FIELDS if name not in there]

    def not_read(self, wanted: Collection[str]) -> list[str]:
        """Return the columns that are kept and not read, each with the one that may be meant."""
        free = set(wanted) - set(self.read())
        return [f"{name}{did_you_mean(name, free)}" for name in self.kept if name != PLACE]


def column_name(id_: str) -> str:
    """Return how the id of a substance is written inside the name of a column."""
    return id_.replace("-", "_")


def end_of(number: str) -> str:
    """Return the column of where the range of a number ends, if it is one."""
    return f"{number}_to"


def level_columns(substance: str) -> tuple[str, str]:
    """Return the columns of the level of a substance, and of its worst case."""
    name = column_name(substance)
    return f"level_of_{name}", f"worst_case_of_{name}"


def added_columns(ruleset: RuleSet) -> frozenset[str]:
    """Return the columns that screening by a rule set adds."""
    levels = (name for one in ruleset.substances for name in level_columns(one.id))
    return frozenset({*OUTCOMES, *levels, *(one.id for one in ruleset.rules if one.when)})


def complete_fields(complete: Collection[str]) -> frozenset[str]:
    """Return the lists that are complete for every patient, checked."""
    if isinstance(complete, str) or not set(complete) <= set(LIST_FIELDS):
        expected = f"a list of names among {', '.join(LIST_FIELDS)}"
        raise FrameError([Problem("complete", expected, "something else")])
    return frozenset(complete)


def columns_of(
    schema: Mapping[str, nw.dtypes.DType], ruleset: RuleSet, *, any_case: bool = False
) -> Columns:
    """Return the columns that are read, and say once which are missing and which are kept.

    Args:
        schema: all columns with their types.
        ruleset: the rules.
        any_case: whether small and capital letters make no difference, as in SQL.

    Raises:
        FrameError: with each column that has the wrong type, or the name of an outcome.

    """
    problems: list[Problem] = []
    found: dict[str, str] = {}
    wanted = dict(_wanted(ruleset))
    for name, dtype in schema.items():
        if name in wanted and not isinstance(dtype, nw.Unknown):
            expected = wanted[name]
            if _FITS[expected](dtype):
                found[name] = expected
            else:
                problems.append(Problem(f"column {name}", expected, _kind_of(dtype)))
    added = added_columns(ruleset)
    problems += [
        Problem(f"column {name}", "no column with a name that msrisk adds")
        for name in schema
        if (name.lower() if any_case else name) in added or name.startswith(ON_THE_WAY)
    ]
    if problems:
        raise FrameError(problems)
    products: dict[str, dict[str, str]] = {}
    for one in ruleset.substances:
        of = {what: name for what, name in _products(one.id) if name in found}
        if of:
            products[one.id] = of
    columns = Columns(
        lists=tuple(name for name in (*LIST_FIELDS, _DENIED) if name in found),
        numbers=tuple(name for name in NUMBER_FIELDS if name in found),
        ends=tuple(name for name in NUMBER_FIELDS if {name, end_of(name)} <= found.keys()),
        yes_no=tuple(name for name in YES_NO_FIELDS if name in found),
        complete=tuple(name for name in LIST_FIELDS if f"{name}_complete" in found),
        products=products,
        kept=tuple(name for name in schema if name not in wanted),
    )
    _say(columns, wanted)
    return columns


def wanted_columns(ruleset: RuleSet) -> frozenset[str]:
    """Return the names of all columns that a rule set can read."""
    return frozenset(name for name, _ in _wanted(ruleset))


def wanted_types(ruleset: RuleSet) -> dict[str, pl.DataType]:
    """Return the type that each column has which a rule set can read."""
    types: dict[str, pl.DataType] = {
        _LIST: pl.List(pl.String()),
        _NUMBER: pl.Float64(),
        _YES_NO: pl.Boolean(),
    }
    return {name: types[expected] for name, expected in _wanted(ruleset)}


def _say(columns: Columns, wanted: Collection[str]) -> None:
    """Say once what is asked of nobody, and what is kept and not read."""
    missing = columns.missing()
    if missing:
        say_once(f"no column for, so not asked of anybody: {', '.join(missing)}")
    kept = columns.not_read(wanted)
    if kept:
        say_once(f"kept and not read: {', '.join(kept)}")


# A file comes in many frames of the same columns.
@lru_cache(maxsize=64)
def say_once(words: str) -> None:
    """Say something of the columns of a frame, and not again."""
    _log.warning(words)


def _wanted(ruleset: RuleSet) -> Iterator[tuple[str, str]]:
    """Yield each column that is read, and what it holds."""
    for name in LIST_FIELDS:
        yield name, _LIST
        yield f"{name}_complete", _YES_NO
    yield _DENIED, _LIST
    for name in NUMBER_FIELDS:
        yield name, _NUMBER
        yield end_of(name), _NUMBER
    for name in YES_NO_FIELDS:
        yield name, _YES_NO
    for one in ruleset.substances:
        for what, name in _products(one.id):
            yield name, _YES_NO if what == "taking" else _NUMBER


def _products(substance: str) -> Iterator[tuple[str, str]]:
    name = column_name(substance)
    yield from ((amount, f"{amount}_of_{name}") for amount in AMOUNTS)
    yield "taking", f"taking_{name}"


def _is_list_of_text(dtype: nw.dtypes.DType) -> bool:
    inner = dtype.inner if isinstance(dtype, nw.List) else None
    return inner is not None and str(inner) in ("String", "Unknown")


_FITS: Final[Mapping[str, Callable[[nw.dtypes.DType], bool]]] = {
    _LIST: _is_list_of_text,
    _NUMBER: lambda dtype: bool(dtype.is_numeric()),
    _YES_NO: lambda dtype: isinstance(dtype, nw.Boolean),
}


def _kind_of(dtype: nw.dtypes.DType) -> str:
    if isinstance(dtype, nw.List):
        return "lists of something else"
    words = {"String": "text", "Boolean": "true or false", "Object": "objects of Python"}
    return "numbers" if dtype.is_numeric() else words.get(str(dtype), str(dtype))
