"""One strict cattrs converter, and its errors as paths that an author can search for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

from msrisk.errors import MsriskError, Problem
from msrisk.model import conditions
from msrisk.model.checks import kind_of

__all__ = ["plain", "structure"]

T = TypeVar("T")


class _UnexpectedError(ValueError):
    """A value is not what the file format wants there."""

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(expected)
        self.problem = Problem("", expected, kind_of(value))


def structure(value: object, type_: type[T], where: str) -> tuple[T | None, list[Problem]]:
    """Return the typed object, or None and every problem, each under the place `where`."""
    try:
        return _CONVERTER.structure(value, type_), []
    except Exception as error:  # noqa: BLE001  # whatever a hook raises is a problem of the file
        problems = [
            Problem(": ".join(filter(None, (where, path))), problem.expected, problem.got)
            for path, problem in _problems(error, "")
        ]
        return None, problems


def plain(value: object) -> dict[str, object]:
    """Return an object of the model as plain dictionaries and lists."""
    done: dict[str, object] = _CONVERTER.unstructure(value)
    return done


def _problems(error: BaseException, path: str) -> Iterator[tuple[str, Problem]]:
    """Yield every problem inside a structuring error with the path to it."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        for inner in error.exceptions:
            yield from _problems(inner, path + _step(inner, path))
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            known = ", ".join(sorted(f.name for f in attrs.fields(error.cl)))
            yield _join(path, key), Problem("", f"one of the keys {known}", "an unknown key")
    elif isinstance(error, _UnexpectedError):
        yield path, error.problem
    elif isinstance(error, MsriskError):
        for problem in error.problems:
            yield _join(path, problem.where), problem
    elif isinstance(error, KeyError):
        yield path, Problem("", "a value", "no such key")
    else:
        raise error


def _step(error: BaseException, path: str) -> str:
    for note in getattr(error, "__notes__", []):
        if isinstance(note, AttributeValidationNote):
            return f".{note.name}" if path else note.name
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
    return ""


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _scalar(type_: type, expected: str) -> Callable[[object, object], object]:
    def hook(value: object, _: object) -> object:
        if type(value) is not type_:
            raise _UnexpectedError(expected, value)
        return value

    return hook


def _number(value: object, _: object) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _UnexpectedError("a number", value)
    return value


def _enum(value: object, type_: type[Enum]) -> Enum:
    allowed = {one.value: one for one in type_}
    if not isinstance(value, str) or value not in allowed:
        raise _UnexpectedError(f"one of {', '.join(sorted(allowed))}", value)
    return allowed[value]


def _is_tuple(type_: object) -> bool:
    return get_origin(type_) is tuple


def _list(value: object, type_: Any) -> tuple[object, ...]:  # a generic alias has no type
    if not isinstance(value, list):
        raise _UnexpectedError("a list", value)
    (of, *_) = get_args(type_)
    done, errors = [], []
    for index, one in enumerate(value):
        try:
            done.append(_CONVERTER.structure(one, of))
        except Exception as error:  # noqa: BLE001  # collected, and raised together below
            error.add_note(IterableValidationNote(f"at {index}", index, of))
            errors.append(error)
    if errors:
        raise IterableValidationError("list", errors, type_)
    return tuple(done)


def _table(type_: Any, converter: Converter) -> Callable[[object, object], object]:
    # `make_dict_structure_fn` takes any attrs class.
    attrs.resolve_types(type_)
    inner = make_dict_structure_fn(
        type_, converter, _cattrs_forbid_extra_keys=True, _cattrs_use_alias=True
    )

    def hook(value: object, cl: Any) -> object:
        if not isinstance(value, dict):
            raise _UnexpectedError("a table", value)
        return inner(value, cl)

    return hook


def _optional(value: object, type_: Any) -> object:
    rest = [one for one in get_args(type_) if one is not type(None)]
    return _CONVERTER.structure(value, reduce(or_, rest))


def _is_mapping(type_: object) -> bool:
    return get_origin(type_) is Mapping


def _mapping(value: object, type_: Any) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _UnexpectedError("a table", value)
    of = get_args(type_)[1]
    return value if of is object else {k: _CONVERTER.structure(v, of) for k, v in value.items()}


_NODES: Final[Mapping[str, type]] = {
    "takes": conditions.Takes,
    "takes-any-medication": conditions.TakesAnyMedication,
    "takes-supplement": conditions.TakesSupplement,
    "takes-other-supplement": conditions.TakesOtherSupplement,
    "has-condition": conditions.HasCondition,
    "has-condition-beyond": conditions.HasConditionBeyond,
    "allergic-to": conditions.AllergicTo,
    "reports-symptom": conditions.ReportsSymptom,
    "age-at-least": conditions.AgeAtLeast,
    "age-below": conditions.AgeBelow,
    "weight-below": conditions.WeightBelow,
    "daily-dose-above": conditions.DailyDoseAbove,
    "daily-dose-below": conditions.DailyDoseBelow,
    "doses-per-day-below": conditions.DosesPerDayBelow,
    "taking": conditions.Taking,
    "states": conditions.States,
    "all": conditions.All,
    "any": conditions.Any,
}
"""The value of `kind` in the files → the condition node that it stands for."""


def _condition(value: object, _: object) -> object:
    if not isinstance(value, dict):
        raise _UnexpectedError("a condition with a kind", value)
    kind = str(value.get("kind"))
    if kind not in _NODES:
        raise MsriskError(
            [Problem("kind", f"one of {', '.join(sorted(_NODES))}", "another or none")]
        )
    rest = {key: one for key, one in value.items() if key != "kind"}
    return _CONVERTER.structure(rest, _NODES[kind])


def _is_condition(type_: object) -> bool:
    return type_ == conditions.Condition


def _is_optional(type_: object) -> bool:
    return type(None) in get_args(type_)


def _node_table(node: attrs.AttrsInstance) -> dict[str, object]:
    values = {
        f.name: _CONVERTER.unstructure(getattr(node, f.name)) for f in attrs.fields(type(node))
    }
    return {"kind": _KINDS[type(node)], **values}


_KINDS: Final = {node: kind for kind, node in _NODES.items()}


def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    # Later hooks are asked first, so the general ones stand above the special ones.
    converter.register_structure_hook_factory(attrs.has, _table)
    converter.register_structure_hook_func(_is_tuple, _list)
    converter.register_structure_hook_func(_is_mapping, _mapping)
    converter.register_structure_hook_func(_is_condition, _condition)
    converter.register_structure_hook_func(lambda type_: type_ == int | float, _number)
    converter.register_structure_hook_func(_is_optional, _optional)
    converter.register_structure_hook_func(
        lambda type_: isinstance(type_, type) and issubclass(type_, Enum), _enum
    )
    converter.register_structure_hook(str, _scalar(str, "text"))
    converter.register_structure_hook(int, _scalar(int, "a whole number"))
    converter.register_structure_hook(bool, _scalar(bool, "true or false"))
    for node in _NODES.values():
        converter.register_unstructure_hook(node, _node_table)
    return converter


_CONVERTER: Final = _converter()
