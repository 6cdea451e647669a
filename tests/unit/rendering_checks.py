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
from msrisk.rendering import PARTS, words
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text

from .rendering_examples import (
    BARE,
    NOTHING_FOUND,
    RICH,
)

Render = Callable[[Report, str], str]


def html_text(report: Report, part: str = "full", *, ids: bool = True) -> str:
    """Return what a reader of the HTML sees, without the style; if so wanted, without the ids."""
    other = "style" if ids else "style|small"
    body = re.sub(rf"<({other})>.*?</\1>", "", to_html(report, part), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", body))


def markdown_text(report: Report, part: str = "full") -> str:
    """Return what a reader of the Markdown sees, without its escapes."""
    said = to_markdown(report, part).replace("\N{WORD JOINER}", "")
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said))


PROSE: dict[str, Render] = {"text": to_text, "markdown": markdown_text, "html": html_text}
REPORTS = {"rich": RICH, "bare": BARE, "nothing found": NOTHING_FOUND}
every_prose = pytest.mark.parametrize("render", PROSE.values(), ids=PROSE)
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
every_part = pytest.mark.parametrize("part", PARTS)


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


SAID = frozenset(
    {
        *("headline", "rule", "claim", "message", "action", "question"),
        *(
            "text",
            "code",
            "reason",
            "suggestions",
            "recognised_as",
            "version",
            "packs",
        ),
    }
)
"""The keys of the document whose values stand in the full report, word for word."""

IDS = frozenset({"rule", "claim"})
"""Those of them that are keys for a program."""

ELSEWHERE = frozenset({"summary", "ruleset", "policy"})
"""The parts that say the same in fewer words, or in others."""


def lost(report: Report, said: str, *, ids: bool) -> list[str]:
    """Return whatever a full rendering does not say although the document does.

    Plain text has no ids.
    """
    said = one_line(said).casefold()
    document = report.to_dict()
    # What the answer could bring is said by the rules that hang on it.
    document["next_question"] = report.next_question.question if report.next_question else None
    keys = {one.id: one.key for one in report.sources}
    wanted = [
        text
        for key, one in document.items()
        if key not in ELSEWHERE
        for text in said_of(one, key, ids=ids)
    ]
    wanted += [words.cites(one.citations, keys) for one in parts(report)]
    wanted += list(reasons(report))
    for one in report.assessments:
        rules = {part.rule for part in parts(report) if not isinstance(part, DisputedClaim)}
        sides = (s for claim in one.claims for s in claim.other_side if s.rule not in rules)
        wanted += [words.cites(side.citations, keys) for side in sides]
        wanted += [words.title(one), one.level.words, one.worst_case.words]
    # Where each sentence of a text stands, and each reference in full, is told by the document.
    wanted += [one.key for one in report.sources]
    return [text for text in wanted if one_line(words.clean(text)).casefold() not in said]


def reasons(report: Report) -> Iterator[str]:
    """Yield how far findings go beyond their sources, and msrisk's own readings.

    The arguments, numbers of a source, and what labels say, are told by the document.
    """
    for one in report.assessments:
        for finding in one.findings:
            if finding.basis not in ("stated", "inferred"):
                yield finding.basis_in_words
        because = [part.because for part in one.findings]
        because += [part.because for part in one.silences]
        yield from (fact.why for facts in because for fact in facts if fact.basis == "judged")


def said_of(value: object, key: str, *, ids: bool) -> Iterator[str]:
    """Yield each text of a part of the document that is to be said."""
    if isinstance(value, dict):
        for inner, one in value.items():
            # Citations are said by their letters and numbers.
            if inner != "citations":
                yield from said_of(one, inner, ids=ids)
    elif isinstance(value, list):
        for one in value:
            yield from said_of(one, key, ids=ids)
    elif isinstance(value, str) and key in SAID and (ids or key not in IDS):
        yield value


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
    """Return the tags of a page that is well-formed, without those around what was typed."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return [one for one in checker.seen if one != ("bdi", ())]
