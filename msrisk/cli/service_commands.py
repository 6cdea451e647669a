"""Describes the commands that answer over HTTP or in a browser, and that sum up what came back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final

from msrisk.cli import options
from msrisk.cli.other_sides import Runs

__all__ = ["add_service"]

_EMBEDDERS: Final = (
    "origins of the pages that may show the intake page in a frame and are told the answers, "
    "with blanks between them, such as https://clinic.example; default: none"
)


def add_service(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    command: Callable[..., argparse.ArgumentParser],
    with_rules: argparse.ArgumentParser,
    runs: Mapping[str, Runs],
) -> None:
    """Add `serve`, `feedback`, `mcp` and `web build`."""
    made = command(
        commands,
        "serve",
        runs["serve"].serve,
        "answer over HTTP: CDS Hooks and a JSON API",
        "example: msrisk serve --port 8000 --feedback feedback.jsonl\n\n"
        "Nothing of a patient is kept or logged. Who may call it is checked only with --client;\n"
        "else let a proxy decide that. Each option can be set by a variable, such as\n"
        f"{options.SERVED['port']}.\n\n"
        "exit code: 0 it was ended; 2 the rules could not be read, an option is wrong, or\n"
        f"something is not installed: {options.INSTALL_WEB}.",
        with_rules,
    )
    made.add_argument("--host", metavar="ADDRESS", help="where to listen; default: 127.0.0.1")
    made.add_argument("--port", metavar="NUMBER", help="0 for any that is free; default: 8000")
    made.add_argument("--prefix", metavar="PATH", help="what all addresses begin with")
    made.add_argument("--feedback", metavar="FILE", help="append the feedback on cards here")
    made.add_argument("--embedders", metavar="ORIGINS", help=_EMBEDDERS)
    made.add_argument(
        "--public",
        action="store_true",
        help="listen at an address that other machines reach, too",
    )
    made.add_argument(
        "--client",
        metavar="ISSUER=FILE",
        action="append",
        help="ask every request for a token (JWT), and take those of this issuer, signed with a "
        "key of this file (JSON Web Key Set); may be repeated; needs --audience",
    )
    made.add_argument(
        "--audience",
        metavar="URL",
        help="the address of this service as its clients know it, with the prefix: "
        "what the tokens are for",
    )
    made.add_argument(
        "--workers",
        metavar="NUMBER",
        help="how many processes answer; default: as many as there are cores, and 2 at least",
    )
    made.add_argument(
        "--within",
        metavar="SECONDS",
        help="after how long a request is answered with what was not checked; default: 5",
    )
    made = command(
        commands,
        "feedback",
        runs["serve"].feedback,
        "sum up by rule what clinicians did with the cards of CDS Hooks",
        "example: msrisk feedback feedback.jsonl\n\n"
        "exit code: 0 it was printed; 2 the file could not be read.",
    )
    made.add_argument("file", metavar="FILE", help="as `msrisk serve --feedback FILE` writes it")
    command(
        commands,
        "mcp",
        runs["agents"].mcp,
        "answer a program that calls tools (Model Context Protocol), such as a language model",
        "example: msrisk mcp\n\n"
        "A program that starts it itself is told so, often in a file such as\n"
        '{"mcpServers": {"msrisk": {"command": "msrisk", "args": ["mcp"]}}}\n\n'
        "The tools are assess, recognise and explain; the program talks to it over standard\n"
        "input and output. Nothing of a patient is kept or logged, and nothing fetched.\n\n"
        "exit code: 0 the program ended it; 2 the rules could not be read, or something is not\n"
        f"installed: {options.INSTALL_MCP}.",
        with_rules,
    )
    made = command(commands, "web", None, "make pages", "example: msrisk web build page")
    made = command(
        made.add_subparsers(required=True, metavar="COMMAND"),
        "build",
        runs["web"].build,
        "write the intake page as files, to run in the browser alone",
        "example: msrisk web build page\n"
        "         msrisk web build page --pyodide node_modules/pyodide\n\n"
        "The page runs msrisk in Pyodide, on the device that shows it; no answer leaves it. Any\n"
        "file server can offer the folder. npm is asked for Pyodide unless --pyodide has it.\n\n"
        "exit code: 0 it was written; 2 something could not be had, or the folder is not empty.",
    )
    made.add_argument("target", metavar="OUT", help="a folder that is not there yet, or is empty")
    made.add_argument("--embedders", metavar="ORIGINS", help=_EMBEDDERS)
    made.add_argument("--pyodide", metavar="FOLDER", help="the files of the npm package pyodide")
