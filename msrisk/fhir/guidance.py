"""Writes a whole report for FHIR R4: a GuidanceResponse and the DetectedIssues of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, mutable

from msrisk.fhir.issues import detected_issues, of_patient
from msrisk.fhir.systems import LOINC, QUESTION, RULES, Json
from msrisk.fhir.texts import LIBRARY, Texts
from msrisk.model.results import Assessment, Caveat, Level, Report, highest
from msrisk.model.sources import CitedPassages
from msrisk.rendering import words

__all__ = ["guidance"]

# Where a record system looks for what a field asks, and for which element of it.
_DATA: Final = {
    "supplements": ("MedicationStatement", "medication"),
    "medications": ("MedicationStatement", "medication"),
    "conditions": ("Condition", "code"),
    "allergies": ("AllergyIntolerance", "code"),
    "symptoms": ("Observation", "code"),
    "age_years": ("Patient", "birthDate"),
    "weight_kg": ("Observation", "value"),
    "ms_symptoms_severe": ("QuestionnaireResponse", "item"),
    "replacing_ms_treatment": ("QuestionnaireResponse", "item"),
}
_BODY_WEIGHT: Final = {"path": "code", "code": [{"system": LOINC, "code": "29463-7"}]}
_ANSWER: Final = "answer"


def guidance(report: Report, *, patient: str | None = None) -> Json:
    """Return a report as a Bundle of FHIR R4: one GuidanceResponse, then the DetectedIssues.

    `status` is `data-required` while an open question could raise the level, `data-requested`
    while one is open that could not, and `success` when none is; that never means that there is
    nothing to fear. `outputParameters` holds both levels with all caveats, and refers to the
    issues; `dataRequirement` holds the questions, best first; `note` the first screen. Equal
    reports give equal bundles.

    Args:
        report: as `msrisk.assess` returns it.
        patient: a reference, such as "Patient/123"; left out if None.

    Raises:
        ProfileError: if `patient` is no reference.

    """
    issues = [
        _entry(one, place) for place, one in enumerate(detected_issues(report, patient=patient), 1)
    ]
    links = [str(one["fullUrl"]) for one in issues]
    response = {**_response(report, links), **of_patient("subject", patient)}
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [_entry(response, 0), *issues],
    }


def _entry(resource: Json, place: int) -> Json:
    """Return a resource as an entry of the bundle, with an address made of what it holds."""
    content = json.dumps([RULES, place, resource])
    return {"fullUrl": uuid.uuid5(uuid.NAMESPACE_URL, content).urn, "resource": resource}


def _response(report: Report, issues: Iterable[str]) -> Json:
    texts = Texts(report)
    caveats = [*report.caveats, *(c for one in report.assessments for c in one.caveats)]
    questions = [one.written(texts) for one in _questions(report)]
    status = "success"
    if questions:
        status = "data-requested" if report.level is report.worst_case else "data-required"
    written: Json = {
        "resourceType": "GuidanceResponse",
        "contained": [
            {
                "resourceType": "Parameters",
                "id": _ANSWER,
                "parameter": [*_parameters(texts, issues)],
            },
            texts.library(cited for one in caveats for cited in one.citations),
        ],
        "moduleCanonical": f"{RULES}|{report.ruleset.version}",
        "status": status,
        "note": [{"text": report.render("markdown", "screen")}],
        "outputParameters": {"reference": f"#{_ANSWER}"},
        "dataRequirement": questions,
    }
    return {key: value for key, value in written.items() if value}


def _parameters(texts: Texts, issues: Iterable[str]) -> Iterator[Json]:
    """Yield the answer as a whole and for each substance; no level is without its caveats."""
    report = texts.report
    yield _parts(
        "answer",
        _code("level", report.level.value),
        _code("worst-case", report.worst_case.value),
        _string("headline", report.headline),
        *(_caveat(one, texts) for one in report.caveats),
    )
    for one in report.assessments:
        yield _parts("assessment", *_assessment(one, texts))
    for link in issues:
        yield {"name": "issue", "valueReference": {"reference": link}}
    for entry in report.not_looked_at:
        given = words.entry(entry.text, entry.code)
        said = f"{words.field_name(entry.field)}: {given}, taken as {entry.recognised_as}"
        yield _string("understood-and-not-looked-at", said)
    used = report.ruleset
    yield _parts(
        "rules",
        _string("version", used.version),
        _string("digest", used.digest),
        {"name": "clinically-reviewed", "valueBoolean": used.clinically_reviewed},
        {"name": "texts", "valueReference": {"reference": f"#{LIBRARY}"}},
        *([_string("policy", report.policy.digest)] if report.policy else ()),
    )


def _assessment(one: Assessment, texts: Texts) -> Iterator[Json]:
    if one.substance:
        yield _string("substance", one.substance)
    yield _string("name", one.name)
    yield {"name": "covered", "valueBoolean": one.covered}
    yield _code("level", one.level.value)
    yield _code("worst-case", one.worst_case.value)
    yield from (_string("product", name) for name in one.products)
    yield from (_caveat(caveat, texts) for caveat in one.caveats)


def _caveat(one: Caveat, texts: Texts) -> Json:
    said = [_string("rule", one.rule), _string("message", one.message)]
    if one.action:
        said.append(_string("action", one.action))
    return _parts("caveat", *said, _string("source", texts.source(one.citations)))


def _parts(name: str, *parts: Json) -> Json:
    return {"name": name, "part": list(parts)}


def _string(name: str, value: str) -> Json:
    return {"name": name, "valueString": words.clean(value)}


def _code(name: str, value: str) -> Json:
    return {"name": name, "valueCode": value}


@mutable
class _Question:
    """A question that is open, and all that hangs on it."""

    text: str
    fields: dict[str, None] = field(factory=dict)
    levels: list[Level] = field(factory=list)
    rules: dict[str, None] = field(factory=dict)
    citations: dict[CitedPassages, None] = field(factory=dict)

    def written(self, texts: Texts) -> Json:
        """Return it as a data requirement: what to look for, and in an extension what to ask."""
        first = next(iter(self.fields))
        kind, element = _DATA[first]
        source = [("source", "String", texts.source(self.citations))] if self.citations else []
        said = [
            ("question", "String", words.clean(self.text)),
            ("level", "Code", highest(self.levels).value),
            *(("field", "Code", name) for name in self.fields),
            *(("rule", "Code", rule) for rule in self.rules),
            *source,
        ]
        extension: Json = {
            "url": QUESTION,
            "extension": [{"url": url, f"value{type_}": value} for url, type_, value in said],
        }
        written: Json = {"extension": [extension], "type": kind, "mustSupport": [element]}
        return {**written, "codeFilter": [_BODY_WEIGHT]} if first == "weight_kg" else written


def _questions(report: Report) -> Iterable[_Question]:
    """Return what is open, each question once: by field, the best first."""
    found: dict[str, _Question] = {}

    def add(text: str, fields: Iterable[str], level: Level) -> _Question:
        one = found.setdefault(text, _Question(text))
        one.fields.update(dict.fromkeys(fields))
        one.levels.append(level)
        return one

    for asked in report.to_ask:
        add(asked.question, [asked.field], asked.level)
        for entry in report.unrecognised:
            if entry.field == asked.field:
                add(entry.question, [entry.field], asked.level)
        for one in (question for of in report.assessments for question in of.open_questions):
            if asked.field in one.fields:
                question = add(one.question, one.fields, one.level)
                question.rules[one.rule] = None
                question.citations.update(dict.fromkeys(one.citations))
    return found.values()
