"""Starts the service and the browser once, and looks at each page with axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.others.programs import program, unpacked
from tests.page.walking import Walk
from tests.service.running import running

AXE = ("axe-core", "4.14.1")
KEPT = Path(__file__).parents[2] / ".others"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where the page is."""
    log = tmp_path_factory.mktemp("page") / "log"
    with running(log, "--prefix", "/clinic") as (where, _):
        yield f"{where}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with sync_playwright() as drives:
        # A container lets no process make a sandbox of its own.
        found = drives.chromium.launch(
            executable_path=program("chromium"),
            args=["--no-sandbox"],
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the source of axe-core."""
    return (unpacked(*AXE, KEPT) / "axe.min.js").read_text("utf-8")


@pytest.fixture
def walk(browser: Browser, address: str, axe: str) -> Iterator[Callable[..., Walk]]:
    """Return what opens a window, by default one of the size of a phone."""
    opened: list[Page] = []
    folder = os.environ["MSRISK_PAGE"]
    pictures = None if folder == "1" else Path(folder)

    def make(**given: Any) -> Walk:
        options: dict[str, Any] = {
            "viewport": {"width": 390, "height": 780},
            "locale": "en-GB",
            **given,
        }
        page = browser.new_context(**options).new_page()
        opened.append(page)
        scripts = given.get("java_script_enabled") is not False
        found = Walk(page, axe, pictures, scripts=scripts)
        page.goto(address)
        return found

    yield make
    for page in opened:
        page.context.close()
