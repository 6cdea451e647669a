"""Writes what a report found, and what it could still find, as DetectedIssues of FHIR R4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from msrisk.errors import Problem, ProfileError
from msrisk.fhir.systems import ACT_CODE, CONCEPT, RULE, Json
from msrisk.fhir.texts import LIBRARY, Texts
from msrisk.model.checks import kind_of
from msrisk.model.results import Assessment, Because, Finding, Level, Report, Silence, rank
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words

__all__ = ["SEVERITY", "detected_issues", "of_patient"]

SEVERITY: Final[Mapping[Level, str]] = {
    Level.URGENT: "high",
    Level.CONTRAINDICATED: "high",
    Level.CAUTION: "moderate",
    Level.INFORM: "low",
}
"""How severe an issue of a level is; of UNDETERMINED that is not known."""

_SEVERITIES: Final = ("high", "moderate", None, "low")

# The sort of alert, by what the issue rests on first; a plain yes or no has none.
_CATEGORY: Final = {
    "medications": "DRG",
    "supplements": "DOSE",
    "conditions": "COND",
    "allergies": "ALGY",
    "symptoms": "REACT",
    "age_years": "AGE",
    "weight_kg": "WGHT",
}
_FINAL: Final = "final"
_PRELIMINARY: Final = "preliminary"

_PATIENT: Final = re.compile(r"Patient/[A-Za-z0-9.-]{1,64}|(?:https?|urn):\S{1,500}")


def detected_issues(
    report: Report, *, patient: str | None = None, rule: str | None = None
) -> list[Json]:
    """Return a DetectedIssue of FHIR R4 for each finding of a report.

    There is one for each topic that the texts are silent on, too, without a severity, and, with
    the status `preliminary`, for each open question that could bring CONTRAINDICATED or more.
    The gravest come first. Each carries a caveat and its sources, in `detail` and as a
    contained Library. That there is no issue clears nothing.

    Args:
        report: as `msrisk.assess` returns it.
        patient: a reference, such as "Patient/123"; left out if None.
        rule: the id of the rule whose issues are wanted; those of all if None.

    Raises:
        ProfileError: if `patient` is no reference.

    """
    subject = of_patient("patient", patient)
    texts = Texts(report)
    wanted = (one for one in _issues(report) if rule in (None, one.rule))
    return [{**_written(one, texts), **subject} for one in sorted(wanted, key=_order)]


def of_patient(key: str, patient: str | None) -> Json:
    """Return the reference to a patient under its key; nothing if there is no patient.

    Raises:
        ProfileError: if it is no reference.

    """
    if patient is None:
        return {}
    given: object = patient
    if not isinstance(given, str) or not _PATIENT.fullmatch(given):
        got = "other text" if isinstance(given, str) else kind_of(given)
        expected = 'a reference such as "Patient/123", a URL or a URN'
        raise ProfileError([Problem("patient", expected, got)])
    return {key: {"reference": given}}


@frozen(kw_only=True)
class _Issue:
    """What one DetectedIssue says.

    Attributes:
        rule: the id of the rule.
        title: what it is about.
        status: final, or preliminary while it is open.
        level: what it brings, or could bring.
        about: the products, as typed.
        said: the sentences of it.
        field: the field that it rests on first.
        evidence: what it rests on.
        action: what to do.
        citations: who says so.

    """

    rule: str
    title: str
    status: str
    level: Level
    about: tuple[Json, ...]
    said: tuple[str, ...]
    field: str
    evidence: tuple[Json, ...]
    action: str
    citations: tuple[CitedPassages, ...]


def _issues(report: Report) -> Iterator[_Issue]:
    """Yield what there is to say, by substance; an emergency that no finding speaks of first."""
    emergency = report.summary.emergency
    levels = {one.level for of in report.assessments for one in of.findings}
    if emergency is not None and emergency.reported and Level.URGENT not in levels:
        yield _Issue(
            rule=emergency.rule,
            title="get medical help now",
            status=_FINAL,
            level=Level.URGENT,
            about=(),
            said=(emergency.message, emergency.action),
            field="symptoms",
            evidence=tuple({"text": words.clean(one)} for one in emergency.reported),
            action=emergency.action,
            citations=emergency.citations,
        )
    for of in report.assessments:
        yield from _of(of)


def _order(one: _Issue) -> tuple[int, bool, int]:
    """Return the place of an issue: by severity, what is so before what could be."""
    severity = _SEVERITIES.index(SEVERITY.get(one.level))
    return severity, one.status == _PRELIMINARY, -rank(one.level)


def _of(of: Assessment) -> Iterator[_Issue]:
    """Yield what there is to say of one substance."""
    reference: Json = {}
    if of.substance is not None:
        reference = {"identifier": {"system": CONCEPT, "value": of.substance}}
    products = of.products or (of.name,)
    about = tuple({**reference, "display": words.clean(name)} for name in products)
    standing = f"{words.capitalised(words.title(of))}, as a whole: {words.standing(of)}."
    for one in of.findings:
        yield _applying(one, one.level, about, (one.basis_in_words, standing))
    for silence in of.silences:
        yield _applying(silence, Level.UNDETERMINED, about, (standing,))
    for question in of.open_questions:
        if rank(question.level) >= rank(Level.CONTRAINDICATED):
            unknown = words.listed(map(words.field_name, question.fields))
            yield _Issue(
                rule=question.rule,
                title=question.title,
                status=_PRELIMINARY,
                level=question.level,
                about=about,
                said=(f"Not known yet: {question.question}", standing),
                field=question.fields[0],
                evidence=({"text": f"not known: {unknown}"},),
                action=f"Find out: {question.question}",
                citations=question.citations,
            )


def _applying(
    one: Finding | Silence, level: Level, about: tuple[Json, ...], besides: tuple[str, ...]
) -> _Issue:
    return _Issue(
        rule=one.rule,
        title=one.title,
        status=_FINAL,
        level=level,
        about=about,
        said=(one.message, one.action, *besides),
        field=one.because[0].field,
        evidence=tuple(map(_evidence, one.because)),
        action=one.action,
        citations=one.citations,
    )


def _evidence(fact: Because) -> Json:
    """Return a fact that a finding rests on, with the code by which it was told, if it was."""
    codes = [{"system": CONCEPT, "code": fact.concept}] if fact.concept else []
    if fact.code is not None:
        # A code of FHIR has no blanks around it, and one at a time inside.
        code = " ".join(fact.code.code.split())
        codes.insert(0, {"system": fact.code.system, "code": code})
    text: Json = {"text": words.clean(words.told([fact], set()))}
    return {"coding": codes, **text} if codes else text


def _written(one: _Issue, texts: Texts) -> Json:
    """Write an issue, with the caveat and the texts that none may be without."""
    code: list[Json] = [{"system": RULE, "code": one.rule, "display": one.title}]
    if one.field in _CATEGORY:
        code.append({"system": ACT_CODE, "code": _CATEGORY[one.field]})
    could_be = "Could be " if one.status == _PRELIMINARY else ""
    head = f"{could_be}{one.level.words}: {one.title}."
    said = (head, *one.said, texts.source(one.citations), *texts.standing())
    written: Json = {
        "resourceType": "DetectedIssue",
        "contained": [texts.library(one.citations)],
        "status": one.status,
        "code": {"coding": code, "text": one.title},
        "severity": SEVERITY.get(one.level),
        "implicated": list(one.about),
        "evidence": [{"code": list(one.evidence), "detail": [{"reference": f"#{LIBRARY}"}]}],
        "detail": "\n".join(words.clean(part).strip() for part in said if part.strip()),
        "mitigation": [{"action": {"text": words.clean(one.action)}}] if one.action else [],
    }
    return {key: value for key, value in written.items() if value}
