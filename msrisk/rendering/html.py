"""Writes a report as HTML for any page or notebook: no script, no outside address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from msrisk.model.results import Report
from msrisk.rendering.outline import outline
from msrisk.rendering.shape import Section
from msrisk.rendering.typed import typed
from msrisk.rendering.words import clean

__all__ = ["STYLE", "sections", "to_html"]

# Text and background are those of the page around it, light or dark; only the bar beside
# a heading has a colour, and the heading says the level in words. None of them is green.
# Paper has no ids of rules, as plain text has none: they are keys for a program.
STYLE: Final = """
.msrisk-report { max-width: 46em; line-height: 1.5; overflow-wrap: anywhere; }
.msrisk-report h2, .msrisk-report h3, .msrisk-report h4, .msrisk-report h5 {
  line-height: 1.25; margin: 1.2em 0 0.4em; }
.msrisk-report h2 { font-size: 1.5em; }
.msrisk-report h3 { font-size: 1.25em; border-top: 1px solid currentColor; padding-top: 0.6em; }
.msrisk-report h4 { font-size: 1.05em; }
.msrisk-report h5 { font-size: 1em; font-style: italic; }
.msrisk-report [class^="msrisk-level"] { border-left: 0.35em solid; padding-left: 0.5em; }
.msrisk-report .msrisk-level-urgent { border-left: 0.6em double #d5002b; }
.msrisk-report p.msrisk-level-urgent { border: 0.15em solid #d5002b; padding: 0.4em 0.6em;
  margin: 0.6em 0; font-weight: 600; }
.msrisk-report .msrisk-level-contraindicated { border-left-color: #d5002b; }
.msrisk-report .msrisk-level-caution { border-left-color: #c77700; }
.msrisk-report .msrisk-level-undetermined { border-left-color: #9a4fd0; }
.msrisk-report .msrisk-level-inform { border-left-color: #2f7fd0; }
.msrisk-report .msrisk-level-no-finding { border-left-color: #808080; }
.msrisk-report ul { margin: 0.4em 0; padding-left: 1.4em; }
.msrisk-report li { margin: 0.6em 0; }
.msrisk-report p { margin: 0.3em 0; }
.msrisk-report dl { margin: 0.2em 0 0; font-size: 0.92em; }
.msrisk-report dt { display: inline; font-weight: 600; }
.msrisk-report dd { display: inline; margin: 0; }
.msrisk-report summary h2 { display: inline; }
.msrisk-report span { white-space: nowrap; }
.msrisk-screen li, .msrisk-handout li { margin: 0.25em 0; }
.msrisk-boxes { list-style: none; }
.msrisk-boxes li::before { content: ""; float: left; width: 0.75em; height: 0.75em;
  margin: 0.3em 0 0 -1.2em; border: 1px solid currentColor; }
@media print {
  .msrisk-report { max-width: none; font-size: 9pt; line-height: 1.15; orphans: 2; widows: 2; }
  .msrisk-report h2 { font-size: 1.25em; margin: 0 0 0.2em; break-after: avoid; }
  .msrisk-report h3 { font-size: 1.05em; margin: 0.3em 0 0.1em; padding-top: 0.1em;
    break-after: avoid; }
  .msrisk-report h4 { font-size: 1em; margin: 0.3em 0 0; break-after: avoid; }
  .msrisk-report p { margin: 0.1em 0; }
  .msrisk-report p.msrisk-level-urgent { padding: 0.2em 0.5em; margin: 0.2em 0; }
  .msrisk-report small { display: none; }
  .msrisk-report ul { margin: 0; padding-left: 0.8em; }
  .msrisk-report ul:not(.msrisk-boxes) { list-style-type: "\\2022  "; }
  .msrisk-report li { margin: 0.1em 0; }
  .msrisk-report li p { margin: 0; }
  .msrisk-report dl { margin: 0; font-size: 1em; }
  .msrisk-flow, .msrisk-flow li, .msrisk-flow li p { display: inline; }
  .msrisk-report .msrisk-flow, .msrisk-report .msrisk-appendix ul { padding-left: 0; }
  .msrisk-flow li + li::before, .msrisk-appendix li + li::before { content: " \\2022  "; }
  .msrisk-appendix li, .msrisk-appendix li :is(p, dl, div, dt, dd),
  .msrisk-body li :is(p, dl, div, dt, dd) { display: inline; margin: 0; }
  .msrisk-report .msrisk-run-in, .msrisk-report .msrisk-appendix h3 { display: inline; border: 0;
    font-size: 1em; line-height: inherit; }
  .msrisk-report .msrisk-appendix h3 { font-weight: normal; font-style: italic; }
  .msrisk-run-in::after, .msrisk-appendix h3::after { content: ": "; }
  .msrisk-flow + .msrisk-run-in::before, .msrisk-appendix ul + h3::before { content: "\\A";
    white-space: pre; }
  .msrisk-appendix ul { display: inline; }
  .msrisk-body, .msrisk-appendix { columns: 2; column-gap: 1em; line-height: 1.07;
    border-top: 2px solid; margin-top: 0.2em; padding-top: 0.1em; }
  .msrisk-body > h2, .msrisk-appendix summary { column-span: all; }
  .msrisk-screen { break-inside: avoid; }
  .msrisk-screen li, .msrisk-handout li { break-inside: avoid; }
  .msrisk-report summary { list-style: none; }
  .msrisk-handout { font-size: 10.5pt; line-height: 1.3; }
  .msrisk-handout li, .msrisk-handout p { margin: 0.3em 0; }
  .msrisk-handout h3 { margin-top: 0.7em; }
  .msrisk-report .msrisk-boxes { padding-left: 1.4em; }
}
"""

# A browser would end a line behind the sign of what is against a statement.
_AGAINST: Final = re.compile(r"(?<![^ ;])-[A-Z]\w*")
_LABELS: Final = {
    "screen": "First screen",
    "body": "Full report",
    "appendix": "Claims, reasons and sources",
    "handout": "Page for the pharmacist",
}


def to_html(report: Report, part: str = "full") -> str:
    """Return a part of a report as one `<section>`, everything in it escaped.

    The first screen is the first landmark in it; the rest is there without a click.
    """
    start = f'<section class="msrisk-report" lang="en" dir="ltr">\n<style>{STYLE}</style>'
    body = "\n".join(sections(report, part))
    return f"{start}\n{body}\n</section>\n"


def sections(report: Report, part: str) -> tuple[str, ...]:
    """Return the sections of a part, for a page that has `STYLE` in a file of its own.

    Each belongs inside an element of the class "msrisk-report".
    """
    escaped = _Escaped(report)
    return tuple("\n".join(_part(one, escaped)) for one in outline(report, part))


class _Escaped:
    """Escapes text, and sets the words of the patient apart from those around them.

    A name that is written from right to left would else turn what stands beside it.
    """

    def __init__(self, report: Report) -> None:
        words = "".join(f"|{re.escape(one)}" for one in typed(report))
        # In quotes stands what was typed, or a piece of it.
        self._typed = re.compile(rf"((?<=“)[^“”]+(?=”)|(?<!\w)(?:(?!){words})(?!\w))")

    def __call__(self, text: str) -> str:
        """Return text as HTML shows it."""
        parts = map(escape, self._typed.split(clean(text)))
        return "".join(
            f"<bdi>{one}</bdi>" if at % 2 else _AGAINST.sub(r"<span>\g<0></span>", one)
            for at, one in enumerate(parts)
        )


def _part(section: Section, escaped: _Escaped) -> Iterator[str]:
    name = section.part
    yield f'<section class="msrisk-{name}" aria-label="{_LABELS[name]}">'
    if name == "appendix":
        heading, *rest = _section(section, 2, escaped)
        yield f"<details open><summary>{heading}</summary>"
        yield from rest
        yield "</details>"
    else:
        yield from _section(section, 2, escaped)
    yield "</section>"


def _ids(ids: tuple[str, ...]) -> str:
    return f"<small> {escape(', '.join(ids))}</small>" if ids else ""


def _section(section: Section, depth: int, escaped: _Escaped) -> Iterator[str]:
    mark = f' class="msrisk-level-{section.level.value}"' if section.level is not None else ""
    if section.title:
        run_in = ' class="msrisk-run-in"' if section.flow else mark
        yield f"<h{depth}{run_in}>{escaped(section.title)}{_ids(section.ids)}</h{depth}>"
    if section.points:
        set_as = "boxes" if section.box else "flow" if section.flow else ""
        yield f'<ul class="msrisk-{set_as}">' if set_as else "<ul>"
        for point in section.points:
            yield f"<li><p>{escaped(point.text)}{_ids(point.ids)}</p>"
            if point.lines:
                yield "<dl>"
                for label, text, _ in point.lines:
                    yield f"<div><dt>{escaped(label)}:</dt> <dd>{escaped(text)}</dd></div>"
                yield "</dl>"
            yield "</li>"
        yield "</ul>"
    for note in section.notes:
        # Without a heading the note itself says the level.
        yield f"<p{'' if section.title else mark}>{escaped(note)}</p>"
    for part in section.sections:
        yield from _section(part, depth + 1, escaped)
