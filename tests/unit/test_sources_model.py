"""Sources, passages and citations: complete, and said so that a reader can find the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from attrs import evolve

from msrisk.errors import RuleSetError
from msrisk.model.rules import RuleSet
from msrisk.model.sources import (
    CONTEXTS,
    SOURCE_KINDS,
    Citation,
    Passage,
    Source,
    cited_passages,
)

from .rule_files import SMALL_RULES

RULES = RuleSet.load(SMALL_RULES)


def refused(build: Callable[[], object]) -> list[str]:
    with pytest.raises(RuleSetError) as caught:
        build()
    return [str(problem) for problem in caught.value.problems]


def passage(n: int, section: str, paragraph: int, sentence: int) -> Passage:
    return Passage(n, 10 * n, 10 * n + 9, f"{n:064x}", section, paragraph, sentence)


PLACES = [
    ("(opening)", 1, 1),
    ("(opening)", 1, 2),
    ("Amounts", 0, 0),
    ("Amounts", 1, 1),
    ("Amounts", 1, 2),
    ("Amounts", 1, 3),
    ("Amounts", 1, 4),
    ("Amounts", 2, 1),
]
(LEAFLET,) = RULES.sources
SOURCE = evolve(LEAFLET, passage=tuple(passage(n, *place) for n, place in enumerate(PLACES, 1)))


@pytest.mark.parametrize(
    ("passages", "where"),
    [
        ((1,), "opening, paragraph 1, sentence 1"),
        ((1, 2), "opening, paragraph 1, sentences 1, 2"),
        ((3,), "Amounts, heading"),
        ((4, 5, 6), "Amounts, paragraph 1, sentences 1 to 3"),
        ((6, 4, 7), "Amounts, paragraph 1, sentences 1, 3, 4"),
        ((4, 7), "Amounts, paragraph 1, sentences 1, 4"),
        ((7, 8), "Amounts, paragraph 1, sentence 4; paragraph 2, sentence 1"),
        ((2, 3, 4), "opening, paragraph 1, sentence 2; Amounts, heading; paragraph 1, sentence 1"),
    ],
)
def test_a_citation_says_section_paragraph_and_sentence(
    passages: tuple[int, ...], where: str
) -> None:
    cited = cited_passages(SOURCE, Citation("leaflet", passages))
    assert cited.where == where
    assert cited.passages == tuple(sorted(passages))
    assert (cited.source, cited.whole) == ("leaflet", False)


def test_a_citation_of_the_whole_text_names_no_passage() -> None:
    (cited,) = RULES.cited(RULES.rule("scope-leaflet").cites)
    assert (cited.where, cited.passages, cited.whole) == ("the whole text", (), True)


def test_citations_keep_their_order() -> None:
    cites = (Citation("leaflet", (4,)), Citation("leaflet", (2,)))
    assert [one.passages for one in RULES.cited(cites)] == [(4,), (2,)]


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (
            lambda: Citation("a"),
            "passages: expected numbers of passages, or `whole = true` without any",
        ),
        (
            lambda: Citation("a", (1,), whole=True, reason="b"),
            "passages: expected numbers of passages, or `whole = true` without any",
        ),
        (
            lambda: Citation("a", whole=True, reason=" "),
            "reason: expected why the whole text is cited",
        ),
        (
            lambda: Citation("a", (1,), reason="b"),
            "reason: expected a reason only beside `whole = true`",
        ),
        (lambda: Citation("a", (1, 2, 1)), "passages: expected each passage once"),
    ],
)
def test_a_citation_is_of_passages_or_of_the_whole_for_a_reason(
    build: Callable[[], object], problem: str
) -> None:
    assert refused(build) == [problem]


@pytest.mark.parametrize("kind", SOURCE_KINDS)
def test_a_source_is_of_a_known_kind(kind: str) -> None:
    assert evolve(LEAFLET, kind=kind).kind == kind


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "blog"}, "kind: expected one of lay, professional, regulatory, research"),
        (
            {"file_sha256": "0"},
            "file_sha256: expected a SHA-256 digest of 64 hexadecimal digits in lower case",
        ),
        ({"passage": ()}, "passage: expected at least one passage"),
    ],
)
def test_a_source_is_told_in_full(change: dict[str, Any], problem: str) -> None:
    assert refused(lambda: evolve(LEAFLET, **change)) == [problem]


@pytest.mark.parametrize("context", [None, *CONTEXTS])
def test_a_passage_says_why_nothing_cites_it_in_one_of_five_words(context: str | None) -> None:
    heading = passage(1, "Amounts", 0, 0)
    assert evolve(heading, context=context).context == context


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"sha256": "A" * 64},
            "sha256: expected a SHA-256 digest of 64 hexadecimal digits in lower case",
        ),
        (
            {"context": "advertising"},
            "context: expected one of benefit, mechanism, background, framing, heading",
        ),
        ({"context": "heading"}, "context: expected heading only where paragraph is 0"),
        (
            {"paragraph": 0},
            "paragraph: expected 0 in a heading and from 1 elsewhere, as in sentence",
        ),
        (
            {"paragraph": -1},
            "paragraph: expected 0 in a heading and from 1 elsewhere, as in sentence",
        ),
        ({"sentence": -1}, "sentence: expected 0 or more"),
    ],
)
def test_a_passage_has_a_place_and_a_digest(change: dict[str, Any], problem: str) -> None:
    assert refused(lambda: evolve(passage(1, "Amounts", 1, 1), **change)) == [problem]


def test_a_source_is_made_with_the_key_of_the_files() -> None:
    fields = {one.name: one.alias for one in attrs.fields(Source)}
    assert fields["passages"] == "passage"
