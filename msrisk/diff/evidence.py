"""Judges what became of the evidence, its references, and the words that it brings.

Implements the row *rewords* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import fields

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.model.evidence import Item, Reference
from msrisk.model.wording import Wording

__all__ = ["evidence"]

Entry = Item | Reference | Wording

# What a reader neither sees beside a statement nor finds it by.
_NOT_READ = ("why", "note", "checked", "pack")


def evidence(comparison: Comparison) -> Iterator[Change]:
    """Yield what became of each item, reference and wording."""
    old, new = comparison.old, comparison.new
    yield from _changes({one.id: one for one in old.evidence}, {e.id: e for e in new.evidence})
    yield from _changes({one.id: one for one in old.references}, {r.id: r for r in new.references})
    yield from _changes({one.of: one for one in old.wordings}, {w.of: w for w in new.wordings})


def _changes(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Iterator[Change]:
    for id_ in dict.fromkeys((*before, *after)):
        was, is_ = before.get(id_), after.get(id_)
        if was == is_:
            continue
        what = _what(was or is_)
        if was is None:
            # Other words of a rule are read in its place, as if the rule had them.
            worded = isinstance(is_, Wording)
            verdict = Verdict.REWORDS if worded else Verdict.EQUIVALENT
            yield Change(verdict, About.EVIDENCE, id_, (f"{what} is new",), reviewed=worded)
        elif is_ is None:
            gone = f"{what} was removed, so that less stands beside what it bears on"
            yield Change(Verdict.REWORDS, About.EVIDENCE, id_, (gone,), reviewed=True)
        else:
            keys = [
                one.name
                for one in fields(type(was))
                if getattr(was, one.name) != getattr(is_, one.name)
            ]
            read = any(key not in _NOT_READ for key in keys) or _retracted(was, is_)
            says = tuple(f"its {key} changed" for key in keys)
            yield Change(Verdict.REWORDS, About.EVIDENCE, id_, says, reviewed=read)


def _retracted(was: Entry, is_: Entry) -> bool:
    """Return whether a retraction or correction is told otherwise."""
    return (
        isinstance(was, Reference)
        and isinstance(is_, Reference)
        and (was.checked.retraction, was.checked.note) != (is_.checked.retraction, is_.checked.note)
    )


def _what(one: Entry | None) -> str:
    if isinstance(one, Wording):
        return "the wording beside this pack"
    return "the item" if isinstance(one, Item) else "the reference"
