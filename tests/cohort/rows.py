"""Rows of a frame and the profiles that they stand for, written apart from msrisk.cohort."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

import msrisk
from msrisk.documents import profile_to_document
from msrisk.evaluation.products import names
from msrisk.model.checks import BOUNDS
from msrisk.model.profile import (
    LIST_FIELDS,
    NONE_REPORTED,
    NUMBER_FIELDS,
    YES_NO_FIELDS,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)
from msrisk.model.results import Report
from msrisk.model.rules import RuleSet
from msrisk.recognition import fact_of
from msrisk.testing import profiles

Row = dict[str, Any]
AMOUNTS = ("dose_mg", "daily_dose_mg", "times_per_day")


def column(substance: str) -> str:
    return substance.replace("-", "_")


def told_columns(substance: str) -> dict[str, str]:
    """Return the columns that tell of a supplement, by the field of a supplement."""
    name = column(substance)
    return {**{one: f"{one}_of_{name}" for one in AMOUNTS}, "taking": f"taking_{name}"}


def empty_row(ruleset: RuleSet) -> Row:
    """Return a row of which nothing was asked, with every column."""
    names_ = [*LIST_FIELDS, "denied", *NUMBER_FIELDS, *YES_NO_FIELDS]
    names_ += [f"{name}_complete" for name in LIST_FIELDS]
    names_ += [f"{name}_to" for name in NUMBER_FIELDS]
    for one in ruleset.substances:
        names_ += told_columns(one.id).values()
    return dict.fromkeys(names_)


def _text(entry: Entry | Supplement) -> str:
    parts = [part for code in entry.codes for part in (code.system, code.code)]
    return "|".join([*parts, entry.text] if entry.text is not None else parts)


def row_of(profile: PatientProfile, ruleset: RuleSet, *, whole: bool = False) -> Row:
    """Return a row that tells a profile: all of it, or as far as plain text and numbers can."""
    row = empty_row(ruleset)
    document = profile_to_document(profile)
    for name in LIST_FIELDS:
        value = getattr(profile, name)
        if value is NONE_REPORTED:
            row[name] = ["none"]
        elif value is not None:
            row[name] = [_text(item) for item in value.items]
            row[f"{name}_complete"] = value.complete
            if whole:
                told: Any = document[name]
                row[name] = list(map(_json, told if value.complete else told["entries"]))
            for item in value.items if name == "supplements" and not whole else ():
                _add_columns(row, item, ruleset)
    for name in NUMBER_FIELDS:
        value = getattr(profile, name)
        row[name] = _exact(value)
        if whole and isinstance(value, tuple):
            row[name], row[f"{name}_to"] = map(float, value)
    for name in YES_NO_FIELDS:
        row[name] = getattr(profile, name)
    row["denied"] = None if profile.denied is None else list(profile.denied)
    return row


def _json(item: object) -> str:
    if isinstance(item, str):
        return item
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _add_columns(row: Row, item: Supplement, ruleset: RuleSet) -> None:
    fact = fact_of("supplements", Supplement(item.name), ruleset)
    for one in ruleset.substances:
        if names(fact, one.id):
            for what, name in told_columns(one.id).items():
                value = getattr(item, what)
                row[name] = value if what == "taking" else _exact(value)


def _exact(value: Any) -> float | None:
    number = value[1] if isinstance(value, tuple) else value
    return None if number is None else float(number)


def profile_of(row: Row, ruleset: RuleSet, complete: Sequence[str] = ()) -> PatientProfile:
    """Return the profile that a row stands for, as the interface says it."""
    given: dict[str, Any] = {}
    for name in LIST_FIELDS:
        items = row[name]
        if items == ["none"]:
            given[name] = NONE_REPORTED
        elif items:
            full = name in complete or bool(row[f"{name}_complete"])
            made = [_item(name, text, row, ruleset) for text in items]
            given[name] = Entries(tuple(made), complete=full)
    for name in NUMBER_FIELDS:
        given[name] = _range(name, row[name], row[f"{name}_to"])
    for name in YES_NO_FIELDS:
        given[name] = row[name]
    given["denied"] = row["denied"] or None
    return PatientProfile(**given)


def _range(name: str, low: float | None, high: float | None) -> float | tuple[float, float] | None:
    if high is None:
        return _number(name, low)
    ends = [end for one in (low, high) if (end := _number(name, one)) is not None]
    return (ends[0], ends[1]) if len(ends) == 2 and ends[0] <= ends[1] else None


def _number(name: str, value: float | None) -> float | None:
    low, high, _ = BOUNDS[name]
    return value if value is not None and low <= value <= high else None


def _item(field: str, text: str, row: Row, ruleset: RuleSet) -> Entry | Supplement:
    if text.startswith('{"'):
        document = {field: [json.loads(text)]}
        (item,) = getattr(PatientProfile.from_dict(document), field).items
        return item  # type: ignore[no-any-return]  # the field is named by a string
    if field != "supplements":
        system, bar, rest = text.partition("|")
        if not bar or ":" not in system or " " in system:
            return Entry(text)
        code, bar, words = rest.partition("|")
        return Entry(words if bar else None, (Code(system, code),))
    fact = fact_of("supplements", Supplement(text), ruleset)
    told: dict[str, Any] = {}
    for one in ruleset.substances:
        if names(fact, one.id):
            for what, name in told_columns(one.id).items():
                value = row[name] if what == "taking" else _number(what, row[name])
                if told.get(what) is None:
                    told[what] = value
    return Supplement(text, **told)


def expected(report: Report, ruleset: RuleSet) -> dict[str, object]:
    """Return what the columns of a screened row must say."""
    found: dict[str, object] = {
        "level": report.level.value,
        "worst_case": report.worst_case.value,
        "unrecognised": len(report.unrecognised),
    }
    truths: dict[str, bool | None] = {
        rule.id: False for rule in ruleset.rules if rule.kind.level is not None
    }
    for one in report.assessments:
        if one.covered:
            found[f"level_of_{column(str(one.substance))}"] = one.level.value
            found[f"worst_case_of_{column(str(one.substance))}"] = one.worst_case.value
        for question in one.open_questions:
            truths[question.rule] = truths[question.rule] or None
    # A rule that is true of one substance is true, whatever it is of another.
    for one in report.assessments:
        for rule in (*(of.rule for of in one.findings), *(of.rule for of in one.silences)):
            truths[rule] = True
    for substance in ruleset.substances:
        found.setdefault(f"level_of_{column(substance.id)}", None)
        found.setdefault(f"worst_case_of_{column(substance.id)}", None)
    return {**found, **truths}


def differences(
    answered: Mapping[str, object], row: Row, ruleset: RuleSet, complete: Sequence[str] = ()
) -> dict[str, tuple[object, object]]:
    """Return in which columns a screened row is not what `assess` says, with both."""
    report = msrisk.assess(profile_of(row, ruleset, complete), ruleset=ruleset)
    wanted = expected(report, ruleset)
    return {
        name: (value, answered[name]) for name, value in wanted.items() if answered[name] != value
    }


@st.composite
def rows(draw: st.DrawFn, ruleset: RuleSet) -> Row:
    """Return rows as exports have them: whole profiles, with gaps, empty lists and NaN."""
    row = row_of(draw(profiles(ruleset)), ruleset, whole=draw(st.booleans()))
    for name in (*LIST_FIELDS, "denied"):
        if draw(st.integers(0, 9)) == 9:
            row[name] = draw(st.sampled_from([[], None, ["none"]] if name != "denied" else [[]]))
            if name == "supplements":  # else columns tell of a supplement that none is listed as
                for one in ruleset.substances:
                    row |= dict.fromkeys(told_columns(one.id).values())
    for name in NUMBER_FIELDS:
        if draw(st.integers(0, 9)) == 9:
            ends = draw(st.sampled_from(["", "_to"]))
            row[f"{name}{ends}"] = draw(st.sampled_from([math.nan, math.inf, -1.0, 20.0, 1e9]))
    return row
