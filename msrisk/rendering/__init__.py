"""Renders a report as a JSON document, text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msrisk.errors import ConceptError, Problem
from msrisk.model.results import Report
from msrisk.rendering.document import to_document, to_json
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.outline import PARTS
from msrisk.rendering.text import to_text

__all__ = [
    "FORMATS",
    "PARTS",
    "render",
    "to_document",
    "to_html",
    "to_json",
    "to_markdown",
    "to_text",
]

FORMATS: Final[dict[str, Callable[[Report, str], str]]] = {
    "text": to_text,
    "markdown": to_markdown,
    "html": to_html,
    "json": to_json,
}
"""The formats, and what writes a part of a report in each."""


def render(report: Report, format_: str, part: str) -> str:
    """Return a part of a report in a format.

    Raises:
        ConceptError: for another format or part.

    """
    problems = [
        Problem(where, f"one of {', '.join(known)}", ascii(given))
        for where, given, known in (("format", format_, FORMATS), ("part", part, PARTS))
        if given not in known
    ]
    if problems:
        raise ConceptError(problems)
    return FORMATS[format_](report, part)
