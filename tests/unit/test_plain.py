"""Text in lines of a width: no word is cut, and none is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.rendering.plain import wrapped

TEXTS = st.text(st.sampled_from("ab  -é“”1.,"), max_size=120)


@pytest.mark.parametrize("text", ["", " ", "   "])
def test_no_words_make_no_lines(text: str) -> None:
    assert wrapped(text, 40, "- ", "  ") == []


def test_a_long_word_has_a_line_of_its_own() -> None:
    assert wrapped(f"to {'b' * 50} or", 40, "- ", "  ") == ["- to", f"  {'b' * 50}", "  or"]


def test_blanks_between_words_of_one_line_stay() -> None:
    assert wrapped("soy  milk", 40) == ["soy  milk"]


@given(TEXTS, st.integers(1, 30))
def test_every_word_stands_in_a_line_in_its_order(text: str, width: int) -> None:
    lines = wrapped(text, width, "- ", "  ")
    words = [word for line in lines for word in line.split()]
    assert words[bool(words) :] == text.split()
    assert all(len(line) <= width or len(line.split()) <= 2 for line in lines)
    assert all(line == line.rstrip() for line in lines)
