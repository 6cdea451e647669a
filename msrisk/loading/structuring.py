"""Converts tables into objects strictly, and names the path of each error."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar, get_args, get_origin

import attrs
from attrs import evolve
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from msrisk.errors import MsriskError, Problem
from msrisk.model import conditions, evidence
from msrisk.model.checks import closest, did_you_mean, kind_of
from msrisk.model.rules import FieldPrompt, Rule, RuleSet
from msrisk.model.sources import Citation

__all__ = [
    "canonical",
    "key_text",
    "list_text",
    "plain",
    "structure",
    "table_text",
    "unknown",
]

T = TypeVar("T")

_DEEPEST: Final = 40
_JSON: Final = json.JSONEncoder(ensure_ascii=False).encode
_NESTED: Final = (dict, list)
_NOT_ASCII: Final = re.compile("[^ -~]+")


class _UnexpectedError(ValueError):
    """A value is not what the file format wants there."""

    def __init__(self, expected: str, value: object, got: str = "") -> None:
        super().__init__(expected)
        self.problem = Problem("", expected, got or kind_of(value))


def structure(value: object, type_: type[T], where: str) -> tuple[T | None, list[Problem]]:
    """Return the typed object, or None and every problem, each under the place `where`."""
    if _too_deep(value):
        return None, [Problem(where, f"at most {_DEEPEST} tables and lists inside each other")]
    try:
        return _CONVERTER.structure(value, type_), []
    except Exception as error:  # noqa: BLE001  # whatever a hook raises is a problem of the file
        problems = [
            Problem(": ".join(filter(None, (where, path))), problem.expected, problem.got)
            for path, problem in _problems(error, "")
        ]
        return None, problems


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        inner = [one for one in level if isinstance(one, _NESTED)]
        if not inner:
            return False
        level = [x for one in inner for x in (one.values() if isinstance(one, dict) else one)]
    return bool(level)


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Say that a key or word of the file format is not known, and what is spelt almost so."""
    return f"an unknown {what}{did_you_mean(word, known)}"


def key_text(key: str) -> str:
    """Return a key of a file as one visible word."""
    return key if key.isprintable() else ascii(key)


def plain(value: object) -> dict[str, object]:
    """Return an object of the model as plain dictionaries and lists."""
    done: dict[str, object] = _CONVERTER.unstructure(value)
    return done


