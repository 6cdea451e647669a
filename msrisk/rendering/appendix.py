"""Lays out the appendix of a report: claims, evidence, reasons and sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, groupby
from typing import Final, Protocol

from msrisk.model.concepts import MemberBasis
from msrisk.model.results import Because, DisputedClaim, OtherSide, Report
from msrisk.rendering import words
from msrisk.rendering.beside import Beside
from msrisk.rendering.body import by_names, not_looked_at
from msrisk.rendering.shape import Point, Section

__all__ = ["appendix"]


_PLACE: Final = re.compile(r"paragraph (\d+), sentences? (\d+).*")


class _OfRule(Protocol):
    @property
    def rule(self) -> str: ...


def appendix(report: Report, beside: Beside) -> Section:
    """Return what is claimed and was found, what nobody looked at, why, and where it all stands."""
    keys = words.keys(report)
    used = report.ruleset
    rules = f"{used.version}, {words.short_digest(used.digest)}, packs {', '.join(used.packs)}"
    sections = (
        *_claims(report, keys, beside),
        *not_looked_at(report),
        *_evidence(report, beside),
        _reasons(report),
        _sources(report),
    )
    return Section(
        f"Claims, reasons and sources (rules {rules})",
        notes=tuple(_policy(report)),
        sections=tuple(one for one in sections if one.points),
        part="appendix",
    )


def _claims(report: Report, keys: Mapping[str, str], beside: Beside) -> Iterator[Section]:
    """Yield what is claimed, those claims together that the same rules dispute or limit."""
    said = {one.rule for one in report.caveats}
    for a in report.assessments:
        parts = chain[_OfRule](a.findings, a.open_questions, a.caveats, a.silences)
        said.update(one.rule for one in parts)
    groups: dict[tuple[OtherSide, ...], list[DisputedClaim]] = {}
    for claim in by_names(report, lambda one: one.claims):
        groups.setdefault(claim.other_side, []).append(claim)
    for claims in groups.values():
        points = tuple(_claim(one, keys, beside) for one in claims)
        others = dict.fromkeys(one.rule for one in claims[0].other_side if one.rule not in said)
        title = f"Claims {_against(claims[0], said, keys)}"
        said.update(others)
        flow = not any(one.lines for one in points)
        yield Section(title, points=points, flow=flow, apart=True, ids=tuple(others))


def _claim(claim: DisputedClaim, keys: Mapping[str, str], beside: Beside) -> Point:
    marks, found = beside.on(claim.claim)
    said = f"{claim.message} [{words.cites(claim.citations, keys)}{marks}]"
    return Point(said, found, (claim.claim,))


def _against(claim: DisputedClaim, said: set[str], keys: Mapping[str, str]) -> str:
    """Name the rules against a claim by what they are about: they may not apply here."""
    sides = {one.rule: one for one in claim.other_side}
    return ", and ".join(
        f"{label} {'; '.join(_named([sides[id_] for id_ in ids], said, keys))}"
        for label, ids in (("disputed by", claim.disputed_by), ("limited by", claim.qualified_by))
        if ids
    )


def _named(sides: Iterable[OtherSide], said: set[str], keys: Mapping[str, str]) -> Iterator[str]:
    """Yield titles; of rules that are said nowhere else, with their sources."""
    titles: dict[str, dict[str, None]] = {}
    for one in sides:
        sources = titles.setdefault(one.title, {})
        if one.rule not in said:
            sources[words.cites(one.citations, keys)] = None
    for title, cited in titles.items():
        yield f"{title} [{', '.join(cited)}]" if cited else title


def _evidence(report: Report, beside: Beside) -> Iterator[Section]:
    """Say what statements rest on beyond the texts, and name what else bears on them."""
    cited = (one.id for one in report.sources if one.evidence)
    points = [Point(line) for line in beside.rest(cited)]
    if beside.left:
        points.append(Point(f"{beside.left} more"))
    title = "Evidence beyond the texts (+ for, - against, ~ limits; quoted: by others)"
    yield Section(title, points=tuple(points), flow=True)


def _reasons(report: Report) -> Section:
    """Say how far each finding goes beyond its sources, and why a medicine counts."""
    findings = by_names(report, lambda one: one.findings)
    silences = by_names(report, lambda one: one.silences)
    told = (one.because for one in findings), (one.because for one in silences)
    # What a label says is told by the document; what msrisk reads itself is to be judged.
    judged = MemberBasis.JUDGED.value
    facts = [fact for because in chain(*told) for fact in because if fact.basis == judged]
    # Rules of several supplements can have one title.
    several = len({one.title for one in findings}) < len(findings)
    basis: dict[str, dict[str, str]] = {}
    for one, names in findings.items():
        of = f" ({words.listed(names)})" if several else ""
        basis.setdefault(one.basis_in_words, {})[one.rule] = f"{one.title or one.rule}{of}"
    # What most of them rest on is said of the rest, without their names.
    most = max(basis, key=lambda said: len(basis[said]), default="")
    alike = len(basis.get(most, ())) > 1
    said = [
        Point(f"{words.capitalised(words.listed(of.values()))}: {one}", ids=tuple(of))
        for one, of in basis.items()
        if one != most or not alike
    ]
    if alike:
        said.append(Point(f"{'All others' if said else 'All'}: {most}"))
    return Section(
        "Why these rules apply",
        points=(*said, *(Point(f"{one}.") for one in _chains(facts))),
        flow=True,
    )


def _chains(facts: Iterable[Because]) -> Iterator[str]:
    """Yield why entries count, those together that count for one reason."""
    names: dict[tuple[str, str], dict[str, None]] = {}
    for fact in facts:
        counts_as = (fact.concept or "").replace("-", " ")
        names.setdefault((words.taken(fact), words.why(fact)), {})[counts_as] = None
    reasons: dict[tuple[str, str], list[str]] = {}
    for (name, why), classes in names.items():
        reasons.setdefault((words.listed(classes), why), []).append(name)
    for (counted, why), entries in reasons.items():
        yield f"{words.listed(entries)} → {counted} ({why})"


def _sources(report: Report) -> Section:
    """Say of each cited passage where it stands: section, paragraph and sentence.

    What the first screen names has its letter before each number. Items of evidence are listed
    with their identifiers above.
    """
    named = {one.source for one in report.summary.caveat.citations}
    points = []
    for one in (each for each in report.sources if not each.evidence):
        sections = []
        for section, places in groupby(one.places, lambda place: place.section):
            where = (f"{one.key}{p.passages[0]}={_short(p.where)}" for p in places)
            sections.append(f"{words.capitalised(section)}: {', '.join(where)}")
        name = [] if one.id in named else [f"{one.key}: {one.title}"]
        if name or sections:
            points.append(Point(f"{'; '.join([*name, *sections])}."))
    return Section("Sources (paragraph.sentence)", points=tuple(points), flow=True)


@lru_cache(maxsize=1_000)
def _short(where: str) -> str:
    """Return where the first of some sentences stands: paragraph 2, sentences 1 to 3 → 2.1."""
    return _PLACE.sub(r"\1.\2", where)


def _policy(report: Report) -> Iterator[str]:
    policy = report.policy
    if policy is not None:
        numbers = words.listed(f"{name} = {number:g}" for name, number in policy.thresholds)
        weaker = " Some may warn fewer patients." if policy.allow_weaker else ""
        yield (
            f"The application that asked replaced numbers of msrisk: {numbers}.{weaker} "
            f"Policy digest {words.short_digest(policy.digest)}."
        )
