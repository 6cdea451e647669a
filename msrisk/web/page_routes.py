"""Serves the intake page: has its form answered, and keeps nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from msrisk.model.rules import RuleSet
from msrisk.web import page
from msrisk.web.forms import NO_FORM
from msrisk.web.frames import ancestors, telling
from msrisk.web.page_words import language_of
from msrisk.web.work import Reply

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
    503: "refused_fault",
}
_KINDS = {"page.css": "text/css", "page.js": "text/javascript"}

Answer = Callable[[str, Request, tuple[str, ...]], Awaitable[Reply]]
"""Answers a request by the key of what answers it, and what that has to know."""


def page_routes(answer: Answer, embedders: Sequence[str] = ()) -> list[Route]:
    """Return the routes of the page.

    Args:
        answer: reads a request and has it answered.
        embedders: the origins of the pages that may show it in a frame, checked before.

    """
    policy = f"{_POLICY}{ancestors(embedders)}"

    async def shown(request: Request) -> Response:
        # What stands in the address is not read.
        kind = _kind(request) if request.method == "POST" else NO_FORM
        lang = language_of(request.headers.get("accept-language", ""))
        base = request.scope.get("root_path", "")
        made = await answer("page", request, (kind, lang, base, *embedders))
        headers = {"Content-Security-Policy": policy, "Vary": "Accept-Language"}
        return Response(made.data, media_type=made.kind, headers=headers)

    async def kept(request: Request) -> Response:
        made = await answer("keep", request, (_kind(request),))
        headers = {"Content-Disposition": 'attachment; filename="msrisk-answers.json"'}
        return Response(made.data, media_type=made.kind, headers=headers)

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


def _kind(request: Request) -> str:
    """Return of which kind the body says it is; of one that says nothing, that of no form."""
    return request.headers.get("content-type") or "none"


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
