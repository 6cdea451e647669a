"""Judges what became of the signatures of clinicians under the rules.

Implements *Signatures of clinicians* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.model.rules import Review, Rule
from msrisk.rendering.words import REVIEWED, listed, plural

__all__ = ["reviews"]

_STALE: Final = (
    "a review is of the rule as it was: set it back to “none yet” until somebody has read the "
    "rule as it is"
)


def reviews(comparison: Comparison) -> Iterator[Change]:
    """Yield what became of the signatures, one change for all rules that share it.

    A person must read signatures that come, those under a rule that was changed since, and
    those that an unchanged rule loses.
    """
    moved: dict[tuple[str, str, bool], list[str]] = {}
    stale: dict[str, list[str]] = {}
    for rule in comparison.new.rules:
        earlier = [comparison.old.rule(id_) for id_ in comparison.ancestors[rule.id]]
        alike = [one for one in earlier if _is_unchanged(comparison, one, rule)]
        if all(one.review != rule.review for one in earlier):
            before = _review_words(earlier[0].review) if earlier else "new"
            read = rule.review.done or bool(alike)
            if earlier or read:
                moved.setdefault((before, _review_words(rule.review), read), []).append(rule.id)
        elif rule.review.done and not alike:
            stale.setdefault(_review_words(rule.review), []).append(rule.id)
    for who, ids in stale.items():
        says = (
            f"{_are(ids)} changed, and the review is still the one before: {who}",
            _STALE,
            f"of {listed(ids)}",
        )
        yield Change(Verdict.REWORDS, About.REVIEW, f"still {who}", says, reviewed=True)
    for (before, after, read), ids in moved.items():
        said = (
            f"{plural(len(ids), 'rule')}: {before} before, {after} now",
            *_reports(comparison),
            f"of {listed(ids)}",
        )
        yield Change(Verdict.REWORDS, About.REVIEW, f"{before} → {after}", said, reviewed=read)


def _is_unchanged(comparison: Comparison, old: Rule, new: Rule) -> bool:
    """Whether a rule is the one that was signed, apart from its name and its signature."""
    same = evolve(old, id=new.id, replaces=new.replaces, since=new.since, review=new.review)
    return same == new and all(
        comparison.old.threshold(id_).quantity == comparison.new.threshold(id_).quantity
        for id_ in old.thresholds()
    )


def _review_words(review: Review) -> str:
    return f"signed by {review.role} on {review.on}" if review.done else f"“{review.role}”"


def _are(ids: list[str]) -> str:
    return f"{plural(len(ids), 'rule')} {'was' if len(ids) == 1 else 'were'}"


def _reports(comparison: Comparison) -> Iterator[str]:
    """Yield what every report says about the reviews."""
    before, after = comparison.old.clinically_reviewed, comparison.new.clinically_reviewed
    if before is not after:
        yield f"every report said “{REVIEWED[before]}”, and now says “{REVIEWED[after]}”"
    elif not after:
        without = sum(not rule.review.done for rule in comparison.new.rules)
        yield (
            f"every report says “{REVIEWED[False]}” until all rules are signed: {without} of "
            f"{len(comparison.new.rules)} are not"
        )
