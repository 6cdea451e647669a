"""Judges what became of each substance.

Implements the rows *weakens* and *settles* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.edits import other_edits
from msrisk.search.patient import Patient

__all__ = ["substances"]


def substances(rules: Comparison) -> Iterator[Change]:
    """Yield what became of each substance."""
    after = {one.id: one for one in rules.new.substances}
    for one in rules.old.substances:
        if one.id not in after:
            shown = rules.worst(_with(rules, one.id))
            says = ("it is no longer covered, so none of its rules is left",)
            yield Change(Verdict.WEAKENS, About.SUBSTANCE, one.id, says, shown=shown)
        elif one != after[one.id]:
            # Its rules and names tell what this does to patients.
            edits = tuple(other_edits(one, after[one.id]))
            yield Change(Verdict.EQUIVALENT, About.SUBSTANCE, one.id, edits)
    for id_ in sorted(after.keys() - {one.id for one in rules.old.substances}):
        # A substance that was not covered left everything open, and an answer closes that.
        base = rules.pair.named("supplements", after[id_].name)
        shown = rules.shown(evolve(rules.nobody, told=(base,)))
        verdict = Verdict.SETTLES if shown.losses else Verdict.STRENGTHENS
        says = ("it is covered from now on",)
        yield Change(verdict, About.SUBSTANCE, id_, says, shown=shown)


def _with(rules: Comparison, substance: str) -> Iterator[Patient]:
    """Yield patients who take a substance: plainly, and with its gravest rule."""
    yield rules.plain(substance)
    yield from rules.gravest(substance)
