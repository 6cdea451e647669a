"""Defines a worked patient, by which a clinician sees what a rule does."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

__all__ = ["Case"]


@frozen
class Case:
    """A patient, and the whole answer that the rules must give.

    Attributes:
        id: its permanent name.
        says: the patient in a sentence.
        rule: the rule that the case is about.
        outcome: "finding", "open" or "none": what becomes of that rule.
        level, worst_case: of the report, as in its document.
        findings: ids of all findings and silences.
        open_questions: ids of all rules that stay open.
        intake: the patient as an intake document.
        file: where it stands in the folder of the rule set; the loader fills it in.

    """

    id: str
    says: str
    rule: str
    outcome: str
    level: str
    worst_case: str
    findings: tuple[str, ...]
    open_questions: tuple[str, ...]
    intake: Mapping[str, object]
    file: str = ""
