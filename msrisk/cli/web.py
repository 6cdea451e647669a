"""Runs `msrisk web build`: the page that runs in the browser alone, as a folder of files."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from msrisk.cli.layout import Answer, Missing
from msrisk.cli.options import INSTALL_WEB
from msrisk.errors import MsriskError

__all__ = ["build"]


def build(arguments: argparse.Namespace) -> Answer:
    """`msrisk web build`: write the page into a folder."""
    try:
        building = import_module("msrisk.web.building")
    except ImportError:
        expected = "msrisk web build needs babel and jinja2"
        raise MsriskError([Missing(expected, INSTALL_WEB)]) from None
    pyodide = Path(arguments.pyodide) if arguments.pyodide else None
    embedders = (arguments.embedders or "").split()
    building.build(Path(arguments.target), pyodide, embedders)
    said = f"The page is in {arguments.target}. Any file server can offer it; to try it:\n"
    said += f"python3 -m http.server --bind 127.0.0.1 --directory {arguments.target}\n"
    return said, 0
