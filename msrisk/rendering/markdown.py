"""Writes a report as Markdown in which no typed text is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape as html_escape
from typing import Final

from msrisk.model.results import Report
from msrisk.rendering.outline import outline
from msrisk.rendering.shape import Section
from msrisk.rendering.words import clean

__all__ = ["escaped", "section_markdown", "to_markdown"]


_JOINER: Final = "\N{WORD JOINER}"
_ADDRESS: Final = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\S)", re.IGNORECASE)
_START: Final = re.compile(r"^(?:(\d{1,9})([.)])(?=\s|$)|([-+=:]))")


def to_markdown(report: Report, part: str = "full") -> str:
    """Return a part of a report as Markdown."""
    first, *others = outline(report, part)
    return "\n".join((section_markdown(first), *(section_markdown(one, 2) for one in others)))


def section_markdown(section: Section, depth: int = 1) -> str:
    """Return a section and all inside it as Markdown, its heading of this depth."""
    return "\n".join(_section(section, depth)) + "\n"


def _section(section: Section, depth: int) -> Iterator[str]:
    if depth > 1:
        yield ""
    if section.title:
        yield f"{'#' * depth} {escaped(section.title)}{_ids(section.ids)}"
    mark = "- [ ] " if section.box else "- "
    if section.points:
        yield ""
    for point in section.points:
        yield f"{mark}{escaped(point.text)}{_ids(point.ids)}"
        for label, text, code in point.lines:
            yield f"  - **{label}:** {_code(text) if code else escaped(text)}"
    for note in section.notes:
        yield from ("", escaped(note))
    for part in section.sections:
        yield from _section(part, depth + 1)


def _ids(ids: tuple[str, ...]) -> str:
    return f" ({', '.join(map(_code, ids))})" if ids else ""


def _code(text: str) -> str:
    """Return text on one line, to be copied as it is."""
    inside = clean(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", inside)), default=0))
    return f"{fence} {inside} {fence}" if len(fence) > 1 else f"{fence}{inside}{fence}"


def escaped(text: str) -> str:
    """Return text on one line that Markdown shows as it is."""
    # Entities for what could be HTML: not every Markdown program knows `\<`.
    inert = html_escape(clean(text).strip(), quote=False)
    inert = re.sub(r"(?<!&)#|[\\`*_\[\]|~$]", r"\\\g<0>", inert)
    # Bare addresses become links, and so do names after an @, however they are escaped: what
    # looks for them sees the text without its escapes. So something unseen stands in between.
    inert = _ADDRESS.sub(_JOINER, inert)
    # At the start of a line also lists, rules and underlined headings.
    return _START.sub(r"\1\\\2\3", inert)
