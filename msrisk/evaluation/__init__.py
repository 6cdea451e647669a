"""Decides what the rules say of a patient, and words it: facts and rules become the report.

A test is defined in `deciding`, and made a bit in `marking`; `planning` prepares a rule set,
`patients` holds what one patient makes true, and `answering` makes the report of it.
"""

from msrisk.evaluation.answering import answer, evaluate

__all__ = ["answer", "evaluate"]
