"""Tries the page that `msrisk web build` writes: `python -m tests.alone [FOLDER]`.

It is built, offered by a plain file server and opened in Chromium, which reaches nothing else.
An intake is done in it, and the time of the first answer compared with that of Pyodide alone.
The folder is one with the files of Pyodide; without it npm is asked.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect

import msrisk
from msrisk import cli
from msrisk.documents import profile_from_json
from tests.alone.served import WAIT, chromium, opened, served
from tests.others.saying import said, unless

TIMES: Final = 3
"""How often the times are taken; the best counts."""

MOST: Final = 3.0
"""How many times as long as Pyodide the first answer may take."""

REACH: Final = """
new Promise((done) => {
  addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
  fetch("http://127.0.0.1:1/").then(() => done("reached"), () => setTimeout(done, 1000, "failed"));
})
"""

PYODIDE_ALONE: Final = """
import { loadPyodide } from "./pyodide/pyodide.mjs";
await loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href });
postMessage("started");
"""


def main(arguments: Sequence[str]) -> int:
    """Run all checks; return 1 if one of them fails."""
    with tempfile.TemporaryDirectory(prefix="msrisk-alone-") as name:
        folder = Path(name) / "page"
        given = [f"--pyodide={one}" for one in arguments]
        if cli.main(["web", "build", str(folder), *given]):
            return 2
        expect.set_options(timeout=WAIT)
        with served(folder) as address, chromium() as browser:
            lines = [
                *_intake(browser, address),
                *_other_ways(browser, address),
                *_faults(browser, address, folder),
                *_times(browser, address, folder),
            ]
    return int(any(line.startswith("FAILED") for line in lines))


def press(page: Page, do: str) -> None:
    """Press a button as a hand that does not tremble, and wait until another page is there."""
    page.wait_for_timeout(400)
    heading = page.locator("#title").element_handle()
    page.locator(f'main button[value="{do}"]').first.click()
    assert heading is not None
    heading.wait_for_element_state("hidden")


def to_supplements(page: Page) -> None:
    """Answer until the supplements are asked for, and name one that was never heard of."""
    press(page, "one")
    for _ in range(6):
        if page.locator("textarea:visible").count():
            break
        press(page, "no")
    page.locator("textarea:visible").first.fill("NAC 600 mg\n<b>foopowder</b>")
    press(page, "continue")


def _intake(browser: Browser, address: str) -> Iterator[str]:
    """Do an intake, most of it without even the file server."""
    with opened(browser, address) as (page, wrong):
        to_supplements(page)
        text = page.locator("main").inner_text()
        yield said("what was typed is no markup", unless(page.locator("main b").count() == 0, ""))
        yield said("what was understood is shown", unless("N-acetylcysteine" in text, text))
        page.context.set_offline(offline=True)
        press(page, "complete")
        press(page, "stop")
        shown = page.locator(".msrisk-report").first.inner_text()
        page.locator("details.keep summary").click()
        with page.expect_download() as download:
            page.wait_for_timeout(400)
            page.locator('button[value="keep"]').click()
        kept = Path(download.value.path()).read_bytes()
        summary = msrisk.assess(profile_from_json(kept)).summary
        missing = [
            one.name for one in summary.substances if one.name.casefold() not in shown.casefold()
        ]
        yield said("the first screen is that of the library", missing)
        named = json.loads(kept)["supplements"]
        yield said("the answers are kept", unless("<b>foopowder</b>" in named, str(named)))
        yield said("nothing leaves the page", wrong)
        for where, of in (("page", page), ("worker", page.workers[0])):
            got = of.evaluate(REACH)
            yield said(f"the policy of the {where} forbids it", unless("connect-src" in got, got))


def _other_ways(browser: Browser, address: str) -> Iterator[str]:
    """Go back and forward in the browser, change the language, load the page anew, open it."""
    with opened(browser, address) as (page, wrong):
        press(page, "one")
        first = page.title()
        yield said("the question has the focus", unless(_focused(page) == "title", _focused(page)))
        press(page, "unknown")
        second = page.title()
        page.go_back()
        expect(page).to_have_title(first)
        page.go_forward()
        expect(page).to_have_title(second)
        press(page, "lang:de")
        lang = page.evaluate("document.documentElement.lang")
        yield said("the language is another one", unless(lang == "de", lang))
        page.reload()
        expect(page.locator("html[lang=de] body.view-question")).to_be_visible()
        page.goto(address)
        start = page.locator("body.view-start").count()
        yield said("nothing is left when it is opened anew", unless(start == 1, page.title()))
        yield said("nothing leaves the page then either", wrong)


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def _faults(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    """Take a file away: the page says that nothing was checked, and sends nothing."""
    away = next((folder / "wheels").glob("msrisk-*"))
    away.rename(folder / "away")
    with opened(browser, address) as (page, wrong):
        page.wait_for_timeout(400)
        page.locator('button[value="one"]').click()
        alert = page.get_by_role("alert")
        alert.wait_for()
        text = alert.inner_text()
        yield said("a page that cannot start says so", unless("nothing was checked" in text, text))
        yield said("and sends nothing", wrong)
    (folder / "away").rename(away)


def _times(browser: Browser, address: str, folder: Path) -> Iterator[str]:
    """Compare the first answer with the start of Pyodide alone, one after the other."""
    (folder / "only.mjs").write_text(PYODIDE_ALONE, "utf-8")
    (folder / "only.html").write_text("<!doctype html><title>Pyodide</title>", "utf-8")
    alone, answers = [], []
    for _ in range(TIMES):
        with opened(browser, f"{address}only.html") as (page, _):
            alone.append(
                page.evaluate(
                    "new Promise((done) => { const from = performance.now();"
                    "new Worker('only.mjs', { type: 'module' }).onmessage ="
                    " () => done(performance.now() - from); })"
                )
            )
        with opened(browser, address) as (page, _):
            press(page, "one")
            answers.append(
                page.evaluate("performance.getEntriesByName('msrisk-answered')[0].startTime")
            )
    pyodide, answer = min(alone), min(answers)
    times = f"{answer / pyodide:.2f} times as long as Pyodide alone"
    line = f"the first answer is there after {answer:.0f} ms, {times} ({pyodide:.0f} ms)"
    yield said(line, unless(answer <= MOST * pyodide, f"at most {MOST:g} times is the goal"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
