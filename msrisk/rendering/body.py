"""Lays out the body of a report: every finding, question and caveat, each once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from msrisk.evaluation.clearing import STILL
from msrisk.evaluation.naming import signs
from msrisk.model.kinds import Basis
from msrisk.model.results import (
    Assessment,
    Caveat,
    Finding,
    Level,
    OpenQuestion,
    Report,
    Silence,
    Unrecognised,
    highest,
)
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words
from msrisk.rendering.beside import Beside
from msrisk.rendering.shape import Line, Point, Section

__all__ = ["beneath", "body", "by_names", "not_looked_at"]

T = TypeVar("T")
_Named = set[tuple[str, str]]

_UNCOVERED: Final = "No rule covers this: ask a doctor or pharmacist."
_UNKNOWN_NAME: Final = (
    "msrisk does not know this name, so it could be anything. Find out what it is before you go on."
)
_UNCLEAR: Final = "An entry is still to be cleared up, and could change this: see below."
_SCOPE: Final = "scope"
_NOTHING_ASSESSED: Final = "No supplement has been named, so none has been assessed."


def body(report: Report, beside: Beside) -> Section:
    """Return the body: how each supplement stands, what applies, what to ask, what holds."""
    keys = words.keys(report)
    named: _Named = set()
    parts = [
        *_findings(report, keys, named, beside),
        _silences(report, keys, named),
        _to_ask(report, keys),
        _to_clear_up(report.unrecognised, {one.question for one in report.to_ask}),
        _besides(report),
        _denied(report),
        _caveats(report, keys),
    ]
    return Section(
        f"Full report: {report.headline}",
        report.level,
        points=tuple(_standings(report)),
        sections=tuple(s for s in parts if s.notes or s.points or s.sections),
        part="body",
    )


def _standings(report: Report) -> Iterator[Point]:
    """Yield how each supplement stands, unless the headline says it of the only one."""
    covered = [one for one in report.assessments if one.covered]
    for one in covered:
        more = _more(one)
        if more or len(covered) > 1 or words.standing(one) not in report.headline:
            yield Point(f"{words.title(one)}: {words.standing(one)}.{more}")
    for substance, said in ((True, _UNCOVERED), (False, _UNKNOWN_NAME)):
        names: dict[str, list[str]] = {}
        for one in report.assessments:
            if not one.covered and (one.substance is not None) is substance:
                names.setdefault(words.standing(one), []).append(words.title(one))
        for standing, those in names.items():
            yield Point(f"{words.listed(those)}: {standing}. {said}")
    if not report.assessments:
        yield Point(_NOTHING_ASSESSED)


def _more(assessment: Assessment) -> str:
    if assessment.findings or assessment.open_questions or assessment.silences:
        return ""
    said = f" {words.LEVELS[Level.NO_FINDING].capitalize()}."
    return said if assessment.level is Level.NO_FINDING else f"{said} {_UNCLEAR}"


def by_names(
    report: Report, items: Callable[[Assessment], Iterable[T]]
) -> Mapping[T, tuple[str, ...]]:
    """Return what assessments say, each once, with the names of those that say it."""
    names: dict[T, list[str]] = {}
    for assessment in report.assessments:
        for item in items(assessment):
            names.setdefault(item, []).append(words.title(assessment))
    return {item: tuple(dict.fromkeys(those)) for item, those in names.items()}


def beneath(report: Report) -> Mapping[Finding, Finding]:
    """Return the cautions that rest on nothing but the signs of an emergency, each with it."""
    found: dict[Finding, Finding] = {}
    alone: set[Finding] = set()
    for assessment in report.assessments:
        urgent = [one for one in assessment.findings if one.level is Level.URGENT]
        for one in assessment.findings:
            same = (each for each in urgent if _entries(one) <= _entries(each))
            above = next(same, None) if one.level is Level.CAUTION else None
            if above is None:
                alone.add(one)
            else:
                found[one] = above
    return {one: above for one, above in found.items() if one not in alone}


def _entries(finding: Finding) -> set[tuple[str, str | None, object]]:
    return {(one.field, one.text, one.code) for one in signs(finding)}


def _source(
    citations: Iterable[CitedPassages], keys: Mapping[str, str], basis: str = "", marks: str = ""
) -> str:
    """Return passages; of what the passages do not say themselves, that it is inferred."""
    mark = ", inferred" if basis == Basis.INFERRED.value else ""
    return f"[{words.cites(citations, keys)}{mark}{marks}]"


def _findings(
    report: Report, keys: Mapping[str, str], named: _Named, beside: Beside
) -> Iterator[Section]:
    """Say each rule once; those of one title together, where the highest of them stands."""
    found = by_names(report, lambda assessment: assessment.findings)
    under = beneath(report)
    worst: dict[tuple[str, str], list[Level]] = {}
    for one, names in found.items():
        for name in names:
            worst.setdefault((name, one.title), []).append(one.level)
    groups: dict[tuple[Level, str], dict[Finding, tuple[str, ...]]] = {}
    for one, names in found.items():
        above = under.get(one, one)
        level = highest(level for name in names for level in worst[name, above.title])
        groups.setdefault((level, above.title or above.rule), {})[one] = names
    several = sum(one.covered for one in report.assessments) > 1
    for level in words.LEVELS:
        here = [same for (at, _), same in groups.items() if at is level]
        points = tuple(_finding(level, same, keys, named, beside, several=several) for same in here)
        yield Section(f"{level.words}: {words.LEVELS[level]}", level, points=points)


def _finding(
    level: Level,
    same: Mapping[Finding, tuple[str, ...]],
    keys: Mapping[str, str],
    named: _Named,
    beside: Beside,
    *,
    several: bool,
) -> Point:
    """Say findings of one cause: those of this level, and beside them what is milder."""
    here = [one for one in same if one.level is level]
    text, found = _because(here, same, keys, named, beside, several=several)
    lines = list(_to_do(same, level))
    ids = tuple(dict.fromkeys(one.rule for one in same))
    if level is Level.INFORM:
        # What is only worth knowing is said in one piece.
        return Point(" ".join([text, *(line.text for line in lines)]), found, ids)
    lines += found
    for one in same:
        if one.level is not level:
            said, found = _because([one], same, keys, named, beside, several=several)
            milder = f"{said} {one.action}".rstrip()
            lines += [Line(f"At {one.level.words} besides", milder), *found]
    return Point(text, tuple(lines), ids)


def _because(
    those: Sequence[Finding],
    names: Mapping[Finding, tuple[str, ...]],
    keys: Mapping[str, str],
    named: _Named,
    beside: Beside,
    *,
    several: bool,
) -> tuple[str, tuple[Line, ...]]:
    """Return what findings say, each once, with what the patient told; and what was found on it."""
    messages: dict[tuple[str, str], dict[str, None]] = {}
    for one in those:
        messages.setdefault((one.message, one.rule), {}).update(dict.fromkeys(names[one]))
    sources: dict[str, str] = {}
    found: list[Line] = []
    for one in those:
        marks, lines = beside.on(one.rule)
        # A rule of several supplements is told of once.
        sources.setdefault(one.rule, _source(one.citations, keys, marks=marks))
        found += lines
    said = [
        f"{f'{words.listed(of)}: ' if several else ''}{message} {sources[rule]}"
        for (message, rule), of in messages.items()
    ]
    facts = words.told((fact for one in those for fact in one.because), named)
    return f"{' '.join(said)} ({facts})", tuple(found)


def _to_do(same: Mapping[Finding, tuple[str, ...]], level: Level) -> Iterator[Line]:
    """Yield what to do, once where it is the same of several supplements."""
    actions: dict[str, list[str]] = {}
    for one, names in same.items():
        if one.level is level:
            actions.setdefault(one.action, []).extend(names)
    for action, those in actions.items():
        if action:
            of = f" ({words.listed(dict.fromkeys(those))})" if len(actions) > 1 else ""
            yield Line(f"What to do{of}", action)


def _silences(report: Report, keys: Mapping[str, str], named: _Named) -> Section:
    return Section(
        "Not spoken of in the texts",
        Level.UNDETERMINED,
        points=tuple(
            _silence(one, keys, named) for one in by_names(report, lambda one: one.silences)
        ),
    )


def _silence(silence: Silence, keys: Mapping[str, str], named: _Named) -> Point:
    source = _source(silence.citations, keys)
    to_do = (Line("What to do", silence.action),) if silence.action else ()
    said = f"{silence.message} {source} ({words.told(silence.because, named)})"
    return Point(said, to_do, (silence.rule,))


def _to_ask(report: Report, keys: Mapping[str, str]) -> Section:
    """Say what to ask of each field, and behind it each rule that the answer could settle."""
    left = list(by_names(report, lambda one: one.open_questions))
    asked = report.next_question
    points = []
    for one in report.to_ask:
        here = [q for q in left if one.field in q.fields]
        left = [q for q in left if one.field not in q.fields]
        first = asked is not None and asked.field == one.field
        mark = "Ask this first: " if first else "Asked, not known: " if one.asked else ""
        said = [f"{mark}{one.question}"]
        others = dict.fromkeys(q.question for q in here if not one.whole)
        # A question of which another begins with all the words is asked there.
        others = {
            text: None
            for text in others
            if not any(text in more for more in (one.question, *others) if more != text)
            and text != one.question
        }
        if others:
            said.append(f"Ask besides: {' '.join(others)}")
        said += _could_bring(here, keys)
        points.append(Point(" ".join(said), ids=tuple(dict.fromkeys(q.rule for q in here))))
    return Section(
        "To be asked, and what the answer could bring", Level.UNDETERMINED, points=tuple(points)
    )


def _could_bring(rules: Sequence[OpenQuestion], keys: Mapping[str, str]) -> Iterator[str]:
    """Yield the levels that an answer could bring, each with what it would then be about."""
    levels: dict[str, list[str]] = {}
    for level in words.LEVELS:
        those = "; ".join(_open_rules((one for one in rules if one.level is level), keys))
        levels.setdefault(those, []).append(level.words)
    yield from (f"{' or '.join(of)}: {those}." for those, of in levels.items() if those)


def _open_rules(rules: Iterable[OpenQuestion], keys: Mapping[str, str]) -> Iterator[str]:
    """Name what rules are about, each once, and those together that rest on the same."""
    cited: dict[str, list[CitedPassages]] = {}
    for rule in rules:
        cited.setdefault(rule.title, []).extend(rule.citations)
    titles: dict[str, list[str]] = {}
    for title, citations in cited.items():
        titles.setdefault(words.cites(citations, keys), []).append(title)
    for source, those in titles.items():
        yield f"{', '.join(those)} [{source}]"


def _to_clear_up(entries: Sequence[Unrecognised], asked: Collection[str]) -> Section:
    """Ask about each entry; about those that a record doubts for one reason, at once.

    What stands among the questions already is not asked again.
    """
    alike: dict[tuple[str, str], list[Unrecognised]] = {}
    points: list[Point] = []
    for one in entries:
        if one.question.endswith(f": {one.reason}. {STILL}") and not one.suggestions:
            alike.setdefault((one.field, one.reason), []).append(one)
        else:
            points.append(_unrecognised(one, asked))
    for (field, reason), those in alike.items():
        if len(those) == 1:
            points.append(_unrecognised(those[0], asked))
            continue
        given = words.listed([words.entry(one.text, one.code) for one in those])
        line = Line("Ask", f"Of each of them: {STILL[0].lower()}{STILL[1:]}")
        points.append(Point(f"{given} ({words.field_name(field)}): {reason}", (line,)))
    return Section("To be cleared up", Level.UNDETERMINED, points=tuple(points))


def _unrecognised(item: Unrecognised, asked: Collection[str]) -> Point:
    status = "not recognised" if item.status == "unrecognised" else item.status
    given = f"{words.entry(item.text, item.code)} ({words.field_name(item.field)})"
    lines = [] if item.question in asked else [Line("Ask", item.question)]
    if item.suggestions:
        names = words.listed(item.suggestions, "or")
        lines.append(Line("Did you mean", f"{names}? Confirm, do not assume."))
    reason = f" ({item.reason})" if item.reason else ""
    return Point(f"{given}: {status}{reason}", tuple(lines))


def _besides(report: Report) -> Section:
    """Say what was given and stands nowhere else, so that no entry vanishes.

    These are supplements with an amount or words of their own, and entries that were understood
    and to which no rule applies.
    """
    points = [*_amounts(report), *_not_looked_at(report)]
    return Section("Given besides", points=tuple(map(Point, points)), flow=True)


def _amounts(report: Report) -> Iterator[str]:
    facts = [b for a in report.assessments for f in a.findings for b in f.because]
    facts += [b for a in report.assessments for s in a.silences for b in s.because]
    texts = [one.text for one in facts] + [one.text for one in report.unrecognised]
    said = {(text or "").casefold() for text in texts}
    said.update(one.name.casefold() for one in report.assessments)
    left = [one for one in report.supplements if one.casefold() not in said]
    if left:
        yield f"supplements: {'; '.join(left)}"


def _not_looked_at(report: Report) -> Iterator[str]:
    fields: dict[str, list[str]] = {}
    for one in report.not_looked_at:
        given = words.entry(one.text, one.code)
        # What MS is called needs no other name.
        known = one.premise and one.text is not None
        if not known and one.recognised_as.casefold() not in (one.text or "").casefold():
            given += f" (taken as {one.recognised_as})"
        fields.setdefault(one.field, []).append(given)
    if fields:
        those = [f"{words.field_name(name)} {words.listed(of)}" for name, of in fields.items()]
        yield f"understood, and no rule applies: {'; '.join(those)}"


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
    """Say what holds whatever the answers; what nobody looked at comes after what is claimed."""
    kinds = dict(_kinds(report, keys))
    those = [section for kind, section in kinds.items() if kind != _SCOPE or len(kinds) == 1]
    return Section("What holds whatever the answers", sections=tuple(those))


def not_looked_at(report: Report) -> Iterator[Section]:
    """Yield what has not been looked at; where nothing else holds, the body has it."""
    kinds = dict(_kinds(report, words.keys(report)))
    if len(kinds) > 1 and _SCOPE in kinds:
        yield kinds[_SCOPE]


def _kinds(report: Report, keys: Mapping[str, str]) -> Iterator[tuple[str, Section]]:
    """Yield each caveat once, those of one kind together, and once what several ask to be done."""
    every = dict.fromkeys(report.caveats) | dict.fromkeys(by_names(report, lambda one: one.caveats))
    kinds: dict[str, dict[str, list[Caveat]]] = {}
    for one in sorted(every, key=lambda one: list(words.CAVEAT_KINDS).index(one.kind)):
        actions = kinds.setdefault(one.kind, {})
        actions.setdefault(one.action or one.rule, []).append(one)
    for kind, actions in kinds.items():
        points = tuple(_caveat(same, keys) for same in actions.values())
        yield kind, Section(words.CAVEAT_KINDS[kind], points=points, flow=True)


def _caveat(same: Sequence[Caveat], keys: Mapping[str, str]) -> Point:
    sources = [_source(one.citations, keys, one.basis) for one in same]
    ids = tuple(one.rule for one in same)
    if len(same) == 1:
        return Point(" ".join(filter(None, (same[0].message, same[0].action, *sources))), ids=ids)
    said = (f"{one.message} {source}" for one, source in zip(same, sources, strict=True))
    return Point(" ".join((*said, same[0].action)), ids=ids)
