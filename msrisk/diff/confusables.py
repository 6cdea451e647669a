"""Judges what became of the warnings about names that are mistaken for one another.

Implements *Names that are mistaken for one another*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

from attrs import evolve

from msrisk.api import assess
from msrisk.diff.changes import About, Change, Loss, Lost, Shown, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.model.concepts import Confusable
from msrisk.model.profile import Entries, Entry
from msrisk.recognition.characters import split_name
from msrisk.recognition.suggesting import MISTAKEN_FOR
from msrisk.rendering.words import listed

__all__ = ["confusables"]

_ID: Final = "names that are mistaken for one another"
_MOST_TRIED: Final = 12
_MOST_SAID: Final = 40

Pair = tuple[str, str]


def confusables(comparison: Comparison) -> Iterator[Change]:
    """Yield which warnings about names that look alike are lost, and which are new."""
    before, after = comparison.old.vocabulary.confusables, comparison.new.vocabulary.confusables
    lost = _not_in(before, after)
    if lost:
        shown = _misspelt(comparison, lost)
        verdict = Verdict.WEAKENS if shown is not None else Verdict.REWORDS
        says = _told("no longer told", lost)
        if shown is None:
            says = (*says, "no misspelt name was found that shows it: read the names")
        yield Change(verdict, About.CONFUSABLE, _ID, says, reviewed=True, shown=shown)
    won = _not_in(after, before)
    if won:
        says = _told("told from now on", won)
        yield Change(Verdict.STRENGTHENS, About.CONFUSABLE, _ID, says)
    moved = [one for one in (*before, *after) if (one in before) is not (one in after)]
    if moved and not (lost or won):
        names = "; ".join(listed(one.names) for one in moved)
        says = (f"told of the same names, but from elsewhere or grouped otherwise: {names}",)
        yield Change(Verdict.EQUIVALENT, About.CONFUSABLE, _ID, says)


def _not_in(
    first: tuple[Confusable, ...], second: tuple[Confusable, ...]
) -> dict[str, tuple[str, ...]]:
    """Return, for each name, the names that only the first lists warn about."""
    there = {_key(pair) for pair in _pairs(second)}
    lost: dict[str, tuple[str, ...]] = {}
    for pair in _pairs(first):
        if _key(pair) not in there:
            name, other = pair
            lost[name] = tuple(dict.fromkeys((*lost.get(name, ()), other)))
    return lost


def _pairs(lists: tuple[Confusable, ...]) -> Iterator[Pair]:
    for one in lists:
        yield from permutations(one.names, 2)


def _key(pair: Pair) -> tuple[tuple[str, ...], ...]:
    return tuple(map(split_name, pair))


def _told(when: str, names: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    warnings = [f"{when}: {one}" for one in _warnings(names)]
    more = len(warnings) - _MOST_SAID
    return (*warnings[:_MOST_SAID], *([f"and {more} more warnings"] * (more > 0)))


def _warnings(lost: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield each warning once, though it holds in both directions."""
    said: set[frozenset[str]] = set()
    for name, others in lost.items():
        left = [other for other in others if frozenset((name, other)) not in said]
        said |= {frozenset((name, other)) for other in left}
        if left:
            yield f"“{name} {MISTAKEN_FOR} {listed(left, 'or')}”"


def _misspelt(comparison: Comparison, lost: dict[str, tuple[str, ...]]) -> Shown | None:
    """Return a patient with a misspelt medicine who loses a warning about it."""
    nobody = comparison.nobody.profile()
    for name, others in list(lost.items())[:_MOST_TRIED]:
        for text in (f"{name}{name[-1]}", name[:-1]):
            profile = evolve(nobody, medications=Entries((Entry(text),), complete=True))
            first, second = (
                assess(profile, ruleset=one) for one in (comparison.old, comparison.new)
            )
            was, now = (
                next((told.reason for told in one.unrecognised), "") for one in (first, second)
            )
            if f"; {name} {MISTAKEN_FOR}" in f"; {was}" and not all(
                other in now for other in others
            ):
                told = next(part for part in was.split("; ") if part.startswith(name))
                gone = (Loss(Lost.WARNING, "", text, message=told),)
                return Shown(profile, first.headline, second.headline, gone)
    return None
