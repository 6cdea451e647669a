"""Judges what became of each claim and of the rules that stand against it.

Implements the rows *weakens* and *strengthens* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import About, Change, Loss, Lost, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.edits import all_clears
from msrisk.diff.rewording import rewording
from msrisk.model.rules import Claim

__all__ = ["claims"]


def claims(comparison: Comparison) -> Iterator[Change]:
    """Yield what became of each claim; one that goes takes its other side along."""
    after = {claim.id: claim for claim in comparison.new.claims}
    plain = (
        [comparison.shown(comparison.plain(id_)) for id_ in comparison.covered]
        if comparison.old.claims
        else []
    )
    for claim in comparison.old.claims:
        kept = after.get(claim.id)
        moved = (
            (f"it was about {_ids(claim.applies_to)}, is about {_ids(kept.applies_to)}",)
            if kept is not None and kept.applies_to != claim.applies_to
            else ()
        )
        shown = next((one for one in plain if _lost(claim, one.losses)), None)
        if shown is not None:
            still = any(loss.without for loss in _lost(claim, shown.losses))
            less = "it is still shown, with less that stands against it"
            gone = _gone(comparison, claim, kept)
            says = (less if still else "it is no longer shown", *gone, *moved)
            yield Change(Verdict.WEAKENS, About.CLAIM, claim.id, says, shown=shown)
        elif kept is None:
            says = ("it was removed, and nobody was shown it",)
            yield Change(Verdict.EQUIVALENT, About.CLAIM, claim.id, says)
        elif moved:
            new = [id_ for id_ in comparison.covered if kept in comparison.new.claims_for(id_)]
            more = any(claim not in comparison.old.claims_for(id_) for id_ in new)
            verdict = Verdict.STRENGTHENS if more else Verdict.EQUIVALENT
            yield Change(verdict, About.CLAIM, claim.id, moved)
        elif _gone(comparison, claim, kept):
            # The rule is of no substance that the claim is about.
            yield Change(Verdict.EQUIVALENT, About.CLAIM, claim.id, _gone(comparison, claim, kept))
        if kept is not None:
            yield from rewording(About.CLAIM, claim, kept)
    for id_ in sorted(after.keys() - {claim.id for claim in comparison.old.claims}):
        one = after[id_]
        beside = _ids((*one.disputed_by, *one.qualified_by))
        # What a source promises, patients are told only once a person has read it.
        says = (f"it is new: “{one.message}”", f"beside it: {beside}", *all_clears(one))
        yield Change(Verdict.STRENGTHENS, About.CLAIM, id_, says, reviewed=True)


def _gone(comparison: Comparison, old: Claim, new: Claim | None) -> tuple[str, ...]:
    """Return which rules no longer stand beside a claim, themselves or by an heir."""
    if new is None:
        return ()
    left = {*new.disputed_by, *new.qualified_by}
    sides = (*old.disputed_by, *old.qualified_by)
    gone = [id_ for id_ in sides if left.isdisjoint((id_, *comparison.heirs.get(id_, ())))]
    return (f"no longer beside it: {_ids(gone)}",) if gone else ()


def _lost(claim: Claim, losses: Iterable[Loss]) -> list[Loss]:
    """Return the losses about a claim: the claim itself, or what stands against it."""
    return [loss for loss in losses if loss.what is Lost.CLAIM and loss.id == claim.id]


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "nothing"
