"""Leads through every kind of page, one after another, in any language."""

from __future__ import annotations

from collections.abc import Iterator

from tests.page.walking import ALA, Walk

__all__ = ["states"]


def states(on: Walk) -> Iterator[str]:
    """Go from one kind of page to the next, and yield what it is called once it is there."""
    yield "start"
    on.page.locator(".load summary").click()
    on.page.fill("#document", "{")
    on.press("load")
    yield "saved answers that are none"
    on.press("one")
    yield "a question of the emergency"
    on.press("yes")
    yield "a call"
    on.press("stop")
    yield "a result with an emergency"
    on.press("on")
    yield "a question after an emergency"
    on.page.locator(".answers summary").click()
    on.press("change:0").press("no").press("no")
    yield "a list"
    on.type(ALA).press("none")
    yield "a list with an error"
    on.type(f"{ALA}\nfoopowder").press("continue")
    yield "how names are understood"
    on.page.fill("#name-2", "foopowders")
    on.press("complete")
    yield "how changed names are understood"
    on.press("complete")
    yield "a name that nobody knows"
    on.press("unknown").press("skip")
    while not on.page.locator("[inputmode=decimal]").count():
        on.press("skip")
    yield "a number"
    on.type("old").press("continue")
    yield "a number with an error"
    on.type("52").press("continue").press("all")
    yield "all questions"
    on.page.locator("textarea").first.fill("thyroidits; asthma")
    on.press("save")
    yield "all questions with an error"
    on.page.locator("[value=more]").first.check()
    on.press("save")
    yield "how names among all questions are understood"
    # Waits for what is offered: without it this would be one more name that nobody knows.
    on.press("save").press("one").page.locator("[value^='is:']").first.wait_for()
    yield "a name with a slip"
    on.press("unknown").press("stop")
    yield "a result"
    on.press("handout")
    yield "the page to print"
    on.press("stop").press("one-or-all")
    while on.has("skip"):
        on.press("skip")
    yield "a result without open questions"
