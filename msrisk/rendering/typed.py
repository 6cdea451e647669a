"""Repeats the words that the patient typed, as a report shows them."""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.evaluation.naming import beginning, shown
from msrisk.model.results import Report
from msrisk.rendering.words import clean

__all__ = ["typed"]


def typed(report: Report) -> tuple[str, ...]:
    """Return the words of the patient as renderings show them, the longest first."""
    found = {clean(one) for one in _typed(report)} - {""}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def _typed(report: Report) -> Iterator[str]:
    """Yield each entry whole and in few words, and the beginning of one that is cut."""
    facts = [b for a in report.assessments for f in a.findings for b in f.because]
    facts += [b for a in report.assessments for s in a.silences for b in s.because]
    texts = [one.text or "" for one in facts]
    texts += [one.text or "" for one in report.unrecognised]
    texts += [one.text or "" for one in report.not_looked_at]
    texts += [one.text for one in report.denied]
    texts += [*report.supplements, *report.medicines, *report.signs, *report.watched]
    for one in report.assessments:
        texts += [*one.products, *([one.name] if one.substance is None else [])]
    for text in texts:
        bare = shown(text, None)
        yield from (text, beginning(text), bare, beginning(bare))
