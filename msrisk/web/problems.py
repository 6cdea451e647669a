"""Answers what cannot be done: problem details of RFC 9457, or an OperationOutcome of FHIR."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response

from msrisk.errors import (
    MsriskError,
    NothingSentError,
    Problem,
    RuleSetWithdrawnError,
)
from msrisk.fhir.systems import ruleset_extensions

__all__ = ["FHIR", "HOOKS", "Refused", "problem", "refusal", "status_of"]

HOOKS: Final = "/cds-services"
"""Where CDS Hooks begin."""

FHIR: Final = "/api/fhir"
"""Where the operations of FHIR begin."""

_FHIR_CODES: Final = {404: "not-found", 413: "too-long", 408: "timeout", 500: "exception"}


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    """A request that is not taken up.

    Attributes:
        status: of HTTP.
        problems: why not.

    """

    def __init__(self, status: int, problems: Iterable[Problem]) -> None:
        self.status = status
        self.problems = tuple(problems)
        super().__init__(status, self.problems)


def status_of(error: MsriskError) -> int:
    """Return the status of HTTP for an error that msrisk raised on purpose."""
    match error:
        case NothingSentError():
            return 412
        case RuleSetWithdrawnError():
            return 503
    return 400


def problem(status: int, problems: Iterable[Problem], ruleset: Mapping[str, object]) -> Response:
    """Return the problem details of a refusal, with which rules are in use."""
    told = [{"where": one.where, "expected": one.expected, "got": one.got} for one in problems]
    body = {
        "type": f"urn:msrisk:problem:{status}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "; ".join(f"{one['where']}: expected {one['expected']}" for one in told)
        or "Nothing was checked.",
        "problems": told,
        "ruleset": ruleset,
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def refusal(status: int, problems: Iterable[Problem], ruleset: Mapping[str, object]) -> Response:
    """Return the OperationOutcome of a refusal, with which rules are in use."""
    code = _FHIR_CODES.get(status, "invalid")
    texts = [str(one) for one in problems] or ["Nothing was checked."]
    body = {
        "resourceType": "OperationOutcome",
        "extension": ruleset_extensions(ruleset),
        "issue": [{"severity": "error", "code": code, "diagnostics": text} for text in texts],
    }
    return JSONResponse(body, status, media_type="application/fhir+json")
