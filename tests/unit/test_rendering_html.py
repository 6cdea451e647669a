"""Who cannot see the HTML, or its colours, reads the same in the same order."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import msrisk
from msrisk.documents import profile_from_json
from msrisk.model.results import Level, Report
from msrisk.rendering.html import to_html

from .rendering_checks import REPORTS, every_part, tags
from .rendering_examples import RICH

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
EVERY: dict[str, Report] = REPORTS | {
    one.stem: msrisk.assess(profile_from_json(one.read_bytes())) for one in EXAMPLES
}
every_report = pytest.mark.parametrize("report", EVERY.values(), ids=EVERY)


class Tree(HTMLParser):
    """Notes of each element what is around it, and the text of each heading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path: list[str] = []
        self.inside: list[tuple[str, str]] = []
        self.headings: list[tuple[int, dict[str, str | None], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append((self.path[-1] if self.path else "", tag))
        self.path.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop() == tag

    def handle_data(self, data: str) -> None:
        if any(re.fullmatch("h[1-6]", tag) for tag in self.path):
            depth, attributes, said = self.headings.pop()
            self.headings.append((depth, attributes, said + data))
        elif data.strip():
            around = [tag for tag in self.path if tag not in {"bdi", "span", "small"}][-1]
            assert around in {"p", "dt", "dd", "style"} or re.fullmatch("h[1-6]", around), (
                "no text stands outside a paragraph"
            )


def tree(page: str) -> Tree:
    parser = Tree()
    parser.feed(page)
    parser.close()
    assert parser.path == []
    return parser


@every_part
@every_report
def test_headings_come_in_order_and_none_is_empty(report: Report, part: str) -> None:
    headings = tree(to_html(report, part)).headings
    depths = [depth for depth, _, _ in headings]
    assert depths[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(depths))
    assert all(said.strip() for _, _, said in headings)


@every_part
@every_report
def test_every_section_inside_has_a_name_of_its_own_and_the_first_is_the_first_screen(
    report: Report, part: str
) -> None:
    (outer, *inner) = [
        dict(found) for tag, found in tags(to_html(report, part)) if tag == "section"
    ]
    assert outer == {"class": "msrisk-report", "lang": "en", "dir": "ltr"}
    names = [one["aria-label"] for one in inner]
    assert (
        names
        == {
            "full": ["First screen", "Full report", "Claims, reasons and sources"],
            "screen": ["First screen"],
            "handout": ["Page for the pharmacist"],
        }[part]
    )


@every_part
@every_report
def test_lists_hold_their_items_and_nothing_else(report: Report, part: str) -> None:
    inside = tree(to_html(report, part)).inside
    assert {child for parent, child in inside if parent == "ul"} <= {"li"}
    assert {parent for parent, child in inside if child == "li"} <= {"ul"}
    assert {child for parent, child in inside if parent == "dl"} <= {"div"}
    assert {child for parent, child in inside if parent == "div"} <= {"dt", "dd"}


@every_part
@every_report
def test_nothing_is_hidden_behind_a_click_and_nothing_changes_the_order_of_reading(
    report: Report, part: str
) -> None:
    seen = tags(to_html(report, part))
    folded = [dict(found) for tag, found in seen if tag == "details"]
    assert folded == ([{"open": None}] if part == "full" else [])
    for _, attributes in seen:
        names = {name for name, _ in attributes}
        assert not names & {"tabindex", "hidden", "aria-hidden", "style", "onclick", "autofocus"}


LEVEL_WORDS = {
    Level.URGENT: ("GET HELP AT ONCE", "GET MEDICAL HELP NOW"),
    Level.CONTRAINDICATED: ("DO NOT TAKE IT", "TAKE NO MORE OF IT", "BEFORE THE NEXT DOSE"),
    Level.CAUTION: ("ASK YOUR DOCTOR OR PHARMACIST", "ASK THE PRESCRIBER"),
    Level.UNDETERMINED: (
        *("NOT KNOWN YET", "NOT LOOKED AT", "Not spoken of", "To be asked", "To be cleared up"),
        *("CANNOT TELL YET", "NOT RECOGNISED", "Not covered", "NO SUPPLEMENT"),
    ),
    Level.INFORM: ("TELL YOUR DOCTOR", "TELL THE PRESCRIBER"),
    Level.NO_FINDING: ("THAT CLEARS NOTHING",),
}


@every_part
@every_report
def test_a_heading_that_has_a_colour_says_the_same_in_words(report: Report, part: str) -> None:
    for _, attributes, said in tree(to_html(report, part)).headings:
        level = (attributes.get("class") or "").removeprefix("msrisk-level-")
        if level not in {"", "msrisk-run-in"} and not said.startswith("About "):
            known = Level(level)
            assert any(words in said for words in (known.words, *LEVEL_WORDS[known])), said


def test_the_sign_of_what_is_against_a_statement_stays_with_its_key() -> None:
    page = to_html(msrisk.assess(msrisk.PatientProfile(supplements=["alpha lipoic acid"])))
    assert "<dt><span>-E035</span>:</dt>" in page
    assert "; <span>-E072</span>]" in page
    assert "-E" not in re.sub("<span>-E[0-9]+</span>", "", page).partition("</style>")[2]


def test_boxes_to_be_ticked_stand_in_lists_of_their_own() -> None:
    lists = [
        dict(found).get("class") for tag, found in tags(to_html(RICH, "handout")) if tag == "ul"
    ]
    assert lists == [None, None, "msrisk-boxes", "msrisk-boxes"]
    assert "msrisk-boxes" not in to_html(RICH, "screen").partition("</style>")[2]


def test_what_was_typed_is_set_apart_from_the_words_around_it_wherever_it_stands() -> None:
    """A name from right to left turns nothing beside it, and what is markup in it stays text."""
    name = "אקמול <b>500</b> مسكن"
    long = "תרופה " * 12
    profile = msrisk.PatientProfile(
        supplements=[msrisk.Supplement("NAC"), msrisk.Supplement(name)],
        medications=[name, long, "tacrolimus"],
        symptoms=["hives"],
    )
    shown = "אקמול &lt;b&gt;500&lt;/b&gt; مسكن"
    for part in ("full", "screen", "handout"):
        page = to_html(msrisk.assess(profile), part)
        assert f"<bdi>{shown}</bdi>" in page
        assert page.count(shown) == page.count(f"<bdi>{shown}</bdi>")
        assert "<b>" not in page
    page = to_html(msrisk.assess(profile))
    cut = " ".join(long.split())[:40].rstrip()
    assert page.count(cut) == page.count(f"<bdi>{cut}")
    nothing = to_html(msrisk.assess(msrisk.PatientProfile()))
    assert "<bdi>" not in nothing
