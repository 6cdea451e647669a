"""The report document written by one table of keys: what the real one is compared with."""

from __future__ import annotations

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

# The order of the keys is a promise to other programs, and moving an attribute must not change it.
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


def naive_document(report: Report) -> dict[str, object]:
    """Return the document of a report, each part read off by its keys."""
    return {"schema": "msrisk-report/2", **_part(report)}


def _part(part: object) -> dict[str, object]:
    return {key: _value(getattr(part, key), key) for key in KEYS[type(part)]}


def _value(value: object, key: str) -> object:
    if isinstance(value, tuple):
        return dict(value) if key == "thresholds" else [_value(item, key) for item in value]
    if isinstance(value, Level):
        return value.value
    return _part(value) if type(value) in KEYS else value
