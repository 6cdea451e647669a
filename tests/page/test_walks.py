"""The intake page as a person uses it: by keyboard, on a phone, in two tabs, to a printer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.page.walking import ALA, Walk

Open = Callable[..., Walk]


def test_a_whole_intake_by_keyboard_alone(walk: Open) -> None:
    on = walk(viewport={"width": 1000, "height": 800})
    on.tab_to("one").enter()
    assert on.title == "Do you now have difficulty breathing?"
    focus = on.page.evaluate("() => document.activeElement.id")
    assert focus == "title"
    on.tab_to("no").enter().tab_to("no").enter()
    on.key("Tab")
    on.page.keyboard.type(f"{ALA}\n")
    on.page.keyboard.type("foopowder")
    on.tab_to("continue").enter()
    assert "Understood as: alpha lipoic acid, 600 mg a day" in on.text
    on.tab_to("complete").enter()
    assert on.title == "What is “foopowder”?"
    on.tab_to("unknown").enter()
    for _ in range(3):
        on.tab_to("no").enter()
    on.tab_to("stop").enter()
    assert on.title == "Your result"
    on.tab_to("handout").enter()
    assert on.title == "For the doctor or pharmacist"
    assert on.said == []


def test_enter_in_a_field_sends_what_was_typed_and_chooses_no_name(walk: Open) -> None:
    on = walk().to_the_list("lipoik")
    assert on.has("is:alpha lipoic acid")
    on.page.focus("#text")
    on.page.keyboard.type("NAC")
    on.enter()
    assert "What is" not in on.title
    on.page.locator(".answers summary").click()
    assert "Understood as: N-acetylcysteine (" in on.text


def test_a_phone_with_an_unrecognised_drug_to_the_result_and_the_printer(walk: Open) -> None:
    on = walk().looked_at("start")
    on.press("one").looked_at("emergency").press("no").press("no").looked_at()
    on.type(f"{ALA}\nfoopowder").press("continue").looked_at("understood")
    on.press("complete").looked_at("which")
    on.press("unknown").looked_at()
    while not on.title.startswith("Which medicines"):
        on.press("no" if on.has("no") else "skip")
    on.type("Prograf\nlevothyroxinn").press("continue").looked_at().press("complete")
    on.looked_at("did-you-mean")
    on.to_the_end()
    assert on.title == "Your result"
    on.looked_at("result")
    for summary in on.page.locator("summary").all():
        if not summary.evaluate("it => it.parentElement.open"):
            summary.click()
    on.looked_at()
    assert len(sheets(on)) <= 6
    on.press("handout").looked_at("handout")
    assert len(sheets(on)) == 1
    on.page.set_viewport_size({"width": 794, "height": 1123})
    on.page.emulate_media(media="print")
    on.pictured("handout-printed", whole=True)
    on.page.emulate_media(media="screen")
    # Of the answers nothing is in an address, and nothing is asked of anybody else.
    assert len({url.partition("/clinic/")[0] for url in on.sent if url[:5] != "data:"}) == 1
    assert {url.partition("?")[0].rpartition("/")[2] for url in on.sent if "?" in url} == {
        "page.css", "page.js"
    }  # fmt: skip
    assert on.page.context.cookies() == []
    assert on.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert on.said == []


def sheets(on: Walk) -> list[bytes]:
    """Return the sheets of paper that a page is printed on."""
    return re.findall(rb"/Type\s*/Page\b", on.page.pdf(format="A4"))


def test_at_a_yes_the_page_says_to_call_and_one_can_go_on(walk: Open) -> None:
    on = walk().press("one").press("yes").looked_at("call")
    assert on.title.startswith("Call the emergency number now")
    on.press("on").looked_at()
    assert "You told of an emergency" in on.text
    head = on.page.locator("header")
    on.page.mouse.wheel(0, 2_000)
    assert on.box(head)["y"] >= 0


def test_none_and_then_something_and_other_errors_are_tied_to_their_fields(walk: Open) -> None:
    on = walk().press("one").press("no").press("no").type(ALA).press("none")
    assert on.page.locator("#text").input_value() == ALA
    assert on.page.evaluate("() => document.activeElement.id") == "text"
    described = on.page.locator("#text").get_attribute("aria-describedby")
    assert described is not None
    assert "wrong" in described.split()
    assert on.page.title().startswith("Error: ")
    on.looked_at("error")


@pytest.mark.parametrize("size", [(360, 640), (640, 512), (320, 400)])
def test_what_is_wrong_is_in_sight_with_the_field_that_it_is_about(
    walk: Open, size: tuple[int, int]
) -> None:
    on = walk(viewport={"width": size[0], "height": size[1]})
    on.page.locator(".load summary").click()
    on.page.fill("#document", "{")
    for wrong in (
        on.press("load"),
        on.press("one").press("no").press("no").type(ALA).press("none"),
    ):
        seen = wrong.page.evaluate(
            """() => {
              const field = document.activeElement, stays = [...document.querySelectorAll(
                "header, header .stays")].find(it => getComputedStyle(it).position === "sticky"
                && it.getClientRects().length).getBoundingClientRect().bottom;
              const line = document.querySelector("p.wrong:not([hidden])");
              return [field.getBoundingClientRect().top < innerHeight - 40,
                line.getBoundingClientRect().top >= stays - 1];
            }"""
        )
        assert seen == [True, True]


def test_going_back_by_button_and_by_the_browser_leaves_nothing_behind(walk: Open) -> None:
    on = walk().to_the_list("NAC")
    first = on.title
    on.press("no").press("back")
    assert on.title == first
    on.press("no")
    on.page.go_back()
    on.page.get_by_role("heading", name=first).wait_for()
    on.press("back")
    assert on.page.locator("#text").input_value() == "NAC"
    on.type(ALA).press("continue").press("complete")
    on.press("stop")
    assert "ALPHA LIPOIC ACID" in on.text
    assert "N-ACETYLCYSTEINE" not in on.text


@pytest.mark.parametrize("scripts", [True, False])
def test_reloading_shows_the_same_question_with_the_same_answers(
    walk: Open, *, scripts: bool
) -> None:
    on = walk(java_script_enabled=scripts).to_the_list(ALA)
    before, state = on.title, on.page.locator("[name=state]").input_value()
    on.page.reload()
    on.page.get_by_role("heading", name=before).wait_for()
    assert on.page.locator("[name=state]").input_value() == state


def test_what_does_not_get_through_is_said_and_nothing_is_lost(walk: Open) -> None:
    on = walk().press("one").press("no").press("no").type(ALA)
    on.page.context.set_offline(True)
    on.press("continue")
    on.page.get_by_role("alert").wait_for()
    on.looked_at("failed")
    assert "did not get through" in on.text
    assert on.page.locator("#text").input_value() == ALA
    on.page.context.set_offline(False)
    on.press("continue")
    on.page.get_by_role("heading", name="Did we understand you?").wait_for()


def test_two_tabs_do_not_know_of_each_other(walk: Open, address: str) -> None:
    one = walk().to_the_list(ALA)
    page = one.page.context.new_page()
    page.goto(address)
    two = Walk(page, one.axe, None).to_the_list("NAC")
    one.press("stop")
    two.press("stop")
    assert "N-ACETYLCYSTEINE" not in one.text
    assert "ALPHA LIPOIC ACID" not in two.text


def test_a_second_tap_answers_one_question_only(walk: Open) -> None:
    on = walk().press("one")
    on.page.wait_for_timeout(500)
    sent: list[Request] = []
    on.page.on("request", lambda it: sent.append(it) if it.method == "POST" else None)
    on.page.locator("button[value=no]").dblclick()
    on.page.wait_for_load_state()
    on.page.wait_for_timeout(300)
    assert len(sent) == 1
    assert on.title.startswith("Do you now have swelling")


def test_all_questions_at_once(walk: Open) -> None:
    on = walk().press("all").looked_at()
    on.page.get_by_label("No", exact=True).first.check()
    on.page.get_by_label("Your answer").fill(ALA)
    on.page.get_by_label("Yes, that is all").check()
    on.press("save").looked_at("all-understood")
    assert "Understood as: alpha lipoic acid, 600 mg a day" in on.text
    on.press("save").looked_at("all")
    on.page.get_by_label("Your answer, in years").fill("old")
    on.press("save").looked_at("all-error")
    assert "1 answer needs a look" in on.text
    on.page.locator(".wrong a").first.click()
    assert on.page.evaluate("() => document.activeElement.tagName") == "FIELDSET"


def test_answers_are_kept_as_a_file_and_brought_back(walk: Open, tmp_path: Path) -> None:
    on = walk().to_the_list(ALA).press("stop")
    on.page.locator(".keep summary").click()
    with on.page.expect_download() as found:
        on.page.locator("button[value=keep]").click()
    file = tmp_path / found.value.suggested_filename
    found.value.save_as(file)
    assert json.loads(file.read_text("utf-8"))["supplements"] == [ALA]
    again = walk()
    again.page.locator(".load summary").click()
    again.looked_at()
    again.page.set_input_files("#file", file)
    again.press("load").looked_at()
    assert "The answers that you came back with" in again.page.content()
    wrong = walk()
    wrong.page.locator(".load summary").click()
    wrong.page.fill("#document", "{")
    wrong.press("load").looked_at()


def test_hostile_words_stay_words(walk: Open) -> None:
    on = walk().press("one").press("no").press("no")
    on.type("<img src=x onerror=document.title='no'>\n\u202eevil\u202c\n" + "😀" * 200).press(
        "continue"
    )
    on.looked_at().press("complete").press("stop").looked_at()
    assert on.page.locator("img").count() == 0
    assert "\u202e" not in on.text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("dark", {"color_scheme": "dark"}),
        ("contrast", {"contrast": "more"}),
        ("contrast-dark", {"contrast": "more", "color_scheme": "dark"}),
        ("forced", {"forced_colors": "active"}),
        # As a window of 1280 pixels at 400 percent is.
        ("narrow", {"viewport": {"width": 320, "height": 256}, "reduced_motion": "reduce"}),
        ("german", {"locale": "de-DE"}),
        ("no-script", {"java_script_enabled": False}),
    ],
)
def test_it_is_as_accessible_in_every_light_size_and_language(
    walk: Open, name: str, given: dict[str, object]
) -> None:
    on = walk(**given)
    scripts = name != "no-script"

    def look(picture: str = "") -> None:
        if scripts:
            on.looked_at(picture)

    on.press("one")
    look(f"question-{name}")
    on.press("no").press("no").type(f"{ALA}\nfoopowder").press("continue")
    look(f"understood-{name}")
    on.press("complete")
    look()
    on.press("unknown").press("stop")
    look(f"result-{name}")
    for summary in on.page.locator("summary").all():
        summary.click()
    look()
    buttons = on.page.locator("button:visible, summary:visible, input:visible").all()
    assert all(on.box(one)["height"] >= 44 for one in buttons)
    on.press("handout")
    look()


def test_the_tree_that_a_screen_reader_reads_names_each_thing(walk: Open) -> None:
    on = walk().press("one")
    tree = on.page.locator("main").aria_snapshot()
    assert 'heading "Do you now have difficulty breathing?" [level=1]' in tree
    assert 'group "Do you now have difficulty breathing?"' in tree
    assert 'button "Yes"' in tree
    assert re.search(r"It could still be", tree)
