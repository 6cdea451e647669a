"""Words that were typed on the intake page and not sent: shown again, never lost, never counted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.pages import Page, begun, page, to_the_list
from tests.web.test_page import ALA, document, to_question

ASKED = begun().press("no").press("no")


def places(on: Page) -> dict[tuple[str, ...], int]:
    """Return the place of each question of a page with all of them."""
    keys = [json.loads(value) for name, value in on.fields if name == "key"]
    return {tuple(key): place for place, key in enumerate(keys)}


@pytest.mark.parametrize("away", [["back", "no"], ["change:0", "back"]])
@pytest.mark.parametrize("lang", ["", "lang:de"])
def test_words_are_there_again_after_going_elsewhere(away: list[str], lang: str) -> None:
    on = ASKED.press(away[0], ("text", f"{ALA}; NAC"))
    for do in [*filter(None, [lang]), *away[1:]]:
        on = on.press(do)
    assert on.title == ASKED.title
    assert on.field("text") == f"{ALA}; NAC"
    assert document(on)["supplements"] is None


def test_words_go_along_to_the_page_with_all_questions() -> None:
    on = ASKED.press("all", ("text", "foopowder"))
    assert on.field(f"text.{places(on)['names', 'supplements']}") == "foopowder"
    assert document(on)["supplements"] is None


def test_what_was_taken_back_is_there_again_after_going_on() -> None:
    on = to_question(to_the_list(ALA), ("number", "age_years"))
    title = on.title
    on = on.press("continue", ("text", "66 to 67")).press("back").press("back")
    while on.title != title:
        on = on.press("skip")
    assert on.field("text") == "66 – 67"
    assert document(on)["age_years"] is None
    assert document(on.press("continue"))["age_years"] == [66, 67]


def test_all_at_once_choices_and_words_stay_in_another_language_and_after_going_back() -> None:
    on = page([]).press("all").press("save", ("said.0", "no"))
    place = places(on)["names", "supplements"]
    typed = [(f"text.{place}", ALA), (f"said.{place}", "more")]
    for do in ("lang:de", "back", "change:0"):
        again = on.press(do, *typed)
        again = again.press("back") if do == "change:0" else again
        at = places(again)["names", "supplements"]
        assert again.field(f"text.{at}") == ALA
        assert again.field(f"said.{at}") == "more"
        assert document(again)["supplements"] is None
        assert "600 mg" in again.text
    first = on.press("back")
    assert first.field(f"said.{places(first)['emergency', 'difficulty-breathing']}") == "no"


def test_all_at_once_names_count_once_it_was_seen_how_they_are_understood() -> None:
    on = page([]).press("all")
    place = places(on)["names", "supplements"]
    look = on.press("stop", (f"text.{place}", "foopowder"), (f"said.{place}", "complete"))
    assert look.title == "All open questions"
    assert "Look at how we understood your entries" in look.text
    assert "“foopowder”Not understood" in look.text
    other = look.press("save", (f"text.{place}", "levothyroxine"))
    assert "Look at how we understood your entries" in other.text
    assert document(other)["supplements"] is None
    assert document(look.press("stop"))["supplements"] == ["foopowder"]


def test_words_of_a_question_that_is_not_asked_any_more_are_shown_as_not_sent() -> None:
    on = to_question(to_the_list(ALA), ("names", "medications"))
    on = on.press("change:2", ("text", "Prograf"))
    end = on.press("continue", ("text", "vitamin C 100 mg")).press("complete")
    assert end.title == "Your result"
    assert "You wrote this and did not send it. It does not count: Medicines: “Prograf”" in end.text
    assert document(end)["medications"] is None
    taken_up = end.press("draft:0")
    assert taken_up.title == "Which medicines do you take?"
    assert taken_up.field("text") == "Prograf"
    done = taken_up.press("continue").press("complete")
    assert document(done)["medications"] == ["Prograf"]
    assert "did not send" not in done.text
    assert end.send("draft:9").title == "Your result"
    assert end.send("draft:x").title == "Your result"


def test_what_was_changed_into_what_it_was_is_no_draft() -> None:
    on = to_the_list(ALA).press("change:2").press("stop")
    assert on.title == "Your result"
    assert "did not send" not in on.text


def test_pasted_answers_stay_in_another_language() -> None:
    on = page([]).press("lang:de", ("document", "{"))
    assert on.field("document") == "{"
    assert '<details class="load" open>' in on.html


@pytest.mark.parametrize("drafts", ["x", [7], [["key", "", ""]], [[["names", "foo"], "", ""]]])
def test_drafts_that_this_page_did_not_write_are_refused(drafts: object) -> None:
    state = {"start": None, "answers": [], "all": False, "on": False, "drafts": drafts}
    on = page([("state", json.dumps(state)), ("do", "one")])
    assert "Your earlier answers could not be read" in on.text


AWAY = st.lists(st.sampled_from(["back", "all", "one", "lang:de", "lang:en", "change:0"]))


@pytest.mark.slow
@settings(max_examples=30)
@given(AWAY, st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8))
def test_no_way_away_from_a_question_loses_its_words(away: list[str], word: str) -> None:
    on = ASKED
    typed = [("text", word)]
    for do in away:
        if do in on.buttons:
            on = on.press(do, *typed)
            typed = []
    if not typed:
        # What was seen to be understood among all questions is sent with them.
        sent = json.dumps(document(on)["supplements"])
        drafts = [text for _, _, text in json.loads(on.field("state"))["drafts"]]
        shown = [value for name, value in on.fields if name.partition(".")[0] == "text"]
        assert word in drafts + shown or json.dumps(word) in sent
