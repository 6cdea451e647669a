"""Puts the application together: the routes, what stands around them, and whom it answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from msrisk.fhir.systems import ruleset_told
from msrisk.model.rules import RuleSet
from msrisk.web.admission import Admission
from msrisk.web.bodies import Room
from msrisk.web.frames import checked
from msrisk.web.guard import Guard, as_problem
from msrisk.web.page_routes import page_routes, refusing
from msrisk.web.problems import Refused
from msrisk.web.routes import Service
from msrisk.web.store import FeedbackFile
from msrisk.web.tokens import Tokens
from msrisk.web.workers import Here, Workers

__all__ = ["MOST_BYTES", "WITHIN", "app"]

MOST_BYTES: Final = 8_000_000
"""Of how many bytes a request may be."""

WITHIN: Final = 5.0
"""Within how many seconds a worker has to answer a request, unless somebody says otherwise."""

_AT_ONCE: Final = 40 * MOST_BYTES
_SECONDS: Final = 10.0


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def app(
    *,
    prefix: str = "",
    ruleset: RuleSet | None = None,
    feedback: str | Path | None = None,
    origins: Sequence[str] = ("*",),
    on: Callable[[], date] | None = None,
    seconds: float = _SECONDS,
    tokens: Tokens | None = None,
    embedders: Sequence[str] = (),
    workers: int = 0,
    within: float = WITHIN,
) -> Starlette:
    """Return the ASGI application: the intake page, CDS Hooks, the JSON API, health and metrics.

    It keeps nothing of a patient, writes nothing of one into a log, and fetches nothing.

    Args:
        prefix: what all addresses begin with, such as "/msrisk".
        ruleset: the rules; those that ship with the package if None.
        feedback: the file to which feedback on cards is appended; it is only checked if None.
        origins: from which pages a browser may call; any if "*". No cookies are used.
        on: returns the day as of which records are read; today if None.
        seconds: within how many seconds the body of a request has to come.
        tokens: whose tokens are taken below /cds-services and /api, where each request must then
            have one; if None, who may call is for the proxy before the service to decide.
        embedders: origins, such as "https://clinic.example", of the pages that may show the
            intake page in a frame, and are told the answers when it is done; none otherwise.
        workers: in how many processes of their own requests are answered, so that one that takes
            too long can be ended. With 0 they are answered in threads of this process, for as
            long as it takes, and what is `within` does not hold.
        within: within how many seconds a worker has to answer a request.

    Raises:
        ConceptError: if one of the embedders is no origin.

    """
    rules = RuleSet.default() if ruleset is None else ruleset
    kept = None if feedback is None else FeedbackFile(Path(feedback))
    answering = Workers(rules, workers, within) if workers else Here(rules)
    service = Service(rules, answering, kept, MOST_BYTES, seconds, on or _today, Room(_AT_ONCE))
    routes = [*page_routes(service.answer, checked(embedders)), *service.routes()]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        answering.start()
        yield
        answering.end()

    made = Starlette(
        lifespan=lifespan,
        routes=[Mount(prefix, routes=routes)] if prefix else routes,
        exception_handlers={
            Refused: as_problem,
            HTTPException: as_problem,
        },
        middleware=[
            Middleware(Guard, metrics=service.metrics, routes=tuple(routes)),
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "OPTIONS"],
                allow_headers=["Authorization", "Content-Type"],
            ),
            *([] if tokens is None else [Middleware(Admission, tokens=tokens, prefix=prefix)]),
        ],
    )
    made.state.ruleset = ruleset_told(rules)
    made.state.refused = refusing(rules, checked(embedders))
    return made
