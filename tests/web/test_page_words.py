"""The words that the page adds: the same in each language, with its plurals."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel import Locale

from msrisk import recognise
from msrisk.model.results import Level
from msrisk.web.page import respond
from msrisk.web.page_words import FILES, LANGUAGES, language_of, words_in

# These are put together from a part of a question, a field, a level or an answer.
MADE = ("level_", "field_", "part_", "unit_", "said_", "wrong_", "names_hint")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_gaps(lang: str) -> None:
    english, other = words_in("en").said, words_in(lang).said
    assert list(english) == list(other)
    for key, words in english.items():
        theirs = other[key]
        assert isinstance(words, str) is isinstance(theirs, str), key
        if isinstance(words, str) and isinstance(theirs, str):
            assert gaps(words) == gaps(theirs), key
            assert theirs.strip()
        elif not isinstance(theirs, str):
            assert theirs.keys() == Locale.parse(lang).plural_form.tags | {"other"}
            assert all(gaps(form) == {"n"} for form in theirs.values())


def gaps(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_every_word_is_used_and_every_level_has_words() -> None:
    known = words_in("en").said
    texts = [path.read_text("utf-8") for path in FILES.glob("*.j2")]
    texts += [path.read_text("utf-8") for path in FILES.parent.glob("page*.py")]
    used = set(re.findall(r"[\"']([a-z_]+)[\"']", "\n".join(texts)))
    assert {key for key in known if key not in used and not key.startswith(MADE)} == set()
    assert {f"level_{one.value}" for one in Level} <= known.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_that_the_page_gives_is_understood(lang: str) -> None:
    hint = words_in(lang)("names_hint_supplements")
    example = hint.partition(": ")[2].rpartition(". ")[0]
    assert recognise(example, "supplement").concepts == {"alpha-lipoic-acid"}
    assert recognise(example, "supplement").status == "recognised"


def test_no_word_sounds_like_an_all_clear() -> None:
    for lang in LANGUAGES:
        text = Path(FILES / f"{lang}.toml").read_text("utf-8").casefold()
        for word in ("safe", "harmless", "no risk", "sicher nehmen", "unbedenklich", "kein risiko"):
            assert word not in text


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 questions"), (1, "1 question is"), (2, "2 questions")]
)
def test_a_number_decides_on_the_plural(number: int, words: str) -> None:
    assert words in words_in("en")("left", number)
    assert words_in("de")("go_on_open", 1) == "Weitermachen: 1 Frage ist offen"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "en"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en;q=0.5, de;q=0.9", "de"),
        ("fr, de;q=0", "en"),
        ("fr;q=x, *, de;q=0.1", "de"),
        ("tlh", "en"),
        (";;;,,,=", "en"),
        ("de" * 5_000, "en"),
    ],
)
def test_the_language_is_the_best_that_the_page_speaks(accepted: str, lang: str) -> None:
    assert language_of(accepted) == lang


def test_a_page_that_is_translated_says_that_nobody_has_reviewed_it() -> None:
    for lang in LANGUAGES:
        said = words_in(lang)("translated")
        for html in (respond([("lang", lang)]), respond([("lang", lang), ("do", "one")])):
            assert (said in html) is (lang != "en")
