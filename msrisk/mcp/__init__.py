"""Answers programs that call tools over the Model Context Protocol; needs `msrisk[mcp]`."""

from msrisk.mcp.serving import run, server

__all__ = ["run", "server"]
