"""Serves the tools over the Model Context Protocol, on standard input and output."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any, Final

from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from msrisk.errors import MsriskError
from msrisk.mcp.bounded import TooLongError, within
from msrisk.mcp.tools import FAULT, TOO_LONG, TOOLS, answer, refused
from msrisk.model.rules import RuleSet

__all__ = ["WITHIN", "run", "server"]

_LOG: Final = logging.getLogger("msrisk.mcp")
_INSTRUCTIONS: Final = (
    "What source texts warn about before a person with multiple sclerosis takes a supplement. "
    "Show answers as they are, with their caveat. Neither an answer nor a missing one means that "
    "there is nothing to fear, and an error means that nothing was checked."
)

WITHIN: Final = 5.0
"""After how many seconds a call is told that nothing was checked."""

Context = ServerRequestContext[Any]  # of whatever lives as long as the server; nothing here


def server(*, ruleset: RuleSet | None = None, seconds: float = WITHIN) -> Server[Any]:
    """Return the server of the tools, which keeps nothing of a patient and fetches nothing.

    Args:
        ruleset: the rules; those that ship with the package if None.
        seconds: after how long a call is told that nothing was checked.

    """
    rules = RuleSet.default() if ruleset is None else ruleset

    async def listed(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=one.name,
                    title=one.title,
                    description=one.description,
                    input_schema=one.schema,
                    annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
                )
                for one in TOOLS
            ]
        )

    async def called(_: Context, params: CallToolRequestParams) -> CallToolResult:
        wrong = True
        try:
            asked = partial(answer, params.name, params.arguments or {}, rules)
            text, wrong = await within(seconds, asked), False
        except TooLongError:
            _LOG.error("fault: it took too long")
            text = TOO_LONG
        except MsriskError as error:
            text = refused(error)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client is told that nothing was checked
            # Its kind alone: what it says may hold what a patient said.
            _LOG.error("fault: %s", type(error).__name__)
            text = FAULT
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=wrong)

    return Server(
        "msrisk",
        version=rules.version,
        title="msrisk",
        instructions=_INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def run(*, ruleset: RuleSet | None = None) -> None:
    """Serve on standard input and output until the client ends it."""
    made = server(ruleset=ruleset)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await made.run(reading, writing, made.create_initialization_options())

    asyncio.run(serve())
