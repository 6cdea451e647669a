"""Marks beside a statement the best evidence for and against it, and lists what was marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from msrisk.model.evidence import Part
from msrisk.model.results import EvidenceUsed, Report
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
    """What was found on the statements of one report, and which of it is named in it."""

    def __init__(self, report: Report) -> None:
        self._all = {one.id: one for one in report.evidence}
        self._named: dict[str, bool] = {}
        self._best: dict[str, list[tuple[str, EvidenceUsed]]] = {}
        for one in report.evidence:
            for bearing in one.bears_on:
                if bearing.best:
                    side = SIGNS[bearing.relation], one
                    self._best.setdefault(bearing.on, []).append(side)

    def marks(self, id_: str, *, brief: bool = True) -> str:
        """Return the keys of the best evidence on a statement behind their signs, if any.

        What is against it or limits it is listed with a few words, if those are wanted; what
        only says the same needs none.
        """
        sides = sorted(self._best.get(id_, ()), key=lambda side: "+-~".index(side[0]))
        for sign, one in sides:
            self._named[one.id] = self._named.get(one.id, False) or (brief and sign != "+")
        said = ", ".join(f"{sign}{one.key}" for sign, one in sides)
        return f"; {said}" if said else ""

    def lines(self, cited: Iterable[str]) -> list[str]:
        """Return a line for each kind of items that were marked or are cited.

        Each of them is named with its year and identifier; those of one publication together.
        """
        for id_ in cited:
            self._named.setdefault(id_, False)  # what rests on it says what it says
        kinds: dict[str, dict[str, list[EvidenceUsed]]] = {}
        for id_ in sorted(self._named.keys() & self._all.keys()):
            one = self._all[id_]
            found = kinds.setdefault(_SHORT.get(one.kind, one.kind), {})
            found.setdefault(_found(one), []).append(one)
        return [
            f"{kind}: {'; '.join(self._said(place, those) for place, those in found.items())}"
            for kind, found in kinds.items()
        ]

    def _said(self, place: str, those: Sequence[EvidenceUsed]) -> str:
        """Return items of one publication: their keys, where they are found, what they say."""
        keys = items_in_short(one.key for one in those)
        brief = [one for one in those if self._named[one.id]]
        of = {one.id: f" ({one.key})" if len(those) > 1 else "" for one in brief}
        said = ", ".join(f"{one.brief}{of[one.id]}" for one in brief)
        return f"{keys}{place}{f': {said}' if said else ''}"

    @property
    def left(self) -> int:
        """How many items bear on something and are not named."""
        return len(self._all.keys() - self._named.keys())


@lru_cache(maxsize=2_000)
def _found(one: EvidenceUsed) -> str:
    year = "" if one.year in _UNKNOWN else f" {one.year}"
    # A DOI shows by itself what it is.
    found = one.identifier.removeprefix("title ").removeprefix("DOI ")
    told = ", told by others" if one.read == Part.SECONDARY.value else ""
    changes = "".join(f", {change}" for change in one.changes)
    return f"{year}, {found}{told}{changes}"
