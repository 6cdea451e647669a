"""The appendix of a report: claims, the reasons behind each finding, questions, and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from typing import Final, Protocol

from attrs import evolve

from msrisk.model.results import Because, DisputedClaim, OtherSide, Report
from msrisk.rendering import words
from msrisk.rendering.body import by_names
from msrisk.rendering.shape import Line, Point, Section

__all__ = ["appendix"]


_CUT: Final = {"paragraph": "par.", "sentences": "sent.", "sentence": "sent.", " to ": "-"}


class _OfRule(Protocol):
    @property
    def rule(self) -> str: ...


def appendix(report: Report) -> Section:
    """Return what the texts claim, why each rule applies, and where everything stands."""
    keys = words.keys(report)
    parts = [
        _claims(report, keys),
        _others(report, keys),
        _reasons(report),
        _sources(report),
        _rules(report),
    ]
    return Section(
        "Claims, reasons and sources",
        sections=tuple(s for s in parts if s.notes or s.points or s.sections),
        part="appendix",
    )


def _claims(report: Report, keys: Mapping[str, str]) -> Section:
    """Say what is claimed, those claims together that the same rules dispute or limit."""
    groups: dict[str, list[Point]] = {}
    for claim in by_names(report, lambda one: one.claims):
        where = f"[{words.cites(claim.citations, keys)}; {claim.claim}]"
        groups.setdefault(_against(claim), []).append(Point(f"{claim.message} {where}"))
    return Section(
        "What the texts claim, and what disputes or limits it",
        sections=tuple(Section(said, points=tuple(points)) for said, points in groups.items()),
    )


def _against(claim: DisputedClaim) -> str:
    """Name the rules against a claim by what they are about: they may not apply here."""
    sides = {one.rule: one.title for one in claim.other_side}
    return ". ".join(
        f"{label}: {'; '.join(sides[id_] for id_ in ids)}"
        for label, ids in (("Disputed by", claim.disputed_by), ("Limited by", claim.qualified_by))
        if ids
    )


def _others(report: Report, keys: Mapping[str, str]) -> Section:
    """Say which rules stand against a claim and are said nowhere else in this report."""
    said = {one.rule for one in report.caveats}
    sides: dict[str, OtherSide] = {}
    for a in report.assessments:
        parts = chain[_OfRule](a.findings, a.open_questions, a.caveats, a.silences)
        said.update(one.rule for one in parts)
        sides |= {side.rule: side for claim in a.claims for side in claim.other_side}
    named = [
        f"{one.title} [{words.cites(one.citations, keys)}; {one.rule}]"
        for one in sides.values()
        if one.rule not in said
    ]
    title = "Rules named beside a claim that do not apply to these answers"
    return Section(title, notes=(f"{'; '.join(named)}.",) if named else ())


def _reasons(report: Report) -> Section:
    """Say how far each finding goes beyond its sources, and why a medicine counts."""
    findings = by_names(report, lambda one: one.findings)
    silences = by_names(report, lambda one: one.silences)
    told = (one.because for one in findings), (one.because for one in silences)
    facts = [fact for because in chain(*told) for fact in because if fact.why]
    basis: dict[str, list[str]] = {}
    for one in findings:
        basis.setdefault(one.basis_in_words, []).append(one.rule)
    return Section(
        "Why these rules apply",
        points=(
            *(Point(f"{words.listed(rules)}: {said}") for said, rules in basis.items()),
            *map(Point, _chains(facts)),
        ),
    )


def _chains(facts: Iterable[Because]) -> Iterator[str]:
    """Yield why each entry counts, once where it counts for several classes for one reason."""
    classes: dict[Because, list[str]] = {}
    for fact in facts:
        concept = (fact.concept or "").replace("-", " ")
        classes.setdefault(evolve(fact, concept=None), []).append(concept)
    for fact, names in classes.items():
        yield words.because(fact, words.listed(dict.fromkeys(names)))


def _sources(report: Report) -> Section:
    """Say of each cited passage where it stands: section, paragraph and sentence."""
    points = []
    for one in report.sources:
        lines = []
        for section, places in groupby(one.places, lambda place: place.section):
            where = (f"{one.key}{words.spans(p.passages)} ({_short(p.where)})" for p in places)
            lines.append(Line(words.capitalised(section), "; ".join(where)))
        points.append(Point(f"{one.key}: {one.title}", tuple(lines)))
    return Section("Sources", points=tuple(points))


def _short(where: str) -> str:
    """Return a place with its words cut to what a reader of tables knows."""
    for word, cut in _CUT.items():
        where = where.replace(word, cut)
    return where


def _rules(report: Report) -> Section:
    used, policy = report.ruleset, report.policy
    digest = words.short_digest(used.digest)
    version = f"Rule set {used.version}, packs {words.listed(used.packs)}, digest {digest}."
    notes = [f"{version} {words.REVIEWED[used.clinically_reviewed]}"]
    if policy is not None:
        numbers = words.listed(f"{name} = {number:g}" for name, number in policy.thresholds)
        weaker = " Some may warn fewer patients." if policy.allow_weaker else ""
        notes.append(
            f"The application that asked replaced numbers of msrisk: {numbers}.{weaker} "
            f"Policy digest {words.short_digest(policy.digest)}."
        )
    return Section("The rules that answered", notes=tuple(notes))
