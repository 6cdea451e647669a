"""Stands around the routes: security headers, errors in words, logs without a patient in them."""

from __future__ import annotations

import time
from typing import Final

from attrs import frozen
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msrisk.errors import Problem
from msrisk.web.logs import log_fault, log_request, places
from msrisk.web.metrics import Metrics
from msrisk.web.problems import FHIR, HOOKS, Refused, problem, refusal

__all__ = ["Guard", "as_problem"]

NO_ROUTE: Final = "none"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What a person opens, and not a program: there an error is a page, too.
_PAGES: Final = ("", "/", "/keep")
_POLICIES: Final = ("Content-Security-Policy", "X-Frame-Options")


def as_problem(request: Request, error: Exception) -> Response:
    """Return an error in words, as a page for a person; never with a patient's values."""
    if isinstance(error, Refused):
        status, problems = error.status, error.problems
    else:
        status = getattr(error, "status_code", 500)
        problems = (Problem("request", "an address and a method that this service has"),)
        if status == 500:
            problems = (Problem("msrisk", "to be able to answer; nothing was checked", "a fault"),)
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    person = status == 404 and "text/html" in request.headers.get("accept", "")
    if person or path in _PAGES:
        response: Response = request.app.state.refused(request, status)
    else:
        write = refusal if path.startswith((HOOKS, FHIR)) else problem
        response = write(status, problems, request.app.state.ruleset)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


@frozen
class Guard:
    """Wraps the routes in what holds for all of them."""

    app: ASGIApp
    metrics: Metrics
    routes: tuple[Route, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                # A page has a policy of its own, which says who may show it in a frame.
                own = _POLICIES if "Content-Security-Policy" in headers else ()
                for name, value in _HEADERS.items():
                    if name not in own:
                        headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client is told that nothing was checked
            log_fault(type(error).__name__, places(error))
            await as_problem(Request(scope), error)(scope, receive, sending)
        seconds = time.perf_counter() - began
        route = self._pattern(scope)
        self.metrics.request(route, status, seconds)
        log_request(scope["method"], route, status, seconds)

    def _pattern(self, scope: Scope) -> str:
        """Return the pattern of the route: an address may hold what a patient said."""
        for route in self.routes:
            if route.matches(scope)[0] is not Match.NONE:
                return route.path
        return NO_ROUTE
