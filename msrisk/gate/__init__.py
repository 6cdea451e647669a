"""May a change of rules pass? Who signed, what the changelog says, and what is left to do."""

from msrisk.gate.verdict import DiffResult, GateResult, diff_result, gate_result

__all__ = ["DiffResult", "GateResult", "diff_result", "gate_result"]
