"""Lays out the first screen: what to do, what fits the patient, what is unknown.

It is cut for 25 lines of 80 characters. Whatever asks to take nothing, or for help at once,
is named there even if it then grows; of anything else the first stand there, and the rest
is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.evaluation.naming import few, sentences, shortened, shown, told
from msrisk.model.profile import PRODUCT_FIELDS
from msrisk.model.results import Assessment, Level, Report, rank
from msrisk.model.summary import SilentOn, Summary, SummaryPoint
from msrisk.rendering import words
from msrisk.rendering.points import folded, joined
from msrisk.rendering.shape import FOOTNOTE, Point, Section

__all__ = ["screen", "urgent_signs"]

_LINES: Final = 25
_NEVER_CUT: Final = (Level.URGENT, Level.CONTRAINDICATED)
_MANY: Final = 99
_FORBIDS: Final = ("Take no ", "Do not take ")
_NAMED: Final = 8
_MORE_NAMED: Final = 12
_BRIEF: Final = 30


@frozen
class _Room:
    """How much of what may be counted is shown."""

    cautions: int = _MANY
    unknown: int = _MANY
    trials: int = _MANY
    names: int = _MANY
    titles: int = _MANY
    told: bool = True
    effects: bool = True
    unlooked: bool = True
    listed: int = _MORE_NAMED
    sourced: bool = True

    def smaller(self, *, graver: bool) -> Iterator[_Room]:
        """Yield less and less room: first for what is only named, last for what is asked.

        One line of what trials found stays beside what is promised, as long as there is room.
        If there is something graver than a caution, all cautions may only be named.
        """
        room = evolve(self, trials=1)
        yield room
        for names in (6, 4, 2):
            room = evolve(room, names=names)
            yield room
        room = evolve(room, told=False)
        yield room
        for unknown in (6, 4):
            room = evolve(room, unknown=unknown)
            yield room
        for titles in (4, 2, 1):
            room = evolve(room, titles=titles)
            yield room
        for unknown in (2, 1):
            room = evolve(room, unknown=unknown)
            yield room
        room = evolve(room, names=1)
        yield room
        if graver:
            # A warning that fits the patient goes before what no rule is about.
            room = evolve(room, unlooked=False)
            yield room
            # What fits the patient goes before what was hoped for, and is named as long as it can.
            room = evolve(room, trials=0)
            yield room
            room = evolve(room, titles=0)
            yield room
        fewest = 0 if graver else 1
        # A warning that fits the patient goes before what is only worth telling, what no rule is
        # about, and what was hoped for and found. None makes room that no warning could use.
        milder = [room, evolve(room, trials=0), evolve(room, trials=0, unlooked=False)]
        milder.append(evolve(milder[-1], titles=0))
        for effects in (True, False):
            for cautions in range(5, fewest - 1, -1):
                for less in milder:
                    yield evolve(less, effects=effects, cautions=cautions)
            yield evolve(less, effects=effects, cautions=fewest, listed=_NAMED)
        room = evolve(less, cautions=fewest, effects=False)
        yield room
        yield evolve(room, listed=_NAMED)
        room = evolve(room, sourced=False)
        yield room
        room = evolve(room, listed=_NAMED)
        yield room
        yield evolve(room, cautions=0)


@frozen
class _Points:
    """Every point with the substances that have it, and those that stand on the screen."""

    every: list[tuple[SummaryPoint, list[str]]]
    folded: list[tuple[SummaryPoint, list[str]]]


def screen(report: Report, lines_of: Callable[[Section], int]) -> Section:
    """Return the first screen; `lines_of` tells how many lines a section takes."""
    summary = report.summary
    keys = words.keys(report)
    every = list(joined(summary))
    points = _Points(every, folded(every, report))
    section = _screen(report, summary, keys, _Room(), points)
    graver = rank(report.level) > rank(Level.CAUTION)
    for smaller in _Room().smaller(graver=graver):
        if lines_of(section) <= _LINES:
            break
        section = _screen(report, summary, keys, smaller, points)
    return section


def _screen(
    report: Report, summary: Summary, keys: dict[str, str], room: _Room, points: _Points
) -> Section:
    first, *others = _verdicts(report, summary, room)
    emergency = _emergency(report, keys)
    early = summary.emergency is None or summary.emergency.first
    sections = [
        *(emergency if early else ()),
        *_warnings(summary, keys, room, points),
        *_unknown(report, summary, keys, room),
        *(() if early else emergency),
        _about(report, summary),
    ]
    return Section(
        first,
        report.level,
        notes=(*others, f"{summary.caveat.message} {FOOTNOTE}"),
        sections=tuple(sections),
        part="screen",
    )


def _verdicts(report: Report, summary: Summary, room: _Room) -> Iterator[str]:
    """Yield a line for each substance that the rules cover, and one for all the others."""
    started = {one.name: _already(one) for one in report.assessments}
    covered = [one for one in summary.substances if one.covered]
    for one in covered:
        said = one.verdict.endswith("that you take it")
        take = "" if said else started[one.name]
        typed = words.typed_as(one.name, one.products, room.names)
        yield f"{one.name.upper()}{typed}: {one.verdict.upper()}.{take}"
    uncovered = [one for one in summary.substances if not one.covered]
    known = [one.name for one in uncovered if one.verdict != "not recognised"]
    if known:
        yield f"Not covered by these rules: {words.few(known, room.names)}. Ask a pharmacist."
    unknown = [f"“{shortened(one.name)}”" for one in uncovered if one.verdict == "not recognised"]
    if unknown:
        yield f"NOT RECOGNISED: {words.few(unknown, room.names)}. Find out what it is first."
    if not summary.substances:
        asked = "supplements" not in report.none_reported
        yield f"NO SUPPLEMENT {'NAMED YET' if asked else 'NAMED'}, SO NONE WAS ASSESSED."


def _already(assessment: Assessment) -> str:
    """Say what is taken already; where not all the products are, which of them."""
    if not assessment.taking:
        return ""
    started = assessment.started
    # What is taken may be a case of the substance, with a heading of its own.
    some = started and not set(started) >= set(assessment.products)
    return f" Already taken: {words.listed(started)}." if some else " You already take it."


def urgent_signs(report: Report) -> tuple[str, ...]:
    """Return what the patient told that is urgent beside a supplement, in few words."""
    facts = [
        fact
        for one in report.assessments
        for finding in one.findings
        if finding.level is Level.URGENT
        for fact in finding.because
    ]
    signs = (fact for fact in facts if fact.value is None and fact.field not in PRODUCT_FIELDS)
    return tuple(dict.fromkeys(map(told, signs)))


def _emergency(report: Report, keys: dict[str, str]) -> tuple[Section, ...]:
    said, urgent = report.summary.emergency, urgent_signs(report)
    if said is None:
        return ()
    note = f"{said.message} {said.action} [{words.cites(said.citations, keys)}]"
    title = ""
    signs = list(dict.fromkeys((*said.reported, *urgent, *said.watched)))
    if signs:
        what = "GET MEDICAL HELP NOW" if urgent else "IT CAN BE AN EMERGENCY"
        what = "CALL FOR HELP NOW" if said.reported else what
        title = f"YOU REPORT {words.few(signs, _MANY).upper()}: {what}"
        note = words.capitalised(note)
    else:
        note = f"EMERGENCY: {note}"
    return (Section(title, Level.URGENT, notes=(note,)),)


def _warnings(
    summary: Summary, keys: dict[str, str], room: _Room, given: _Points
) -> Iterator[Section]:
    every, points = given.every, given.folded
    strong = [pair for pair in points if pair[0].level in _NEVER_CUT]
    cautions = [pair for pair in points if pair[0].level is Level.CAUTION]
    # What is to be left until somebody has looked goes before what is to be told.
    cautions.sort(key=lambda pair: not pair[0].action.startswith(_FORBIDS))
    several = sum(bool(one.points) for one in summary.substances) > 1

    def of(names: list[str], told: str) -> str:
        said = words.listed(names)
        return f" ({said})" if several and said.casefold() != told.casefold() else ""

    # The only warning is never counted only.
    most = max(room.cautions, len(cautions) == 1 and not strong)
    shown = [*strong, *cautions[:most]]
    above = _above(summary)
    notes = []
    rest = [point for point, _ in cautions[most:]]
    if rest:
        count = sum(len(point.rules) for point in rest)
        names = list(dict.fromkeys(_counted_as(point, summary, room) for point in rest))
        more = [f"{len(names) - room.listed} more"] if len(names) > room.listed else []
        sources = f" [{_cites(rest, keys)}]" if room.sourced else ""
        named = "; ".join([*names[: room.listed], *more])
        counted = f"And {count} more" if shown else f"{count}"
        notes.append(f"{counted} at CAUTION, in the full report: {named}.{sources}")
    informed = [point for point, _ in points if point.level is Level.INFORM]
    products = {product for one in summary.substances for product in one.products}
    mild = _mild([point for point, _ in points], products, room)
    if mild and (room.titles or not (strong or cautions)):
        also = " also" if strong or cautions else ""
        notes.append(
            f"Tell them{also}: {_things(mild, max(room.titles, 1))}. [{_cites(informed, keys)}]"
        )
    said = summary.medicines
    if said is not None:
        notes.append(f"{said.message} [{words.cites(said.citations, keys)}]")
    notes += [
        f"{found.message} [{words.cites(found.citations, keys)}]"
        # What was hoped for is not told where a warning is only counted.
        for found in summary.trials[: 0 if rest else room.trials]
    ]
    if shown or notes:
        title = "YOUR MEDICINES" if said is not None else "PROMISED, AND FOUND"
        if mild:
            title = "WORTH TELLING YOUR DOCTOR OR PHARMACIST"
        if strong or cautions:
            title = "THESE WARNINGS FIT YOUR ANSWERS"
        level = shown[0][0].level if shown else None
        yield Section(
            f"{title}{_counted([point for point, _ in every])}",
            level,
            notes=tuple(notes),
            points=tuple(
                Point(words.point(_left(point, above), keys, of(names, point.told)))
                for point, names in shown
            ),
        )


def _above(summary: Summary) -> str:
    """Return what the emergency line has ordered already, where it stands first."""
    said = summary.emergency
    return f"{said.message} {said.action}".casefold() if said and said.first else ""


def _left(point: SummaryPoint, above: str) -> SummaryPoint:
    """Return a point without the orders that stand above."""
    orders = (one for one in sentences(point.action) if one.casefold() not in above)
    return evolve(point, action=" ".join(orders))


def _counted_as(point: SummaryPoint, summary: Summary, room: _Room) -> str:
    """Return what a warning that is only counted is about, and what it means if there is room.

    That it rests on the product itself tells nothing.
    """
    products = {few(one.products) for one in summary.substances if one.products}
    name = point.title if point.told in products else point.told or point.title
    return f"{name} ({point.effect.rstrip('.')})" if room.effects and point.told else name


def _cites(points: list[SummaryPoint], keys: dict[str, str]) -> str:
    return words.cites([one for point in points for one in point.citations], keys)


def _things(names: list[str], most: int) -> str:
    """Return what is to be told; what follows "every medicine" might be taken for medicines."""
    left = len(names) - most
    more = [f"{left} other thing{'' if left == 1 else 's'}"] if left > 0 else []
    return words.listed([*names[:most], *more])


def _in_short(point: SummaryPoint) -> str:
    return words.about(point.title, point.told)


def _mild(points: list[SummaryPoint], products: set[str], room: _Room) -> list[str]:
    """Return what is only worth telling, unless a warning of the same title says more.

    What it is about says more than what the patient told, and goes last for want of room.
    """
    above = {point.title for point in points if point.level is not Level.INFORM}
    said: dict[str, None] = {}
    for point in points:
        if point.level is Level.INFORM and point.title not in above:
            brief = room.told and len(point.told) <= _BRIEF and point.told not in products
            said[_in_short(point) if brief else point.title] = None
    return list(said)


def _counted(points: list[SummaryPoint]) -> str:
    """Return how many rules of each level these points are: none goes without being counted."""
    counts: dict[Level, int] = {}
    for point in points:
        counts[point.level] = counts.get(point.level, 0) + len(point.rules)
    parts = [f"{count} {level.words}" for level, count in counts.items()]
    return f" ({', '.join(parts)})" if parts else ""


def _unknown(
    report: Report, summary: Summary, keys: dict[str, str], room: _Room
) -> Iterator[Section]:
    """Say what is not known yet, and what nothing here speaks of."""
    # What an entry means may be open for several fields; it is asked once.
    to_ask = list(dict.fromkeys(one.question for one in summary.unknown if not one.asked))
    not_known = list(dict.fromkeys(one.question for one in summary.unknown if one.asked))
    notes = []
    title = ""
    said = " ".join((*to_ask[: room.unknown], *not_known[: room.unknown]))
    names = [f"“{one}”" for one in summary.unrecognised if f"“{one}”" not in said]
    if names:
        notes.append(f"To be cleared up: {words.few(names, room.names)}.")
    if to_ask:
        first, *rest = to_ask[: room.unknown]
        left = len(to_ask) - room.unknown
        then = f" Then: {' '.join(rest)}" if rest else ""
        more = f" Then {left} more." if left > 0 else ""
        notes.append(f"Ask first: {first}{then}{more}")
    if not_known:
        left = len(not_known) - room.unknown
        more = f" And {left} more." if left > 0 else ""
        notes.append(f"Asked, not known: {' '.join(not_known[: room.unknown])}{more}")
    if notes:
        could = report.worst_case.words if report.worst_case is not report.level else ""
        title = f"NOT KNOWN YET{f': COULD BE {could}' if could else ''}"
    notes += _not_looked_at(report, summary, keys, room)
    if notes:
        yield Section(title, Level.UNDETERMINED, notes=tuple(notes))


def _not_looked_at(
    report: Report, summary: Summary, keys: dict[str, str], room: _Room
) -> Iterator[str]:
    def ask_first(those: Iterable[SilentOn]) -> str:
        cited = [cited for one in those for cited in one.citations]
        return f"ask first [{words.cites(cited, keys)}]." if room.sourced else "ask first."

    def speaks_of(those: Iterable[SilentOn]) -> str:
        topics = [words.about(one.title, one.told) for one in those]
        return f"{words.no_text(report)} speaks of {words.few(topics, room.names)}"

    if not room.unlooked:
        if summary.silent:
            topics = words.few([one.title for one in summary.silent], room.names)
            yield f"NOT IN THE TEXTS: {topics}; {ask_first(summary.silent)}"
        return
    elsewhere, nowhere = words.silences(report)
    parts = []
    if elsewhere:
        found = "what was found elsewhere is in the report"
        parts.append(f"BEYOND THE TEXTS: {speaks_of(elsewhere)}; {found}; {ask_first(elsewhere)}")
    said = [f"{speaks_of(nowhere)}; {ask_first(nowhere)}"] if nowhere else []
    # That every rule is about MS needs no saying here.
    told = [one for one in summary.not_looked_at if not one.premise]
    names = [shown(one.text, one.recognised_as, one.code) for one in told]
    if names:
        # Rules look at a medicine or an illness beside a supplement that they know.
        covered = any(one.covered for one in summary.substances)
        why = "o rule applies to" if covered else "o supplement with rules was named beside"
        said.append(f"{'N' if said else 'n'}{why} {words.few(names, room.names)}.")
    if said:
        parts.append(f"NOT LOOKED AT: {' '.join(said)}")
    if parts:
        yield " ".join(parts)


def _about(report: Report, summary: Summary) -> Section:
    """Say who speaks in the sources, what they are not, and which rules answered."""
    cited = {one.source for one in summary.caveat.citations}
    names = [f"{one.key}: {words.lower(one.short)}" for one in report.sources if one.id in cited]
    used = summary.ruleset
    reviewed = words.REVIEWED[used.clinically_reviewed]
    note = (
        f"{FOOTNOTE} {'; '.join(names)}. {reviewed} {summary.caveat.action} "
        f"Rules {used.version}, {words.short_digest(used.digest)}; the rest is in the full report."
    )
    return Section("", notes=(note,))
