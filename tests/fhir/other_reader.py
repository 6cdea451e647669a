"""Reads a report back from its FHIR resources with software of others, and says what is lost.

The models of `fhir.resources` take the bundle apart; nothing of msrisk that wrote it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B.bundle import Bundle

import msrisk
from msrisk.model.results import Assessment
from msrisk.rendering.words import clean

__all__ = ["lost"]

RULE = "urn:msrisk:rule"


def lost(report: msrisk.Report, bundle: object) -> list[str]:
    """Return each finding, question, caveat, level and source that is not in a bundle."""
    read: Any = Bundle.model_validate(bundle)
    response, *issues = [entry.resource for entry in read.entry]
    return [
        *_levels_and_caveats(report, response),
        *_findings(report, issues),
        *_questions(report, response, issues),
        *_sources(report, [response, *issues]),
    ]


def _contained(resource: Any, reference: str) -> Any:
    (found,) = (one for one in resource.contained if f"#{one.id}" == reference)
    return found


def _levels_and_caveats(report: msrisk.Report, response: Any) -> Iterator[str]:
    answer = _contained(response, response.outputParameters.reference)
    told = [one.part for one in answer.parameter if one.name in ("answer", "assessment")]
    wholes: list[msrisk.Report | Assessment] = [report, *report.assessments]
    for one, parts in zip(wholes, told, strict=True):
        level, worst = (_of(parts, name)[0].valueCode for name in ("level", "worst-case"))
        if (level, worst) != (one.level.value, one.worst_case.value):
            yield f"levels {one.level} and {one.worst_case}"
        caveats = [(*_of(c.part, "rule"), *_of(c.part, "message")) for c in _of(parts, "caveat")]
        said = {(rule.valueString, message.valueString) for rule, message in caveats}
        yield from (
            f"caveat {c.rule}" for c in one.caveats if (c.rule, clean(c.message)) not in said
        )


def _of(parts: Any, name: str) -> list[Any]:
    return [part for part in parts if part.name == name]


def _rule(issue: Any) -> str:
    (code,) = (one.code for one in issue.code.coding if one.system == RULE)
    return str(code)


def _findings(report: msrisk.Report, issues: list[Any]) -> Iterator[str]:
    found = [issue for issue in issues if issue.status == "final"]
    for of in report.assessments:
        for some in (of.findings, of.silences):
            for one in some:
                if not any(
                    _rule(issue) == one.rule
                    and clean(one.message) in issue.detail
                    and clean(one.action) in issue.detail
                    and len(issue.evidence[0].code) == len(one.because)
                    for issue in found
                ):
                    yield f"finding {one.rule} of {of.name}"


def _questions(report: msrisk.Report, response: Any, issues: list[Any]) -> Iterator[str]:
    asked: dict[str, set[str]] = {}
    for one in response.dataRequirement or ():
        (extension,) = one.extension
        (question,) = (e.valueString for e in extension.extension if e.url == "question")
        asked[question] = {e.valueCode for e in extension.extension if e.url == "rule"}
    wanted = [one.question for one in report.to_ask] + [one.question for one in report.unrecognised]
    open_ = [question for of in report.assessments for question in of.open_questions]
    yield from (f"question: {text}" for text in wanted if clean(text) not in asked)
    yield from (
        f"question of {one.rule}"
        for one in open_
        if one.rule not in asked.get(clean(one.question), ())
    )
    grave = {"contraindicated", "urgent"}
    preliminary = {_rule(issue) for issue in issues if issue.status == "preliminary"}
    yield from (
        f"open issue {one.rule}"
        for one in open_
        if one.level.value in grave and one.rule not in preliminary
    )


def _sources(report: msrisk.Report, resources: list[Any]) -> Iterator[str]:
    libraries = [c for one in resources for c in one.contained if hasattr(c, "relatedArtifact")]
    artifacts = [artifact for library in libraries for artifact in library.relatedArtifact]
    cited = {(one.display, one.citation) for one in artifacts}
    titles = {one.id: one.title for one in report.sources}
    for of in report.assessments:
        for some in (of.findings, of.silences, of.caveats):
            for one in some:
                for citation in one.citations:
                    title = titles[citation.source]
                    if not any(title == d and citation.where in where for d, where in cited):
                        yield f"source {citation} of {one.rule}"
