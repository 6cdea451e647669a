"""Calls the application in the process of the tests."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

import msrisk
from msrisk.web import app

__all__ = ["ON", "ROOT", "client", "told"]

ON = date(2026, 12, 1)
ROOT = Path(__file__).parents[2]


def client(**given: Any) -> TestClient:
    """Return a client of the application, which reads records as of one day."""
    return TestClient(app(**{"on": lambda: ON} | given), raise_server_exceptions=False)


def told(name: str) -> Any:
    """Return one of the examples."""
    return json.loads((ROOT / "examples" / name).read_text("utf-8"))


SHIPPED = msrisk.RuleSet.default()
