"""Writes what happened as lines of JSON, without anything that a patient said."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Final

__all__ = ["log_fault", "log_request"]

_LOG: Final = logging.getLogger("msrisk.web")
_FRAMES: Final = 8


def log_request(method: str, route: str, status: int, seconds: float) -> None:
    """Log a request: by the pattern of its route, not by its address."""
    told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    _LOG.info("%s", json.dumps(told))


def log_fault(error: Exception) -> None:
    """Log a fault: of which kind, and where; what it says may hold what a patient said."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    at = [f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in frames]
    _LOG.error("%s", json.dumps({"fault": type(error).__name__, "at": at}))
