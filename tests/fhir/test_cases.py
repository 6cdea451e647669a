"""Reads the cases under tests/spec/fhir: what a record says, and what must follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import msrisk
from msrisk.documents.intake import profile_to_document
from msrisk.errors import FhirError
from msrisk.fhir import read_bundle
from msrisk.fhir.statuses import STATUSES, Standing

from .records import bundle

FOLDER = Path(__file__).parents[1] / "spec" / "fhir"
_KEYS = {
    "says",
    "resources",
    "bundle",
    "patient",
    "profile",
    "became",
    "because",
    "rules",
    "on",
    "refused",
}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            assert case.keys() <= _KEYS, case["says"]
            yield f"{path.stem}: {case['says']}", case


CASES = dict(cases())


@pytest.mark.parametrize("name", CASES)
def test_a_record_is_read_as_the_case_says(name: str) -> None:
    case = CASES[name]
    record = bundle(case["resources"], patient=case.get("patient", True), **case.get("bundle", {}))
    on = date.fromisoformat(case.get("on", "2026-12-01"))
    if case.get("refused"):
        with pytest.raises(FhirError):
            read_bundle(record, on=on)
        return
    told = read_bundle(record, on=on)
    document = profile_to_document(told.profile)
    for field, expected in case.get("profile", {}).items():
        assert document[field] == expected, field
    if "became" in case:
        lines = {line.path: line.became.value for line in told.account}
        first = 1 if case.get("patient", True) else 0
        for at, expected in enumerate(case["became"]):
            assert lines[f"entry[{at + first}].resource"] == expected
    said = " | ".join(text for line in told.account for text in (*line.read_as, *line.why))
    for words in case.get("because", ()):
        assert words in said
    rules = case.get("rules", {})
    if rules:
        assert rules == {rule: of_rule(told.profile, rule) for rule in rules}


def of_rule(profile: msrisk.PatientProfile, rule: str) -> str:
    """Return whether a rule is a finding, open or closed, for any substance."""
    report = msrisk.assess(profile)
    assert report.assessments, "no supplement is told"
    for one in report.assessments:
        if rule in {f.rule for f in one.findings} | {s.rule for s in one.silences}:
            return "finding"
    for one in report.assessments:
        if rule in {question.rule for question in one.open_questions}:
            return "open"
    return "closed"


def test_the_page_has_the_table_of_statuses() -> None:
    page = (FOLDER.parents[2] / "docs" / "fhir.md").read_text("utf-8")
    for element, table in STATUSES.items():
        cells = [", ".join(c for c, x in table.items() if x is standing) for standing in Standing]
        assert f"| {element} | {' | '.join(cells)} |" in page
