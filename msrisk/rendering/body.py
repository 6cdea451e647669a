"""The body of a report: every finding, question and caveat, each said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from msrisk.model.results import (
    Assessment,
    Caveat,
    Finding,
    Level,
    OpenQuestion,
    Report,
    Silence,
    Unrecognised,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words
from msrisk.rendering.shape import Line, Point, Section

__all__ = ["body", "by_names"]

T = TypeVar("T")

_UNCOVERED: Final = (
    "These rules do not cover it, so nothing here tells whether it can be taken. "
    "Ask a doctor or pharmacist."
)
_UNKNOWN_NAME: Final = (
    "msrisk does not know this name, so it could be anything. Find out what it is before you go on."
)
_UNCLEAR: Final = "An entry is still to be cleared up, and could change this: see below."
_NOTHING_ASSESSED: Final = "No supplement has been named, so none has been assessed."


def body(report: Report) -> Section:
    """Return the body: how each supplement stands, what applies, what to ask, what holds."""
    keys = words.keys(report)
    parts = [
        *_findings(report, keys),
        _silences(report, keys),
        _to_ask(report, keys),
        _to_clear_up(report.unrecognised),
        _not_looked_at(report),
        _denied(report),
        _caveats(report, keys),
    ]
    standing = tuple(map(_standing, report.assessments)) or (Point(_NOTHING_ASSESSED),)
    return Section(
        f"Full report: {report.headline}",
        report.level,
        points=standing,
        sections=tuple(s for s in parts if s.notes or s.points or s.sections),
        part="body",
    )


def _standing(assessment: Assessment) -> Point:
    said = f"{words.title(assessment)}: {words.standing(assessment)}."
    if not assessment.covered:
        said += f" {_UNKNOWN_NAME if assessment.substance is None else _UNCOVERED}"
    elif not (assessment.findings or assessment.open_questions or assessment.silences):
        said += f" {words.LEVELS[Level.NO_FINDING].capitalize()}."
        if assessment.level is not Level.NO_FINDING:
            said += f" {_UNCLEAR}"
    return Point(said)


def by_names(
    report: Report, items: Callable[[Assessment], Iterable[T]]
) -> Mapping[T, tuple[str, ...]]:
    """Return what assessments say, each once, with the names of those that say it."""
    names: dict[T, list[str]] = {}
    for assessment in report.assessments:
        for item in items(assessment):
            names.setdefault(item, []).append(words.title(assessment))
    return {item: tuple(dict.fromkeys(those)) for item, those in names.items()}


def _source(citations: Iterable[CitedPassages], rule: str, keys: Mapping[str, str]) -> str:
    return f"[{words.cites(citations, keys)}; {rule}]"


def _findings(report: Report, keys: Mapping[str, str]) -> Iterator[Section]:
    """Say each rule once, with what it asks to be done with each substance."""
    groups: dict[tuple[Level, str, str], dict[Finding, tuple[str, ...]]] = {}
    for one, names in by_names(report, lambda assessment: assessment.findings).items():
        groups.setdefault((one.level, one.rule, one.message), {})[one] = names
    several = sum(one.covered for one in report.assessments) > 1
    for level in words.LEVELS:
        here = [same for key, same in groups.items() if key[0] is level]
        points = tuple(_finding(same, keys, several=several) for same in here)
        yield Section(f"{level.words}: {words.LEVELS[level]}", level, points=points)


def _finding(
    same: Mapping[Finding, tuple[str, ...]], keys: Mapping[str, str], *, several: bool
) -> Point:
    first = next(iter(same))
    names = dict.fromkeys(name for those in same.values() for name in those)
    actions: dict[str, list[str]] = {}
    for one, those in same.items():
        actions.setdefault(one.action, []).extend(those)
    to_do = [
        Line("What to do" if len(actions) == 1 else f"What to do ({words.listed(those)})", action)
        for action, those in actions.items()
        if action
    ]
    about = f"{words.listed(names)}: " if several else ""
    because = words.told(fact for one in same for fact in one.because)
    return Point(
        f"{about}{first.message} {_source(first.citations, first.rule, keys)}",
        (*to_do, Line("Because", because)),
    )


def _to_do(action: str) -> tuple[Line, ...]:
    return (Line("What to do", action),) if action else ()


def _silences(report: Report, keys: Mapping[str, str]) -> Section:
    return Section(
        "Not spoken of in the texts",
        Level.UNDETERMINED,
        points=tuple(_silence(one, keys) for one in by_names(report, lambda one: one.silences)),
    )


def _silence(silence: Silence, keys: Mapping[str, str]) -> Point:
    source = _source(silence.citations, silence.rule, keys)
    because = words.told(silence.because)
    return Point(f"{silence.message} {source}", (*_to_do(silence.action), Line("Because", because)))


def _to_ask(report: Report, keys: Mapping[str, str]) -> Section:
    """Say what to ask of each field, and under it each rule that the answer could settle."""
    left = list(by_names(report, lambda one: one.open_questions))
    asked = report.next_question
    points = []
    for one in report.to_ask:
        here = [q for q in left if one.field in q.fields]
        left = [q for q in left if one.field not in q.fields]
        lines = [Line(q.level.words, _open_rule(q, one.question, keys)) for q in here]
        if asked is not None and asked.field == one.field:
            lines.insert(0, Line("Ask this first", f"{asked.why}."))
        field = words.capitalised(words.field_name(one.field))
        points.append(Point(f"{field}: {one.question}", tuple(lines)))
    return Section("To be asked", Level.UNDETERMINED, points=tuple(points))


def _open_rule(rule: OpenQuestion, asked: str, keys: Mapping[str, str]) -> str:
    question = rule.title if rule.question == asked else rule.question
    return f"{question} {_source(rule.citations, rule.rule, keys)}"


def _to_clear_up(entries: Sequence[Unrecognised]) -> Section:
    return Section(
        "To be cleared up", Level.UNDETERMINED, points=tuple(map(_unrecognised, entries))
    )


def _unrecognised(item: Unrecognised) -> Point:
    status = "not recognised" if item.status == "unrecognised" else item.status
    given = f"{words.entry(item.text, item.code)} ({words.field_name(item.field)})"
    lines = [Line("Ask", item.question)]
    if item.suggestions:
        names = words.listed(item.suggestions, "or")
        lines.append(Line("Did you mean", f"{names}? Confirm, do not assume."))
    reason = f" ({item.reason})" if item.reason else ""
    return Point(f"{given}: {status}{reason}", tuple(lines))


def _not_looked_at(report: Report) -> Section:
    """Say which entries were understood, and that no rule applies to them."""
    fields: dict[str, list[str]] = {}
    for one in report.not_looked_at:
        given = words.entry(one.text, one.code)
        if one.recognised_as.casefold() not in (one.text or "").casefold():
            given += f" (taken as {one.recognised_as})"
        fields.setdefault(words.field_name(one.field), []).append(given)
    notes = (f"{words.capitalised(name)}: {words.listed(given)}." for name, given in fields.items())
    return Section("Understood, and no rule applies", notes=tuple(notes))


def _denied(report: Report) -> Section:
    """Say which answers were no, and which of these settle nothing."""
    settling = [words.denied(one) for one in report.denied if one.settles]
    others = [words.denied(one) for one in report.denied if not one.settles]
    notes = []
    if settling:
        notes.append(f"Asked by name and denied: {words.listed(settling)}.")
    if others:
        notes.append(
            f"Asked by name and denied: {words.listed(others)}. "
            "That settles nothing: only a complete list tells what is not taken."
        )
    return Section("Answers of no", notes=tuple(notes))


def _caveats(report: Report, keys: Mapping[str, str]) -> Section:
    """Say each caveat once, those of one kind together."""
    every = dict.fromkeys(report.caveats) | dict.fromkeys(by_names(report, lambda one: one.caveats))
    groups: dict[str, list[Point]] = {}
    for one in sorted(every, key=lambda one: list(words.CAVEAT_KINDS).index(one.kind)):
        groups.setdefault(one.kind, []).append(_caveat(one, keys))
    return Section(
        "What holds whatever the answers",
        sections=tuple(
            Section(words.CAVEAT_KINDS[kind], points=tuple(points))
            for kind, points in groups.items()
        ),
    )


def _caveat(caveat: Caveat, keys: Mapping[str, str]) -> Point:
    source = _source(caveat.citations, caveat.rule, keys)
    said = f"{caveat.message} {caveat.action}".rstrip()
    return Point(f"{said} {source}")
