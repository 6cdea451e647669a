"""Serves a folder as `python -m http.server` does, and opens it in a Chromium without a network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, Request, WebError, sync_playwright

from tests.others.programs import program

__all__ = ["WAIT", "chromium", "opened", "served"]

WAIT: Final = 120_000
"""How many milliseconds a page may take: Python starts in it, maybe on a busy machine."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a page that went away before it had everything."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder of files at this address."""
    with _Server(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium such that it finds no other machine."""
    cut = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        # As root, as CI is, Chromium has no sandbox.
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=[cut, "--no-sandbox"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """Open an address; yield the page, and what it asked other places for or complained of."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    wrong: list[str] = []
    own = (address, f"blob:{address}", "data:")

    def asks(request: Request) -> None:
        if not request.url.startswith(own) or request.method != "GET":
            wrong.append(f"{request.method} {request.url}")

    def fails(error: WebError) -> None:
        wrong.append(str(error.error))

    context.on("request", asks)
    context.on("weberror", fails)
    page.goto(address)
    yield page, wrong
    context.close()
