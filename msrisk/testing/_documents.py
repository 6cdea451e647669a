"""Makes intake documents: the same profiles, in every form that the JSON allows."""

from __future__ import annotations

from hypothesis import strategies as st

from msrisk.model.profile import (
    FIELDS,
    LIST_FIELDS,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.rules import RuleSet
from msrisk.testing._profiles import profiles

__all__ = ["intake_documents"]


@st.composite
def intake_documents(draw: st.DrawFn, ruleset: RuleSet | None = None) -> dict[str, object]:
    """Return valid intake documents, as dictionaries of JSON types.

    Fields that were not asked are absent or null; entries are texts or objects, as both
    are allowed.

    Args:
        draw: given by Hypothesis.
        ruleset: whose words are drawn; the shipped one if left out.

    """
    profile = draw(profiles(ruleset))
    document: dict[str, object] = {}
    if draw(st.booleans()):
        document["schema"] = "msrisk-intake/1"
    short = draw(st.booleans())
    for field in draw(st.permutations(FIELDS)):
        value = _value(profile, field, short=short)
        if value is not None or not short:
            document[field] = value
    if profile.denied is not None or not short:
        document["denied"] = profile.denied and list(profile.denied)
    return document


def _value(profile: PatientProfile, field: str, *, short: bool) -> object:
    value = getattr(profile, field)
    if value is None:
        return "unknown" if field in profile.asked_unknown else None
    if field not in LIST_FIELDS:
        return list(value) if isinstance(value, tuple) else value
    if isinstance(value, NoneReported):
        return "none"
    entries: Entries[Entry | Supplement] = value
    items = [_item(item, short=short) for item in entries.items]
    return items if entries.complete and short else {"entries": items, "complete": entries.complete}


def _item(item: Entry | Supplement, *, short: bool) -> object:
    name = "text" if isinstance(item, Entry) else "name"
    keys = (name, "dose_mg", "daily_dose_mg", "times_per_day", "taking", "doubt")
    told = {
        key: list(value) if isinstance(value, tuple) else value
        for key in keys
        if (value := getattr(item, key, None)) is not None
    }
    if item.codes:
        told["codes"] = [{"system": c.system, "code": c.code} for c in item.codes]
    return item.text if short and told.keys() == {name} else told
