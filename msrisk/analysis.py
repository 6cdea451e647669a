"""What a change of rules does to patients: weakens, strengthens, equivalent, with a patient."""

from msrisk.diff import Change, Diff, Loss, Shown, Verdict, compare

__all__ = ["Change", "Diff", "Loss", "Shown", "Verdict", "compare"]
