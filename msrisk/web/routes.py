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

from msrisk import cds_hooks, fhir
from msrisk.cds_hooks.cards import ruleset_told
from msrisk.cds_hooks.services import service_of
from msrisk.documents import SCHEMAS, profile_from_json, schema_of
from msrisk.errors import ConceptError, FhirError, MsriskError, Problem, RuleSetWithdrawnError
from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.web import told
from msrisk.web.bodies import body_of, json_of, object_of
from msrisk.web.logs import log_fault
from msrisk.web.metrics import Metrics
from msrisk.web.openapi import openapi
from msrisk.web.problems import Refused, problem
from msrisk.web.store import FeedbackFile

__all__ = ["FHIR", "HOOKS", "Service"]

HOOKS: Final = "/cds-services"
"""Where CDS Hooks begin."""

FHIR: Final = "/api/fhir"
"""Where the operations of FHIR begin."""

_RECORD: Final = {
    "bundle": "a Bundle of FHIR R4",
    "on": "the day, such as 2026-01-31",
    "patient": "an id",
}
_ENTRY: Final = {"kind": "the kind of entry", "text": "the words", "codes": "its codes"}


@frozen
class Service:
    """What the routes need.

    Attributes:
        ruleset: the rules.
        feedback: where feedback is kept; None if it is only counted.
        most: of how many bytes a body may be.
        seconds: within how many seconds a body has to come.
        on: returns the day as of which records are read.
        metrics: the counts.

    """

    ruleset: RuleSet
    feedback: FeedbackFile | None
    most: int
    seconds: float
    on: Callable[[], date]
    metrics: Metrics = field(factory=Metrics)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(HOOKS, self._discovery),
            Route(f"{HOOKS}/{{id}}", self._respond, methods=["POST"]),
            Route(f"{HOOKS}/{{id}}/feedback", self._feedback, methods=["POST"]),
            Route("/api/assess", self._posted(self._assess), methods=["POST"]),
            Route("/api/assess/fhir", self._posted(self._assess_record), methods=["POST"]),
            Route("/api/next-question", self._posted(self._next_question), methods=["POST"]),
            Route(
                f"{FHIR}/Questionnaire/$next-question",
                self._posted(self._next_item, "application/fhir+json"),
                methods=["POST"],
            ),
            Route("/api/recognise", self._posted(self._recognise), methods=["POST"]),
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
        data = await body_of(request, self.most, self.seconds)
        return await run_in_threadpool(self._cards, id_, data)

    def _cards(self, id_: str, data: bytes) -> Response:
        given = json_of(data)
        try:
            found = cds_hooks.respond(id_, given, on=self.on(), ruleset=self.ruleset)
        except MsriskError:
            raise
        except Exception as error:  # noqa: BLE001  # an error would be silence on the screen
            log_fault(error)
            found = cds_hooks.not_checked(ruleset=self.ruleset)
        cards = found["cards"]
        shown = [str(one["indicator"]) for one in cards] if isinstance(cards, list) else []
        for indicator in shown or ["none"]:
            self.metrics.card(id_, indicator)
        return JSONResponse(found)

    async def _feedback(self, request: Request) -> Response:
        id_ = _service(request)
        data = await body_of(request, self.most, self.seconds)
        given = cds_hooks.read_feedback(id_, json_of(data), ruleset=self.ruleset)
        if self.feedback is not None:
            await run_in_threadpool(self.feedback.add, given)
        return Response(status_code=200)

    def _posted(
        self, answer: Callable[[bytes], told.Json], kind: str = "application/json"
    ) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            data = await body_of(request, self.most, self.seconds)
            found = await run_in_threadpool(self._unless_withdrawn, answer, data)
            return JSONResponse(found, media_type=kind)

        return route

    def _unless_withdrawn(self, answer: Callable[[bytes], told.Json], data: bytes) -> told.Json:
        why = self.ruleset.withdrawn
        if why is not None:
            expected = f"one that was not withdrawn (on {why.on})"
            raise RuleSetWithdrawnError([Problem("rule set", expected, why.reason)])
        return answer(data)

    def _assess(self, data: bytes) -> told.Json:
        return told.assessed(self._profile(data), self.ruleset)

    def _next_question(self, data: bytes) -> told.Json:
        return told.next_asked(self._profile(data), self.ruleset)

    def _next_item(self, data: bytes) -> told.Json:
        return fhir.next_question(json_of(data), ruleset=self.ruleset)

    def _profile(self, data: bytes) -> PatientProfile:
        json_of(data)  # for its limits, which are narrower than those of a file
        return profile_from_json(data)

    def _assess_record(self, data: bytes) -> told.Json:
        given = object_of(data, _RECORD)
        on, patient = given.get("on"), given.get("patient")
        day = self.on()
        if on is not None:
            try:
                day = date.fromisoformat(on if isinstance(on, str) else "")
            except ValueError:
                raise FhirError([Problem("on", "a day such as 2026-01-31", "another")]) from None
        if patient is not None and not isinstance(patient, str):
            raise FhirError([Problem("patient", "an id or a reference", "something else")])
        return told.assessed_record(given.get("bundle"), day, patient, self.ruleset)

    def _recognise(self, data: bytes) -> told.Json:
        return told.recognised(object_of(data, _ENTRY), self.ruleset)

    async def _rules(self, _: Request) -> Response:
        return JSONResponse(told.rules_told(self.ruleset))

    async def _rule(self, request: Request) -> Response:
        try:
            return JSONResponse(told.rule_told(request.path_params["id"], self.ruleset))
        except ConceptError:
            # Not repeated: an address may hold what a patient said.
            return problem(404, [Problem("id", "the id of a rule, as /api/rules lists them")])

    async def _schema(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in SCHEMAS:
            return problem(404, [Problem("name", f"one of {', '.join(SCHEMAS)}", "another")])
        return JSONResponse(schema_of(name), media_type="application/schema+json")

    async def _openapi(self, request: Request) -> Response:
        return JSONResponse(openapi(request.scope.get("root_path", "")))

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "up", "ruleset": ruleset_told(self.ruleset)})

    async def _ready(self, _: Request) -> Response:
        ready = self.ruleset.withdrawn is None
        told_ = {"status": "ready" if ready else "withdrawn", "ruleset": ruleset_told(self.ruleset)}
        return JSONResponse(told_, 200 if ready else 503)

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
