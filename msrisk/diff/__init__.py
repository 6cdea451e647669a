"""What became of each thing between two rule sets, and what that does to patients."""

from msrisk.diff.changes import Change, Diff, Loss, Shown, Verdict
from msrisk.diff.compare import compare

__all__ = ["Change", "Diff", "Loss", "Shown", "Verdict", "compare"]
