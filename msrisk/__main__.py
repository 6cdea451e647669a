"""Runs the command line: `python -m msrisk` is the same program as `msrisk`."""

from __future__ import annotations

import gc
import sys

__all__ = ["run"]


def run() -> int:
    """Run the program in a process that ends with it; return its exit code.

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


if __name__ == "__main__":
    sys.exit(run())
