"""The page on the burden of a report is what the command would write, on sixty patients."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from statistics import median

import msrisk

from .measure import TOPICS, measured, screen, text
from .page import BEFORE, PAGE, figures, page
from .patients import PATIENTS, SEED, patients


def test_the_page_is_what_the_command_writes(root: Path) -> None:
    committed = (root / PAGE).read_text("utf-8")
    renew = f"write it anew with: python -m benchmarks.burden --markdown > {PAGE.as_posix()}"
    written = page(json.loads(BEFORE.read_text("utf-8")), measured(patients()))
    assert committed == written, renew


def test_an_ordinary_report_is_no_longer_than_is_aimed_for() -> None:
    reports = [msrisk.assess(msrisk.PatientProfile.from_dict(one)) for one in patients()]
    assert median(text(report).count("\n") for report in reports) < 170
    assert all(screen(report).count("\n") <= 25 for report in reports)


def test_the_patients_are_the_same_each_time_and_others_for_another_seed() -> None:
    assert patients() == patients(SEED)
    assert patients(SEED + 1) != patients()


def test_the_shares_are_dealt_out_exactly_whatever_the_seed() -> None:
    for seed in range(5):
        intakes = patients(seed)
        full = [one for one in intakes if len(one) == 10 and one["weight_kg"] != "unknown"]
        sparse = [
            one for one in intakes if not one.keys() & {"conditions", "allergies", "symptoms"}
        ]
        assert len(intakes) == PATIENTS
        assert len(full) >= 24
        assert len(sparse) >= 12
        about: Counter[str | None] = Counter()
        for intake in intakes:
            report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
            about.update({one.substance for one in report.assessments if one.covered})
        assert about["alpha-lipoic-acid"] == 44
        assert about["glutathione-precursor"] + about["n-acetylcysteine"] == 24


def test_nearly_all_that_the_patients_type_is_understood() -> None:
    asked: Counter[str | None] = Counter()
    for intake in patients():
        report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
        asked.update(one.text for one in report.unrecognised)
    assert set(asked) <= {"multivitamin"}


def test_the_topics_name_rules_that_there_are() -> None:
    rules = msrisk.RuleSet.default()
    known = {one.id for one in rules.rules} | {one.id for one in rules.claims}
    unknown = {one for ids in TOPICS.values() for one in ids} - known
    assert unknown == set()


def test_a_page_can_be_written_before_there_is_anything_to_compare_with() -> None:
    before = json.loads(BEFORE.read_text("utf-8"))
    assert "not measured yet" in page(before, None)
    assert "| lines of text | 387.5 |" in figures(before)
