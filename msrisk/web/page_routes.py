"""Serves the intake page: reads a form, asks the page for what follows, and keeps nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from msrisk.errors import Problem
from msrisk.model.rules import RuleSet
from msrisk.web import page
from msrisk.web.bodies import body_of
from msrisk.web.frames import ancestors, telling
from msrisk.web.page_words import language_of
from msrisk.web.problems import Refused

__all__ = ["page_routes", "refusing"]

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; "
)
_WHY: Final = {
    404: "refused_address",
    405: "refused_address",
    408: "refused_slow",
    413: "refused_large",
    500: "refused_fault",
}
_MOST_FIELDS = 5_000
_KINDS = {"page.css": "text/css", "page.js": "text/javascript"}


def page_routes(
    ruleset: RuleSet, most: int, seconds: float, embedders: Sequence[str] = ()
) -> list[Route]:
    """Return the routes of the page.

    Args:
        ruleset: the rules.
        most: of how many bytes a form may be.
        seconds: within how many seconds a form has to come.
        embedders: the origins of the pages that may show it in a frame, checked before.

    """
    policy = f"{_POLICY}{ancestors(embedders)}"

    async def shown(request: Request) -> Response:
        fields = await _fields(request, most, seconds)
        if "lang" not in dict(fields):
            fields.append(("lang", language_of(request.headers.get("accept-language", ""))))
        base = request.scope.get("root_path", "")
        made = await run_in_threadpool(page.respond, fields, base=base, ruleset=ruleset)
        headers = {"Content-Security-Policy": policy, "Vary": "Accept-Language"}
        return HTMLResponse(telling(made, embedders), headers=headers)

    async def kept(request: Request) -> Response:
        fields = await _fields(request, most, seconds)
        made = await run_in_threadpool(page.kept, fields, ruleset=ruleset)
        headers = {"Content-Disposition": 'attachment; filename="msrisk-answers.json"'}
        return Response(made, media_type="application/json", headers=headers)

    found = page.files()

    async def file(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found[name], media_type=_KINDS[name], headers=headers)

    return [
        Route("/", shown, methods=["GET", "POST"]),
        Route("/keep", kept, methods=["POST"]),
        *(Route(f"/{name}", file) for name in found),
    ]


def refusing(ruleset: RuleSet, embedders: Sequence[str] = ()) -> Callable[[Request, int], Response]:
    """Return what answers a person whose request is not taken up: a page, with its status.

    Args:
        ruleset: the rules.
        embedders: as for `page_routes`.

    """
    policy = f"{_POLICY}{ancestors(embedders)}"

    def refused(request: Request, status: int) -> Response:
        lang = language_of(request.headers.get("accept-language", ""))
        base = request.scope.get("root_path", "")
        made = page.refused(
            _WHY.get(status, "refused_form"), lang, base=base or "/", ruleset=ruleset
        )
        headers = {"Content-Security-Policy": policy, "Vary": "Accept-Language"}
        return HTMLResponse(telling(made, embedders), status, headers=headers)

    return refused


async def _fields(request: Request, most: int, seconds: float) -> list[tuple[str, str]]:
    """Return the fields of a form that was sent; what stands in the address is not read.

    Raises:
        Refused: if it is too large, too slow or no form.

    """
    if request.method != "POST":
        return []
    data = await body_of(request, most, seconds)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    try:
        if kind == "multipart/form-data":
            return await _parts(request, data)
        if kind == "application/x-www-form-urlencoded":
            text = data.decode("ascii")
            return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (ValueError, KeyError, MultiPartException):
        raise Refused(400, [Problem("body", "a form as a browser sends it", "another")]) from None
    raise Refused(415, [Problem("content-type", "a form as a browser sends it", "another")])


async def _parts(request: Request, data: bytes) -> list[tuple[str, str]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield data

    parser = MultiPartParser(
        request.headers, stream(), max_files=1, max_fields=20, max_part_size=len(data) + 1
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
