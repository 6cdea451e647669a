"""Spoils bundles by chance, one by one and each by its number, so that it can be made again."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["spoiled"]

_DEEP = 3_000


def _nested() -> object:
    made: object = "x"
    for _ in range(_DEEP):
        made = [made]
    return made


_VALUES: tuple[Callable[[], object], ...] = (
    lambda: None,
    lambda: True,
    lambda: 0,
    lambda: -1.5,
    lambda: 10**400,
    lambda: float("inf"),
    lambda: float("nan"),
    lambda: "",
    lambda: " ",
    lambda: "x" * 20_000,
    lambda: "\ud800\x00\u202e",
    lambda: "active",
    lambda: "entered-in-error",
    lambda: "0000-00-00",
    lambda: "3000-01-01T99:99:99Z",
    lambda: "Patient/nobody",
    lambda: "#",
    list,
    dict,
    lambda: [None, 1, "x", {}],
    lambda: {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]},
    lambda: {"reference": "#x"},
    _nested,
)
Place = tuple[Any, Any]


def _places(value: object) -> Iterator[Place]:
    """Yield each place inside a JSON value: what holds it, and the key or number of it."""
    waiting, seen = [value], set[int]()
    while waiting:
        held = waiting.pop()
        if id(held) in seen:
            continue  # it holds itself
        seen.add(id(held))
        if isinstance(held, dict):
            pairs: list[tuple[Any, Any]] = list(held.items())
        elif isinstance(held, list):
            pairs = list(enumerate(held))
        else:
            continue
        for key, inner in pairs:
            yield held, key
            waiting.append(inner)


def spoiled(bundle: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return a copy of a bundle with a few places spoiled, by the number of the attempt."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    made = copy.deepcopy(bundle)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        places = list(_places(made))
        if not places:
            break
        held, key = chance.choice(places)
        _spoil(held, key, chance, places)
    return made


def _spoil(held: Any, key: Any, chance: random.Random, places: list[Place]) -> None:
    match chance.randrange(7):
        case 0 | 1:
            held[key] = chance.choice(_VALUES)()
        case 2:
            del held[key]
        case 3:
            held[key] = [held[key]]
        case 4:
            other, name = chance.choice(places)
            held[key] = other[name]
        case 5 if isinstance(held, dict):
            held[chance.choice(["code", "status", "subject", "text", "resourceType"])] = held[key]
        case 6 if isinstance(held, list):
            held += [held[key]] * chance.choice([1, 30])
        case _:
            # A value that holds itself: no JSON has one, and a program can hand one over.
            held[key] = held if chance.random() < 0.1 else None  # seldom
