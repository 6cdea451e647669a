"""A client that takes too long to ask or to listen is cut off; one that goes on is not."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config
from uvicorn.server import ServerState

from msrisk.web.connections import Connection

LARGE = b"x" * 20_000_000
ASKED = b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _large(_: Request) -> Response:
    return Response(LARGE)


async def _small(_: Request) -> Response:
    return Response(b"small")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msrisk.web.connections.LONGEST_SECONDS", 0.2)


def served(client: Client) -> int:
    """Run a client against a server; return how many connections are left after a while."""

    async def run() -> int:
        app = Starlette(routes=[Route("/large", _large), Route("/small", _small)])
        config = Config(app, ws="none", log_config=None)
        config.load()
        state = ServerState()

        def made() -> Any:
            return Connection(config, state, {})

        async with await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            await client(reader, writer)
            left = len(state.connections)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            await asyncio.sleep(0.25)
        return left

    return asyncio.run(run())


@pytest.mark.parametrize("sent", [b"", b"GET /small HT"], ids=["nothing", "half a line"])
def test_who_asks_nothing_is_cut_off(sent: bytes) -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        with contextlib.suppress(OSError):
            assert await asyncio.wait_for(reader.read(), 5) == b""

    assert served(client) == 0


def test_who_does_not_listen_is_cut_off() -> None:
    async def client(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.8)

    assert served(client) == 0


def test_who_goes_on_asking_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msrisk.web.connections.LONGEST_SECONDS", 0.6)

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        until = time.monotonic() + 1.4
        while time.monotonic() < until:
            writer.write(ASKED)
            assert (await reader.readuntil(b"small")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.02)

    assert served(client) == 1


def test_who_has_gone_is_let_go() -> None:
    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ASKED)
        await reader.readuntil(b"small")

    assert served(client) == 1
