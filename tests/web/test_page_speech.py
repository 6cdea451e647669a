"""How the words of the intake page are read: how hard they are, and in which language."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from syllapy import count

from msrisk.asking import Form, open_questions
from msrisk.checking.readability import HIGHEST_GRADE, grade_of
from msrisk.documents import profile_from_document
from msrisk.web.page_words import LANGUAGES, words_in
from tests.web.client import SHIPPED
from tests.web.pages import Page, begun, page
from tests.web.test_page import ALA, to_question

# The measure is of sentences: of a button or a label there is too little to measure.
FEW = 6
GAPS = {"n": "3", "unit": "years", "version": "1", "example": "52", "low": "50", "high": "55"}


def texts(lang: str = "en") -> list[str]:
    """Return each text that the page adds, with something in each gap."""
    said = words_in(lang).said.values()
    forms = [form for one in said for form in ([one] if isinstance(one, str) else one.values())]
    return [form.format(number="1", **GAPS) for form in forms]


def test_what_the_page_says_asks_for_no_more_than_the_eighth_grade() -> None:
    sentences = [one for one in texts() if len(one.split()) >= FEW]
    assert len(sentences) > 40
    assert [one for one in sentences if grade_of(one, (), count) >= HIGHEST_GRADE] == []
    assert grade_of(". ".join(sentences), (), count) < 5


def german_grade(text: str) -> float:
    """Return the school year that a German text asks for: Vienna's formula for prose, the fourth.

    R. Bamberger, E. Vanecek: Lesen, Verstehen, Lernen, Schreiben (1984). Syllables are counted as
    groups of vowels.
    """
    words = re.findall(r"\w+", text)
    sentences = len(re.findall(r"[.?!:…](?=\s|$)", text)) or 1
    long = sum(len(re.findall(r"(?:ei|ie|eu|äu|au|[aeiouyäöü])", w.casefold())) > 2 for w in words)
    return 0.2656 * len(words) / sentences + 0.2744 * 100 * long / len(words) - 1.693


def test_the_measure_of_german_tells_easy_from_hard() -> None:
    assert german_grade("Das ist gut. Wir gehen nach Haus.") < 1
    assert german_grade("Die Kontraindikation bedarf interdisziplinärer Konsultation.") > 15


def test_what_the_page_says_in_german_asks_for_no_more_than_the_eighth_grade() -> None:
    sentences = [one for one in texts("de") if len(one.split()) >= FEW]
    # The name of what is taken is long in German, and is counted as a word that each reader knows.
    known = [re.sub("Nahrungsergänzungsmittel|Nahrungsergänzung", "Mittel", s) for s in sentences]
    assert len(known) > 40
    assert [one for one in known if german_grade(one) >= HIGHEST_GRADE + 2] == []
    assert german_grade(". ".join(known)) < HIGHEST_GRADE


@pytest.mark.parametrize("supplement", ["alpha lipoic acid", "NAC"])
def test_what_the_page_asks_is_no_harder(supplement: str) -> None:
    form = Form(profile_from_document({"supplements": [supplement]}))
    for question in open_questions(form, SHIPPED):
        # Names are counted as short: a person knows the names of what they have.
        names = {tuple(one.name.casefold().split()) for one in question.named}
        assert grade_of(question.wording, names, count) < HIGHEST_GRADE + 2, question.wording


class Spoken(HTMLParser):
    """The words of a page by the language in which they are read aloud."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.langs = [""]
        self.tags = [""]
        self.said: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "br", "rect"):
            self.tags.append(tag)
            self.langs.append(dict(attrs).get("lang") or self.langs[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag == self.tags[-1]:
            self.tags.pop()
            self.langs.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags[-1] not in ("title", "textarea"):
            self.said.append((self.langs[-1], " ".join(data.split())))


def states(lang: str) -> list[Page]:
    """Return a page of each kind."""
    start = page([("lang", lang)])
    first = begun(lang=lang)
    asked = first.press("no").press("no")
    wrong = asked.press("none", ("text", ALA))
    check = asked.press("continue", ("text", f"{ALA}\nfoopowder\nALA"))
    which = check.press("complete")
    other = which.press("continue", ("text", "NAC"))
    number = to_question(other, ("number", "age_years"))
    call = first.press("yes")
    every = number.press("all").press("save", ("text.0", "old"))
    slip = asked.press("all").press("save", ("text.0", "lipoik"), ("said.0", "complete"))
    slip = slip.press("save")
    assert "is:alpha lipoic acid" in slip.html
    draft = number.press("change:2", ("text", "52"))
    result = draft.press("stop")
    kept = start.press("load", ("document", "{"))
    return [start, first, asked, wrong, check, which, other, number, call, every, slip, draft,
            result,
            result.press("handout"), kept]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_each_word_is_marked_with_the_language_that_it_is_in(lang: str) -> None:
    own = sorted(patterns(lang), key=len, reverse=True)
    # In which language a person wrote, nobody knows; it stands in quotes, or in a part of its own.
    typed = ("52", "foopowder", "ALA", "NAC", "old", "lipoik", ALA)
    for on in states(lang):
        for read_as, words in Spoken(on.html).said:
            if read_as == lang:
                rest = re.sub(r"“[^”]*”", "", words)
                for one in own:
                    rest = re.sub(one, "", rest)
                rest = re.sub(r"\b[0-9a-f]{12}\b|[\W\d_]", "", rest)
                assert not rest or words in typed, (on.title, words)
            elif read_as == "en":
                assert not any(re.fullmatch(one, words) for one in own if len(one) > 12), words


def patterns(lang: str) -> list[str]:
    """Return a pattern for each text of a language."""
    said = words_in(lang).said.values()
    forms = [form for one in said for form in ([one] if isinstance(one, str) else one.values())]
    made = [re.sub(r"\\\{\w+\\\}", ".+?", re.escape(form)) for form in forms]
    return [re.sub(r"\.\+\?$", ".+", one) for one in made]
