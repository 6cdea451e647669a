"""What a change of rules does to patients: weakens, strengthens, equivalent, with a patient."""

from msrisk.analysis.compare import compare
from msrisk.analysis.results import Change, Diff, Loss, Shown, Verdict

__all__ = ["Change", "Diff", "Loss", "Shown", "Verdict", "compare"]
