"""GitHub's own reader of Markdown finds nothing in what was typed but its words."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.rendering.markdown import escaped
from msrisk.rendering.words import clean

from .test_rendering_hostile import HOSTILE

_PIECES: Final = (
    *"\\`*_[](){}#+-.!|~$<>&;:/@ =\"'0a\n\t",
    *("http:", "https://", "ftp://", "mailto:", "xmpp:", "www.", "WWW.", ".org", "a@b.org", "&#"),
    *("19. ", "2019) ", "123456789. ", "- ", "[ ] ", "---", "===", "<!--", "&amp;", "@ada"),
)


def seen(text: str, before: str) -> tuple[set[str], str]:
    """Return the tags that come of an escaped text after something, and its words."""
    page = str(cmarkgfm.github_flavored_markdown_to_html(f"{before}{escaped(text)}\n"))
    words = unescape(re.sub("<[^>]*>", "", page)).replace("\N{WORD JOINER}", "")
    return set(re.findall("<([a-z0-9]+)", page)), words.strip()


def expected(text: str) -> str:
    return clean(text).strip()


@pytest.mark.parametrize("before", ["", "- "])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_to_do_harm_is_words(text: str, before: str) -> None:
    tags, words = seen(text, before)
    assert tags <= {"p", "ul", "li"}
    assert words == expected(text)


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_whatever_is_typed_is_words(text: str) -> None:
    tags, words = seen(f"x{text}", "")
    assert tags <= {"p"}
    assert words == expected(f"x{text}")
    tags, words = seen(text, "- ")
    assert tags <= {"p", "ul", "li"}
    assert words == expected(text)