def canonical(value: object) -> str:
    """Return plain dictionaries and lists as JSON that is the same in whatever order they are."""
    if isinstance(value, str):
        return _JSON(value)
    if isinstance(value, dict):
        return table_text({str(key): canonical(one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return list_text([canonical(one) for one in value])
    return _JSON(value)


def table_text(parts: Mapping[str, str]) -> str:
    """Return a dictionary as canonical JSON, given that of each value."""
    inner = [f"{_JSON(key)}: {parts[key]}" for key in sorted(parts)]
    return f"{{{', '.join(inner)}}}"


def list_text(parts: Iterable[str]) -> str:
    """Return a list as canonical JSON, given that of each part."""
    listed = list(parts)
    whole = "".join(listed)
    is_ascii = whole.isascii() and "\x7f" not in whole
    listed.sort(key=None if is_ascii else _in_ascii)
    return f"[{', '.join(listed)}]"


def _in_ascii(text: str) -> str:
    """Return JSON with every character escaped that JSON in ASCII escapes."""
    return _NOT_ASCII.sub(lambda found: json.dumps(found.group())[1:-1], text)


def _problems(error: BaseException, path: str) -> Iterator[tuple[str, Problem]]:
    """Yield every problem inside a structuring error with the path to it."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        extra = [one for one in error.exceptions if isinstance(one, ForbiddenExtraKeysError)]
        # What is missing because its key is misspelt needs no message of its own.
        meant = {closest(key, _keys(one.cl)) for one in extra for key in one.extra_fields}
        for inner in sorted(error.exceptions, key=lambda one: one not in extra):
            step = _step(error, inner, path)
            if not (isinstance(inner, KeyError) and step.lstrip(".") in meant):
                yield from _problems(inner, path + step)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = _keys(error.cl)
        expected = f"one of the keys {', '.join(known)}" if known else "no key besides kind"
        for key in sorted(error.extra_fields):
            yield _join(path, key_text(key)), Problem("", expected, unknown("key", key, known))
    elif isinstance(error, _UnexpectedError):
        yield path, error.problem
    elif isinstance(error, MsriskError):
        for problem in error.problems:
            yield _join(path, problem.where), problem
    elif isinstance(error, KeyError):
        yield path, Problem("", "a value", "nothing")
    else:
        raise error


def _keys(type_: Any) -> list[str]:
    return sorted(str(one.alias) for one in attrs.fields(type_))


def _step(outer: BaseException, error: BaseException, path: str) -> str:
    note = next(iter(getattr(error, "__notes__", [])), None)
    if isinstance(note, IterableValidationNote):
        return f".{note.index}" if isinstance(note.index, str) else f"[{note.index}]"
    if isinstance(note, AttributeValidationNote) and isinstance(outer, ClassValidationError):
        key = attrs.fields_dict(outer.cl)[note.name].alias
        return f".{key}" if path else str(key)
    return ""


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _scalar(type_: type, expected: str) -> Callable[[object, object], object]:
    def hook(value: object, _: object) -> object:
        if type(value) is not type_:
            raise _UnexpectedError(expected, value)
        return value

    return hook


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise _UnexpectedError("text", value)
    if not value.isprintable():
        got = "a line break or a character that cannot be seen"
        raise _UnexpectedError("one line of visible text", value, got)
    return value


def _words(value: object, type_: object) -> str:
    text = _text(value, type_)
    if not text.strip():
        raise _UnexpectedError("some words", value, "blank text")
    return text


def _id_of(name: str) -> Callable[[object, object], str]:
    article = "an" if name[0] in "aeiou" else "a"
    expected = f"the id of {article} {name.replace('_', ' ')}"

    def hook(value: object, type_: object) -> str:
        if not isinstance(value, str):
            raise _UnexpectedError(expected, value)
        return _words(value, type_)

    return hook


def _number(value: object, _: object) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise _UnexpectedError("a number", value, "nan or infinity")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _UnexpectedError("a number", value)
    return value


def _enum(value: object, type_: type[Enum]) -> Enum:
    allowed = {one.value: one for one in type_}
    return allowed[_one_of(value, allowed)]


def _one_of(value: object, allowed: Iterable[str]) -> str:
    known = sorted(allowed)
    if not isinstance(value, str) or value not in known:
        got = unknown("word", value, known) if isinstance(value, str) else ""
        raise _UnexpectedError(f"one of {', '.join(known)}", value, got)
    return value


def _is_tuple(type_: object) -> bool:
    return get_origin(type_) is tuple


def _list(value: object, type_: Any) -> tuple[object, ...]:  # a generic alias has no type
    if not isinstance(value, list):
        raise _UnexpectedError("a list", value)
    (of, *_) = get_args(type_)
    if of is str and all(
        isinstance(one, str) and one.isprintable() and one.strip() for one in value
    ):
        return tuple(value)  # as most lists are: the same, sooner
    return tuple(_parts(enumerate(value), of).values())


def _parts(items: Iterable[tuple[Any, object]], of: Any) -> dict[Any, object]:
    """Structure each part of a list or mapping, and report what is wrong with any of them."""
    done: dict[Any, object] = {}
    errors: list[Exception] = []
    for index, one in items:
        try:
            done[index] = _words(one, of) if of is str else _CONVERTER.structure(one, of)
        except Exception as error:  # noqa: BLE001  # collected, and raised together below
            error.add_note(IterableValidationNote(f"at {index}", index, of))
            errors.append(error)
    if errors:
        raise IterableValidationError("parts", errors, of)
    return done


def _table(type_: Any, converter: Converter) -> Callable[[object, object], object]:
    # `make_dict_structure_fn` takes any attrs class.
    attrs.resolve_types(type_)
    # Text that may be left out may be empty; text that must be given must say something.
    filled: Any = {
        one.name: override(
            struct_hook=_id_of(one.name) if issubclass(type_, conditions.Test) else _words
        )
        for one in attrs.fields(type_)
        if one.type is str and one.default is attrs.NOTHING
    }
    inner = make_dict_structure_fn(
        type_, converter, _cattrs_forbid_extra_keys=True, _cattrs_use_alias=True, **filled
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
    if of is object:
        return value
    return _parts(((key_text(key), one) for key, one in value.items()), of)


_NODES: Final = {one.kind: one for one in conditions.KINDS}
"""The value of `kind` in the files → the condition node that it stands for."""


def _condition(value: object, _: object) -> object:
    if not isinstance(value, dict):
        raise _UnexpectedError("a condition with a kind", value)
    try:
        kind = _one_of(value.get("kind"), _NODES)
    except _UnexpectedError as error:
        raise MsriskError([evolve(error.problem, where="kind")]) from None
    rest = {key: one for key, one in value.items() if key != "kind"}
    return _CONVERTER.structure(rest, _NODES[kind])


def _is_condition(type_: object) -> bool:
    return type_ == conditions.Condition


def _is_optional(type_: object) -> bool:
    return type(None) in get_args(type_)


def _node_table(node: conditions.Condition) -> dict[str, object]:
    values = {
        f.name: _CONVERTER.unstructure(getattr(node, f.name)) for f in attrs.fields(type(node))
    }
    return {"kind": node.kind, **values}


_ADDED: Final = {Citation: "evidence", Rule: "title", FieldPrompt: "short"}
"""What was added to the file format later: the first key of each, behind all the earlier ones."""


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
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _scalar(int, "a whole number"))
    converter.register_structure_hook(bool, _scalar(bool, "true or false"))
    for node in _NODES.values():
        converter.register_unstructure_hook(node, _node_table)
    for type_, first in _ADDED.items():
        # A rule set without these keys keeps the digest that earlier packages gave it.
        names = list(attrs.fields_dict(type_))
        late: Any = {name: override(omit_if_default=True) for name in names[names.index(first) :]}
        converter.register_unstructure_hook(
            type_, make_dict_unstructure_fn(type_, converter, **late)
        )
    return converter


# It names evidence for the type checker alone: most answers need none.
attrs.resolve_types(RuleSet, localns=vars(evidence))
_CONVERTER: Final = _converter()
