"""The intake page, filled in without a browser and without a script."""

from __future__ import annotations

import json

import pytest
from attrs import evolve

from msrisk.asking import Kind
from msrisk.documents import profile_from_json
from msrisk.model.history import Withdrawal
from msrisk.web.page import files, kept, respond
from tests.web.client import SHIPPED
from tests.web.pages import Page, begun, page, to_the_list

ALA = "alpha lipoic acid 600 mg once a day"


def document(on: Page) -> dict[str, object]:
    """Return the intake document of a page."""
    found: dict[str, object] = json.loads(kept(on.fields))
    return found


def to_question(on: Page, key: tuple[str, ...]) -> Page:
    """Skip questions until one is asked."""
    while json.loads(on.field("asked")) != list(key):
        on = on.press("skip")
    return on


def test_the_first_page_says_what_it_is_and_that_it_clears_nothing() -> None:
    first = page([])
    assert "It clears nothing" in first.text
    assert "No clinician has reviewed" in first.text
    assert "call the emergency number" in first.text
    assert {"one", "all", "load"} <= first.buttons.keys()


def test_the_emergency_is_asked_first_and_each_question_says_why() -> None:
    first = begun()
    assert first.title == "Do you now have difficulty breathing?"
    assert "Why we ask: With a yes, help comes first" in first.text
    second = first.press("no")
    assert second.title.startswith("Do you now have swelling of face")


def test_at_a_yes_the_page_says_to_call_and_still_lets_one_go_on() -> None:
    call = begun().press("yes")
    assert call.title == "Call the emergency number now: 112, 911 or 999"
    assert "You told of an emergency" in call.text
    on = call.press("on")
    assert on.title.startswith("Do you now have swelling of face")
    assert "You told of an emergency" in on.text
    assert on.press("stop").press("on").title == on.title
    back = call.press("back")
    assert back.title == "Do you now have difficulty breathing?"
    assert "You told of an emergency" not in back.text


def test_an_emergency_without_a_call_says_to_get_help() -> None:
    on = to_question(to_the_list(ALA), ("by name", "hives")).press("yes")
    on = to_question(on, ("taking", ALA)).press("yes")
    assert on.title == "Get medical help now"


def test_what_was_understood_stands_beside_each_entry_before_it_counts() -> None:
    asked = begun().press("no").press("no")
    check = asked.press("continue", ("text", f"{ALA}\nfoopowder; none"))
    assert "alpha lipoic acid, 600 mg a day" in check.text
    assert "Not understood. It stays in your answers" in check.text
    assert "Understood as: that there is nothing to tell" in check.text
    assert document(check)["supplements"] is None
    done = check.press("complete")
    assert document(done)["supplements"] == [ALA, "foopowder", "none"]


def test_what_is_understood_in_part_or_not_clear_is_said_as_that() -> None:
    on = to_question(to_the_list(ALA), ("names", "medications"))
    check = on.press("continue", ("text", "Prograf and foozumab"))
    assert "Understood in part, as: tacrolimus. The rest stays in your answers" in check.text
    after = check.press("complete").press("unknown")
    assert "Understood in part, as: tacrolimus. The rest stays open." in after.text
    check = begun().press("no").press("no").press("continue", ("text", "ALA"))
    assert "Not clear what is meant. It stays in your answers" in check.text
    after = check.press("complete").press("unknown")
    assert "Not clear what is meant. It stays open." in after.text


def test_a_very_long_entry_is_no_heading_and_stays_whole() -> None:
    long = "leaf " * 2000
    which = begun().press("no").press("no").press("continue", ("text", long)).press("complete")
    assert len(which.title) < 250
    assert document(which)["supplements"] == [long.strip()]


def test_a_list_that_may_go_on_is_not_complete() -> None:
    asked = begun().press("no").press("no").press("continue", ("text", ALA))
    supplements = document(asked.press("more"))["supplements"]
    assert supplements == {"entries": [ALA], "complete": False}


def test_what_was_changed_beside_the_entries_is_shown_again_before_it_counts() -> None:
    check = begun().press("no").press("no").press("continue", ("text", "foopowder"))
    changed = check.press("complete", ("name", "NAC"))
    assert "You changed something" in changed.text
    assert "N-acetylcysteine" in changed.text
    assert document(changed.press("complete"))["supplements"] == ["NAC"]
    more = check.press("look", ("text", "NAC"))
    assert [value for name, value in more.fields if name == "name"] == ["foopowder", "NAC"]
    assert "You changed something" not in more.text
    empty = check.press("complete", ("name", " "))
    assert "Write at least one name" in empty.text
    again = check.press("edit")
    assert again.field("text") == "foopowder"
    assert "wrong" not in again.ids


