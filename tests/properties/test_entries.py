"""Laws 11 to 14 of what an answer means, over the shipped names and all that stands around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msrisk.api import default_ruleset
from msrisk.model.rules import RuleSet

from .entry_laws import Failure, assessed, recognised
from .entry_reader import Reader
from .entry_words import (
    Choose,
    Company,
    Moved,
    Reworded,
    Tailed,
    WordMore,
    company,
    moved,
    reworded,
    tailed,
    word_more,
)

T = TypeVar("T")
E = TypeVar("E")

pytestmark = pytest.mark.slow

USUAL: Final = settings.default.max_examples if settings.default else 50
many = settings(max_examples=20 * USUAL)
fewer = settings(max_examples=5 * USUAL)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(default_ruleset())


def chosen(make: Callable[[Choose, RuleSet], E]) -> st.SearchStrategy[E]:
    """Return examples whose parts Hypothesis chooses, the plainest first."""

    @st.composite
    def examples(draw: st.DrawFn) -> E:
        def choose(among: Sequence[T], /) -> T:
            return draw(st.sampled_from(among))

        return make(choose, default_ruleset())

    return examples()


def said(failure: Failure | None) -> str:
    """Return a failure in words; nothing if there is none."""
    return str(failure or "")


@many
@given(chosen(company))
def test_in_company_an_entry_tells_at_least_what_each_of_its_items_tells_alone(
    reader: Reader, example: Company
) -> None:
    """Law 11."""
    assert said(recognised(reader, example)) == ""


@fewer
@given(chosen(company))
def test_in_company_an_entry_closes_no_rule_that_one_of_its_items_leaves_true_or_open(
    reader: Reader, example: Company
) -> None:
    """Law 11, as the rules see it."""
    assert said(assessed(reader, example)) == ""


@many
@given(chosen(moved))
def test_in_any_list_an_entry_tells_what_rules_look_at_as_it_does_in_its_own(
    reader: Reader, example: Moved
) -> None:
    """Law 12."""
    assert said(recognised(reader, example)) == ""


@fewer
@given(chosen(moved))
def test_moving_an_entry_to_another_list_closes_no_rule(reader: Reader, example: Moved) -> None:
    """Law 12, as the rules see it."""
    assert said(assessed(reader, example)) == ""


@many
@given(chosen(word_more))
def test_a_word_more_that_nobody_understands_takes_nothing_away(
    reader: Reader, example: WordMore
) -> None:
    """Law 13."""
    assert said(recognised(reader, example)) == ""


@fewer
@given(chosen(word_more))
def test_a_word_more_that_nobody_understands_closes_no_rule(
    reader: Reader, example: WordMore
) -> None:
    """Law 13, as the rules see it."""
    assert said(assessed(reader, example)) == ""


@many
@given(chosen(tailed))
def test_dose_frequency_indication_and_a_route_that_counts_take_no_class_away(
    reader: Reader, example: Tailed
) -> None:
    """Law 14; what another route does to its neighbours is law 11."""
    assert said(recognised(reader, example)) == ""


@fewer
@given(chosen(tailed))
def test_dose_frequency_and_indication_close_no_rule(reader: Reader, example: Tailed) -> None:
    """Law 14, as the rules see it."""
    assert said(assessed(reader, example)) == ""


@many
@given(chosen(reworded))
def test_case_width_accents_blanks_and_line_ends_change_no_reading(
    reader: Reader, example: Reworded
) -> None:
    """Law 14, with its second half."""
    assert said(recognised(reader, example)) == ""


@fewer
@given(chosen(reworded))
def test_case_width_accents_blanks_and_line_ends_change_no_answer(
    reader: Reader, example: Reworded
) -> None:
    """Law 14, with its second half, as the rules see it."""
    assert said(assessed(reader, example)) == ""
