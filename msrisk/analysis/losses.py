"""Two reports on one patient → what the second no longer says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msrisk.analysis.results import Loss
from msrisk.model.results import Assessment, Caveat, Level, Report, highest, rank

__all__ = ["Heirs", "losses"]

Heirs = Mapping[str, tuple[str, ...]]
"""For the id of each old rule, the new rules that stand for it."""


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
            found.append(Loss("assessment", old.name, old.name, old.worst_case))
            # What is found of a name that nobody knows is no rule's finding about it.
            if old.substance is not None:
                found += (Loss("finding", f.rule, old.name, f.level) for f in old.findings)
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
    was = [("finding", f.rule, f.level) for f in old.findings]
    was += [("silence", s.rule, Level.UNDETERMINED) for s in old.silences]
    for what, rule, level in was:
        now = _level(settled, rule, heirs)
        if now is None or rank(now) < rank(level):
            yield Loss(what, rule, old.name, level, now)
    for question in old.open_questions:
        now = _level({**open_, **settled}, question.rule, heirs)
        if now is None or rank(now) < rank(question.level):
            yield Loss("question", question.rule, old.name, question.level, now)
    yield from _caveats(old.caveats, new.caveats, old.name, heirs)
    claims = {(c.claim, side.rule) for c in new.claims for side in c.other_side}
    for claim in old.claims:
        sides = [heirs.get(side.rule, ()) for side in claim.other_side]
        if not all(any((claim.claim, id_) in claims for id_ in side) for side in sides):
            yield Loss("claim", claim.claim, old.name)


def _level(levels: Mapping[str, Level], rule: str, heirs: Heirs) -> Level | None:
    now = [levels[id_] for id_ in heirs.get(rule, ()) if id_ in levels]
    return highest(now) if now else None


def _caveats(
    old: Iterable[Caveat], new: Iterable[Caveat], about: str, heirs: Heirs
) -> Iterator[Loss]:
    there = {caveat.rule for caveat in new}
    for caveat in old:
        if there.isdisjoint(heirs.get(caveat.rule, ())):
            yield Loss("caveat", caveat.rule, about)


def _levels(old: Assessment | Report, new: Assessment | Report, about: str) -> Iterator[Loss]:
    if rank(new.level) < rank(old.level):
        yield Loss("level", "", about, old.level, new.level)
    if rank(new.worst_case) < rank(old.worst_case):
        yield Loss("worst case", "", about, old.worst_case, new.worst_case)