def test_a_name_is_asked_about_and_never_chosen() -> None:
    on = begun().press("no").press("no").press("none")
    on = begun().press("no").press("no").press("continue", ("text", ALA)).press("complete")
    on = to_question(on, ("names", "medications"))
    which = on.press("continue", ("text", "levothyroxinn")).press("complete")
    assert which.title == "What is “levothyroxinn”?"
    assert "Did you mean" in which.text
    assert "is:levothyroxine" in which.buttons
    assert document(which)["medications"] == ["levothyroxinn"]
    assert document(which.press("is:levothyroxine"))["medications"] == ["levothyroxine"]
    assert document(which.press("unknown"))["medications"] == ["levothyroxinn"]
    other = which.press("continue", ("text", "Synthroid"))
    assert document(other)["medications"] == ["Synthroid"]
    assert "You gave other words for it." in other.text
    assert "Not understood. It stays open." in which.press("unknown").text
    assert "Choose a name" in which.press("continue").text
    for word in ("no", "Yes.", "Nein"):
        wrong = which.press("continue", ("text", word))
        assert "would take the name away" in wrong.text
        assert document(wrong)["medications"] == ["levothyroxinn"]
    both = which.press("is:levothyroxine", ("text", "Synthroid"))
    assert "Which is right?" in both.text


def test_none_and_then_something_asks_which_is_right() -> None:
    asked = begun().press("no").press("no")
    wrong = asked.press("none", ("text", ALA))
    assert "Empty the field" in wrong.text
    assert wrong.field("text") == ALA
    assert document(wrong)["supplements"] is None
    none = asked.press("none")
    assert document(none)["supplements"] == "none"
    assert none.title == "Which medicines do you take?" or "change:2" in none.buttons
    again = none.press("change:2").press("continue", ("text", ALA)).press("complete")
    assert document(again)["supplements"] == [ALA]


@pytest.mark.parametrize("do", ["skip", "unknown", "stop"])
def test_a_button_that_would_leave_out_what_was_typed_says_so(do: str) -> None:
    asked = begun().press("no").press("no")
    wrong = asked.press(do, ("text", ALA))
    assert "this button would leave out" in wrong.text
    assert wrong.field("text") == ALA


def test_skipping_is_no_answer_and_not_asked_again() -> None:
    skipped = begun().press("skip").press("unknown")
    assert document(skipped)["symptoms"] is None
    assert document(skipped)["denied"] is None
    assert skipped.title.startswith("Which supplements")
    assert "skipped; it stays open" in skipped.text
    assert "not known; it stays open" in skipped.text


def test_going_back_asks_again_with_what_was_typed_and_leaves_nothing_behind() -> None:
    asked = begun().press("no").press("no")
    again = asked.press("continue", ("text", ALA)).press("complete").press("back")
    assert again.title == asked.title
    assert again.field("text") == ALA
    assert document(again)["supplements"] is None
    first = again.press("back").press("back")
    assert document(first)["denied"] is None
    assert first.press("back").title == "Before you take a supplement"


def test_numbers_and_ranges_are_taken_in_words_that_people_use() -> None:
    on = to_question(to_the_list(ALA), ("number", "age_years"))
    for text, age in [
        ("67", 67), ("66 to 67", [66, 67]), ("66–67 years old", [66, 67]), ("67,5", 67.5)
    ]:  # fmt: skip
        assert document(on.press("continue", ("text", text)))["age_years"] == age
    for text in ("sixty", "1,200", "", "-4"):
        wrong = on.press("continue", ("text", text))
        assert "Write a number in digits" in wrong.text
        assert wrong.field("text") == text
    unfit = on.press("continue", ("text", "670"))
    assert "This does not fit. Expected:" in unfit.text
    after = on.press("continue", ("text", "66 to 67"))
    assert after.press("back").field("text") == "66 – 67"
    place = next(do for do in after.buttons if do.startswith("change:") and "66" in after.text)
    assert place
    one = on.press("continue", ("text", "67.5")).press("back")
    assert one.field("text") == "67.5"
    assert "66 – 67 years" in after.text


def test_an_answer_can_be_changed_later() -> None:
    on = to_the_list(ALA).press("skip")
    changed = on.press("change:0")
    assert changed.title == "Do you now have difficulty breathing?"
    after = changed.press("unknown")
    assert document(after)["denied"] == ["face-or-throat-swelling"]
    assert on.send("change:99").title == on.title
    assert on.send("change:x").title == on.title


