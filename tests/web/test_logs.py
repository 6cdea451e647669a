"""What is written to standard error is lines of JSON in nobody's words."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from msrisk.web.logs import log_fault, log_request, log_to_stderr


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    logs = [logging.getLogger(name) for name in ("", "msrisk.web")]
    before = [(one, one.handlers, one.level, one.propagate) for one in logs]
    yield
    for one, handlers, level, propagate in before:
        one.handlers, one.level, one.propagate = handlers, level, propagate


def test_each_line_is_json_and_of_a_library_only_the_place_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr()
    log_request("POST", "/health", 405, 0.0012)
    log_request("MRS-MILLER", "/health", 405, 0.0012)
    log_fault("TooLong", ["a.py:1"])
    logging.getLogger("some.library").warning("%s", "Mrs Miller")
    fault = ZeroDivisionError("Mrs Miller")
    logging.getLogger("some.library").error("Mrs Miller", exc_info=fault)
    said = capsys.readouterr().err
    assert "miller" not in said.casefold()
    asked, made_up, late, *others = map(json.loads, said.splitlines())
    assert asked == {"method": "POST", "route": "/health", "status": 405, "ms": 1.2}
    assert made_up["method"] == "other"
    assert late == {"fault": "TooLong", "at": ["a.py:1"]}
    assert [(one["log"], one["level"]) for one in others] == [
        ("some.library", "WARNING"),
        ("some.library", "ERROR"),
    ]
