"""What was asked and could not be answered, apart from what nobody asked."""

from __future__ import annotations

import msrisk
from msrisk import PatientProfile


def test_what_was_asked_and_is_not_known_is_told_apart_from_what_was_never_asked() -> None:
    profile = PatientProfile(supplements=["ALA"], asked_unknown=["weight_kg", "age_years"])
    report = msrisk.assess(profile)
    screen = " ".join(report.render("text", "screen").split())
    first, _, known = screen.partition("Asked, not known: ")
    assert "How old are you? How much do you weigh?" in known
    assert "How much do you weigh?" not in first.partition("Ask first: ")[2]
    asked = {one.field for one in report.summary.unknown if one.asked}
    assert asked == {one.field for one in report.to_ask if one.asked} == {"age_years", "weight_kg"}
    assert "Asked, not known: How much do you weigh" in " ".join(str(report).split())
