"""What the tests of the renderings read them with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser

import pytest

from msrisk.model.results import (
    Caveat,
    DisputedClaim,
    Finding,
    OpenQuestion,
    Report,
    Silence,
)
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text

from .rendering_examples import (
    BARE,
    NOTHING_FOUND,
    RICH,
)

Render = Callable[[Report], str]


def html_text(report: Report) -> str:
    """Return what a reader of the HTML sees, without the style."""
    body = re.sub(r"<style>.*?</style>", "", to_html(report), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", body))


def markdown_text(report: Report) -> str:
    """Return what a reader of the Markdown sees, without its escapes."""
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", to_markdown(report)))


PROSE: dict[str, Render] = {"text": to_text, "markdown": markdown_text, "html": html_text}
REPORTS = {"rich": RICH, "bare": BARE, "nothing found": NOTHING_FOUND}
every_prose = pytest.mark.parametrize("render", PROSE.values(), ids=PROSE)
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def one_line(text: str) -> str:
    """Return text without its line breaks and indents."""
    return " ".join(text.split())


Part = Finding | OpenQuestion | Caveat | DisputedClaim | Silence


def parts(report: Report) -> Iterator[Part]:
    """Yield every statement of a report that has a source."""
    yield from report.caveats
    for one in report.assessments:
        yield from one.findings
        yield from one.open_questions
        yield from one.caveats
        yield from one.claims
        yield from one.silences


def message(part: Part) -> str:
    """Return what a part says."""
    return part.question if isinstance(part, OpenQuestion) else part.message


def lost(report: Report, said: str) -> list[str]:
    """Return whatever a rendering does not say although the report does."""
    said = one_line(said)
    wanted = [report.headline, *map(message, parts(report))]
    for part in parts(report):
        for cited in part.citations:
            wanted += [cited.where, cited.title[1:]]
        if isinstance(part, Finding):
            wanted += [part.action, part.basis_in_words]
    for one in report.assessments:
        wanted += [one.name, one.level.words, one.worst_case.words]
    for entry in report.unrecognised:
        wanted += [entry.question, entry.reason, *entry.suggestions]
    for answer in report.denied:
        wanted += [answer.text, answer.name]
    if report.next_question is not None:
        wanted += [report.next_question.question, report.next_question.why]
    return [text for text in wanted if one_line(text) not in said]


class Checker(HTMLParser):
    """Checks that tags are balanced and collects them with their attributes."""

    def __init__(self) -> None:
        """Start with no tag."""
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.open.append(tag)
        self.seen.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Check that the tag that closes is the one that was opened last."""
        assert self.open.pop() == tag


def tags(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Return the tags of a page that is well-formed."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker.seen
