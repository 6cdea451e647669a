"""Makes the first screen of a report: what to do, and the few points that matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msrisk.evaluation.naming import few, shown, signs, told, told_beside
from msrisk.model.results import (
    Assessment,
    Caveat,
    Finding,
    Level,
    Report,
    Silence,
    rank,
)
from msrisk.model.rules import Screen
from msrisk.model.summary import (
    Emergency,
    SilentOn,
    Statement,
    Summary,
    SummaryPoint,
    SummarySubstance,
    Unknown,
)

__all__ = ["summary_of"]

_VERDICTS: Final = {
    Level.URGENT: "get medical help now",
    Level.CONTRAINDICATED: "do not take it",
    Level.CAUTION: "ask your doctor or pharmacist before you take it",
    Level.UNDETERMINED: "msrisk cannot tell yet",
    Level.INFORM: "tell your doctor or pharmacist before you take it, or that you do",
    # Words of comfort would be the bare all-clear that msrisk never gives.
    Level.NO_FINDING: "no warning fits these answers; that clears nothing",
}
_TAKEN: Final = {
    Level.CONTRAINDICATED: "take no more of it",
    Level.CAUTION: "ask your doctor or pharmacist now",
    Level.INFORM: "tell your doctor or pharmacist that you take it",
}
_CONSIDERED: Final = {Level.INFORM: "tell your doctor or pharmacist before you take it"}
_PRESCRIBED: Final = {
    Level.CONTRAINDICATED: "ask the prescriber before the next dose",
    Level.CAUTION: "ask the prescriber before the next dose",
    Level.INFORM: "tell the prescriber about the points below",
}


def summary_of(report: Report) -> Summary:
    """Return the first screen of a report, as data."""
    # Of what is alike in this, what is taken already comes before what is only considered.
    substances = sorted(
        report.assessments,
        key=lambda one: (-rank(one.level), -rank(one.worst_case), not one.taking),
    )
    caveats = (*report.caveats, *(c for one in report.assessments for c in one.caveats))
    # Whoever was asked for symptoms and has none may have told one in another list.
    could = report.worst_case is Level.URGENT
    first = could or "symptoms" not in report.none_reported
    emergency = _on_screen(Screen.EMERGENCY, caveats)
    # What is said of the product itself is said by its own findings.
    products = {product for one in report.assessments for product in one.products}
    others = set(report.medicines) - products
    medicines = _on_screen(Screen.MEDICINES, caveats) if others else None
    scope = _on_screen(Screen.SCOPE, caveats) or report.caveats[0]
    silences = {one.rule: one for a in report.assessments for one in a.silences}
    # Whoever reports such a sign is to do one thing, and not to choose among several.
    call = _sentence(emergency.effect) if emergency and report.signs else ""
    return Summary(
        substances=tuple(_substance(one, call) for one in substances),
        emergency=_emergency(emergency, report, first=first) if emergency else None,
        medicines=_statement(medicines) if medicines else None,
        unknown=tuple(Unknown(one.field, one.short, one.level, one.asked) for one in report.to_ask),
        unrecognised=tuple(
            dict.fromkeys(shown(one.text, None, one.code) for one in report.unrecognised)
        ),
        silent=tuple(map(_silent, silences.values())),
        not_looked_at=report.not_looked_at,
        caveat=_statement(scope),
        ruleset=report.ruleset,
        trials=tuple(
            _statement(one)
            for one in dict.fromkeys(c for c in caveats if c.screen == Screen.TRIALS.value)
        ),
    )


def _on_screen(place: Screen, caveats: Iterable[Caveat]) -> Caveat | None:
    return next((one for one in caveats if one.screen == place.value), None)


def _emergency(caveat: Caveat, report: Report, *, first: bool) -> Emergency:
    said = _statement(caveat)
    signs = report.signs, report.watched
    return Emergency(said.rule, said.message, said.action, first, *signs, said.citations)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _statement(caveat: Caveat) -> Statement:
    return Statement(
        rule=caveat.rule,
        message=caveat.effect or caveat.message,
        action=caveat.do or caveat.action,
        citations=caveat.citations,
    )


def _substance(assessment: Assessment, call: str) -> SummarySubstance:
    return SummarySubstance(
        name=assessment.name,
        products=assessment.products,
        covered=assessment.covered,
        level=assessment.level,
        worst_case=assessment.worst_case,
        verdict=_verdict(assessment),
        points=tuple(_points(assessment, call)),
    )


def _verdict(assessment: Assessment) -> str:
    """Say in words what a level asks for, of what is taken, considered or prescribed."""
    level = assessment.level
    if level is Level.UNDETERMINED and assessment.silences and not assessment.open_questions:
        return "ask first: the texts are silent on what was told"
    if not assessment.covered:
        return "these rules do not cover it" if assessment.substance else "not recognised"
    if assessment.prescribed:
        return _PRESCRIBED.get(level, _VERDICTS[level])
    if assessment.taking:
        return _TAKEN.get(level, _VERDICTS[level])
    if assessment.taking is False:
        return _CONSIDERED.get(level, _VERDICTS[level])
    return _VERDICTS[level]


def _points(assessment: Assessment, call: str) -> Iterator[SummaryPoint]:
    """Yield the findings, those that say the same in a line joined; `call` is for the urgent."""
    groups: dict[tuple[Level, str, str], list[Finding]] = {}
    for one in assessment.findings:
        effect, do = one.effect or one.message, one.do or one.action
        if one.level is Level.URGENT:
            do = call or do
        groups.setdefault((one.level, effect, do), []).append(one)
    for (level, effect, action), joined in groups.items():
        facts = [fact for one in joined for fact in signs(one)]
        yield SummaryPoint(
            rule=joined[0].rule,
            rules=tuple(one.rule for one in joined),
            level=level,
            # A message says itself what it rests on.
            told=told_beside(facts, assessment.products) if joined[0].effect else "",
            effect=effect,
            action=action,
            title="; ".join(one.title for one in joined),
            citations=tuple(dict.fromkeys(c for one in joined for c in one.citations)),
        )


def _silent(silence: Silence) -> SilentOn:
    return SilentOn(
        rule=silence.rule,
        title=silence.title,
        told=few(map(told, silence.because)),
        action=silence.action,
        citations=silence.citations,
    )
