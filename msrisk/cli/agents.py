"""Runs `msrisk mcp`, which answers programs that call tools over standard input and output."""

from __future__ import annotations

import argparse
import signal
from importlib import import_module

from msrisk.cli.layout import Answer, Missing, or_problems, ruleset_of
from msrisk.cli.options import INSTALL_MCP
from msrisk.errors import MsriskError, Problem

__all__ = ["mcp"]


def mcp(arguments: argparse.Namespace) -> Answer:
    """`msrisk mcp`: answer calls of tools until the client ends it."""
    # Ctrl-C ends it at once: who waits for a line on standard input cannot be interrupted
    # otherwise, and there is nothing to finish.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    problems: list[Problem] = []
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    try:
        module = import_module("msrisk.mcp")
    except ImportError:
        problems.append(Missing("msrisk mcp needs mcp", INSTALL_MCP))
    if problems:
        raise MsriskError(problems)
    module.run(ruleset=ruleset)
    return "", 0
