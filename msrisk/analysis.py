"""Gives clients the comparison of two rule sets by one name; the code stands in `diff`."""

from msrisk.diff import Change, Diff, Loss, Shown, Verdict, compare

__all__ = ["Change", "Diff", "Loss", "Shown", "Verdict", "compare"]
