"""Fills in the intake page as a browser without a script would, from the HTML alone."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from msrisk.model.rules import RuleSet
from msrisk.web.page import respond

__all__ = ["Page", "begun", "to_the_list"]

VOID = {"meta", "link", "input", "br", "rect"}


class Page(HTMLParser):
    """A page: its title, its fields as they would be sent, its buttons, and its words."""

    def __init__(self, html: str, ruleset: RuleSet | None = None) -> None:
        super().__init__()
        self.html = html
        self.ruleset = ruleset
        self.fields: list[tuple[str, str]] = []
        self.buttons: dict[str, str] = {}
        self.heads: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.button = ""
        self.area = ""
        self.feed(html)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in attrs}
        assert not {name for name in given if name.startswith("on")} - {"on"}
        assert "style" not in given
        assert tag != "script" or "page.js?" in given["src"]
        assert tag != "style"
        self.ids += [given["id"]] if "id" in given else []
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.refers += given.get(name, "").split()
        if tag not in VOID:
            self.open.append(tag)
        if tag == "input" and given.get("type") not in ("radio", "file") and "name" in given:
            self.fields.append((given["name"], given.get("value", "")))
        if tag == "input" and given.get("type") == "radio" and "checked" in given:
            self.fields.append((given["name"], given["value"]))
        if tag == "textarea" and "name" in given:
            self.area = given["name"]
            self.fields.append((self.area, ""))
        if tag == "button":
            self.button = given.get("value", "")
            self.buttons[self.button] = ""
        if tag == "h1":
            self.heads.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            name, before = self.fields.pop()
            self.fields.append((name, before + data))
            return
        self.words += data
        if "button" in self.open:
            self.buttons[self.button] += data
        if "h1" in self.open:
            self.heads[-1] += data

    @property
    def title(self) -> str:
        return " ".join(self.heads[0].split())

    @property
    def text(self) -> str:
        return " ".join(self.words.split())

    def field(self, name: str) -> str:
        return next(value for key, value in self.fields if key == name)

    def press(self, do: str, *typed: tuple[str, str]) -> Page:
        """Send the form with one of its buttons; what is typed replaces what stood there."""
        assert do in self.buttons, (do, sorted(self.buttons))
        return self.send(do, *typed)

    def send(self, do: str, *typed: tuple[str, str]) -> Page:
        changed = {name for name, _ in typed}
        kept = [one for one in self.fields if one[0] not in changed]
        return page([*kept, *typed, ("do", do)], self.ruleset)


def page(fields: list[tuple[str, str]], ruleset: RuleSet | None = None) -> Page:
    """Return the page that follows, once its marks have been looked at."""
    found = Page(respond(fields, ruleset=ruleset), ruleset)
    assert len(found.heads) == 1
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)
    return found


def begun(ruleset: RuleSet | None = None, **fields: str) -> Page:
    """Return the first question."""
    return page(list(fields.items()), ruleset).press("one")


def to_the_list(*supplements: str) -> Page:
    """Return what follows on the emergency and on supplements, all of which were told."""
    asked = begun().press("no").press("no")
    text = "\n".join(supplements)
    return asked.press("continue", ("text", text)).press("complete")
