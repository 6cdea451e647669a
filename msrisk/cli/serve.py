"""Runs `msrisk serve`, which answers over HTTP, and `msrisk feedback`, which sums feedback up."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from msrisk.cds_hooks import feedback_from_lines, summed
from msrisk.cli.documents import shown
from msrisk.cli.layout import Answer, Missing, block, or_problems, ruleset_of
from msrisk.cli.options import INSTALL_WEB, SERVED
from msrisk.errors import HookError, MsriskError, Problem
from msrisk.web.frames import checked

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn import Server

    from msrisk.web import Tokens

__all__ = ["feedback", "run_until_ended", "serve"]

_PREFIX: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_MOST_CONNECTIONS: Final = 1_000
_TO_END: Final = 10
# More would keep the threads from which they are waited for.
_MOST_WORKERS: Final = 32


@frozen
class _Settings:
    """How the service is to be run, by options, else by the environment.

    Attributes:
        host: the address to listen at.
        port: the port; 0 for any that is free.
        prefix: what all addresses begin with.
        feedback: the file for feedback.
        embedders: the origins of the pages that may show the intake page in a frame.
        workers: how many processes answer.
        within: within how many seconds each of them has to answer.

    """

    host: str
    port: int
    prefix: str
    feedback: str | None
    embedders: tuple[str, ...]
    workers: int
    within: float


def serve(arguments: argparse.Namespace) -> Answer:
    """`msrisk serve`: answer over HTTP until it is stopped."""
    problems: list[Problem] = []
    settings = _settings(arguments, problems)
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    tokens = None
    try:
        web = import_module("msrisk.web")
        uvicorn = import_module("uvicorn")
        connection = import_module("msrisk.web.connections").Connection
    except ImportError:
        expected = "msrisk serve needs starlette, uvicorn and pyjwt"
        problems.append(Missing(expected, INSTALL_WEB))
    else:
        tokens = _tokens(arguments, web.Tokens.read, problems)
    if problems:
        raise MsriskError(problems)
    made = web.app(
        prefix=settings.prefix,
        ruleset=ruleset,
        feedback=settings.feedback,
        tokens=tokens,
        embedders=settings.embedders,
        workers=settings.workers,
        within=settings.within,
    )
    config = uvicorn.Config(
        made,
        log_config=None,
        access_log=False,
        server_header=False,
        http=connection,
        ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_TO_END,
    )
    with _listening(settings) as listening:
        import_module("msrisk.web.logs").log_to_stderr()
        host, port = listening.getsockname()[:2]
        at = f"http://{f'[{host}]' if ':' in host else host}:{port}{settings.prefix}"
        sys.stderr.write(
            f"msrisk answers at {at}/cds-services and {at}/api; the intake page is {at}/. "
            "Ctrl-C ends it.\n"
        )
        if tokens is None and not _is_loopback(host):
            sys.stderr.write(
                "It does not check who calls: a proxy before it has to, or --client.\n"
            )
        run_until_ended(uvicorn.Server(config), listening)
    return "", 0


def run_until_ended(server: Server, listening: socket.socket) -> None:
    """Run a server at a socket that listens, until it is asked to end."""
    # After it has ended uvicorn sends itself the signal again: TERM is to be what Ctrl-C is.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


def _settings(arguments: argparse.Namespace, problems: list[Problem]) -> _Settings:
    """Return how the service is to be run; what is wrong is noted."""

    def given(name: str) -> str | None:
        option: str | None = getattr(arguments, name)
        return os.environ.get(SERVED[name]) if option is None else option

    host = given("host") or "127.0.0.1"
    public = arguments.public or os.environ.get(SERVED["public"]) == "1"
    if not public and not _is_loopback(host):
        expected = "an address that only this machine reaches, such as 127.0.0.1; or --public, "
        expected += "if a proxy before it decides who may call"
        problems.append(Problem("--host", expected, "another address"))

    def number(name: str, usual: int, least: int, most: int) -> int:
        said = given(name) or str(usual)
        if said.isascii() and said.isdecimal() and len(said) < 10 and least <= int(said) <= most:
            return int(said)
        expected = f"a whole number from {least} to {most}"
        problems.append(Problem(f"--{name}", expected, "something else"))
        return least

    prefix = given("prefix") or ""
    if not _PREFIX.fullmatch(prefix):
        problems.append(Problem("--prefix", "a path such as /msrisk", "something else"))
    kept = given("feedback")
    if kept is not None:
        try:
            with Path(kept).open("a", encoding="utf-8"):
                pass
        except (OSError, ValueError):
            problems.append(Problem("--feedback", "a file that can be written to", "another"))
    named = (given("embedders") or "").split()
    embedders = or_problems(problems, lambda: checked(named)) or ()
    return _Settings(
        host,
        number("port", 8000, 0, (1 << 16) - 1),
        prefix,
        kept,
        embedders,
        number("workers", min(max(2, os.cpu_count() or 2), _MOST_WORKERS), 1, _MOST_WORKERS),
        number("within", 5, 1, 600),
    )


def _tokens(
    arguments: argparse.Namespace,
    read: Callable[[str, dict[str, str]], Tokens],
    problems: list[Problem],
) -> Tokens | None:
    """Return whose tokens are taken; None if none is asked for."""
    given = arguments.client or os.environ.get(SERVED["client"], "").split()
    audience = arguments.audience or os.environ.get(SERVED["audience"])
    if not given and not audience:
        return None
    pairs = [one.partition("=")[::2] for one in given]
    clients = dict(pairs)
    if not pairs or not all(map(all, pairs)) or len(clients) < len(pairs):
        expected = "for each issuer of tokens, once, ISSUER=FILE, such as "
        expected += "https://ehr.example=keys.json"
        problems.append(Problem("--client", expected, "something else" if pairs else "none"))
    elif not audience:
        expected = "the address of this service as its clients know it"
        problems.append(Problem("--audience", expected, "none"))
    else:
        return or_problems(problems, lambda: read(audience, clients))
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(settings: _Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError:
        problem = Problem("--host, --port", "an address of this machine and a port that is free")
    raise MsriskError([problem])


def feedback(arguments: argparse.Namespace) -> Answer:
    """`msrisk feedback`: what clinicians did with the cards, by rule."""
    where = shown(arguments.file)
    try:
        with Path(arguments.file).open(encoding="utf-8") as file:
            told = feedback_from_lines(file)
    except (OSError, ValueError) as error:
        if isinstance(error, HookError):
            raise HookError(
                Problem(f"{where}: {one.where}", one.expected, one.got) for one in error.problems
            ) from None
        raise HookError([Problem(where, "a readable file, as `msrisk serve` writes it")]) from None
    rows = [
        (name, ", ".join(f"{said}: {count}" for said, count in sorted(counts.items())))
        for name, counts in summed(told).items()
    ]
    head = f"Feedback on {len(told)} card{'' if len(told) == 1 else 's'}, by rule"
    note = "A card has up to five rules and counts for each. Who ignores a card tells nothing."
    return block(head, [*rows, ("", note)]), 0
