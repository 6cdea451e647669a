"""Runs the command line: `python -m msrisk` is the same program as `msrisk`."""

from __future__ import annotations

import sys

from msrisk.process import run

sys.exit(run())
