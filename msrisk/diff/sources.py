"""Judges what became of each source.

Implements the row *rewords* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.edits import other_edits
from msrisk.model.sources import Source

__all__ = ["sources"]


def sources(comparison: Comparison) -> Iterator[Change]:
    """Yield what became of each source; what it carries is said of the rules that cite it."""
    after = {source.id: source for source in comparison.new.sources}
    for source in comparison.old.sources:
        kept = after.get(source.id)
        if kept == source:
            continue
        says = tuple(other_edits(source, kept)) if kept else ("it was removed",)
        # Another text under the same citations is another source for every rule.
        read = kept is None or _text(source) != _text(kept)
        yield Change(Verdict.REWORDS, About.SOURCE, source.id, says, reviewed=read)
    for id_ in sorted(after.keys() - {source.id for source in comparison.old.sources}):
        yield Change(Verdict.EQUIVALENT, About.SOURCE, id_, ("it is new",))


def _text(source: Source) -> object:
    places = [(p.n, p.start, p.end, p.sha256) for p in source.passages]
    return source.file_sha256, source.author, source.interest, source.kind, places
