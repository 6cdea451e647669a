"""Joins the points of a first screen that say the same, and those beneath an emergency to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from msrisk.evaluation.naming import sentences
from msrisk.model.results import Level, Report, rank
from msrisk.model.summary import Summary, SummaryPoint
from msrisk.rendering.body import beneath
from msrisk.rendering.words import capitalised

__all__ = ["folded", "joined", "points_of"]

_Named = tuple[SummaryPoint, list[str]]

# More effects than two in a sentence are no longer read, and could not be counted.
_TWO: Final = 2


def points_of(report: Report) -> list[_Named]:
    """Return each point once, the worst first, with the names of the substances that have it."""
    return folded(list(joined(report.summary)), report)


def joined(summary: Summary) -> Iterator[_Named]:
    """Yield each point, the worst first, with the names of the substances that have it.

    What is told the same way of several stands once, beside all that it rests on.
    """
    groups: list[list[tuple[SummaryPoint, str]]] = []
    pairs = [(point, one.name) for one in summary.substances for point in one.points]
    for point, name in sorted(pairs, key=lambda pair: -len(pair[0].told)):
        for same in groups:
            if _says(same[0][0], point):
                same.append((point, name))
                break
        else:
            groups.append([(point, name)])
    order = {id(point): place for place, (point, _) in enumerate(pairs)}
    groups.sort(key=lambda same: (-rank(same[0][0].level), order[id(same[0][0])]))
    yield from _of_one_cause(_each(groups))


def _each(groups: Iterable[list[tuple[SummaryPoint, str]]]) -> Iterator[_Named]:
    """Yield one point for each group of points that say the same."""
    for same in groups:
        rules = dict.fromkeys(rule for point, _ in same for rule in point.rules)
        citations = dict.fromkeys(cited for point, _ in same for cited in point.citations)
        # What to do with one product is not always what to do with another.
        orders = dict.fromkeys(one for point, _ in same for one in sentences(point.action))
        point = evolve(
            same[0][0],
            rules=tuple(rules),
            action=" ".join(orders),
            citations=tuple(citations),
        )
        yield point, list(dict.fromkeys(name for _, name in same))


def folded(points: list[_Named], report: Report) -> list[_Named]:
    """Return the points, the cautions beneath an emergency joined to it: it asks for more."""
    below_others = beneath(report)
    under = {one.rule: above.rule for one, above in below_others.items()}
    for assessment in report.assessments:
        for one in assessment.findings:
            if one not in below_others:
                under.pop(one.rule, None)
    folded = []
    for point, names in points:
        if under.keys() >= set(point.rules):
            continue
        below = [
            one for one, _ in points if {under.get(id_) for id_ in one.rules} & set(point.rules)
        ]
        cited = dict.fromkeys(c for one in (point, *below) for c in one.citations)
        # What else it can be a sign of is named, with the source that says so.
        more = [one.title for one in below if not set(one.citations) <= set(point.citations)]
        also = f" Also: {'; '.join(more)}, in the full report." if more else ""
        joint = evolve(point, effect=f"{point.effect}{also}", citations=tuple(cited))
        folded.append((joint, names))
    return folded


def _of_one_cause(points: Iterable[_Named]) -> Iterator[_Named]:
    """Yield the points; two of one level that rest on the same and ask for the same, as one."""
    alike: dict[tuple[Level, str, str, tuple[str, ...]], list[_Named]] = {}
    for point, names in points:
        key = point.level, point.told or point.rule, point.action, tuple(names)
        alike.setdefault(key, []).append((point, names))
    for same in alike.values():
        if len(same) == _TWO:
            (first, names), (second, _) = same
            yield _joint(first, second), names
        else:
            yield from same


def _joint(first: SummaryPoint, second: SummaryPoint) -> SummaryPoint:
    return evolve(
        first,
        rules=(*first.rules, *second.rules),
        effect=f"{first.effect} {capitalised(second.effect)}",
        title=f"{first.title}; {second.title}",
        citations=tuple(dict.fromkeys((*first.citations, *second.citations))),
    )


def _says(one: SummaryPoint, other: SummaryPoint) -> bool:
    """Return whether a point says what another does, and rests on all that it rests on."""
    same = (one.level, one.effect) == (other.level, other.effect)
    # What a rule of several substances rests on besides the one is the other.
    return same and (other.told in one.told or one.rules == other.rules)
