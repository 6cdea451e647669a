"""The analysis reads names of the shipped rules as their recognition does."""

from __future__ import annotations

import pytest

from msrisk.model.rules import RuleSet
from msrisk.search.pair import RuleSetPair
from msrisk.search.same_reading import SameReading


@pytest.fixture(scope="module")
def pair() -> RuleSetPair:
    rules = RuleSet.default()
    return RuleSetPair(rules, rules)


def test_a_name_in_the_spelling_of_another_language_is_read_as_itself(pair: RuleSetPair) -> None:
    entry = SameReading(pair).named("medications", "levetiracetamum")
    assert "levetiracetam" in entry.old.recognition.named


def test_a_name_whose_two_words_together_are_a_third_name_is_read_by_itself(
    pair: RuleSetPair,
) -> None:
    side = pair.sides[0]
    tokens = next(
        name
        for name, meaning in side.lexicon.names("medications").items()
        if len(name) == 2
        and meaning.is_name
        and "".join(name) in side.lexicon.tokens
        and not any(side.lexicon.says_allergy(name, at) for at in range(2))
        and side.lexicon.match("medications", name, 0)
    )
    assert side.of_name("medications", tokens) == tokens


def test_a_word_that_names_nothing_is_given_by_no_route(pair: RuleSetPair) -> None:
    assert tuple(pair.sides[0].routes_of("medications", ("qqwrtzl",))) == ()
