"""Judges what became of each worked patient, by whom a rule is shown.

Implements the row *equivalent* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import About, Change, Verdict
from msrisk.model.cases import Case

__all__ = ["cases"]


def cases(old: Iterable[Case], new: Iterable[Case]) -> Iterator[Change]:
    """Yield the worked patients that are gone or are other patients now.

    No answer changes by that, but what shows that a rule works: a person must have read it.
    """
    after = {one.id: one for one in new}
    for one in old:
        kept = after.get(one.id)
        if kept is None:
            says = f"it was removed: {one.says}"
        elif (one.rule, one.intake) != (kept.rule, kept.intake):
            says = f"it is another patient: “{one.says}” became “{kept.says}”"
        else:
            continue
        yield Change(Verdict.EQUIVALENT, About.CASE, one.id, (says,), reviewed=True)
