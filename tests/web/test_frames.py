"""Nobody shows the intake page in a frame, or is told its answers, unless they are named."""

from __future__ import annotations

import re

import pytest

from msrisk.errors import ConceptError
from msrisk.web import app
from tests.web.client import client

CLINIC = "https://clinic.example"
LOCAL = "http://127.0.0.1:9000"


def test_nobody_may_show_anything_in_a_frame_unless_told_so() -> None:
    for address in ("/", "/page.css", "/keep", "/api/rules", "/none"):
        headers = client().get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    page = client().get("/")
    assert "data-embedders" not in page.text


def test_those_who_are_named_may_show_the_page_and_only_that() -> None:
    some = client(embedders=[CLINIC, LOCAL])
    page = some.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {CLINIC} {LOCAL}" in policy
    # An older header that knows no list, and would forbid it to all.
    assert "X-Frame-Options" not in page.headers
    for address in ("/api/rules", "/page.js"):
        headers = some.get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("prefix", ["", "/msrisk"])
def test_the_page_tells_those_who_are_named_when_it_is_done(prefix: str) -> None:
    some = client(embedders=[CLINIC, LOCAL], prefix=prefix)
    page = some.post(f"{prefix}/", data={"do": "stop"}).text
    ((told, source),) = re.findall(r'<script data-embedders="([^"]+)" src="([^"]+)"', page)
    assert told.split() == [CLINIC, LOCAL]
    script = some.get(source).text
    assert "postMessage(message, one)" in script
    assert '"*"' not in script
    # What it tells.
    assert 'id="kept"' in page


@pytest.mark.parametrize(
    "one",
    [
        "*",
        "https://*.example",
        "https://clinic.example/",
        "clinic.example",
        "https://clinic.example; script-src *",
        'https://x" onload="y',
        "",
        "file://",
        "null",
    ],
)
def test_what_is_no_origin_is_refused(one: str) -> None:
    with pytest.raises(ConceptError, match=r"embedders\[1\]: expected an origin"):
        app(embedders=[CLINIC, one])


def test_one_origin_is_taken_for_a_list_of_one() -> None:
    assert CLINIC in client(embedders=CLINIC).get("/").headers["Content-Security-Policy"]
