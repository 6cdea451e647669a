"""What goes wrong around the intake page: a slow and a broken network, a crowd, other rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve
from playwright.sync_api import Route

from msrisk.model.history import Withdrawal
from msrisk.model.rules import RuleSet
from msrisk.web.page import respond
from tests.page.walking import ALA, Walk

Open = Callable[..., Walk]

PEOPLE: Final = 50
_EACH: Final = """
async people => {
  const page = html => new DOMParser().parseFromString(html, "text/html");
  const press = async (before, more) => {
    const fields = new URLSearchParams(new FormData(before.querySelector("form")));
    for (const [name, value] of more) {
      fields.set(name, value);
    }
    const found = await fetch("", { method: "POST", body: fields });
    return found.ok ? page(await found.text()) : Promise.reject(found.status);
  };
  let first = page(await (await fetch("")).text());
  for (const done of ["one", "no", "no"]) {
    first = await press(first, [["do", done]]);
  }
  const one = async number => {
    let on = first;
    for (const more of [
      [["text", `alpha lipoic acid ${number} mg once a day`], ["do", "continue"]],
      [["do", "complete"]], [["do", "stop"]],
    ]) {
      on = await press(on, more);
    }
    return on.body.textContent;
  };
  return Promise.all(Array.from({ length: people }, (_, at) => one(601 + at)));
}
"""


def test_fifty_people_at_once_are_each_told_of_their_own_answers(walk: Open) -> None:
    results = walk().page.evaluate(_EACH, PEOPLE)
    assert len(results) == PEOPLE
    for at, text in enumerate(results):
        amounts = {601 + other for other in range(PEOPLE) if f"{601 + other} mg" in text}
        assert amounts == {601 + at}
        assert "Your result" in text


def test_on_a_slow_network_it_says_so_and_a_second_tap_sends_nothing(walk: Open) -> None:
    on = walk().press("one")
    slow = on.page.context.new_cdp_session(on.page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1_500, "downloadThroughput": 20_000, "uploadThroughput": -1},
    )
    on.rest()
    on.page.locator("button[value=no]").click()
    on.page.get_by_text("One moment, please").wait_for()
    on.looked_at("waiting")
    on.page.locator("button[value=yes]").click()
    on.page.get_by_role("heading", name="Do you now have swelling").wait_for()
    assert on.page.locator(".answers li").count() == 1


def test_on_a_broken_network_one_presses_again_and_nothing_is_lost(walk: Open) -> None:
    on = walk().press("one").press("no").press("no").type(ALA)
    broken = [
        lambda route: route.abort("connectionreset"),
        lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"),
        lambda route: route.fulfill(status=200, body="<!doctype html><p>Log in to the Wi-Fi"),
    ]

    def next_(route: Route) -> None:
        broken.pop(0)(route)

    on.page.route("**/clinic/", next_)
    while broken:
        on.press("continue")
        assert "did not get through" in on.text
        assert on.page.locator("#text").input_value() == ALA
    on.page.unroute("**/clinic/")
    on.press("continue")
    assert on.title == "Did we understand you?"


def test_what_is_too_large_is_said_and_stays(walk: Open) -> None:
    on = walk().press("one").press("no").press("no").type(ALA)
    on.page.evaluate(
        """() => {
          const field = document.createElement("input");
          Object.assign(field, { type: "hidden", name: "large", value: "x".repeat(8_000_000) });
          document.querySelector("form").append(field);
        }"""
    )
    on.press("continue")
    assert "more than the page can take" in on.page.get_by_role("alert").inner_text()
    assert on.page.locator("#text").input_value() == ALA
    on.page.evaluate("() => document.querySelector('[name=large]').remove()")
    on.press("continue")
    assert on.title == "Did we understand you?"
    on.page.goto(f"{on.page.url}keep")
    on.looked_at("refused")
    assert on.title == "That did not work"
    on.press("start")
    assert on.title == "Before you take a supplement"


def test_withdrawn_rules_are_said_in_words(walk: Open) -> None:
    reason = "A number in a rule was wrong."
    rules = evolve(RuleSet.default(), withdrawn=Withdrawal("2026-12-01", reason))
    on = walk()
    html = respond([], base="/clinic", ruleset=rules)
    on.page.route("**/clinic/", lambda route: route.fulfill(body=html, content_type="text/html"))
    on.page.reload()
    on.looked_at("withdrawn")
    assert reason in on.text
    assert not on.has("one")
