"""Writes a report as the JSON document, with all its parts in a fixed order.

Each part is written out, key by key: the order of the keys is a promise to other programs, and
of a report with a thousand parts this takes a fifth of the time of reading them off the classes.
All that a caller gets is made for them alone, so that whatever they change is in no other report.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from msrisk.documents.writing import json_text
from msrisk.model.asked import NotLookedAt, Unrecognised
from msrisk.model.bearing import EvidenceUsed
from msrisk.model.profile import Code
from msrisk.model.results import (
    Assessment,
    Because,
    Caveat,
    CitedSource,
    DisputedClaim,
    Finding,
    OpenQuestion,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
)
from msrisk.model.sources import CitedPassages
from msrisk.model.summary import Emergency, Statement, Summary, SummarySubstance
from msrisk.rendering.outline import outline
from msrisk.rendering.shape import Section

__all__ = ["SCHEMA", "to_document", "to_json"]

SCHEMA: Final = "msrisk-report/2"

Document = dict[str, object]


def to_document(report: Report) -> Document:
    """Return the report document in JSON types; equal reports give equal documents."""
    asked = report.next_question
    return {
        "schema": SCHEMA,
        "ruleset": _ruleset(report.ruleset),
        "policy": _policy(report.policy) if report.policy else None,
        "level": report.level.value,
        "worst_case": report.worst_case.value,
        "headline": report.headline,
        "summary": _summary(report.summary),
        "caveats": list(map(_caveat, report.caveats)),
        "assessments": list(map(_assessment, report.assessments)),
        "unrecognised": list(map(_unrecognised, report.unrecognised)),
        "next_question": (
            {"field": asked.field, "question": asked.question, "why": asked.why} if asked else None
        ),
        "denied": [
            {
                "text": one.text,
                "concept": one.concept,
                "name": one.name,
                "settles": one.settles,
            }
            for one in report.denied
        ],
        "sources": list(map(_source, report.sources)),
        "to_ask": [
            {
                "field": one.field,
                "question": one.question,
                "short": one.short,
                "level": one.level.value,
                "whole": one.whole,
                "asked": one.asked,
            }
            for one in report.to_ask
        ],
        "none_reported": list(report.none_reported),
        "medicines": list(report.medicines),
        "not_looked_at": list(map(_not_looked_at, report.not_looked_at)),
        "signs": list(report.signs),
        "watched": list(report.watched),
        "supplements": list(report.supplements),
        "evidence": list(map(_evidence, report.evidence)),
    }


def to_json(report: Report, part: str = "full") -> str:
    """Return a part of a report as JSON text, byte for byte the same for equal reports.

    The screen is the document's `summary` with its sources, the handout the sections of
    the page with theirs.
    """
    document = to_document(report)
    if part == "screen":
        document = {key: document[key] for key in ("schema", "summary", "sources")}
    elif part == "handout":
        (page,) = outline(report, part)
        document = {"schema": SCHEMA, "handout": _page(page), "sources": document["sources"]}
    return json_text(document)


def _page(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "boxes": section.box,
        "points": [point.text for point in section.points],
        "notes": list(section.notes),
        "sections": [_page(one) for one in section.sections],
    }


def _ruleset(used: RuleSetUsed) -> Document:
    return {
        "version": used.version,
        "digest": used.digest,
        "packs": list(used.packs),
        "clinically_reviewed": used.clinically_reviewed,
    }


def _policy(used: PolicyUsed) -> Document:
    return {
        "thresholds": dict(used.thresholds),
        "allow_weaker": used.allow_weaker,
        "digest": used.digest,
    }


def _cited(citations: Iterable[CitedPassages]) -> list[Document]:
    return [
        {
            "source": one.source,
            "where": one.where,
            "passages": list(one.passages),
            "whole": one.whole,
        }
        for one in citations
    ]


def _code(code: Code | None) -> Document | None:
    return {"system": code.system, "code": code.code} if code else None


def _assessment(one: Assessment) -> Document:
    return {
        "substance": one.substance,
        "name": one.name,
        "covered": one.covered,
        "level": one.level.value,
        "worst_case": one.worst_case.value,
        "findings": list(map(_finding, one.findings)),
        "open_questions": list(map(_question, one.open_questions)),
        "caveats": list(map(_caveat, one.caveats)),
        "claims": list(map(_claim, one.claims)),
        "silences": list(map(_silence, one.silences)),
        "products": list(one.products),
        "taking": one.taking,
        "prescribed": one.prescribed,
        "started": list(one.started),
    }


def _finding(one: Finding) -> Document:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "level": one.level.value,
        "basis": one.basis,
        "message": one.message,
        "action": one.action,
        "because": list(map(_because, one.because)),
        "citations": _cited(one.citations),
        "basis_in_words": one.basis_in_words,
        "title": one.title,
        "effect": one.effect,
        "do": one.do,
        "ask": one.ask,
    }


def _because(one: Because) -> Document:
    return {
        "field": one.field,
        "text": one.text,
        "code": _code(one.code),
        "value": list(one.value) if isinstance(one.value, tuple) else one.value,
        "recognised_as": one.recognised_as,
        "concept": one.concept,
        "basis": one.basis,
        "why": one.why,
    }


def _question(one: OpenQuestion) -> Document:
    return {
        "rule": one.rule,
        "level": one.level.value,
        "question": one.question,
        "fields": list(one.fields),
        "citations": _cited(one.citations),
        "title": one.title,
    }


def _caveat(one: Caveat) -> Document:
    return {
        "rule": one.rule,
        "kind": one.kind,
        "message": one.message,
        "citations": _cited(one.citations),
        "action": one.action,
        "title": one.title,
        "effect": one.effect,
        "do": one.do,
        "screen": one.screen,
        "basis": one.basis,
    }


def _claim(one: DisputedClaim) -> Document:
    return {
        "claim": one.claim,
        "message": one.message,
        "disputed_by": list(one.disputed_by),
        "qualified_by": list(one.qualified_by),
        "citations": _cited(one.citations),
        "other_side": [
            {"rule": side.rule, "title": side.title, "citations": _cited(side.citations)}
            for side in one.other_side
        ],
    }


def _silence(one: Silence) -> Document:
    return {
        "topic": one.topic,
        "message": one.message,
        "because": list(map(_because, one.because)),
        "rule": one.rule,
        "citations": _cited(one.citations),
        "action": one.action,
        "title": one.title,
    }


def _unrecognised(one: Unrecognised) -> Document:
    return {
        "field": one.field,
        "text": one.text,
        "status": one.status,
        "suggestions": list(one.suggestions),
        "code": _code(one.code),
        "reason": one.reason,
        "question": one.question,
    }


def _not_looked_at(one: NotLookedAt) -> Document:
    return {
        "field": one.field,
        "text": one.text,
        "code": _code(one.code),
        "recognised_as": one.recognised_as,
        "premise": one.premise,
    }


def _source(one: CitedSource) -> Document:
    return {
        "key": one.key,
        "id": one.id,
        "title": one.title,
        "short": one.short,
        "places": [
            {"passages": list(place.passages), "section": place.section, "where": place.where}
            for place in one.places
        ],
        "evidence": one.evidence,
    }


def _evidence(one: EvidenceUsed) -> Document:
    plain, bears_on = _plain_evidence(one)
    made = plain.copy()
    made["references"] = list(one.references)
    made["changes"] = list(one.changes)
    made["bears_on"] = [on.copy() for on in bears_on]
    return made


# A report has a hundred of them, each with its keys: to copy them takes a third of the time.
@lru_cache(maxsize=2_000)
def _plain_evidence(one: EvidenceUsed) -> tuple[Document, tuple[Document, ...]]:
    """Return an item to be copied, and what it bears on; its lists are for each copy to make."""
    plain: Document = {
        "id": one.id,
        "key": one.key,
        "statement": one.statement,
        "brief": one.brief,
        "kind": one.kind,
        "year": one.year,
        "identifier": one.identifier,
        "read": one.read,
        "certainty": one.certainty,
        "why": one.why,
        "figures": one.figures,
        "frequency": one.frequency,
        "references": (),
        "checked_on": one.checked_on,
        "retraction": one.retraction,
        "changes": (),
        "bears_on": (),
    }
    bears_on = ({"on": on.on, "relation": on.relation, "best": on.best} for on in one.bears_on)
    return plain, tuple(bears_on)


def _summary(summary: Summary) -> Document:
    emergency, medicines = summary.emergency, summary.medicines
    return {
        "substances": list(map(_substance, summary.substances)),
        "emergency": _emergency(emergency) if emergency else None,
        "medicines": _statement(medicines) if medicines else None,
        "unknown": [
            {
                "field": one.field,
                "question": one.question,
                "level": one.level.value,
                "asked": one.asked,
            }
            for one in summary.unknown
        ],
        "unrecognised": list(summary.unrecognised),
        "silent": [
            {
                "rule": one.rule,
                "title": one.title,
                "told": one.told,
                "action": one.action,
                "citations": _cited(one.citations),
            }
            for one in summary.silent
        ],
        "not_looked_at": list(map(_not_looked_at, summary.not_looked_at)),
        "caveat": _statement(summary.caveat),
        "ruleset": _ruleset(summary.ruleset),
        "trials": list(map(_statement, summary.trials)),
    }


def _substance(one: SummarySubstance) -> Document:
    return {
        "name": one.name,
        "products": list(one.products),
        "covered": one.covered,
        "level": one.level.value,
        "worst_case": one.worst_case.value,
        "verdict": one.verdict,
        "points": [
            {
                "rule": point.rule,
                "rules": list(point.rules),
                "level": point.level.value,
                "told": point.told,
                "effect": point.effect,
                "action": point.action,
                "title": point.title,
                "citations": _cited(point.citations),
            }
            for point in one.points
        ],
    }


def _emergency(one: Emergency) -> Document:
    return {
        "rule": one.rule,
        "message": one.message,
        "action": one.action,
        "first": one.first,
        "reported": list(one.reported),
        "watched": list(one.watched),
        "citations": _cited(one.citations),
    }


def _statement(one: Statement) -> Document:
    return {
        "rule": one.rule,
        "message": one.message,
        "action": one.action,
        "citations": _cited(one.citations),
    }
