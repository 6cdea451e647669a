"""By ear a report is what it is by eye and as plain text: landmarks, headings, order, no colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

import msrisk
from msrisk.documents import profile_from_json
from tests.prints.__main__ import EXAMPLES, PAGE

PARTS: Final = ("full", "screen", "handout")
LANDMARKS: Final = {
    "full": ["First screen", "Full report", "Claims, reasons and sources"],
    "screen": ["First screen"],
    "handout": ["Page for the pharmacist"],
}
# A sign of an emergency, what is ruled out, a silence, a name from right to left, and an open end.
GRAVE: Final = msrisk.PatientProfile(
    supplements=[msrisk.Supplement("alpha lipoic acid 600 mg", taking=True), "Immunocal", "אקמול"],
    medications=["Prograf", "Synthroid 75 mcg", "aspirin"],
    conditions=["kidney disease"],
    allergies=["milk"],
    symptoms=["hives", "a rash"],
)
REPORTS: Final = {
    "grave": msrisk.assess(GRAVE),
    "nothing known": msrisk.assess(msrisk.PatientProfile()),
    **{
        one.stem: msrisk.assess(profile_from_json(one.read_bytes()))
        for one in map(Path, sorted(EXAMPLES.glob("*.json")))
    },
}
every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
every_part = pytest.mark.parametrize("part", PARTS)

# Where each thing that is read out stands, in the order of the page.
_TOPS: Final = """
() => [...document.querySelectorAll("h2, h3, h4, h5, p, dl > div")]
  .map(one => Math.round(one.getBoundingClientRect().top))
"""
# Whatever has a colour of its own, and what it says.
_COLOURED: Final = """
() => [...document.querySelectorAll(".msrisk-report *")]
  .filter(one => {
    const style = getComputedStyle(one), usual = getComputedStyle(document.body).color;
    const bar = parseFloat(style.borderLeftWidth) && style.borderLeftColor !== usual;
    return style.color !== usual || bar || style.backgroundColor !== "rgba(0, 0, 0, 0)"
      || style.backgroundImage !== "none";
  })
  .map(one => one.textContent)
"""
# What is said of a level in words; none of these is told by a colour alone.
_LEVELS: Final = re.compile(
    "|".join(
        (
            *(level.words for level in msrisk.Level),
            *("EMERGENCY", "GET HELP", "GET MEDICAL HELP", "DO NOT TAKE", "TAKE NO MORE", "ASK"),
            *("TELL", "NOT KNOWN", "NOT LOOKED AT", "THE TEXTS", "CANNOT TELL", "CLEARS"),
            *("Not spoken of", "To be asked", "To be cleared up", "NO SUPPLEMENT", "About "),
        )
    )
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return a window."""
    window = browser.new_context(viewport={"width": 900, "height": 900}).new_page()
    yield window
    window.context.close()


def shown(page: Page, report: msrisk.Report, part: str) -> str:
    """Show a part of a report; return it without the style."""
    html = report.render("html", part)
    page.set_content(PAGE.format(title=part, size="A4", report=html))
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def heard(page: Page) -> list[dict[str, Any]]:
    """Return what a browser tells a screen reader, in order."""
    found = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = {one["nodeId"]: one for one in found}

    def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not node["ignored"]:
            yield node
        for child in node.get("childIds", ()):
            # What has a text is not taken apart into its lines.
            if child in nodes and node.get("role", {}).get("value") != "StaticText":
                yield from below(nodes[child])

    return list(below(found[0]))


def of_role(nodes: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    """Return what has a role."""
    return [one for one in nodes if one["role"]["value"] == role]


def name(node: dict[str, Any]) -> str:
    """Return what a node is called."""
    return str(node.get("name", {}).get("value", ""))


def letters(text: str) -> str:
    """Return a text without blanks and the signs that only lay it out."""
    return re.sub(r"\W", "", text)


@every_part
@every_report
def test_the_first_landmark_is_the_first_screen_and_each_has_a_name(
    page: Page, report: msrisk.Report, part: str
) -> None:
    shown(page, report, part)
    assert [name(one) for one in of_role(heard(page), "region")] == LANDMARKS[part]


@every_part
@every_report
def test_headings_are_heard_in_order_of_their_depth(
    page: Page, report: msrisk.Report, part: str
) -> None:
    shown(page, report, part)
    headings = of_role(heard(page), "heading")
    depths = [
        each["value"]["value"]
        for one in headings
        for each in one["properties"]
        if each["name"] == "level"
    ]
    assert len(depths) == len(headings)
    assert depths[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(depths))
    assert all(map(name, headings))


@every_part
@every_report
def test_by_ear_by_eye_and_as_plain_text_the_same_is_said_in_the_same_order(
    page: Page, report: msrisk.Report, part: str
) -> None:
    html = shown(page, report, part)
    said = "".join(map(name, of_role(heard(page), "StaticText")))
    written = unescape(re.sub(r"<[^>]*>", "", html))
    assert letters(said) == letters(written)
    # Plain text has no ids of rules.
    plain = unescape(re.sub(r"<small>.*?</small>|<[^>]*>", " ", html))
    assert letters(plain) == letters(report.render("text", part))
    tops = page.evaluate(_TOPS)
    assert tops == sorted(tops)


@every_part
@every_report
def test_lists_are_heard_as_lists_and_hold_nothing_but_their_items(
    page: Page, report: msrisk.Report, part: str
) -> None:
    html = shown(page, report, part)
    nodes = heard(page)
    assert len(of_role(nodes, "list")) == html.count("<ul")
    assert len(of_role(nodes, "listitem")) == html.count("<li>")


@every_part
@every_report
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_told_by_a_colour_alone(
    page: Page, report: msrisk.Report, part: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    shown(page, report, part)
    coloured = page.evaluate(_COLOURED)
    assert coloured
    assert [one for one in coloured if not _LEVELS.search(one)] == []
    page.emulate_media(color_scheme="light")
