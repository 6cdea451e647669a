"""Every sentence of the source texts is accounted for, where the reader has them."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

import msrisk
from msrisk.accountability import account
from msrisk.accountability.page import accountability_html
from msrisk.accountability.text import accountability_json

from .test_passages import FOLDER

pytestmark = pytest.mark.slow


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(FOLDER).glob("*.txt")}


def test_every_sentence_of_the_texts_is_accounted_for(ruleset: msrisk.RuleSet) -> None:
    made = account(ruleset, files())
    assert (made.percentage, made.strays, made.complete, made.texts_checked) == (100, 0, True, True)
    assert made.total == made.accounted_for == 131


def test_the_page_shows_every_sentence_and_the_document_none(ruleset: msrisk.RuleSet) -> None:
    made = account(ruleset, files())
    sentences = [passage.text or "" for source in made.sources for passage in source.passages]
    page = html.unescape(accountability_html(made))
    assert all(sentence and sentence in page for sentence in sentences)
    document = accountability_json(made)
    headings = {passage.section for source in made.sources for passage in source.passages}
    assert not [s for s in sentences if len(s) > 20 and s not in headings and s in document]
