"""Decides whether a change of rules may pass; `verdict` is the file that decides.

`git` gives the earlier rules, `signatures` who has signed, `changelog` what was written;
`page` and `document` show it, and `proposal` is what a person may sign.
"""

from msrisk.gate.verdict import DiffResult, GateResult, diff_result, gate_result

__all__ = ["DiffResult", "GateResult", "diff_result", "gate_result"]
