"""`msrisk mcp` serves until its client ends it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.memory import create_client_server_memory_streams

from msrisk.mcp import run
from tests.unit.cli_runs import Capture, Patch
from tests.unit.cli_runs import run as run_command


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def closed(monkeypatch: Patch) -> None:
    """Have a client that has ended already, in place of standard input and output."""

    @asynccontextmanager
    async def stdio() -> AsyncIterator[Any]:
        async with create_client_server_memory_streams() as (client, server):
            for one in client:
                await one.aclose()
            yield server

    monkeypatch.setattr("msrisk.mcp.serving.stdio_server", stdio)


@pytest.mark.usefixtures("closed")
def test_it_ends_when_its_client_does(capsys: Capture) -> None:
    run()
    assert run_command(capsys, "mcp") == (0, "", "")


@pytest.mark.slow
def test_it_can_be_interrupted() -> None:
    command = [sys.executable, "-m", "msrisk", "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT


def test_rules_that_do_not_load_are_said(capsys: Capture) -> None:
    code, out, err = run_command(capsys, "mcp", "--rules", "/no")
    assert (code, out) == (2, "")
    assert "/no" in err


def test_without_the_extra_it_says_which_one_to_install(
    capsys: Capture, monkeypatch: Patch
) -> None:
    monkeypatch.setitem(sys.modules, "msrisk.mcp", None)
    assert run_command(capsys, "mcp") == (
        2,
        "",
        "msrisk mcp needs mcp: pip install 'msrisk[mcp]'\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_that_starts_the_command_is_answered(mode: str) -> None:
    async def call() -> Any:
        command = StdioServerParameters(command=sys.executable, args=["-m", "msrisk", "mcp"])
        async with Client(command, mode=mode) as client:
            return await client.call_tool("recognise", {"kind": "medication", "text": "Synthroid"})

    assert "levothyroxine" in asyncio.run(call()).content[0].text
