"""What holds of every page: for the eye in each light and size, by keyboard, and by ear."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest

from msrisk.web.page_words import words_in
from tests.page.states import states
from tests.page.walking import Walk

Open = Callable[..., Walk]

LOCALES: Final = {"en": "en-GB", "de": "de-DE"}
# With motion first: it makes no color change slowly, which would be looked at on its way.
LIGHTS: Final[tuple[dict[str, Any], ...]] = (
    {"reduced_motion": "no-preference"},
    {},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"contrast": "more"},
    {"contrast": "more", "color_scheme": "dark"},
)
PLAIN: Final[dict[str, Any]] = {
    "color_scheme": "light",
    "forced_colors": "none",
    "contrast": "no-preference",
    "reduced_motion": "reduce",
}
# A window of 1280 by 1024 pixels at 200 and at 400 percent, a small telephone, and one on its side.
SIZES: Final = ((640, 512), (320, 256), (360, 640), (640, 320))

# Pictures of kinds of pages that no walk takes.
PICTURED: Final = {
    "saved answers that are none": "saved-error",
    "a result with an emergency": "result-emergency",
    "a question after an emergency": "question-after-emergency",
    "how changed names are understood": "changed",
    "a number": "number",
    "a number with an error": "number-error",
    "a result without open questions": "result-end",
}

# Where each thing that takes the focus is, once it has it, and whether it is large enough.
_FOCUSED: Final = """
() => {
  const stays = [...document.querySelectorAll("header, header .stays")]
    .find(one => getComputedStyle(one).position === "sticky" && one.getClientRects().length);
  const wrong = [];
  const high = stays.getBoundingClientRect().height;
  if (high > innerHeight / 3) {
    wrong.push(`the emergency takes ${high} of ${innerHeight}`);
  }
  for (const at of document.querySelectorAll("a, button, input, textarea, summary, fieldset")) {
    if (!at.getClientRects().length || at.matches(".skip, [type=hidden]")) {
      continue;
    }
    document.activeElement.blur();
    at.focus();
    const box = at.getBoundingClientRect(), head = stays.getBoundingClientRect();
    if (document.activeElement !== at) {
      continue;
    }
    if (head.top < 0 || head.bottom <= 0 || head.top > 2) {
      wrong.push(`the emergency is out of sight at ${at.outerHTML.slice(0, 99)}`);
    }
    // Of a field with several lines a browser brings the one into sight that is written in.
    const fits = box.height < innerHeight - head.height - 60 && at.type !== "textarea";
    if (box.bottom <= head.bottom || box.top >= innerHeight || fits && box.top < head.bottom - 1) {
      wrong.push(`${at.outerHTML.slice(0, 99)} is behind the emergency`);
    }
    const target = at.closest("label.choice, .msrisk-report a") ?? at;
    const size = target.getBoundingClientRect();
    if (!at.closest(".msrisk-report") && at.type !== "file" && size.height < 44) {
      wrong.push(`${at.outerHTML.slice(0, 99)} is ${size.height} high`);
    }
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return wrong;
}
"""
# What is read out by a screen reader: what each thing to use is called.
_NAMELESS: Final = re.compile(
    r"^\s*- (?:button|textbox|radio|link|heading|region)(?: \[.*\])?:?$", re.MULTILINE
)


@pytest.mark.parametrize("lang", LOCALES)
def test_every_page_is_accessible_in_every_light_and_size(walk: Open, lang: str) -> None:
    on = walk(locale=LOCALES[lang], viewport={"width": 360, "height": 640})
    on.page.emulate_media(**PLAIN)
    for name in states(on):
        for light in LIGHTS:
            on.page.emulate_media(**PLAIN | light)
            on.seen_by_axe()
        on.page.emulate_media(**PLAIN)
        for width, height in SIZES:
            on.page.set_viewport_size({"width": width, "height": height})
            on.seen_by_axe(unfolded_only=True)
            assert on.page.evaluate(_FOCUSED) == [], (name, width)
        on.unfolded(now=False)
        on.page.set_viewport_size({"width": 360, "height": 640})
    assert on.said == []


@pytest.mark.parametrize("lang", LOCALES)
def test_by_ear_every_page_says_what_it_is_and_each_step_begins_where_it_matters(
    walk: Open, lang: str
) -> None:
    t = words_in(lang)
    on = walk(locale=LOCALES[lang])
    titles = {}
    for name in states(on):
        wrong = on.page.locator("[aria-invalid=true]").count()
        focus = on.page.evaluate(
            "() => document.activeElement.id || document.activeElement.getAttribute('role')"
        )
        invalid = on.page.locator("[aria-invalid=true]").first
        if wrong and on.page.get_by_role("alert").count():
            assert focus == "alert", name
        elif wrong:
            assert focus == invalid.get_attribute("id"), name
        else:
            assert focus == ("" if name == "start" else "title") or name == "start", name
        if wrong:
            assert on.page.title().startswith(f"{t('error')}: "), name
            described = str(invalid.get_attribute("aria-describedby")).split()
            said = " ".join(on.page.locator(f"#{one}").inner_text() for one in described)
            assert t("problem") in said, name
        heading = on.page.get_by_role("heading", level=1)
        assert heading.count() == 1
        assert heading.inner_text().rstrip("?").split("? ")[0] in on.page.title(), name
        titles[name] = on.page.title()
        tree = on.page.locator("body").aria_snapshot()
        assert _NAMELESS.findall(tree) == [], name
        assert "- banner:" in tree
        assert "- main:" in tree
        assert "- contentinfo:" in tree
        # The live regions are there before something is put into them.
        live = {
            one.get_attribute("id"): one.get_attribute("role")
            for one in on.page.locator("#waiting, #failed").all()
        }
        assert live == {"waiting": "status", "failed": "alert"}
        if lang == "en" and name in PICTURED:
            on.pictured(PICTURED[name])
    assert titles["a call"].startswith(t("call_title"))
    assert titles["a result"].startswith(t("result_title"))
    assert len(set(titles.values())) > 12