def test_a_question_that_is_closed_by_now_can_be_changed_all_the_same() -> None:
    on = to_the_list("foopowder")
    other = on.press("continue", ("text", ALA))
    again = other.press(f"change:{on_the_list(other)}")
    assert again.title == "What is “foopowder”?"
    assert again.field("text") == ALA


def on_the_list(on: Page) -> int:
    """Return the place of the last answer."""
    return max(int(do.partition(":")[2]) for do in on.buttons if do.startswith("change:"))


def test_what_an_answer_stands_for_is_named_where_its_question_cannot_be_asked_any_more() -> None:
    # As of a page that was kept while the supplement was put right elsewhere.
    answers = [[["taking", "something"], True], [["number", "weight_kg"], 70]]
    state = {"start": None, "answers": answers, "all": False, "on": False}
    on = page([("state", json.dumps(state)), ("do", "change:0")])
    assert on.title == "Have you already started to take “something”?"


def test_the_result_comes_in_layers_with_the_handout_and_the_answers_to_keep() -> None:
    result = to_the_list(ALA, "foopowder").press("stop")
    assert result.title == "Your result"
    assert "ALPHA LIPOIC ACID" in result.text
    assert "Go on: " in result.buttons["one-or-all"]
    assert '<details class="full">' in result.html
    assert result.press("one-or-all").title == "What is “foopowder”?"
    handout = result.press("handout")
    assert handout.title == "For the doctor or pharmacist"
    assert handout.press("stop").title == "Your result"
    assert result.send("start").title == "Before you take a supplement"
    assert json.loads(kept([]))["supplements"] is None


def test_the_questions_end_and_what_is_not_known_stays_open() -> None:
    on = to_the_list(ALA)
    asked = []
    while on.title != "Your result":
        asked.append(on.field("asked"))
        on = on.press("skip")
    assert len(asked) == len(set(asked))
    assert "This page has asked all that it has to ask" in on.text
    assert "It could still be: Get medical help now" in on.text


def test_answers_that_were_kept_can_be_brought_back() -> None:
    saved = kept(to_the_list(ALA).fields)
    again = page([]).press("load", ("document", saved))
    assert "The answers that you came back with are counted, too." in again.text
    assert json.loads(kept(again.fields)) == json.loads(saved)
    file = page([]).press("load", ("file", saved), ("document", ""))
    assert file.title == again.title
    assert profile_from_json(saved) == profile_from_json(kept(file.fields))


def test_what_nobody_knew_is_not_asked_again_after_coming_back() -> None:
    on = to_question(to_the_list("alpha lipoic acid"), ("by name", "hives")).press("unknown")
    on = to_question(on, ("daily_dose_mg", "alpha lipoic acid")).press("unknown")
    again = page([]).press("load", ("document", kept(on.fields)))
    assert "Hives: not known; it stays open" in again.text
    assert "Amount a day: “alpha lipoic acid”: not known; it stays open" in again.text
    asked = set()
    while again.title != "Your result":
        asked.add(again.field("asked"))
        again = again.press("skip")
    assert not asked & {'["by name", "hives"]', '["daily_dose_mg", "alpha lipoic acid"]'}
    other = {"not_known": [["by name", "hives"], ["by name", "foo"], ["emergency"]]}
    begun_again = page([]).press("load", ("document", json.dumps(other)))
    assert "Your answers (1)" in begun_again.text


@pytest.mark.parametrize("text", ["", "{", '{"supplements": []}', '{"denied": ["foo"]}'])
def test_what_is_no_kept_document_is_refused_in_words(text: str) -> None:
    wrong = page([]).press("load", ("document", text))
    assert "These are no saved answers of this page. What is wrong:" in wrong.text
    assert wrong.field("document") == text


