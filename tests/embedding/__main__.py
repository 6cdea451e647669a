"""Starts each example of embedding and uses it: `python -m tests.embedding`.

It needs what `examples/embedding/requirements.txt` names, Chromium, and npm for one of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Request as Asked

from tests.alone.served import chromium, served
from tests.embedding.starting import EXAMPLES, copied, free_port, running
from tests.others.programs import program
from tests.others.saying import said, unless

ALA: Final = {"supplements": ["alpha lipoic acid"], "medications": ["Synthroid"]}
RULE: Final = "ala-thyroid-medication"


def main() -> int:
    """Use all examples; return 1 if one of them does not do what it is for."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="msrisk-embedding-") as name, chromium() as browser:
        folder = Path(name)
        lines = [*_notebook(), *_fastapi(browser), *_django(browser)]
        with (
            served(folder) as pages,
            running(
                "-m",
                "msrisk",
                "serve",
                f"--port={port}",
                f"--embedders={pages.rstrip('/')}",
                port=port,
            ) as service,
        ):
            copied("plain", folder, service)
            copied("frame", folder, service)
            copied("schema-form", folder, service)
            lines += [
                *_plain(browser, f"{pages}plain/"),
                *_frame(browser, f"{pages}frame/", folder),
                *_schema_form(browser, f"{pages}schema-form/", folder / "schema-form"),
            ]
    return int(any(line.startswith("FAILED") for line in lines))


def _posted(address: str, document: object) -> tuple[int, Any]:
    data = json.dumps(document).encode()
    request = Request(address, data, {"Content-Type": "application/json"})  # noqa: S310  # of this machine
    try:
        with urlopen(request) as answer:  # noqa: S310  # likewise
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def _notebook() -> Iterator[str]:
    read = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    stored = [cell for cell in read.cells if cell.get("outputs")]
    yield said("notebook: nothing is stored in it", stored)
    NotebookClient(
        read, kernel_name="python3", resources={"metadata": {"path": EXAMPLES}}
    ).execute()
    told = json.dumps([cell.get("outputs") for cell in read.cells])
    wanted = ("CAUTION so far; could be", "text/html", "Do you now have trouble breathing")
    yield said("notebook: it shows the report", [one for one in wanted if one not in told])


def _fastapi(browser: Browser) -> Iterator[str]:
    port = free_port()
    program_ = ("-m", "uvicorn", "fastapi_app:app", "--port", str(port), "--log-level", "warning")
    with running(*program_, port=port) as address:
        status, report = _posted(f"{address}/check", ALA)
        rules = [one["rule"] for each in report["assessments"] for one in each["findings"]]
        yield said("FastAPI: a check of its own", unless(status == 200 and RULE in rules, report))
        status, told = _posted(f"{address}/check", {"supplements": [], "age_years": -1})
        bad = unless(status == 422 and len(told["detail"]) == 2, told)
        yield said("FastAPI: all that is wrong is named", bad)
        status, told = _posted(f"{address}/msrisk/api/assess", ALA)
        yield said("FastAPI: the JSON API below the prefix", unless(RULE in json.dumps(told), told))
        page = browser.new_page()
        page.goto(f"{address}/msrisk/")
        page.wait_for_timeout(400)
        page.locator('button[value="one"]').click()
        expect(page.locator("body.view-question")).to_be_visible()
        below = page.url == f"{address}/msrisk/" and page.evaluate("document.styleSheets.length")
        yield said("FastAPI: the intake page below the prefix", unless(below, page.url))
        page.close()


def _django(browser: Browser) -> Iterator[str]:
    port = free_port()
    command = ("django_site.py", "runserver", f"127.0.0.1:{port}", "--noreload", "--verbosity=0")
    with running(*command, port=port) as address:
        page = browser.new_page()
        page.goto(address)
        page.locator("textarea").first.fill("alpha lipoic acid\n<b>foopowder</b>")
        page.get_by_label("None").nth(2).check()
        page.get_by_role("button").click()
        text = page.locator("main").inner_text()
        wanted = ("ALPHA LIPOIC ACID", "<b>foopowder</b>", "URGENT")
        yield said("Django: the report", [one for one in wanted if one not in text])
        yield said("Django: what was typed is no markup", page.locator("b", has_text="foop").all())
        page.close()


def _check(page: Page) -> str:
    """Press the button; return what the page says then."""
    line = page.get_by_role("status")
    page.get_by_role("button", name="Check").click()
    expect(line).not_to_have_text("Nothing was checked yet.")
    expect(line).not_to_have_text("One moment.")
    return str(line.inner_text())


def _plain(browser: Browser, address: str) -> Iterator[str]:
    page = browser.new_page()
    page.goto(address)
    lists = page.locator("fieldset")
    lists.nth(0).locator("textarea").fill("alpha lipoic acid")
    text = _check(page)
    yield said("plain form: the first screen", unless("ALPHA LIPOIC ACID" in text, text))
    yield said("plain form: a list left empty is not asked", unless("medicines" in text, text))
    lists.nth(0).locator("textarea").fill("x" * 10_001)
    text = _check(page)
    yield said("plain form: what is refused is said", unless("Nothing was checked" in text, text))
    page.route("**/api/assess", lambda route: route.abort())
    text = _check(page)
    yield said("plain form: no answer is no all-clear", unless("not be reached" in text, text))
    page.close()


def _frame(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    page = browser.new_page()
    page.goto(address)
    inner = page.frame_locator("iframe")
    for do in ("one", "no", "stop"):
        button = inner.locator(f'button[value="{do}"]').first
        button.wait_for()
        page.wait_for_timeout(500)  # as a hand that does not tremble
        button.click()
    line = page.get_by_role("status")
    expect(line).to_contain_text("denied")
    told = json.loads(line.inner_text())
    yield said("frame: the answers come back when it is done", unless(told["denied"], told))
    # The same page on another origin, which the service was not told of.
    with served(folder) as other:
        page.goto(f"{other}frame/")
        page.wait_for_timeout(2000)
        shown = page.frames[1].url
        yield said("frame: no other page may show it", unless("error" in shown, shown))
        page.close()


def _schema_form(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    quiet = ("--silent", "--no-audit", "--no-fund")
    for command in (("install", *quiet), ("run", "build", "--silent")):
        subprocess.run([program("npm"), *command], cwd=folder, check=True)
    page = browser.new_page()
    sent: list[Any] = []

    def asks(request: Asked) -> None:
        if request.method == "POST":
            sent.append(request.post_data_json)

    page.on("request", asks)
    page.goto(address)
    text = _check(page)
    page.locator("select").first.select_option(label="Names, and these are all")
    page.locator("input[type=text]").first.fill("alpha lipoic acid")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("ALPHA LIPOIC ACID")
    schema = {"schema": "msrisk-intake/1"}
    wanted = [schema, schema | {"supplements": ["alpha lipoic acid"]}]
    yield said("schema form: what nobody touches is not asked", unless(sent == wanted, sent))
    yield said("schema form: the first screen", unless("NO SUPPLEMENT NAMED" in text, text))
    page.close()


if __name__ == "__main__":
    sys.exit(main())
