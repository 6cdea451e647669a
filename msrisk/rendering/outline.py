"""Chooses what every prose rendering says, in order, before it is written in any format.

The renderings walk this one structure, so that none can lose a caveat or a source.
"""

from __future__ import annotations

from typing import Final

from msrisk.model.results import Report
from msrisk.rendering.appendix import appendix
from msrisk.rendering.beside import Beside
from msrisk.rendering.body import body
from msrisk.rendering.handout import handout
from msrisk.rendering.plain import line_counter
from msrisk.rendering.screen import screen
from msrisk.rendering.shape import Section

__all__ = ["PARTS", "outline"]

PARTS: Final = ("full", "screen", "handout")
"""What can be rendered: all of a report, its first screen, or the patient's page."""


def outline(report: Report, part: str) -> tuple[Section, ...]:
    """Return what a part of a report says."""
    if part == "handout":
        return (handout(report, line_counter()),)
    first = screen(report, line_counter())
    if part == "screen":
        return (first,)
    beside = Beside(report)
    return (first, body(report, beside), appendix(report, beside))
