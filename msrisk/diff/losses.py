"""Compares two reports on one patient, and lists what the second one lacks.

Implements the row *weakens* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msrisk.diff.changes import Loss, Lost
from msrisk.diff.heirs import Heirs
from msrisk.model.results import Assessment, Caveat, Level, Report, highest, rank

__all__ = ["losses"]


def losses(before: Report, after: Report, heirs: Heirs) -> tuple[Loss, ...]:
    """Return what a patient got before and no longer gets.

    A finding is kept by a finding at the same level or above; an open question by an open
    question or a finding; a caveat and a claim by their like. A rule that was split or
    renamed is kept by the rules that replace it. That a level is lower is no loss where the
    last open question became a finding below it.
    """
    found: list[Loss] = []
    settled = before.unrecognised != after.unrecognised
    by_key = {(a.substance, a.name if a.substance is None else ""): a for a in after.assessments}
    for old in before.assessments:
        new = by_key.get((old.substance, old.name if old.substance is None else ""))
        if new is None:
            found.append(Loss(Lost.ASSESSMENT, old.name, old.name, old.worst_case))
            # What is found of a name that nobody knows is no rule's finding about it.
            if old.substance is not None:
                found += (
                    Loss(Lost.FINDING, f.rule, old.name, f.level, None, f.message, f.action)
                    for f in old.findings
                )
        else:
            lost = [*_in_assessment(old, new, heirs)]
            found += lost
            if lost or settled or not old.open_questions:
                found += _levels(old, new, old.name)
    found += _caveats(before.caveats, after.caveats, "", heirs)
    found += _levels(before, after, "") if found or settled else ()
    return tuple(dict.fromkeys(found))


def _in_assessment(old: Assessment, new: Assessment, heirs: Heirs) -> Iterator[Loss]:
    settled = {finding.rule: finding.level for finding in new.findings}
    settled |= {silence.rule: Level.UNDETERMINED for silence in new.silences}
    open_ = {question.rule: question.level for question in new.open_questions}
    for f in old.findings:
        now = _level(settled, f.rule, heirs)
        if now is None or rank(now) < rank(f.level):
            yield Loss(Lost.FINDING, f.rule, old.name, f.level, now, f.message, f.action)
    for s in old.silences:
        now, level = _level(settled, s.rule, heirs), Level.UNDETERMINED
        if now is None or rank(now) < rank(level):
            yield Loss(Lost.SILENCE, s.rule, old.name, level, now, s.message, s.action)
    for q in old.open_questions:
        now = _level({**open_, **settled}, q.rule, heirs)
        if now is None or rank(now) < rank(q.level):
            yield Loss(Lost.QUESTION, q.rule, old.name, q.level, now, q.question)
    yield from _caveats(old.caveats, new.caveats, old.name, heirs)
    there = {claim.claim: {side.rule for side in claim.other_side} for claim in new.claims}
    for claim in old.claims:
        sides = there.get(claim.claim)
        lost = [
            side.title
            for side in claim.other_side
            if (sides or set()).isdisjoint(heirs.get(side.rule, ()))
        ]
        if lost:
            left = () if sides is None else tuple(lost)
            yield Loss(Lost.CLAIM, claim.claim, old.name, message=claim.message, without=left)


def _level(levels: Mapping[str, Level], rule: str, heirs: Heirs) -> Level | None:
    now = [levels[id_] for id_ in heirs.get(rule, ()) if id_ in levels]
    return highest(now) if now else None


def _caveats(
    old: Iterable[Caveat], new: Iterable[Caveat], about: str, heirs: Heirs
) -> Iterator[Loss]:
    there = {caveat.rule for caveat in new}
    for caveat in old:
        if there.isdisjoint(heirs.get(caveat.rule, ())):
            words = caveat.message, caveat.action
            yield Loss(Lost.CAVEAT, caveat.rule, about, None, None, *words)


def _levels(old: Assessment | Report, new: Assessment | Report, about: str) -> Iterator[Loss]:
    if rank(new.level) < rank(old.level):
        yield Loss(Lost.LEVEL, "", about, old.level, new.level)
    if rank(new.worst_case) < rank(old.worst_case):
        yield Loss(Lost.WORST_CASE, "", about, old.worst_case, new.worst_case)
