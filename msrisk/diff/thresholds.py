"""Judges what became of each threshold, by the rules that compare with it.

Implements *Where a number is another* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.edits import place
from msrisk.diff.rewording import rewording
from msrisk.model.rules import Threshold

__all__ = ["thresholds"]


def thresholds(comparison: Comparison, of_rules: Iterable[Change]) -> Iterator[Change]:
    """Yield what became of each threshold; a number does what the rules that use it do."""
    by_rule = {change.id: change for change in of_rules if change.about is About.RULE}
    order = list(Verdict)
    after = {one.id: one for one in comparison.new.thresholds}
    for one in comparison.old.thresholds:
        kept = after.get(one.id)
        if kept is not None:
            yield from rewording(About.THRESHOLD, one, kept)
        if kept is not None and kept.quantity == one.quantity:
            continue
        used = [
            by_rule[rule.id]
            for rule in comparison.old.rules
            if one.id in rule.thresholds() and rule.id in by_rule
        ]
        said = f"it was {one.quantity}, and is " + (str(kept.quantity) if kept else "removed")
        says = [said, *_stale(one, kept), *(f"rule {change.id} uses it" for change in used)]
        worst = min(used, key=lambda change: order.index(change.verdict), default=None)
        verdict = worst.verdict if worst else Verdict.EQUIVALENT
        shown = worst.shown if worst else None
        about = About.THRESHOLD, one.id, tuple(says)
        yield Change(verdict, *about, reviewed=_is_raised(one, kept), shown=shown)
    for id_ in sorted(after.keys() - {one.id for one in comparison.old.thresholds}):
        yield Change(Verdict.EQUIVALENT, About.THRESHOLD, id_, ("it is new",))


def _is_raised(old: Threshold, new: Threshold | None) -> bool:
    """Whether a number is higher now than the sentence says that is cited for it still."""
    if new is None or new.quantity.unit is not old.quantity.unit:
        return False
    return new.value > old.value and any(one in new.cites for one in old.cites)


def _stale(old: Threshold, new: Threshold | None) -> Iterator[str]:
    """Yield the reasons and sources of an old number that still stand beside the new one."""
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
