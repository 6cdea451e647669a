"""Tells beside a statement the best evidence for and against it, and lists what else is cited."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from msrisk.model.evidence import Part
from msrisk.model.results import EvidenceUsed, Report
from msrisk.rendering.shape import Line
from msrisk.rendering.words import items_in_short

__all__ = ["Beside", "SIGNS"]

SIGNS: Final = {"corroborates": "+", "fills": "+", "contradicts": "-", "qualifies": "~"}
"""The sign of each relation: for, against, or limiting."""

_SHORT: Final = {
    "systematic review": "review",
    "randomised trial": "trial",
    "pharmacovigilance": "reports",
    "pharmacokinetic study": "kinetics",
    "mechanistic study in people": "mechanism",
    "randomised trial in progress": "trial under way",
    "trial registration": "registration",
    "cross-sectional study": "cross-section",
}
_UNKNOWN: Final = ("undated", "not seen")


class Beside:
    """What was found on the statements of one report, and which of it was told already."""

    def __init__(self, report: Report) -> None:
        self._all = {one.id: one for one in report.evidence}
        self._told: set[str] = set()
        self._best: dict[str, list[tuple[str, EvidenceUsed]]] = {}
        for one in report.evidence:
            for bearing in one.bears_on:
                if bearing.best:
                    side = SIGNS[bearing.relation], one
                    self._best.setdefault(bearing.on, []).append(side)
        # What says nothing but the same needs no words.
        every = (side for sides in self._best.values() for side in sides)
        self._against = {one.id for sign, one in every if sign != "+"}

    def on(self, id_: str) -> tuple[str, tuple[Line, ...]]:
        """Return the best evidence for and against a statement: marks, and lines to add.

        Each item has its line, with kind, year and identifier, where it is first told of, and
        what it found if that is against something or limits it; after that its key is a mark,
        behind the sign that it has there.
        """
        sides = sorted(self._best.get(id_, ()), key=lambda side: "+-~".index(side[0]))
        marks = [f"; {sign}{one.key}" for sign, one in sides if one.id in self._told]
        new = [(sign, one) for sign, one in sides if one.id not in self._told]
        lines = [_line(sign, one, brief=one.id in self._against) for sign, one in new]
        self._told.update(one.id for _, one in sides)
        return "".join(marks), tuple(lines)

    def rest(self, cited: Iterable[str]) -> list[str]:
        """Return a line for each kind of items that are cited, and were not told of.

        Each of them is named with its year and identifier; those of one publication together.
        """
        kinds: dict[str, dict[str, list[EvidenceUsed]]] = {}
        for id_ in sorted(set(cited) - self._told):
            one = self._all[id_]
            found = kinds.setdefault(_kind(one), {})
            found.setdefault(_found(one), []).append(one)
            self._told.add(id_)
        return [
            f"{kind}: {'; '.join(_keys(those) + place for place, those in found.items())}"
            for kind, found in kinds.items()
        ]

    @property
    def left(self) -> int:
        """How many items bear on something and are not told of."""
        return len(self._all.keys() - self._told)


def _kind(one: EvidenceUsed) -> str:
    return _SHORT.get(one.kind, one.kind)


def _keys(those: Iterable[EvidenceUsed]) -> str:
    return items_in_short(one.key for one in those)


@lru_cache(maxsize=2_000)
def _line(sign: str, one: EvidenceUsed, *, brief: bool) -> Line:
    # What has no few words of its own is found under its key.
    said = f": {one.brief}" if brief and one.brief != one.statement else ""
    return Line(f"{sign}{one.key}", f"{_kind(one)}{_found(one)}{said}")


@lru_cache(maxsize=2_000)
def _found(one: EvidenceUsed) -> str:
    year = "" if one.year in _UNKNOWN else f" {one.year}"
    # A DOI shows by itself what it is.
    found = one.identifier.removeprefix("title ").removeprefix("DOI ")
    told = ", quoted" if one.read == Part.SECONDARY.value else ""
    changes = "".join(f", {change}" for change in one.changes)
    return f"{year}, {found}{told}{changes}"
