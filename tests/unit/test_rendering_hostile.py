"""What a patient typed does nothing in any rendering."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from attrs import evolve

from msrisk.model.results import (
    Report,
)
from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text

from .rendering_checks import (
    every_report,
    markdown_text,
    tags,
)
from .rendering_examples import (
    BARE,
    RICH,
    SCOPE,
    typed,
)

# --- What a patient typed does nothing -----------------------------------------------------

HOSTILE = [
    "<b>bold</b> <script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "[a](javascript:alert(1))",
    "![a](http://example.org/x.png)",
    "<javascript:alert(1)>",
    "# x",
    "- x",
    "1. x",
    "| a | b |",
    "`x` **x** __x__ ~~x~~ $x$ \\",
    "&lt;b&gt; &#35;",
    "\x1b[31mred\x1b]0;title\x07\x9b31m",
    "one\ntwo\r\n# three\u2028four",
    "\u202ereversed\u2066",
    "www.example.org http://example.org",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_prints_nothing_that_a_terminal_obeys(text: str) -> None:
    said = to_text(typed(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert "\n# three" not in said


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_holds_no_markup_that_was_typed(text: str) -> None:
    said = to_markdown(typed(text))
    plain = to_markdown(typed("word"))
    assert "<" not in said
    for mark in ("`", "[", "]", "|", "~", "$", "_", "#", "*"):
        live = rf"(?<!\\){re.escape(mark)}"
        assert len(re.findall(live, said.replace("&#", ""))) == len(re.findall(live, plain))
    assert not re.search(r"http://|www\.", said)
    assert len(said.splitlines()) == len(plain.splitlines())


def test_markdown_escapes_what_would_start_a_list_or_a_rule() -> None:
    for start in ("---", "+ x", "=== x", "1. x", "12) x", "1200 mg. x"):
        caveat = evolve(SCOPE, message=start)
        said = to_markdown(evolve(BARE, caveats=(caveat,)))
        assert (f"- {start}" in said) is (start == "1200 mg. x")
        assert start in markdown_text(evolve(BARE, caveats=(caveat,)))


@every_report
def test_html_is_one_section_with_headings_in_order_and_a_language(report: Report) -> None:
    seen = tags(to_html(report))
    assert seen[0] == ("section", (("class", "msrisk-report"), ("lang", "en")))
    assert [tag for tag, _ in seen].count("section") == 1
    depths = [int(tag[1]) for tag, _ in seen if re.fullmatch("h[1-6]", tag)]
    assert depths[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(depths))


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_no_tag_attribute_or_address_that_was_typed(text: str) -> None:
    page = to_html(typed(text))
    assert tags(page) == tags(to_html(typed("word")))
    assert {tag for tag, _ in tags(page)} <= {
        *("section", "style", "h2", "h3", "h4", "h5", "p", "ul", "li", "dl", "div", "dt", "dd")
    }
    assert {name for _, attributes in tags(page) for name, _ in attributes} == {"class", "lang"}
    style = page.partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    selectors = re.findall(r"^(\S.*?)[,{]", style.partition("<style>")[2], flags=re.MULTILINE)
    assert selectors
    assert all(one.startswith((".msrisk-report", "@media print")) for one in selectors)


def test_html_tells_every_level_in_words_beside_its_colour() -> None:
    page = to_html(RICH)
    for level, heading in re.findall(r'class="msrisk-level-([a-z-]+)">(.*?)</h', page):
        words_for_it = {"Open questions", "Not spoken of", "To be cleared up", "Ask next"}
        assert level.replace("-", " ").upper() in heading or any(
            one in heading for one in words_for_it
        )
