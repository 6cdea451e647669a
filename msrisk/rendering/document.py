"""Writes a report as the JSON document, with all its parts in a fixed order."""

from __future__ import annotations

import json
from typing import Final

from msrisk.model.facts import Denied
from msrisk.model.profile import Code
from msrisk.model.results import (
    Assessment,
    Bearing,
    Because,
    Caveat,
    CitedPlace,
    CitedSource,
    DisputedClaim,
    EvidenceUsed,
    Finding,
    Level,
    NextQuestion,
    NotLookedAt,
    OpenQuestion,
    OtherSide,
    PolicyUsed,
    Report,
    RuleSetUsed,
    Silence,
    ToAsk,
    Unrecognised,
)
from msrisk.model.sources import CitedPassages
from msrisk.model.summary import (
    Emergency,
    SilentOn,
    Statement,
    Summary,
    SummaryPoint,
    SummarySubstance,
    Unknown,
)
from msrisk.rendering.outline import outline
from msrisk.rendering.shape import Section

__all__ = ["KEYS", "SCHEMA", "to_document", "to_json"]

SCHEMA: Final = "msrisk-report/2"

# Written out rather than read off the classes: the order of the keys is a promise to
# other programs, and moving an attribute must not change it.
KEYS: Final[dict[type, tuple[str, ...]]] = {
    part: tuple(keys.split())
    for part, keys in {
        Report: "ruleset policy level worst_case headline summary caveats assessments unrecognised "
        "next_question denied sources to_ask none_reported medicines not_looked_at "
        "signs watched supplements evidence",
        RuleSetUsed: "version digest packs clinically_reviewed",
        PolicyUsed: "thresholds allow_weaker digest",
        Assessment: "substance name covered level worst_case findings open_questions caveats "
        "claims silences products taking prescribed started",
        Finding: "rule kind level basis message action because citations basis_in_words title "
        "effect do ask",
        Because: "field text code value recognised_as concept basis why",
        Code: "system code",
        CitedPassages: "source where passages whole",
        CitedPlace: "passages section where",
        CitedSource: "key id title short places evidence",
        EvidenceUsed: "id key statement brief kind year identifier read certainty why figures "
        "frequency references checked_on retraction changes bears_on",
        Bearing: "on relation best",
        OtherSide: "rule title citations",
        OpenQuestion: "rule level question fields citations title",
        Caveat: "rule kind message citations action title effect do screen basis",
        DisputedClaim: "claim message disputed_by qualified_by citations other_side",
        Silence: "topic message because rule citations action title",
        Unrecognised: "field text status suggestions code reason question",
        NextQuestion: "field question why",
        ToAsk: "field question short level whole asked",
        NotLookedAt: "field text code recognised_as premise",
        Denied: "text concept name settles",
        Summary: "substances emergency medicines unknown unrecognised silent not_looked_at caveat "
        "ruleset trials",
        SummarySubstance: "name products covered level worst_case verdict points",
        SummaryPoint: "rule rules level told effect action title citations",
        Emergency: "rule message action first reported watched citations",
        Statement: "rule message action citations",
        SilentOn: "rule title told action citations",
        Unknown: "field question level asked",
    }.items()
}
"""The keys of each part of the document, in order."""


def to_document(report: Report) -> dict[str, object]:
    """Return the report document in JSON types; equal reports give equal documents."""
    return {"schema": SCHEMA, **_part(report)}


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
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _page(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "boxes": section.box,
        "points": [point.text for point in section.points],
        "notes": list(section.notes),
        "sections": [_page(one) for one in section.sections],
    }


def _part(part: object) -> dict[str, object]:
    # Most values are text, and a report has thousands.
    return {
        key: value if type(value := getattr(part, key)) is str else _value(value, key)
        for key in KEYS[type(part)]
    }


def _value(value: object, key: str) -> object:
    kind = type(value)
    if isinstance(value, tuple):
        return dict(value) if key == "thresholds" else [_value(item, key) for item in value]
    if isinstance(value, Level):
        return value.value
    return _part(value) if kind in KEYS else value
