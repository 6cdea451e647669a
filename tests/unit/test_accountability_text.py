"""The table of what became of each passage, as text."""

from __future__ import annotations

import re

import pytest
from attrs import evolve

from msrisk.accountability import account
from msrisk.accountability.text import NOTICE, accountability_text, summary

from .accountability_examples import NAME, TEXT, over
from .rendering_checks import one_line
from .test_accountability_rendering import TABLES


@pytest.mark.parametrize("name", ["shipped", "with the texts"])
def test_the_text_begins_and_ends_with_the_total_and_whether_the_texts_were_compared(
    name: str,
) -> None:
    made = TABLES[name]
    said = one_line(accountability_text(made))
    compared = "agree with their digests" if made.texts_checked else "were not compared"
    total = re.compile(
        r"(\d+) of \1 passages have a rule, a claim or a stated reason \(100 %: \d+ cited, "
        rf"\d+ with a reason why nothing cites them\); the texts themselves {compared}\."
    )
    first, last = total.finditer(said)
    assert said[: first.start()].rstrip().endswith("=")
    assert said[last.end() :].strip() == ""


def test_the_percentage_never_stands_alone() -> None:
    for made in TABLES.values():
        for line in re.findall(r"[^.]* %[^.]*\.", one_line(accountability_text(made))):
            assert "the texts themselves" in line


def test_of_one_passage_it_is_said_that_it_has_a_rule() -> None:
    made = TABLES["without the texts"]
    source = evolve(made.sources[0], passages=made.sources[0].passages[1:2])
    assert summary(evolve(made, sources=(source,))).startswith("1 of 1 passage has a rule")


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_the_text_is_no_wider_than_asked_but_for_long_ids(width: int) -> None:
    lines = accountability_text(TABLES["shipped"], width=width).splitlines()
    for line in lines:
        assert len(line) <= max(width, 60) or len(line.split()) == 1, line


def test_each_row_of_the_text_has_the_passage_the_place_and_what_became_of_it() -> None:
    text = accountability_text(TABLES["with open passages"])
    rows = text[text.index("PASSAGE") :].splitlines()[:8]
    assert [row.rstrip() for row in rows] == [
        "PASSAGE  WHERE            BECAME",
        "(opening)",
        "      1  heading          NOT ACCOUNTED FOR: no rule",
        "      2  para 1, sent 1   NOT ACCOUNTED FOR: cited, but with a context",
        "                          caution sunroot-sleeper",
        "                          context: framing",
        "      3  para 1, sent 2   claim sunroot-claim-harmless",
        "Amounts",
    ]


def test_with_the_texts_each_row_begins_with_its_sentence() -> None:
    text = accountability_text(TABLES["with the texts"], width=60)
    rows = text[text.index("PASSAGE") :].splitlines()[:8]
    assert [row.rstrip() for row in rows] == [
        "PASSAGE  WHERE            BECAME",
        "(opening)",
        "      1  heading          “# A leaflé & <b>more</b>”",
        "                          context: heading",
        "      2  para 1, sent 1   “It may tire you.”",
        "                          caution sunroot-sleeper",
        "      3  para 1, sent 2   “It hurt nobody.”",
        "                          claim sunroot-claim-harmless",
    ]
    assert NOTICE in one_line(text)


def test_a_long_sentence_is_cut_to_one_line() -> None:
    made = TABLES["with the texts"]
    (source,) = made.sources
    words = "\x1b[31m" + "A very long sentence. " * 20
    passages = (evolve(source.passages[0], text=words), *source.passages[1:])
    text = accountability_text(evolve(made, sources=(evolve(source, passages=passages),)), width=60)
    row = text[text.index("      1  heading") :].splitlines()[0]
    assert row == "      1  heading          “\ufffd[31mA very long sentence. A…”"


def test_without_the_texts_the_text_holds_no_sentence_of_a_source() -> None:
    text = accountability_text(TABLES["without the texts"])
    assert "“" not in text[: text.index("What each rule")]
    assert NOTICE not in one_line(text)


def test_text_in_no_passage_does_nothing_in_a_terminal() -> None:
    text = TEXT.replace("tire you. ", "tire you. \x1b[31mred\u202e ")
    said = accountability_text(account(over(text), {NAME: text.encode()}))
    assert "\ufffd[31mred\\u202e" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
