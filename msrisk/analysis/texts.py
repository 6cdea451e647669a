"""What became of claims, thresholds, sources and questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msrisk.analysis.edits import other_edits, word_edits
from msrisk.analysis.results import Change, Shown, Verdict
from msrisk.analysis.rules import Rules
from msrisk.model.rules import Claim, Threshold
from msrisk.model.sources import Source

__all__ = ["claims", "prompts", "sources", "thresholds"]

T = TypeVar("T", Claim, Threshold)


def claims(rules: Rules) -> Iterator[Change]:
    """Yield what became of each claim; one that goes takes its other side along."""
    after = {claim.id: claim for claim in rules.new.claims}
    plain = [rules.shown(rules.plain(id_)) for id_ in rules.covered] if rules.old.claims else []
    for claim in rules.old.claims:
        kept = after.get(claim.id)
        shown = next((one for one in plain if _is_lost(claim, one)), None)
        if shown is not None:
            says = ("it, or what stands against it, is no longer shown",)
            yield Change(Verdict.WEAKENS, "claim", claim.id, says, shown=shown)
        elif kept is None:
            says = ("it was removed, and nobody was shown it",)
            yield Change(Verdict.EQUIVALENT, "claim", claim.id, says)
        if kept is not None:
            if kept.applies_to != claim.applies_to and shown is None:
                new = [id_ for id_ in rules.covered if kept in rules.new.claims_for(id_)]
                more = any(claim not in rules.old.claims_for(id_) for id_ in new)
                says = (f"it was about {_ids(claim.applies_to)}, is about {_ids(kept.applies_to)}",)
                verdict = Verdict.STRENGTHENS if more else Verdict.EQUIVALENT
                yield Change(verdict, "claim", claim.id, says)
            yield from _reworded("claim", claim, kept)
    for id_ in sorted(after.keys() - {claim.id for claim in rules.old.claims}):
        yield Change(Verdict.STRENGTHENS, "claim", id_, ("it is new",))


def _is_lost(claim: Claim, shown: Shown) -> bool:
    """Whether a patient is no longer shown a claim with all that stands against it."""
    return any(loss.what == "claim" and loss.id == claim.id for loss in shown.losses)


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "nothing"


def _reworded(about: str, old: T, new: T) -> Iterator[Change]:
    edits = list(word_edits(old, new))
    if edits:
        read = any(edit.read or edit.lost for edit in edits)
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
        says = [said, *(f"rule {change.id} uses it" for change in used)]
        worst = min(used, key=lambda change: order.index(change.verdict), default=None)
        verdict = worst.verdict if worst else Verdict.EQUIVALENT
        yield Change(
            verdict, "threshold", one.id, tuple(says), shown=worst.shown if worst else None
        )
    for id_ in sorted(after.keys() - {one.id for one in rules.old.thresholds}):
        yield Change(Verdict.EQUIVALENT, "threshold", id_, ("it is new",))


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
            says = tuple(other_edits(before[prompt.id], prompt))
            yield Change(Verdict.REWORDS, "question", prompt.id, says)
