"""The command line: one function per command."""

from msrisk.cli.program import main

__all__ = ["main"]
