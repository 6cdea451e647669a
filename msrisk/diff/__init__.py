"""Compares two rule sets, one file for each kind of thing; `compare` lists the kinds."""

from msrisk.diff.changes import About, Change, Diff, Loss, Lost, Shown, Verdict
from msrisk.diff.compare import compare

__all__ = ["About", "Change", "Diff", "Loss", "Lost", "Shown", "Verdict", "compare"]
