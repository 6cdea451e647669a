"""The intake page over HTTP: what is read of a request, and what stands around the answer."""

from __future__ import annotations

import subprocess
import sys

import pytest

from msrisk.web import page
from tests.web.client import client
from tests.web.pages import Page, to_the_list

FORM = "application/x-www-form-urlencoded"


def test_the_page_has_a_policy_of_its_own_and_is_not_kept() -> None:
    found = client().get("/")
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    policy = found.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert found.headers["cache-control"] == "no-store"
    assert found.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in found.headers
    assert "default-src 'none'; frame" in client().get("/health").headers["content-security-policy"]


def test_the_language_is_that_of_the_browser_until_one_is_chosen() -> None:
    german = {"Accept-Language": "de"}
    assert '<html lang="de">' in client().get("/", headers=german).text
    chosen = client().post("/", data={"lang": "en", "do": ""}, headers=german)
    assert '<html lang="en">' in chosen.text


@pytest.mark.parametrize("prefix", ["", "/msrisk"])
def test_the_page_answers_a_form_under_any_prefix(prefix: str) -> None:
    calls = client(prefix=prefix)
    first = Page(calls.get(f"{prefix}/").text)
    found = calls.post(f"{prefix}/", data={**dict(first.fields), "do": "one"})
    assert Page(found.text).title == "Do you now have difficulty breathing?"
    assert f'href="{prefix}/page.css?' in found.text or not prefix
    for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript")):
        file = calls.get(f"{prefix}/{name}")
        assert file.headers["content-type"].startswith(kind)
        assert "max-age" in file.headers["cache-control"]


def test_nothing_that_stands_in_the_address_is_read() -> None:
    state = to_the_list("foopowder").field("state")
    found = client().get("/", params={"state": state, "do": "stop"})
    assert Page(found.text).title == "Before you take a supplement"
    assert "foopowder" not in found.text


def test_the_answers_can_be_kept_as_a_file_and_brought_back_as_one() -> None:
    fields = dict(to_the_list("Präparat").fields)
    kept = client().post("/keep", data=fields)
    assert kept.headers["content-disposition"] == 'attachment; filename="msrisk-answers.json"'
    assert kept.headers["content-type"] == "application/json"
    files = {"file": ("answers.json", b"\xef\xbb\xbf" + kept.content)}
    again = client().post("/", data={"do": "load", "document": ""}, files=files)
    assert Page(again.text).title.startswith("Do you now have") or "Präparat" in again.text
    assert "The answers that you came back with" in again.text
    nonsense = client().post("/", data={"do": "load"}, files={"file": ("x", b"\xff\xfe")})
    assert "These are no saved answers" in nonsense.text


def test_what_is_no_state_is_not_kept() -> None:
    found = client().post("/keep", data={"state": "x"})
    assert found.status_code == 400
    assert Page(found.text).title == "That did not work"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"{}", "", 415),
        ("ä=1".encode(), FORM, 400),
        (b"&".join(b"a=1" for _ in range(5_001)), FORM, 400),
        (b"--x", "multipart/form-data", 400),
        (b"no part", "multipart/form-data; boundary=x", 400),
        (b"a=" + b"x" * 8_000_000, FORM, 413),
    ],
)
def test_what_is_no_form_is_refused(content: bytes, kind: str, status: int) -> None:
    found = client().post("/", content=content, headers={"Content-Type": kind})
    assert found.status_code == status
    on = Page(found.text)
    assert on.title == "That did not work"
    assert ("less at once" if status == 413 else "no form of this page") in on.text
    assert "Back button of your browser" in on.text
    assert "call the emergency number" in on.text
    assert on.press("start").title == "Before you take a supplement"


@pytest.mark.parametrize("prefix", ["", "/msrisk"])
@pytest.mark.parametrize(("method", "path"), [("PUT", "/"), ("DELETE", "/"), ("GET", "/keep")])
def test_an_address_opened_in_another_way_leads_to_the_first_page(
    prefix: str, method: str, path: str
) -> None:
    found = client(prefix=prefix).request(method, f"{prefix}{path}")
    assert found.status_code == 405
    assert "There is no page at this address" in Page(found.text).text
    assert f'action="{prefix}/"' in found.text
    assert "style-src 'self'" in found.headers["content-security-policy"]


def test_a_person_at_a_wrong_address_is_shown_a_page_and_a_program_is_not() -> None:
    wants = {"Accept": "text/html,*/*", "Accept-Language": "de"}
    for calls in (client(), client(prefix="/msrisk")):
        person = calls.get("/msrisk/clinic", headers=wants)
        assert person.status_code == 404
        assert Page(person.text).title == "Das hat nicht geklappt"
        program = calls.get("/msrisk/clinic")
        assert program.headers["content-type"] == "application/problem+json"


def test_a_fault_of_the_page_is_a_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(page, "respond", broken)
    found = client().get("/")
    assert found.status_code == 500
    assert "nothing was checked" in Page(found.text).text


def test_the_page_can_be_had_without_a_server() -> None:
    program = (
        "import sys; sys.modules['starlette'] = None\n"
        "from msrisk.web.page import respond\n"
        "assert 'Begin' in respond([])\n"
        "import msrisk.web\n"
        "try: msrisk.web.nothing\n"
        "except AttributeError: print('ok')\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stdout == "ok\n", done.stderr
