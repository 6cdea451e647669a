"""What a client's type checker says of msrisk: each ignore is an error that mypy must report.

`mypy` runs over this file; nothing in it is called. An error that mypy no longer finds makes its
ignore unused, and an unused ignore is an error.
"""

from __future__ import annotations

from typing import assert_type

import msrisk
from msrisk import NONE_REPORTED, Entries, Entry, Level, PatientProfile, RuleSet, Supplement

__all__ = ["answers", "mistakes", "profiles"]


def profiles() -> list[PatientProfile]:
    """Write profiles in every way that the interface promises."""
    return [
        PatientProfile(),
        PatientProfile(supplements=["alpha lipoic acid"], allergies=NONE_REPORTED, age_years=67),
        PatientProfile(supplements=(Supplement("NAC", daily_dose_mg=(600, 1200), taking=None),)),
        PatientProfile(medications=Entries(["Ocrevus", Entry("Synthroid")], complete=False)),
        PatientProfile(weight_kg=(60.5, 61), denied=["pregnancy"], asked_unknown={"age_years"}),
        PatientProfile.from_dict({"schema": "msrisk-intake/1", "medications": "none"}),
    ]


def answers(profile: PatientProfile, ruleset: RuleSet) -> None:
    """Read an answer: each part has the type that its name says."""
    report = msrisk.assess(profile, ruleset=ruleset, packs=["texts"])
    assert_type(report, msrisk.Report)
    assert_type(report.level, Level)
    assert_type(report.worst_case, Level)
    assert_type(report.headline, str)
    assert_type(report.could_reach(Level.URGENT), bool)
    assert_type(report.assessments, tuple[msrisk.Assessment, ...])
    assert_type(report.assessments[0].findings[0].message, str)
    assert_type(report.caveats, tuple[msrisk.Caveat, ...])
    assert_type(report.to_dict(), dict[str, object])
    assert_type(report.render(format="html", part="screen"), str)
    told = msrisk.recognise("Synthroid 50 mcg", "medication")
    assert_type(told, msrisk.Recognition)
    assert_type(told.concepts, frozenset[str])
    assert_type(RuleSet.default().version, str)


def mistakes(profile: PatientProfile) -> None:
    """Make the mistakes that a type checker must find before a patient does."""
    PatientProfile(["alpha lipoic acid"])  # type: ignore[call-arg]  # by keyword only
    PatientProfile(medication=["Ocrevus"])  # type: ignore[call-arg]  # no such field
    PatientProfile(age_years="67")  # type: ignore[arg-type]  # text is no number
    PatientProfile(ms_symptoms_severe="no")  # type: ignore[arg-type]  # text is no answer
    PatientProfile(medications=[None])  # type: ignore[list-item]  # nothing is no entry
    profile.age_years = 68  # type: ignore[misc]  # a profile cannot be changed
    msrisk.assess(profile, None)  # type: ignore[call-arg]  # rules by keyword only
    msrisk.assess({"medications": "none"})  # type: ignore[arg-type]  # a document is no profile
    report = msrisk.assess(profile)
    report.is_safe  # type: ignore[attr-defined]  # noqa: B018  # no such all-clear
    report.could_reach("urgent")  # type: ignore[arg-type]  # a level is no text
    report.level = Level.NO_FINDING  # type: ignore[misc]  # a report cannot be changed
