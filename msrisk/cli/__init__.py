"""Holds the command line, one function a command."""

from msrisk.cli.program import main

__all__ = ["main"]
