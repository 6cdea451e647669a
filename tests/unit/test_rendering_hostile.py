"""What a patient typed does nothing in any rendering."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from msrisk.rendering.html import to_html
from msrisk.rendering.markdown import to_markdown
from msrisk.rendering.text import to_text

from .rendering_checks import every_part, markdown_text, one_line, tags
from .rendering_examples import BARE, SCOPE, typed

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
    "Ada.Miller@example.org mailto:ada@example.org xmpp:ada@example.org/x @ada",
]


every_hostile = pytest.mark.parametrize("text", HOSTILE)


def harmless(text: str) -> str:
    """Return letters in place of a text, as long as it is: what has no room is counted."""
    return re.sub(r"\S", "w", text)


@every_part
@every_hostile
def test_text_prints_nothing_that_a_terminal_obeys(text: str, part: str) -> None:
    said = to_text(typed(text), part)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert "\n# three" not in said


@every_part
@every_hostile
def test_markdown_holds_no_markup_that_was_typed(text: str, part: str) -> None:
    said = to_markdown(typed(text), part)
    plain = to_markdown(typed(harmless(text)), part)
    assert "<" not in said
    for mark in ("`", "[", "]", "|", "~", "$", "_", "#", "*"):
        live = rf"(?<!\\){re.escape(mark)}"
        assert len(re.findall(live, said.replace("&#", ""))) == len(re.findall(live, plain))
    assert not re.search(r"http://|www\.", said)
    assert len(said.splitlines()) == len(plain.splitlines())


def test_markdown_escapes_what_would_start_a_list_or_a_rule() -> None:
    for start in ("---", "+ x", "=== x", "1. x", "12) x", "1200 mg. x"):
        caveat = evolve(SCOPE, message=start, action="")
        said = to_markdown(evolve(BARE, caveats=(caveat,)))
        assert (f"- {start}" in said) is (start == "1200 mg. x")
        assert start in markdown_text(evolve(BARE, caveats=(caveat,)))


@every_part
@every_hostile
def test_html_holds_no_tag_attribute_or_address_that_was_typed(text: str, part: str) -> None:
    page = to_html(typed(text), part)
    assert tags(page) == tags(to_html(typed(harmless(text)), part))
    assert {tag for tag, _ in tags(page)} <= {
        *("section", "style", "h2", "h3", "h4", "h5", "p", "ul", "li", "dl", "div", "dt", "dd"),
        *("details", "summary", "small"),
    }
    names = {name for _, attributes in tags(page) for name, _ in attributes}
    assert names - {"open"} == {"class", "lang", "dir", "aria-label"}
    style = page.partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    selectors = re.findall(r"^(\S.*?)[,{]", style.partition("<style>")[2], flags=re.MULTILINE)
    assert selectors
    own = (".msrisk-", "@media print")
    assert all(one.startswith(own) for one in selectors), "the page around it keeps its looks"


@every_part
def test_a_name_of_ten_thousand_letters_is_whole_in_the_body_and_begins_elsewhere(
    part: str,
) -> None:
    said = one_line(to_text(typed("x" * 10_000), part))
    assert (f"“{'x' * 10_000}”" in said) is (part == "full")
    if part != "full":
        assert len(said) < 4_000
        assert re.search("“x{35,40} \\(and 99[56][0-9] more characters\\)”", said)
