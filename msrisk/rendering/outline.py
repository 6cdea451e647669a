"""What every prose rendering says, in order, before it is text, Markdown or HTML.

The three renderings walk this one structure, so that none can lose a caveat or a source.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from msrisk.model.results import (
    Assessment,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
    OtherSide,
    Report,
    Silence,
    Unrecognised,
    rank,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words

__all__ = ["Line", "Point", "Section", "outline"]

T = TypeVar("T", OpenQuestion, Caveat, DisputedClaim)
Said = dict[str, str]

_BEGINNING: Final = 120
_UNCOVERED: Final = (
    "These rules do not cover it, so nothing here tells whether it can be taken. "
    "Ask a doctor or pharmacist."
)
_UNKNOWN_NAME: Final = (
    "msrisk does not know this name, so it could be anything. Find out what it is before you go on."
)
_UNCLEAR: Final = "An entry is still to be cleared up, and could change this: see below."
_NOTHING_ASSESSED: Final = "No supplement has been named, so none has been assessed."


class Line(NamedTuple):
    """One thing said of a point, with its label; `code` is for a program, and not in plain text."""

    label: str
    text: str
    code: bool = False


class Point(NamedTuple):
    """One finding, question, claim or caveat, and what belongs to it."""

    text: str
    lines: tuple[Line, ...] = ()


class Section(NamedTuple):
    """A heading and what stands under it."""

    title: str
    level: Level | None = None
    notes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    sections: tuple[Section, ...] = ()


def outline(report: Report) -> Section:
    """Return everything a report says: the headline first, the caveats last but all."""
    # The worst comes first; equal ones keep the order of the report.
    assessments = sorted(report.assessments, key=lambda a: (-rank(a.level), -rank(a.worst_case)))
    questions = _by_names(assessments, [a.open_questions for a in assessments])
    shared = {names: asked for names, asked in questions.items() if len(names) > 1}
    unclear = report.unrecognised
    parts = [
        *(
            _questions(f"Open questions about {words.listed(names)}", asked, unclear)
            for names, asked in shared.items()
        ),
        _to_clear_up(unclear),
        _denied(report),
        _next(report),
        _claims(report, assessments),
        _caveats(report, assessments),
        _rules(report),
    ]
    overview = [Point(f"{words.title(a)}: {words.standing(a)}") for a in assessments]
    return Section(
        report.headline,
        report.level,
        notes=() if assessments else (_NOTHING_ASSESSED,),
        # With one supplement the next heading says the same.
        points=tuple(overview) if len(overview) > 1 else (),
        # An assessment always stands, even with nothing under it but its level.
        sections=(*(_assessment(a, shared, unclear) for a in assessments), *_kept(parts)),
    )


def _kept(sections: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(s for s in sections if s.notes or s.points or s.sections)


def _source(citations: Sequence[CitedPassages], rule: str) -> Line:
    label = "Source" if len(citations) == 1 else "Sources"
    return Line(label, f"{words.sources(citations)} (rule {rule})")


def _assessment(
    assessment: Assessment,
    shared: dict[tuple[str, ...], list[OpenQuestion]],
    unclear: Sequence[Unrecognised],
) -> Section:
    elsewhere = {question for asked in shared.values() for question in asked}
    own = [q for q in assessment.open_questions if q not in elsewhere]
    others = len(assessment.open_questions) - len(own)
    notes = []
    if not assessment.covered:
        notes.append(_UNKNOWN_NAME if assessment.substance is None else _UNCOVERED)
    elif not (assessment.findings or assessment.open_questions or assessment.silences):
        notes.append(f"{words.LEVELS[Level.NO_FINDING].capitalize()}.")
        if assessment.level is not Level.NO_FINDING:
            notes.append(_UNCLEAR)
    if others:
        count = words.plural(others, "open question")
        notes.append(f"{count} about this and other supplements: see below.")
    return Section(
        f"{words.title(assessment)}: {words.standing(assessment)}",
        assessment.level,
        notes=tuple(notes),
        sections=_kept(
            [
                *(_findings(assessment.findings, level) for level in words.LEVELS),
                _questions("Open questions, by what to ask about", own, unclear),
                Section(
                    "Not spoken of in the texts",
                    Level.UNDETERMINED,
                    points=tuple(map(_silence, assessment.silences)),
                ),
            ]
        ),
    )


def _findings(findings: Iterable[Finding], level: Level) -> Section:
    points = tuple(_finding(finding) for finding in findings if finding.level is level)
    return Section(f"{level.words}: {words.LEVELS[level]}", level, points=points)


def _finding(finding: Finding) -> Point:
    return Point(
        finding.message,
        (
            *_to_do(finding.action),
            *(Line("Because", words.because(fact)) for fact in finding.because),
            Line("Basis", finding.basis_in_words),
            _source(finding.citations, finding.rule),
        ),
    )


def _questions(
    title: str, questions: Sequence[OpenQuestion], unclear: Sequence[Unrecognised]
) -> Section:
    """Group questions by the fields that settle them: what to ask about, the worst first."""
    groups: dict[tuple[str, ...], list[OpenQuestion]] = {}
    for question in questions:
        groups.setdefault(question.fields, []).append(question)
    sections = []
    for fields, asked in groups.items():
        entries = [words.entry(e.text, e.code) for e in unclear if e.field in fields]
        sections.append(
            Section(
                f"Ask about {words.listed(map(words.field_name, fields))}",
                # A reader who sees the entry answered wonders why it is asked again.
                notes=(f"Not clear yet: {words.listed(entries)}.",) if entries else (),
                points=tuple(map(_question, asked)),
            )
        )
    return Section(title, Level.UNDETERMINED, sections=tuple(sections))


def _question(question: OpenQuestion) -> Point:
    brings = Line("Could bring", question.level.words)
    return Point(question.question, (brings, _source(question.citations, question.rule)))


def _silence(silence: Silence) -> Point:
    facts = (Line("Because", words.because(fact)) for fact in silence.because)
    source = _source(silence.citations, silence.rule)
    return Point(silence.message, (*_to_do(silence.action), *facts, source))


def _to_do(action: str) -> tuple[Line, ...]:
    return (Line("What to do", action),) if action else ()


def _claims(report: Report, assessments: Sequence[Assessment]) -> Section:
    said = _rules_said(report)
    groups = _by_names(assessments, [a.claims for a in assessments])
    return Section(
        "What the texts claim, and what disputes or limits it",
        sections=tuple(
            Section(f"About {words.listed(names)}", points=tuple(_claim(c, said) for c in claims))
            for names, claims in groups.items()
        ),
    )


def _claim(claim: DisputedClaim, said: Said) -> Point:
    against = (
        Line("Disputed by" if one.rule in claim.disputed_by else "Limited by", _named(one, said))
        for one in claim.other_side
    )
    where = words.sources(claim.citations)
    return Point(claim.message, (Line("Claimed in", where), *against))


def _named(side: OtherSide, said: Said) -> str:
    """Name a rule by how its words begin if the report shows them elsewhere, else in full."""
    where = words.sources(side.citations)
    text = said.get(side.rule)
    if text is None:
        # It does not apply here, and its message speaks to those to whom it does.
        said[side.rule] = side.message
        return f"a warning for other patients: “{side.message}” ({where}; rule {side.rule})"
    beginning = textwrap.shorten(text, _BEGINNING, placeholder=" …")
    return f"{beginning} ({where}; rule {side.rule})"


def _rules_said(report: Report) -> Said:
    """Return what each rule in the report says."""
    # What applies comes last, so that it stands where another substance leaves it open.
    parts: list[Finding | Silence | Caveat] = [*report.caveats]
    said: Said = {}
    for one in report.assessments:
        parts += [*one.caveats, *one.silences, *one.findings]
        for open_ in one.open_questions:
            asked = f"the open question: {open_.question}"
            said[open_.rule] = asked
    for part in parts:
        said[part.rule] = part.message
    return said


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


def _next(report: Report) -> Section:
    asked = report.next_question
    if asked is None:
        return Section("Ask next")
    about = Line("About", words.field_name(asked.field))
    point = Point(asked.question, (about, Line("Why first", asked.why)))
    return Section("Ask next", Level.UNDETERMINED, points=(point,))


def _caveats(report: Report, assessments: Sequence[Assessment]) -> Section:
    """Say each caveat once: under the supplements that it is about, or for all of them."""
    every = set(report.caveats)
    own = [[c for c in a.caveats if c not in every] for a in assessments]
    groups = [
        Section(f"About {words.listed(names)}", sections=_by_kind(caveats))
        for names, caveats in _by_names(assessments, own).items()
    ]
    groups.append(Section("About this whole report", sections=_by_kind(report.caveats)))
    return Section("To be said whatever the answers", sections=tuple(groups))


def _by_kind(caveats: Iterable[Caveat]) -> tuple[Section, ...]:
    groups: dict[str, list[Point]] = {}
    for caveat in caveats:
        source = _source(caveat.citations, caveat.rule)
        point = Point(caveat.message, (*_to_do(caveat.action), source))
        groups.setdefault(caveat.kind, []).append(point)
    return tuple(
        Section(words.CAVEAT_KINDS.get(kind, kind.capitalize()), points=tuple(points))
        for kind, points in groups.items()
    )


def _by_names(
    assessments: Sequence[Assessment], items: Sequence[Iterable[T]]
) -> dict[tuple[str, ...], list[T]]:
    """Group what several assessments say by the names of those that say it."""
    names: dict[T, list[str]] = {}
    for assessment, said in zip(assessments, items, strict=True):
        for item in said:
            names.setdefault(item, []).append(words.title(assessment))
    groups: dict[tuple[str, ...], list[T]] = {}
    for item, those in names.items():
        groups.setdefault(tuple(dict.fromkeys(those)), []).append(item)
    return groups


def _rules(report: Report) -> Section:
    used, policy = report.ruleset, report.policy
    notes = [
        f"Rule set {used.version}, packs {words.listed(used.packs)}, digest {_short(used.digest)}.",
        words.REVIEWED[used.clinically_reviewed],
    ]
    if policy is not None:
        numbers = words.listed(f"{name} = {number:g}" for name, number in policy.thresholds)
        weaker = " Some may warn fewer patients." if policy.allow_weaker else ""
        notes.append(
            f"The application that asked replaced numbers of msrisk: {numbers}.{weaker} "
            f"Policy digest {_short(policy.digest)}."
        )
    return Section("The rules that answered", notes=tuple(notes))


def _short(digest: str) -> str:
    """Return enough of a digest to tell two rule sets apart by eye; JSON has all of it."""
    return digest.removeprefix("sha256:")[:12]
