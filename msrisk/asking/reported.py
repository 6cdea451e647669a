"""Tells in a report what a form asked and nobody knew, apart from what was never asked."""

from __future__ import annotations

from attrs import evolve

from msrisk.asking.form import Form, Kind, Said
from msrisk.asking.questions import open_questions
from msrisk.model.results import NextQuestion, Report
from msrisk.model.rules import RuleSet

__all__ = ["asked_in"]


def asked_in(report: Report, form: Form, ruleset: RuleSet) -> Report:
    """Return the report on a form in which what was asked and not known is told as that.

    It stays open, and what it could bring does not change; nobody is sent to ask it first once
    more. A question that was passed over, or a field of which something is left to ask, is
    still to be asked.
    """
    said: dict[str, set[object]] = {}
    for one in form.answers:
        said.setdefault(one.question.field, set()).add(one.answer)
    left = {one.field for one in open_questions(form, ruleset, after_help=True)}
    fields = {
        name
        for name, answers in said.items()
        if Said.UNKNOWN in answers and Said.SKIPPED not in answers and name not in left
    }
    entries = {
        one.question.text
        for one in form.answers
        if one.question.kind is Kind.WHICH and one.answer is Said.UNKNOWN
    }
    unclear = {one.question for one in report.unrecognised if one.text in entries}
    to_ask = [
        evolve(one, asked=one.asked or one.field in fields or one.question in unclear)
        for one in report.to_ask
    ]
    to_ask.sort(key=lambda one: one.asked)
    first = next((one for one in to_ask if not one.asked), None)
    was, next_ = report.next_question, None
    if first is not None:
        why = f"the answer could bring {first.level.words}"
        same = was is not None and was.field == first.field
        next_ = was if same else NextQuestion(first.field, first.question, why)
    return evolve(report, to_ask=tuple(to_ask), next_question=next_)
