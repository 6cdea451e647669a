"""Lets nobody call CDS Hooks or the JSON API without a token, where tokens are asked for."""

from __future__ import annotations

from typing import Final

from attrs import frozen
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from msrisk.web.problems import HOOKS, Refused, problem
from msrisk.web.tokens import Tokens

__all__ = ["Admission"]

_GUARDED: Final = (HOOKS, "/api")


@frozen
class Admission:
    """Wraps the routes, and asks each request below some of them for a token.

    Attributes:
        app: the routes.
        tokens: whose tokens are taken.
        prefix: what all addresses begin with.

    """

    app: ASGIApp
    tokens: Tokens
    prefix: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with problem details."""
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix(self.prefix)
            if path.startswith(_GUARDED):
                try:
                    self.tokens.check(Headers(scope=scope).getlist("authorization"), path)
                except Refused as error:
                    ruleset = scope["app"].state.ruleset
                    response = problem(error.status, error.problems, ruleset)
                    response.headers["WWW-Authenticate"] = "Bearer"
                    await response(scope, receive, send)
                    return
        await self.app(scope, receive, send)
