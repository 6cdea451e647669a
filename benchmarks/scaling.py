"""How the time of an assessment grows with rules, names and entries: draws docs/scaling.svg.

Run it with `python -m benchmarks.scaling > docs/scaling.svg`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from attrs import evolve

import msrisk
from benchmarks.timing import best
from msrisk.api import default_ruleset
from msrisk.keeping import KEPT, keep
from msrisk.model.concepts import Drug
from msrisk.model.profile import Entry
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry

__all__ = ["Curve", "curves", "of_rules", "page"]

_SUBSTANCE: Final = "glutathione-precursor"
_OTHER: Final = "n-acetylcysteine"
_ENTRIES: Final = ("Synthroid 75 mcg", "metformin 500 mg twice a day", "Tecfidera 240 mg bid")
_KNOWN: Final = ("levothyroxine", "metformin", "dimethyl-fumarate")


class Curve(NamedTuple):
    """What was measured: how many of something, and what that took, in some unit."""

    title: str
    across: str
    points: Sequence[tuple[int, float]]
    unit: str = "µs"


def curves() -> Iterator[Curve]:
    """Yield what is drawn, one after the other."""
    ruleset = default_ruleset()
    rules = [of_rules(ruleset, times) for times in (1, 5, 25, 100)]
    yield Curve("Rules, most of other substances", "rules", rules)
    names = [of_names(ruleset, count) for count in (2_000, 6_000, 18_000, 50_000)]
    yield Curve("Names: an entry recognised", "names", names)
    entries = [of_entries(count) for count in (1, 5, 25, 100)]
    yield Curve("Entries: a profile, nothing kept", "entries", entries)


def of_rules(ruleset: RuleSet, times: int) -> tuple[int, float]:
    """Return how many rules a rule set has, and how long an assessment takes.

    It has so many times the rules of one substance, as many of which as ever concern the patient.
    """
    rules = ruleset.rules_for(_SUBSTANCE)
    own = [evolve(one, applies_to=(_SUBSTANCE,)) for one in rules]
    others = [
        evolve(one, id=f"{one.id}-{number}", applies_to=(_OTHER,))
        for number in range(times - 1)
        for one in own
    ]
    all_ = evolve(ruleset, rules=(*own, *others), claims=())
    profile = msrisk.PatientProfile(supplements=["glutathione"], medications=["metformin"])
    return len(all_.rules), best(lambda: msrisk.assess(profile, ruleset=all_).level)


def of_names(ruleset: RuleSet, count: int) -> tuple[int, float]:
    """Return so many names, and how long it takes to recognise an entry among them."""
    vocabulary = ruleset.vocabulary
    known = [one for one in vocabulary.drugs if one.id in _KNOWN]
    made = [
        Drug(f"made-{number}", f"made{number}ine", "made here", (f"brand{number}ol",))
        for number in range((count - sum(1 + len(one.names) for one in known)) // 2)
    ]
    smaller = evolve(vocabulary, drugs=(*known, *made), confusables=())
    all_ = evolve(ruleset, vocabulary=smaller)
    entries = [Entry(text) for text in _ENTRIES]
    took = best(lambda: [recognise_entry(one, "medication", all_) for one in entries], 50)
    return count, took / len(entries)


def of_entries(count: int) -> tuple[int, float]:
    """Return so many entries, and how long a profile with them takes when nothing is kept."""
    medications = [f"{_ENTRIES[at % 3]} since {1920 + at}" for at in range(count)]
    profile = msrisk.PatientProfile(supplements=["glutathione"], medications=medications)
    keep(0)
    try:
        return count, best(lambda: msrisk.assess(profile).level, 5)
    finally:
        keep(KEPT)


_WIDE, _HIGH, _GAP = 230, 150, 60


def page(drawn: Sequence[Curve]) -> Iterator[str]:
    """Yield the lines of a drawing with one field a curve, each with its numbers."""
    width, height = len(drawn) * (_WIDE + _GAP) + _GAP, _HIGH + 110
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
    yield '  font-family="sans-serif" font-size="12" fill="#222">'
    yield f"  <title>{'; '.join(f'{one.title}, in {one.unit}' for one in drawn)}</title>"
    yield f'  <rect width="{width}" height="{height}" fill="#fff"/>'
    for number, one in enumerate(drawn):
        yield from _field(one, _GAP + number * (_WIDE + _GAP))
    yield "</svg>"


def _field(curve: Curve, left: int) -> Iterator[str]:
    top, bottom = 40, 40 + _HIGH
    most = max(took for _, took in curve.points) * 1.15
    step = (_WIDE - 40) / (len(curve.points) - 1)
    places = [
        (left + 20 + step * at, bottom - took / most * _HIGH)
        for at, (_, took) in enumerate(curve.points)
    ]
    yield f'  <text x="{left}" y="{top - 18}" font-weight="bold">{curve.title}</text>'
    yield f'  <path d="M{left} {top}V{bottom}H{left + _WIDE}" fill="none" stroke="#888"/>'
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    yield f'  <polyline points="{line}" fill="none" stroke="#06c" stroke-width="2"/>'
    for (x, y), (count, took) in zip(places, curve.points, strict=True):
        yield f'  <circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#06c"/>'
        said = f"{took:,.0f}" if took >= 20 else f"{took:.1f}"
        yield f'  <text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{said} {curve.unit}</text>'
        yield f'  <text x="{x:.0f}" y="{bottom + 18}" text-anchor="middle">{_short(count)}</text>'
    middle = left + _WIDE // 2
    yield f'  <text x="{middle}" y="{bottom + 38}" text-anchor="middle">{curve.across}</text>'


def _short(count: float) -> str:
    """Return a number as it has room below its point."""
    return f"{count:,}" if count < 100_000 else f"{count / 1e6:g} M"


def main() -> int:
    """Print the drawing."""
    for line in page(list(curves())):
        print(line)  # noqa: T201  # a drawing
    return 0


if __name__ == "__main__":
    sys.exit(main())