def test_all_questions_at_once_take_what_is_answered_and_leave_the_rest_open() -> None:
    on = page([]).press("all")
    keys = [json.loads(value) for name, value in on.fields if name == "key"]
    assert keys[0] == ["emergency", "difficulty-breathing"]
    place = keys.index(["names", "supplements"])
    typed = [("said.0", "no"), (f"text.{place}", ALA), (f"said.{place}", "complete")]
    look = on.press("save", *typed)
    assert "Understood as: alpha lipoic acid, 600 mg a day" in look.text
    assert document(look)["supplements"] is None
    on = look.press("save")
    assert on.title == "All open questions"
    assert document(on)["supplements"] == [ALA]
    assert document(on)["denied"] == ["difficulty-breathing"]
    keys = [json.loads(value) for name, value in on.fields if name == "key"]
    assert ["emergency", "face-or-throat-swelling"] in keys
    number = keys.index(["number", "age_years"])
    weight = keys.index(["number", "weight_kg"])
    yes_no = keys.index(["yes or no", "replacing_ms_treatment"])
    typed = [(f"text.{number}", "old"), (f"text.{weight}", "9999"), (f"said.{yes_no}", "no")]
    wrong = on.press("save", *typed)
    assert "2 answers need a look" in wrong.text
    assert document(wrong)["replacing_ms_treatment"] is False
    assert "old" in [value for name, value in wrong.fields if name.startswith("text.")]
    one = on.press("one")
    assert "asked" in dict(one.fields)
    stopped = on.press("stop", (f"text.{number}", "67"))
    assert stopped.title == "Your result"
    assert document(stopped)["age_years"] == 67
    assert stopped.press("one-or-all").title == "All open questions"
    assert on.press("back").title == "All open questions"


def test_all_at_once_an_emergency_says_to_call_and_the_last_answer_ends_the_page() -> None:
    on = page([]).press("all").press("save", ("said.0", "yes"))
    assert on.title.startswith("Call the emergency number now")
    wrong = (
        page([]).press("all").press("save", ("said.0", "yes"), ("text.2", "x"), ("said.2", "none"))
    )
    assert wrong.title.startswith("Call the emergency number now")


def test_all_at_once_names_are_suggested_and_not_chosen() -> None:
    on = to_question(to_the_list(ALA), ("names", "medications"))
    on = on.press("continue", ("text", "levothyroxinn")).press("complete").press("all")
    keys = [json.loads(value) for name, value in on.fields if name == "key"]
    place = keys.index(["which", "medications", "levothyroxinn"])
    assert f"said.{place}" not in dict(on.fields)
    chosen = on.press("save", (f"said.{place}", "is:levothyroxine"))
    assert document(chosen)["medications"] == ["levothyroxine"]
    wrong = on.press("save", (f"said.{place}", "is:levothyroxine"), (f"text.{place}", "x"))
    assert "1 answer needs a look" in wrong.text
    assert wrong.field(f"said.{place}") == "is:levothyroxine"


def test_withdrawn_rules_do_not_answer() -> None:
    withdrawn = evolve(SHIPPED, withdrawn=Withdrawal("2026-12-01", "a wrong number"))
    found = page([], withdrawn)
    assert found.title == "This page may not answer"
    assert "a wrong number" in found.text
    assert "one" not in found.buttons


def test_german_words_stand_beside_the_english_of_the_rules() -> None:
    first = page([("lang", "de")])
    assert '<html lang="de">' in first.html
    asked = first.press("one")
    assert 'lang="en"' in asked.html
    assert asked.buttons["no"] == "Nein"
    assert "Rufen Sie jetzt die 112." in asked.text
    english = asked.press("lang:en")
    assert english.title == asked.title
    assert english.buttons["no"] == "No"
    typed = english.press("no").press("no").press("lang:de", ("text", ALA))
    assert typed.field("text") == ALA
    result = typed.press("continue").press("complete").press("stop").press("lang:en")
    assert result.title == "Your result"
    assert result.press("handout").press("lang:de").title == "Für die Arztpraxis oder Apotheke"
    assert page([]).press("all").press("lang:de").title == "Alle offenen Fragen"
    assert page([]).press("lang:de").title.startswith("Bevor Sie")
    assert page([("lang", "tlh")]).title == "Before you take a supplement"


def test_addresses_begin_with_the_base_or_are_relative() -> None:
    assert 'action="/msrisk/"' in respond([], base="/msrisk")
    assert 'href="/msrisk/page.css?' in respond([], base="/msrisk/")
    assert 'href="./page.css?' in respond([])


def test_the_files_beside_the_page_ask_for_nothing_from_elsewhere() -> None:
    assert files().keys() == {"page.css", "page.js"}
    for text in files().values():
        assert "http" not in text
        assert "url(" not in text
        assert "@import" not in text
    assert "green" not in files()["page.css"].replace("none of them green", "")


def test_every_kind_of_question_can_be_shown() -> None:
    assert {kind.name.lower() for kind in Kind} == {
        "names", "by_name", "yes_no", "number", "which"
    }  # fmt: skip


def test_rules_without_a_line_for_emergencies_get_that_of_the_page() -> None:
    silent = evolve(SHIPPED, rules=tuple(evolve(one, screen=None) for one in SHIPPED.rules))
    assert "Emergency? Call 112, 911 or 999 now." in page([], silent).text
