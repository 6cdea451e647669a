"""Runs the command line in a process that ends with it."""

from __future__ import annotations

import gc

__all__ = ["run"]


def run() -> int:
    """Run the program that the process was started for; return its exit code.

    What modules are made of lives as long as the process. To look through it for garbage, while
    it is made and once more at the end, would take a sixth of the time of a short command.
    """
    gc.disable()
    from msrisk.cli import main

    gc.freeze()
    gc.enable()
    code = main()
    gc.freeze()
    return code
