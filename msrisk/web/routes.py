"""Defines the routes: each reads a body, asks a pure function, and answers in JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

from attrs import field, frozen
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from msrisk import cds_hooks
from msrisk.cds_hooks.services import service_of
from msrisk.documents import SCHEMAS, schema_of
from msrisk.errors import ConceptError, Problem
from msrisk.fhir.systems import ruleset_told
from msrisk.model.rules import RuleSet
from msrisk.web import told
from msrisk.web.bodies import Room, body_of
from msrisk.web.logs import log_fault
from msrisk.web.metrics import Metrics
from msrisk.web.openapi import RULESET, openapi
from msrisk.web.problems import FHIR, HOOKS, Refused
from msrisk.web.store import FeedbackFile
from msrisk.web.work import Call, Fault, Refusal, Reply, unchecked
from msrisk.web.workers import Answering

__all__ = ["Service"]

_IN_LOG: Final = "Those who run the service find more in its log."


@frozen
class Service:
    """What the routes need.

    Attributes:
        ruleset: the rules.
        answering: what has the requests answered.
        feedback: where feedback is kept; None if it is only counted.
        most: of how many bytes a body may be.
        seconds: within how many seconds a body has to come.
        on: returns the day as of which records are read.
        room: for the bodies of all requests together.
        metrics: the counts.

    """

    ruleset: RuleSet
    answering: Answering
    feedback: FeedbackFile | None
    most: int
    seconds: float
    on: Callable[[], date]
    room: Room
    metrics: Metrics = field(factory=Metrics)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(HOOKS, self._discovery),
            Route(f"{HOOKS}/{{id}}", self._respond, methods=["POST"]),
            Route(f"{HOOKS}/{{id}}/feedback", self._feedback, methods=["POST"]),
            *(
                Route(address, self._posted(job, address), methods=["POST"])
                for address, job in (
                    ("/api/assess", "assess"),
                    ("/api/assess/fhir", "assess-record"),
                    ("/api/next-question", "next-question"),
                    (f"{FHIR}/Questionnaire/$next-question", "next-item"),
                    ("/api/recognise", "recognise"),
                )
            ),
            Route("/api/rules", self._rules),
            Route("/api/rules/{id}", self._rule),
            Route("/api/schemas/{name}", self._schema),
            Route("/api/openapi.json", self._openapi),
            Route("/health", self._health),
            Route("/ready", self._ready),
            Route("/metrics", self._metrics),
        ]

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(cds_hooks.services())

    async def _respond(self, request: Request) -> Response:
        id_ = _service(request)
        with self.room.part() as take:
            try:
                data = await body_of(request, self.most, self.seconds, take, whole=True)
            except Refused as error:
                # As an error it would be silence on the screen, where the record is the longest.
                why = "; ".join(map(str, error.problems))
                made = unchecked(self.ruleset, "the request could not be read", f"{why}.")
            else:
                found = await self.answering.outcome(Call("respond", data, self.on(), (id_,)))
                if isinstance(found, Fault):
                    log_fault(found.kind, found.at)
                    made = unchecked(self.ruleset, found.why, _IN_LOG)
                else:
                    made = _reply(found)
        for indicator, level in made.counted or [("none", "none")]:
            self.metrics.card(id_, indicator, level)
        return Response(made.data, media_type=made.kind)

    async def _feedback(self, request: Request) -> Response:
        made = await self.answer("feedback", request, (_service(request),))
        if self.feedback is not None:
            await run_in_threadpool(self.feedback.add, made.feedback)
        return Response(status_code=200)

    def _posted(self, job: str, address: str) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            made = await self.answer(job, request)
            for level, worst in made.counted:
                self.metrics.report(address, level, worst)
            return Response(made.data, media_type=made.kind)

        return route

    async def answer(self, job: str, request: Request, about: tuple[str, ...] = ()) -> Reply:
        """Return the answer to a request.

        Args:
            job: which function answers it, by its key.
            request: the request.
            about: what that function has to know besides.

        Raises:
            Refused: if there is none.

        """
        with self.room.part() as take:
            data = await body_of(request, self.most, self.seconds, take)
            found = await self.answering.outcome(Call(job, data, self.on(), about))
        if isinstance(found, Fault):
            log_fault(found.kind, found.at)
            expected = "to be able to answer; nothing was checked"
            raise Refused(found.status, [Problem("msrisk", expected, found.why)])
        return _reply(found)

    async def _rules(self, _: Request) -> Response:
        return JSONResponse(told.rules_told(self.ruleset))

    async def _rule(self, request: Request) -> Response:
        try:
            return JSONResponse(told.rule_told(request.path_params["id"], self.ruleset))
        except ConceptError:
            # Not repeated: an address may hold what a patient said.
            expected = "the id of a rule, as /api/rules lists them"
        raise Refused(404, [Problem("id", expected)])

    async def _schema(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in SCHEMAS:
            raise Refused(404, [Problem("name", f"one of {', '.join(SCHEMAS)}", "another")])
        schema = {**schema_of(name), RULESET: ruleset_told(self.ruleset)}
        return JSONResponse(schema, media_type="application/schema+json")

    async def _openapi(self, request: Request) -> Response:
        described = openapi(request.scope.get("root_path", ""))
        return JSONResponse({**described, RULESET: ruleset_told(self.ruleset)})

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "up", "ruleset": ruleset_told(self.ruleset)})

    async def _ready(self, _: Request) -> Response:
        status = "ready" if self.answering.is_ready() else "starting"
        status = status if self.ruleset.withdrawn is None else "withdrawn"
        told_ = {"status": status, "ruleset": ruleset_told(self.ruleset)}
        return JSONResponse(told_, 200 if status == "ready" else 503)

    async def _metrics(self, _: Request) -> Response:
        return PlainTextResponse(self.metrics.to_text())


def _service(request: Request) -> str:
    """Return the id of the service that is called.

    Raises:
        Refused: if there is none of this id.

    """
    try:
        return service_of(request.path_params["id"]).id
    except ConceptError as error:
        problems = error.problems
    raise Refused(404, problems)


def _reply(found: Reply | Refusal) -> Reply:
    if isinstance(found, Refusal):
        raise Refused(found.status, found.problems)
    return found
