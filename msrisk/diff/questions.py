"""Judges what became of the question about each field of the profile.

Implements the row *rewords* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.diff.changes import About, Change
from msrisk.diff.comparison import Comparison
from msrisk.diff.rewording import rewording

__all__ = ["questions"]


def questions(comparison: Comparison) -> Iterator[Change]:
    """Yield which questions of the profile are put in other words."""
    before = {prompt.id: prompt for prompt in comparison.old.fields}
    for prompt in comparison.new.fields:
        if prompt != before[prompt.id]:
            yield from rewording(About.QUESTION, before[prompt.id], prompt)
