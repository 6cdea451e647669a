"""Writes a report as plain text: what `print(report)` shows."""

from __future__ import annotations

from msrisk.model.results import Report
from msrisk.rendering.outline import outline
from msrisk.rendering.plain import section_text

__all__ = ["to_text"]


def to_text(report: Report, part: str = "full", *, width: int = 80, colour: bool = False) -> str:
    """Return a part of a report as text of this width (at least 40), with ANSI colours if asked."""
    # The heading of a part is drawn out to the full width, so that no line is left empty above it.
    parts = outline(report, part)
    return "".join(section_text(one, width=width, colour=colour) for one in parts)
