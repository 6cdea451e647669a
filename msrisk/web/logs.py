"""Writes what happened as lines of JSON, without anything that a patient or a client said."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Sequence
from typing import Final

__all__ = ["log_fault", "log_request", "log_to_stderr", "places"]

_LOG: Final = logging.getLogger("msrisk.web")
_FRAMES: Final = 8
_METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def log_request(method: str, route: str, status: int, seconds: float) -> None:
    """Log a request by the pattern of its route: the address is what a client said."""
    known = method if method in _METHODS else "other"
    told = {"method": known, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    _LOG.info("%s", json.dumps(told))


def log_fault(kind: str, at: Sequence[str]) -> None:
    """Log a fault: of which kind, and where; what it says may hold what a patient said."""
    _LOG.error("%s", json.dumps({"fault": kind, "at": list(at)}))


def places(error: Exception) -> tuple[str, ...]:
    """Return the last places of the code before an exception, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return tuple(f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in frames)


def log_to_stderr() -> None:
    """Write the log of this process to standard error.

    Of what libraries log only who said something and where, since its words may be a client's.
    """
    ours, others = logging.StreamHandler(sys.stderr), logging.StreamHandler(sys.stderr)
    others.setFormatter(_Place())
    _LOG.handlers, _LOG.propagate = [ours], False
    _LOG.setLevel(logging.INFO)
    logging.getLogger().handlers = [others]


class _Place(logging.Formatter):
    """Tells of a record all but its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line of JSON."""
        at = f"{record.filename}:{record.lineno}"
        return json.dumps({"log": record.name, "level": record.levelname, "at": [at]})
