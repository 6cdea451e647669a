"""What a page says in one place agrees with what it says and does in another, in each language."""

from __future__ import annotations

import random
import re

import pytest

from msrisk.web.page import refused
from msrisk.web.page_words import LANGUAGES, Words, words_in
from tests.web.pages import Page, begun, page, to_the_list
from tests.web.test_page import ALA, to_question

TYPED = (ALA, "NAC\nfoopowder", "Prograf", "52", "old", "type 2 diabetes; hives", "")
# Not pressed by chance: what ends a walk, and what only an uploaded file gives.
ENDS = ("start", "load", "keep", "")


def said(on: Page, t: Words, key: str) -> bool:
    """Return whether a page says some words, whatever number is in them."""
    words = t.said[key]
    forms = [words] if isinstance(words, str) else words.values()
    return any(
        re.search(re.escape(form).replace(r"\{n\}", r"\d+"), on.text) is not None for form in forms
    )


def agrees(on: Page) -> None:
    """Look at one page for words that contradict each other, or what a button does."""
    lang = on.field("lang")
    t = words_in(lang)
    view = on.field("view")
    now = said(on, t, "urgent_now")
    assert now is said(on, t, "call_title") or not said(on, t, "call_title")
    if said(on, t, "where"):
        assert (f"{t('so_far')} {t('level_urgent')}" in on.text) is now
        assert not now or not said(on, t, "could_be")
    if view == "result":
        goes_on = {"on", "one-or-all"} & on.buttons.keys()
        assert bool(goes_on) is said(on, t, "go_on_open")
        assert bool(goes_on) is not said(on, t, "result_done")
        for do in goes_on or {"one-or-all"}:
            after = on.send(do).field("view")
            assert after in (("question", "all") if goes_on else ("result", "call")), after
    if view in ("question", "all"):
        assert not said(on, t, "result_done")
    if view == "question":
        assert int(re.findall(r"(\d+) (?:question|Frage)", on.text)[0]) >= 1
    other = on.press(f"lang:{next(one for one in LANGUAGES if one != lang)}")
    assert (other.field("view"), other.field("state")) == (view, on.field("state"))
    assert {do for do in other.buttons if do[:5] != "lang:"} == {
        do for do in on.buttons if do[:5] != "lang:"
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", range(3))
def test_wherever_one_presses_no_page_contradicts_itself(lang: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    on = page([("lang", lang)])
    for _ in range(40):
        agrees(on)
        do = chance.choice([one for one in on.buttons if one not in ENDS and one[:5] != "lang:"])
        text = chance.choice(TYPED)
        fields = {name for name, _ in on.fields}
        names = sorted(name for name in fields if re.fullmatch(r"text(\.\d+)?", name))
        on = on.press(do, *[(one, text) for one in names[:1] if chance.random() < 0.7])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_emergency_without_a_supplement_shows_in_the_picture_too(lang: str) -> None:
    t = words_in(lang)
    call = begun(lang=lang).press("yes")
    for on in (call.press("on"), call.press("on").press("all"), call.press("stop")):
        assert f"{t('so_far')} {t('level_urgent')}" in on.text
        assert not said(on, t, "could_be")
        assert re.findall(r'class="bar (\S+)"', on.html) == ["out"] * 5 + ["so-far"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_stops_at_an_emergency_is_not_told_that_there_are_no_questions(lang: str) -> None:
    t = words_in(lang)
    result = begun(lang=lang).press("yes").press("stop")
    assert not said(result, t, "result_done")
    assert result.press("on").field("view") == "question"


def test_a_new_emergency_is_said_though_one_went_on_after_another() -> None:
    on = begun().press("yes").press("on")
    righted = on.press("change:0").press("no")
    assert righted.press("yes").field("view") == "call"
    help_ = to_question(to_the_list(ALA), ("by name", "hives")).press("yes")
    help_ = to_question(help_, ("taking", ALA)).press("yes")
    assert help_.title == "Get medical help now"
    assert "Call 112, 911 or 999 now." not in help_.text
    call = help_.press("on").press("change:0").press("yes")
    assert "Call 112, 911 or 999 now." in call.text
    assert call.title == "Call the emergency number now: 112, 911 or 999"
    # The same emergency once more is none that was not said.
    again = begun().press("yes").press("on").press("yes")
    assert again.field("view") == "question"


def test_what_was_skipped_can_be_answered_from_the_result() -> None:
    result = begun().press("skip").press("skip").press("stop")
    assert "You skipped" not in result.text
    on = begun().press("no").press("skip").press("none")
    while on.field("view") == "question":
        on = on.press("skip")
    assert on.field("view") == "result"
    assert "You skipped" in on.text
    assert on.press("change:1").title.startswith("Do you now have swelling")


def test_another_language_of_a_refused_page_leads_to_the_first_page() -> None:
    on = Page(refused("refused_slow", "en")).press("lang:de")
    assert on.title == "Bevor Sie ein Nahrungsergänzungsmittel nehmen"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("started", ["unknown", "skip"])
@pytest.mark.parametrize("sign", ["fainting", "hives"])
def test_who_does_not_know_whether_it_was_begun_is_told_to_get_help_after_a_sign(
    lang: str, started: str, sign: str
) -> None:
    t = words_in(lang)
    asked = to_question(to_the_list(ALA).send(f"lang:{lang}"), ("by name", sign)).press("yes")
    assert not said(asked, t, "urgent_may"), "that is the next question"
    help_ = asked.press(started)
    assert help_.field("view") == "call"
    assert help_.title == t("call_title" if sign == "fainting" else "help_title")
    assert said(help_, t, "urgent_may")
    assert not said(help_, t, "urgent_now"), "it is not known"
    on = help_.press("on")
    assert on.field("view") == "question"
    assert said(on, t, "urgent_may"), "it stays in sight"
    # The picture says what the report says: no emergency so far, and it could be one.
    so_far = "level_undetermined" if sign == "fainting" else "level_caution"
    assert f"{t('so_far')} {t(so_far)}" in on.text
    assert f"{t('could_be')} {t('level_urgent')}" in on.text
    assert on.press("stop").press("on").title == on.title
    back = help_.press("back")
    assert not said(back, t, "urgent_may")
    assert not said(back.press("no"), t, "urgent_may"), "it was not begun"
    assert back.press("yes").field("view") == "call"


def test_all_at_once_it_is_told_too_what_may_be_an_emergency() -> None:
    on = to_the_list(ALA).press("all")
    keys = [value for name, value in on.fields if name == "key"]
    place = keys.index('["by name", "fainting"]')
    on = on.press("save", (f"said.{place}", "yes"))
    keys = [value for name, value in on.fields if name == "key"]
    place = keys.index(f'["taking", "{ALA}"]')
    assert on.press("save", (f"said.{place}", "unknown")).field("view") == "call"


def test_what_was_answered_with_not_known_is_not_to_be_asked_first_in_the_result() -> None:
    on = to_question(to_the_list(ALA), ("number", "weight_kg")).press("unknown").press("stop")
    assert "Asked, not known: How much do you weigh?" in on.text
    on = to_the_list(f"{ALA}\nfoopowder").press("unknown").press("stop")
    to_ask, _, known = on.text.partition("Asked, not known: ")
    assert "What is “foopowder”?" in known
    assert "What is “foopowder”?" not in to_ask.partition("Ask first: ")[2]
