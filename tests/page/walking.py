"""Walks through the intake page as a person does, by keyboard or by tapping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import FloatRect, Locator, Page

__all__ = ["TAGS", "Walk"]

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ALA: Final = "alpha lipoic acid 600 mg once a day"

# The page ignores a second tap for a moment, so that a hand that trembles answers once.
_RESTED: Final = "() => typeof shownAt === 'undefined' || performance.now() - shownAt > 250"
_GONE: Final = (
    "before => !before.isConnected || !document.getElementById('failed').hidden "
    "|| document.body !== before"
)
_RUN: Final = """
async tags => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    // The only rule of WCAG 2.2 is switched off unless it is asked for.
    rules: { "target-size": { enabled: true } },
    preload: false,
  });
  const ran = ["passes", "violations", "incomplete", "inapplicable"].flatMap(kind => found[kind]);
  return {
    wrong: found.violations.map(
      one => `${one.id}: ${one.nodes.map(node => node.html).join(" | ")}`.slice(0, 600)
    ),
    tags: [...new Set(ran.flatMap(one => one.tags))],
    rules: ran.map(one => one.id),
    sizes: ["passes", "violations"].flatMap(kind => found[kind])
      .filter(one => one.id === "target-size").flatMap(one => one.nodes).length,
  };
}
"""
_OPEN: Final = """
open => document.querySelectorAll("details").forEach(one => {
  one.dataset.was ??= String(one.open);
  one.open = open || one.dataset.was === "true";
})
"""


class Walk:
    """A window with the page in it."""

    def __init__(
        self, page: Page, axe: str, pictures: Path | None, *, scripts: bool = True
    ) -> None:
        self.scripts = scripts
        page.set_default_timeout(10_000)
        self.page = page
        self.axe = axe
        self.pictures = pictures
        self.said: list[str] = []
        self.sent: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.sent.append(request.url))

    @property
    def title(self) -> str:
        """The heading of the page."""
        return str(self.page.locator("h1").inner_text())

    @property
    def text(self) -> str:
        """All that is to be read."""
        return str(self.page.locator("body").inner_text())

    def has(self, do: str) -> bool:
        """Return whether there is a button."""
        return bool(self.page.locator(f'[name=do][value="{do}"]').count())

    def press(self, do: str) -> Walk:
        """Tap a button."""
        self.rest()
        self._after(self.page.locator(f'button[name=do][value="{do}"]').first.click)
        return self

    def rest(self) -> None:
        """Wait until the page takes a tap again."""
        self.page.wait_for_function(_RESTED)

    def _after(self, act: Callable[[], None]) -> None:
        """Do something, and wait until another page is there or it is said that there is none."""
        if self.scripts:
            before = self.page.locator("body").element_handle()
            act()
            self.page.wait_for_function(_GONE, arg=before)
        else:
            with self.page.expect_navigation():
                act()

    def type(self, text: str) -> Walk:
        """Write into the field of a question."""
        self.page.fill("#text", text)
        return self

    def key(self, *keys: str) -> Walk:
        """Press keys."""
        for one in keys:
            self.page.keyboard.press(one)
        return self

    def tab_to(self, do: str) -> Walk:
        """Go to a button with the tabulator alone, and see where the focus is on the way."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(
                """() => {
                  const at = document.activeElement, box = at.getBoundingClientRect();
                  const head = document.querySelector("header");
                  const sticks = getComputedStyle(head).position === "sticky";
                  const below = sticks ? head.getBoundingClientRect().bottom : 0;
                  return [at.value ?? "", getComputedStyle(at).outlineStyle,
                    at.className === "skip" || box.bottom > below && box.top < innerHeight];
                }"""
            )
            value, outline, in_sight = seen
            assert outline != "none"
            assert in_sight
            if value == do:
                return self
        raise AssertionError(f"no key leads to {do}")

    def enter(self) -> Walk:
        """Press Enter where the focus is."""
        self.rest()
        self._after(lambda: self.page.keyboard.press("Enter"))
        return self

    def to_the_list(self, *supplements: str) -> Walk:
        """Answer the emergency with no, and tell supplements."""
        self.press("one").press("no").press("no")
        self.type("\n".join(supplements)).press("continue").press("complete")
        return self

    def to_the_end(self, medicines: str = "", done: Sequence[str] = ("view-result",)) -> Walk:
        """Answer no, none or a number, until the questions end."""
        for _ in range(60):
            if self.page.locator("body").get_attribute("class") in done:
                return self
            if self.has("complete"):
                self.press("complete")
            elif self.has("none"):
                if "medicines" in self.title and medicines:
                    self.type(medicines).press("continue")
                else:
                    self.press("none")
            elif self.has("no"):
                self.press("no")
            elif self.page.locator("[inputmode=decimal]").count():
                self.type("60").press("continue")
            else:
                self.press("unknown")
        raise AssertionError(self.title)

    def box(self, of: Locator) -> FloatRect:
        """Return where something stands that is in sight."""
        found = of.bounding_box()
        assert found is not None
        return found

    def looked_at(self, name: str = "") -> Walk:
        """Look at the page with axe-core, and keep a picture of it under a name."""
        self.seen_by_axe()
        if name:
            self.pictured(name)
        return self

    def unfolded(self, *, now: bool) -> None:
        """Unfold all that folds away, or leave it as the page showed it."""
        self.page.evaluate(_OPEN, now)

    def seen_by_axe(self, *, unfolded_only: bool = False) -> None:
        """Look at the page with axe-core, with what folds away unfolded and as it was.

        It stays unfolded where only that is looked at.
        """
        self.page.evaluate(self.axe)
        for opened in (True,) if unfolded_only else (True, False):
            self.unfolded(now=opened)
            found = self.page.evaluate(_RUN, list(TAGS))
            assert found["wrong"] == []
            assert set(TAGS) <= set(found["tags"])
            assert "target-size" in found["rules"]
            assert found["sizes"] or not self.page.locator("button:visible").count()
            wide, window = self.page.evaluate(
                "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            assert wide <= window

    def pictured(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture of what is in sight, or of the whole page, if pictures are wanted."""
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=whole)
