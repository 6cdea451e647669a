"""What became of each thing between two rule sets, one file a thing; `compare` is the list."""

from msrisk.diff.changes import About, Change, Diff, Loss, Lost, Shown, Verdict
from msrisk.diff.compare import compare

__all__ = ["About", "Change", "Diff", "Loss", "Lost", "Shown", "Verdict", "compare"]
