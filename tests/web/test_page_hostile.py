"""The intake page before hostile words, and before states that it did not write."""

from __future__ import annotations

import json

import pytest

from tests.web.pages import begun, page

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7919 }} {% raw %}",
    "\u202eevil\u2066",
    "x" * 10_000,
    "😀" * 300,
    "half \ud83d a character",
    "</textarea></form>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_typed_becomes_markup_or_turns_the_words_around(text: str) -> None:
    check = begun().press("no").press("no").press("continue", ("text", text))
    pages = [check]
    if "checked" in dict(check.fields):
        pages += [done := check.press("complete"), result := done.press("stop")]
        pages += [result.press("handout"), done.press("all"), done.press("back")]
    for one in pages:
        one.html.encode()
        assert "<img" not in one.html
        assert "alert(1)</script>" not in one.html
        assert "55433" not in one.words
        assert "\u202e" not in one.words


@pytest.mark.parametrize(
    "state",
    [
        "x", "[]", "{}", "[" * 100_000, '{"start": 1, "answers": [], "all": 0, "on": 0}',
        *(
            json.dumps({"start": None, "answers": answers, "all": False, "on": False})
            for answers in (
                [[["names", "hats"], True]],
                [[["names", 4], True]],
                [[["taking", "\ud800"], True]],
                [[["number", "age_years"], {"said": "perhaps"}]],
                [[["number", "age_years"], {"names": [1], "complete": True}]],
                [[["number", "age_years"], 9999]],
                [[["yes or no", "ms_symptoms_severe"], "yes"]],
                [[["number", "age_years"], 40]] * 1_001,
            )
        ),
    ],
)  # fmt: skip
def test_a_state_that_this_page_did_not_write_begins_again(state: str) -> None:
    found = page([("state", state), ("do", "one")])
    assert found.title == "Before you take a supplement"
    assert "Your earlier answers could not be read" in found.text


def test_a_question_that_these_rules_do_not_ask_begins_again() -> None:
    on = begun()
    assert "could not be read" in on.send("yes", ("asked", '["hats"]')).text
    assert "could not be read" in on.send("yes", ("asked", "1")).text
    everything = page([]).press("all")
    assert "could not be read" in everything.send("save", ("key", "[]")).text


def test_a_button_that_there_is_not_for_a_question_is_refused_in_words() -> None:
    assert "Press yes, no" in begun().send("perhaps").text
