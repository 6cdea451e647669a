"""On patients of other seeds the first screen fits, unless several warnings rule something out."""

from __future__ import annotations

import pytest

import msrisk
from tests.burden.patients import patients
from tests.burden.problems import unheld


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_a_screen_with_one_grave_warning_has_twenty_five_lines_and_nothing_untrue(
    seed: int,
) -> None:
    for intake in patients(seed):
        report = msrisk.assess(msrisk.PatientProfile.from_dict(intake))
        grave = {
            (point.told, point.effect)
            for one in report.summary.substances
            for point in one.points
            if point.level in (msrisk.Level.URGENT, msrisk.Level.CONTRAINDICATED)
        }
        for part in ("screen", "handout"):
            said = report.render("text", part)
            assert unheld(said, report.to_dict()) == []
            assert part == "handout" or len(grave) > 1 or said.count("\n") <= 25
