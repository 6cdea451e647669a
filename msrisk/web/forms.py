"""Reads a form as a browser sends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from msrisk.errors import Problem
from msrisk.web.problems import Refused

__all__ = ["NO_FORM", "fields_of"]

NO_FORM: Final = ""
"""The kind of a request that sends no form: it has no fields."""

_MOST_FIELDS: Final = 5_000


def fields_of(kind: str, data: bytes) -> list[tuple[str, str]]:
    """Return the names and values of the fields of a form.

    Args:
        kind: of the body, as the request tells it.
        data: the body.

    Raises:
        Refused: if it is no form.

    """
    expected = "a form as a browser sends it"
    try:
        match kind.partition(";")[0].strip().casefold():
            case "":
                return []
            case "multipart/form-data":
                return asyncio.run(_parts(kind, data))
            case "application/x-www-form-urlencoded":
                text = data.decode("ascii")
                return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, KeyError, MultiPartException):
        raise Refused(400, [Problem("body", expected, "another")]) from None
    raise Refused(415, [Problem("content-type", expected, "another")])


async def _parts(kind: str, data: bytes) -> list[tuple[str, str]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield data

    parser = MultiPartParser(
        Headers({"content-type": kind}),
        stream(),
        max_files=1,
        max_fields=20,
        max_part_size=len(data) + 1,
    )
    form = await parser.parse()
    try:
        return [
            (name, await _text(value) if isinstance(value, UploadFile) else value)
            for name, value in form.multi_items()
        ]
    finally:
        await form.close()


async def _text(file: UploadFile) -> str:
    try:
        return (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"  # which is no intake document
