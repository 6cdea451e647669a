"""Lays out the handout: one page that a patient can take to the pharmacist."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from msrisk.evaluation.naming import few, sentences, shortened, signs, told_beside
from msrisk.model.kinds import Screen
from msrisk.model.results import Assessment, Caveat, Finding, Level, Report, rank
from msrisk.model.summary import SummaryPoint
from msrisk.rendering import words
from msrisk.rendering.body import by_names
from msrisk.rendering.points import points_of
from msrisk.rendering.screen import urgent_signs
from msrisk.rendering.shape import Point, Section

__all__ = ["handout"]

_MOST: Final = 12
_LINES: Final = 54
_LONG: Final = 80
# What is to be asked or told has a box of its own.
_ASKS: Final = ("Ask ", "Tell ", "Talk ", "If not, ask ", "If none of these, tell ")
_FORBIDS: Final = ("Do not ", "Never ")
_KEEPS: Final = ("Do not stop ", "Do not change ")
_PRODUCTS: Final = 3
_ABOUT: Final = "About "
_LIST: Final = "Here is the list of ALL I take: ______________________________________"
_CHANGE: Final = "Tell them too about ANY change that you notice: what it is and how long it lasts."
_NO_BOX: Final = "A question that is not on this page does not mean that there is no danger."


@frozen
class _Room:
    """How many questions stand on the page; what is an order is never counted only."""

    mild: int = _MOST
    asked: int = _MOST
    found_out: int = _MOST
    names: int = _MOST

    def smaller(self) -> Iterator[_Room]:
        """Yield less and less room: first for what is only to be found out or told."""
        room = self
        for most in (6, 4, 3, 2):
            for name in ("names", "found_out", "mild"):
                room = evolve(room, **{name: min(most, getattr(room, name))})
                yield room
        room = evolve(room, mild=0)
        yield room
        for asked in (8, 6, 5, 4, 3):
            room = evolve(room, asked=asked)
            yield room


def handout(report: Report, lines_of: Callable[[Section], int]) -> Section:
    """Return the page: when to call for help, what to keep taking, and what to show and ask.

    `lines_of` tells how many lines it takes. On one sheet of paper there is room for so many;
    what is only to be asked is counted where there are more.
    """
    page = _handout(report, _Room())
    for room in _Room().smaller():
        if lines_of(page) <= _LINES:
            break
        page = _handout(report, room)
    return page


def _handout(report: Report, room: _Room) -> Section:
    summary = report.summary
    keys = words.keys(report)
    covered = [one for one in report.assessments if one.covered]
    names = [_named(one) for one in covered or report.assessments] or ["a supplement"]
    sections = [
        *_emergency(report, keys),
        *_first(report, keys),
        *_orders(report, keys),
        *_medicines(report, keys),
        _to_ask(report, keys, room),
        *_to_clear_up(report, room),
        _not_looked_at(report, keys, room),
    ]
    used = summary.ruleset
    rules = f"rules {used.version}, {words.short_digest(used.digest)}"
    given = [one if len(one) <= _LONG else shortened(one) for one in report.supplements]
    left = len(given) - room.names
    told = "; ".join([*given[: room.names], *([f"{left} more"] if left > 0 else [])])
    taken = [f"Supplements, taken or planned: {told}."] if told else []
    return Section(
        f"About {words.few(names, _MOST)}",
        report.level,
        notes=("For: ____________________________   Date: ______________", *taken),
        sections=(
            *sections,
            Section("", notes=(f"Your pharmacist can have the full report: {rules}.",)),
        ),
        part="handout",
    )


def _named(assessment: Assessment) -> str:
    """Return the name of what was assessed, and what the patient calls it."""
    name = shortened(assessment.name)
    if assessment.substance is None:
        return f"“{name}”"
    return f"{name}{words.typed_as(assessment.name, assessment.products, _PRODUCTS)}"


def _emergency(report: Report, keys: Mapping[str, str]) -> Iterator[Section]:
    said = report.summary.emergency
    if said is not None:
        message = words.capitalised(said.message)
        note = f"{message} {said.action} [{words.cites(said.citations, keys)}]"
        title = "GET HELP AT ONCE"
        urgent = urgent_signs(report)
        told = list(dict.fromkeys((*said.reported, *urgent, *said.watched)))
        if told:
            when = "NOW" if said.reported or urgent else "AT ONCE"
            title = f"YOU REPORT {words.listed(told).upper()}: GET HELP {when}"
        yield Section(title, Level.URGENT, notes=(note,))


def _first(report: Report, keys: Mapping[str, str]) -> Iterator[Section]:
    """Say what comes before any question: what asks for help, or to take nothing.

    What to do with each product is the heading, in the words of the first screen.
    """
    points = [
        Point(words.point(point, keys))
        for point, _ in points_of(report)
        if rank(point.level) >= rank(Level.CONTRAINDICATED)
    ]
    if points:
        orders = (
            f"{one.name.upper()}{words.typed_as(one.name, one.products, _PRODUCTS)}: "
            f"{one.verdict.upper()}."
            for one in report.summary.substances
            if rank(one.level) >= rank(Level.CONTRAINDICATED)
        )
        yield Section(" ".join(orders), report.level, points=tuple(points))


def _orders(report: Report, keys: Mapping[str, str]) -> Iterator[Section]:
    """Say what to do, or to leave, until somebody was asked; the questions stand below."""
    same: dict[str, list[SummaryPoint]] = {}
    # Of other medicines that is said once; a product that is prescribed is none of them.
    kept = report.summary.medicines and not any(one.prescribed for one in report.assessments)
    kept_on: set[str] = set()
    for point, _ in points_of(report):
        if rank(point.level) < rank(Level.CONTRAINDICATED):
            mild = point.level is Level.INFORM
            orders = [
                one
                for one in sentences(point.action)
                if (one.startswith(_FORBIDS) if mild else not one.startswith(_ASKS))
                and not ((kept or point.told in kept_on) and one.startswith(_KEEPS))
            ]
            if any(one.startswith(_KEEPS) for one in orders):
                kept_on.add(point.told)
            if orders:
                same.setdefault(" ".join(orders), []).append(point)
    points = []
    for order, those in same.items():
        told = few(one.told or one.title for one in those)
        cited = words.cites([cited for one in those for cited in one.citations], keys)
        points.append(Point(f"{words.capitalised(told)}: {order} [{cited}]"))
    if points:
        yield Section("UNTIL THIS HAS BEEN ASKED", points=tuple(points))


def _medicines(report: Report, keys: Mapping[str, str]) -> Iterator[Section]:
    said = report.summary.medicines
    if said is not None:
        note = f"{said.message} {said.action} [{words.cites(said.citations, keys)}]"
        yield Section("YOUR OTHER MEDICINES", notes=(note,))


def _to_ask(report: Report, keys: Mapping[str, str], room: _Room) -> Section:
    """Return the boxes: what each finding gives the patient to ask, the worst first."""
    findings = sorted(by_names(report, lambda one: one.findings), key=lambda one: -rank(one.level))
    asked: dict[str, list[Finding]] = {}
    titles: dict[str, Level] = {}
    for one in findings:
        question = _question(one)
        # A milder warning of the same title adds no question.
        if question and titles.setdefault(one.title, one.level) is one.level:
            asked.setdefault(_bare(question), []).append(one)
    products = {name for one in report.assessments for name in one.products}
    graver = {bare for bare, those in asked.items() if those[0].level is not Level.INFORM}
    shown = [one for one in asked if one in graver][: room.asked]
    shown += [one for one in asked if one not in graver][: min(room.mild, _MOST - len(shown))]
    boxes = [_box(bare, asked[bare], products, keys) for bare in shown]
    left = _left(len(asked) - len(shown))
    already = any(one.taking for one in report.assessments)
    before = "BEFORE YOU TAKE ANY MORE" if already else "BEFORE YOU TAKE IT"
    if any(one.prescribed for one in report.assessments):
        before = "BEFORE THE NEXT DOSE; STOP NO PRESCRIBED MEDICINE"
    return Section(
        f"SHOW THIS PAGE TO YOUR DOCTOR OR PHARMACIST {before}",
        points=tuple(map(Point, (*boxes, _LIST))),
        notes=(*left, *_changes(report, keys)),
        box=True,
    )


def _question(finding: Finding) -> str:
    return finding.ask or (finding.message if finding.level is not Level.INFORM else "")


def _bare(question: str) -> str:
    """Return a question without what it is about, so that it is asked once of several."""
    told, colon, asked = question.partition(": ")
    return asked if colon and told.startswith(_ABOUT) else question


def _box(
    bare: str, those: Sequence[Finding], products: Collection[str], keys: Mapping[str, str]
) -> str:
    """Return a question, once of all that it is about."""
    each = list(dict.fromkeys(map(_question, those)))
    question = each[0]
    if len(each) > 1:
        facts = [fact for one in those for fact in signs(one)]
        question = f"{_ABOUT}{told_beside(facts, products)}: {bare}"
    return f"{question} [{words.cites([c for one in those for c in one.citations], keys)}]"


def _changes(report: Report, keys: Mapping[str, str]) -> Iterator[str]:
    """Yield that changes are to be told, and that it is no cure, with who says so."""
    change = [c for one in _lines(report, Screen.CHANGE) for c in one.citations]
    yield f"{_CHANGE} [{words.cites(change, keys) if change else 'advice of msrisk'}]"
    cures = _lines(report, Screen.CURE)
    if cures:
        said = " ".join(one.effect for one in cures)
        cited = words.cites([c for one in cures for c in one.citations], keys)
        yield f"{said} [{cited}]"


def _lines(report: Report, place: Screen) -> list[Caveat]:
    caveats = by_names(report, lambda one: one.caveats)
    return [one for one in caveats if one.screen == place.value]


def _to_clear_up(report: Report, room: _Room) -> Iterator[Section]:
    summary = report.summary
    points = [one.question for one in summary.unknown]
    asked = " ".join(points)
    names = [name for name in summary.unrecognised if f"“{name}" not in asked]
    points = list(dict.fromkeys([*points, *(f"What is “{name}”?" for name in names)]))
    left = _left(len(points) - room.found_out)
    shown = tuple(map(Point, points[: room.found_out]))
    if shown:
        yield Section("FIND OUT TOGETHER", points=shown, notes=left, box=True)


def _left(count: int) -> tuple[str, ...]:
    """Say how many questions have no room; that is nothing to be ticked."""
    if count <= 0:
        return ()
    which = "it is" if count == 1 else "they are"
    return (f"And {count} more: {which} in the full report.",)


def _not_looked_at(report: Report, keys: Mapping[str, str], room: _Room) -> Section:
    summary = report.summary
    texts = [one for one in report.sources if not one.evidence]
    sources = [f"{one.key}: {words.lower(one.short)}" for one in texts]
    elsewhere, nowhere = (
        [words.about(one.title, one.told) for one in those] for those in words.silences(report)
    )
    reviewed = words.REVIEWED[summary.ruleset.clinically_reviewed]
    searched = f"{summary.caveat.message} {'; '.join(sources)}. {reviewed} {_NO_BOX}"
    notes = [f"{searched} [{words.cites(summary.caveat.citations, keys)}]"]
    nothing = words.capitalised(words.no_text(report))
    more = "only what was found elsewhere does. Ask about it."
    if elsewhere:
        notes.insert(0, f"{nothing} speaks of: {words.few(elsewhere, room.names)}; {more}")
    if nowhere:
        notes.insert(0, f"{nothing} speaks of: {words.few(nowhere, room.names)}. Ask about it.")
    others = [_named(one) for one in report.assessments if not one.covered]
    if others:
        notes.insert(0, f"Not covered by these rules: {words.few(others, room.names)}.")
    return Section("WHAT WAS NOT LOOKED AT: NEARLY EVERYTHING", notes=tuple(notes))
