"""Reads the body of a request as JSON: not larger, deeper or slower than is allowed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, cast

from starlette.requests import ClientDisconnect, Request

from msrisk.errors import FhirError, Problem
from msrisk.fhir import bundle_from_json
from msrisk.web.problems import Refused

__all__ = ["Room", "body_of", "json_of", "object_of"]

DEEPEST: Final = 64
"""Of how many lists and objects inside each other a body may be."""

_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS: Final = re.compile(rb"[\[{]+|[\]}]+")


class Room:
    """How many bytes of bodies may be held at once, of all requests that are being answered."""

    def __init__(self, most: int) -> None:
        """Begin with all of it."""
        self._left = most

    @contextmanager
    def part(self) -> Iterator[Callable[[int], None]]:
        """Give what takes some of it for one request; all that it took is given back after it."""
        taken = 0

        def take(size: int) -> None:
            nonlocal taken
            if size > self._left:
                expected = "room for the body beside those of others; nothing was checked"
                raise Refused(503, [Problem("msrisk", expected, "none")])
            self._left -= size
            taken += size

        try:
            yield take
        finally:
            self._left += taken


async def body_of(
    request: Request,
    most: int,
    seconds: float,
    take: Callable[[int], None],
    *,
    whole: bool = False,
) -> bytes:
    """Return the body of a request.

    Args:
        request: the request.
        most: of how many bytes it may be.
        seconds: within how many seconds it has to come.
        take: takes room for as many bytes.
        whole: whether to let one that is too large come to its end, and keep none of it: many
            clients read no answer before they have sent all.

    Raises:
        Refused: if it is too large or too slow, ended half-way, or has no room.

    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, [Problem("content-encoding", "none", "another")])
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    parts.clear()
                    if not whole:
                        break
                else:
                    take(len(part))
                    parts.append(part)
    except TimeoutError:
        raise Refused(408, [Problem("body", f"all of it within {seconds:g} seconds")]) from None
    except ClientDisconnect:
        raise Refused(400, [Problem("body", "all of it", "a part")]) from None
    if size > most:
        raise Refused(413, [Problem("body", f"at most {most} bytes", "more")])
    return b"".join(parts)


def json_of(data: bytes) -> object:
    """Return a body in JSON types.

    Raises:
        Refused: if it is no JSON, is too deep, or has a key twice in one object.

    """
    depth = deepest = 0
    for found in _BRACKETS.finditer(_STRINGS.sub(b"", data)):
        run = found.group()
        depth += len(run) if run[0] in b"[{" else -len(run)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        expected = f"at most {DEEPEST} lists and objects inside each other"
        raise Refused(400, [Problem("body", expected, "more")])
    try:
        return bundle_from_json(data)
    except FhirError as error:
        problems = [Problem("body", one.expected, one.got) for one in error.problems]
    raise Refused(400, problems)


def object_of(
    data: bytes, known: Mapping[str, str]
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return a body that is an object, and what is wrong with its keys.

    Args:
        data: the body.
        known: each key that there is, and what it holds.

    Raises:
        Refused: if it is no object.

    """
    found = json_of(data)
    if not isinstance(found, dict):
        raise Refused(400, [Problem("body", "an object, in braces", "something else")])
    given = cast("dict[str, object]", found)
    others = len(given.keys() - known.keys())
    if not others:
        return given, ()
    expected = f"only {', '.join(f'{key} ({what})' for key, what in known.items())}"
    return given, (Problem("body", expected, f"{others} other keys"),)
