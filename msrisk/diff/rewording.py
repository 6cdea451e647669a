"""Makes one change of all edits to the words of a claim, threshold or question.

Implements *Of what rewords, these must have been read*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.edits import word_edits
from msrisk.model.rules import Claim, FieldPrompt, Threshold

__all__ = ["rewording"]

T = TypeVar("T", Claim, Threshold, FieldPrompt)


def rewording(about: About, old: T, new: T) -> Iterator[Change]:
    """Yield one change for all words that were edited, if any were."""
    edits = list(word_edits(old, new))
    if edits:
        read = any(edit.read for edit in edits)
        says = tuple(edit.says for edit in edits)
        yield Change(Verdict.REWORDS, about, old.id, says, reviewed=read)
