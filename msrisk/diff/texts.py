"""What became of claims, thresholds, sources and questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msrisk.diff.changes import Change, Loss, Verdict
from msrisk.diff.edits import all_clears, other_edits, place, word_edits
from msrisk.diff.rules import Rules
from msrisk.model.rules import Claim, FieldPrompt, Threshold
from msrisk.model.sources import Source

__all__ = ["claims", "prompts", "sources", "thresholds"]

T = TypeVar("T", Claim, Threshold, FieldPrompt)


def claims(rules: Rules) -> Iterator[Change]:
    """Yield what became of each claim; one that goes takes its other side along."""
    after = {claim.id: claim for claim in rules.new.claims}
    plain = [rules.shown(rules.plain(id_)) for id_ in rules.covered] if rules.old.claims else []
    for claim in rules.old.claims:
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
            gone = _gone(rules, claim, kept)
            says = (less if still else "it is no longer shown", *gone, *moved)
            yield Change(Verdict.WEAKENS, "claim", claim.id, says, shown=shown)
        elif kept is None:
            says = ("it was removed, and nobody was shown it",)
            yield Change(Verdict.EQUIVALENT, "claim", claim.id, says)
        elif moved:
            new = [id_ for id_ in rules.covered if kept in rules.new.claims_for(id_)]
            more = any(claim not in rules.old.claims_for(id_) for id_ in new)
            verdict = Verdict.STRENGTHENS if more else Verdict.EQUIVALENT
            yield Change(verdict, "claim", claim.id, moved)
        elif _gone(rules, claim, kept):
            # The rule is of no substance that the claim is about.
            yield Change(Verdict.EQUIVALENT, "claim", claim.id, _gone(rules, claim, kept))
        if kept is not None:
            yield from _reworded("claim", claim, kept)
    for id_ in sorted(after.keys() - {claim.id for claim in rules.old.claims}):
        one = after[id_]
        beside = _ids((*one.disputed_by, *one.qualified_by))
        # What a source promises, patients are told only once a person has read it.
        says = (f"it is new: “{one.message}”", f"beside it: {beside}", *all_clears(one))
        yield Change(Verdict.STRENGTHENS, "claim", id_, says, reviewed=True)


def _gone(rules: Rules, old: Claim, new: Claim | None) -> tuple[str, ...]:
    """Return which rules no longer stand beside a claim, themselves or by an heir."""
    if new is None:
        return ()
    left = {*new.disputed_by, *new.qualified_by}
    sides = (*old.disputed_by, *old.qualified_by)
    gone = [id_ for id_ in sides if left.isdisjoint((id_, *rules.heirs.get(id_, ())))]
    return (f"no longer beside it: {_ids(gone)}",) if gone else ()


def _lost(claim: Claim, losses: Iterable[Loss]) -> list[Loss]:
    """Return what a patient loses of a claim: all of it, or what stands against it."""
    return [loss for loss in losses if loss.what == "claim" and loss.id == claim.id]


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "nothing"


def _reworded(about: str, old: T, new: T) -> Iterator[Change]:
    edits = list(word_edits(old, new))
    if edits:
        read = any(edit.read or edit.always for edit in edits)
        says = tuple(edit.says for edit in edits)
        yield Change(Verdict.REWORDS, about, old.id, says, reviewed=read)


def thresholds(rules: Rules, judged: Iterable[Change]) -> Iterator[Change]:
    """Yield what became of each threshold; a number does what the rules that use it do."""
    by_rule = {change.id: change for change in judged if change.about == "rule"}
    order = list(Verdict)
    after = {one.id: one for one in rules.new.thresholds}
    for one in rules.old.thresholds:
        kept = after.get(one.id)
        if kept is not None:
            yield from _reworded("threshold", one, kept)
        if kept is not None and kept.quantity == one.quantity:
            continue
        used = [
            by_rule[rule.id]
            for rule in rules.old.rules
            if one.id in rule.thresholds() and rule.id in by_rule
        ]
        said = f"it was {one.quantity}, and is " + (str(kept.quantity) if kept else "removed")
        says = [said, *_stale(one, kept), *(f"rule {change.id} uses it" for change in used)]
        worst = min(used, key=lambda change: order.index(change.verdict), default=None)
        verdict = worst.verdict if worst else Verdict.EQUIVALENT
        yield Change(
            verdict, "threshold", one.id, tuple(says), shown=worst.shown if worst else None
        )
    for id_ in sorted(after.keys() - {one.id for one in rules.old.thresholds}):
        yield Change(Verdict.EQUIVALENT, "threshold", id_, ("it is new",))


def _stale(old: Threshold, new: Threshold | None) -> Iterator[str]:
    """Yield the grounds of an old number that stand beside the new one."""
    if new is None:
        return
    same = [
        key
        for key in ("reason", "reference")
        if getattr(old, key) and getattr(old, key) == getattr(new, key)
    ]
    texts = [f"“{getattr(old, key)}”" for key in same]
    cited = [place(one) for one in old.cites if one in new.cites]
    if same or cited:
        what = f"{' and '.join(same or ['source'])} {'are' if len(same) > 1 else 'is'}"
        yield f"its {what} still what stood beside {old.quantity}: {'; '.join(texts + cited)}"


def sources(rules: Rules) -> Iterator[Change]:
    """Yield what became of each source; what it carries is said of the rules that cite it."""
    after = {source.id: source for source in rules.new.sources}
    for source in rules.old.sources:
        kept = after.get(source.id)
        if kept == source:
            continue
        says = tuple(other_edits(source, kept)) if kept else ("it was removed",)
        # Another text under the same citations is another source for every rule.
        read = kept is None or _text(source) != _text(kept)
        yield Change(Verdict.REWORDS, "source", source.id, says, reviewed=read)
    for id_ in sorted(after.keys() - {source.id for source in rules.old.sources}):
        yield Change(Verdict.EQUIVALENT, "source", id_, ("it is new",))


def _text(source: Source) -> object:
    places = [(p.n, p.start, p.end, p.sha256) for p in source.passages]
    return source.file_sha256, source.author, source.interest, source.kind, places


def prompts(rules: Rules) -> Iterator[Change]:
    """Yield which questions of the profile are put in other words."""
    before = {prompt.id: prompt for prompt in rules.old.fields}
    for prompt in rules.new.fields:
        if prompt != before[prompt.id]:
            yield from _reworded("question", before[prompt.id], prompt)
