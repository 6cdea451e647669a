"""What the tests of the book of rules read it with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

from msrisk.book import book
from msrisk.book.html import book_to_html
from msrisk.book.markdown import book_to_markdown
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet
from msrisk.rendering.words import clean

from .rendering_checks import one_line

Read = Callable[[RuleSet, Iterable[Case]], str]


def page(ruleset: RuleSet, cases: Iterable[Case] = ()) -> str:
    """Return a book as HTML."""
    return book_to_html(book(ruleset, cases))


def markdown(ruleset: RuleSet, cases: Iterable[Case] = ()) -> str:
    """Return a book as Markdown."""
    return book_to_markdown(book(ruleset, cases))


def page_text(ruleset: RuleSet, cases: Iterable[Case] = ()) -> str:
    """Return what a reader of the HTML sees, without the style."""
    body = re.sub(r"<style>.*?</style>", "", page(ruleset, cases), flags=re.DOTALL)
    return one_line(unescape(re.sub(r"<[^>]*>", " ", body)))


def markdown_text(ruleset: RuleSet, cases: Iterable[Case] = ()) -> str:
    """Return what a reader of the Markdown sees, without its escapes and anchors."""
    said = re.sub(r'<a id="[^"]*"></a>', "", markdown(ruleset, cases))
    return one_line(unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said)))


PROSE: dict[str, Read] = {"markdown": markdown_text, "html": page_text}


def case(rule: str, says: str = "A woman of 40.", outcome: str = "finding") -> Case:
    """Return a worked patient of a rule."""
    return Case(f"of-{rule}", says, rule, outcome, "caution", "urgent", (rule,), (), {})


def unsaid(said: str, wanted: Iterable[str]) -> list[str]:
    """Return what a book does not say."""
    return [text for text in wanted if one_line(clean(text)) not in said]
