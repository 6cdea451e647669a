"""Finds the words that the intake page adds, in the language of the person."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from attrs import frozen
from babel import Locale, negotiate_locale

__all__ = ["FILES", "LANGUAGES", "Words", "language_of", "words_in"]

FILES: Final = Path(__file__).parent / "page_files"
"""Where the page keeps what is no Python: templates, style, script and words."""

LANGUAGES: Final = ("en", "de")
"""The languages that the page can speak; the first is that of the rules, too."""

Said = str | Mapping[str, str]


@frozen
class Words:
    """The words of one language; where a number counts, one form for each plural of CLDR."""

    lang: str
    said: Mapping[str, Said]

    def __call__(self, key: str, n: int | None = None, **given: str) -> str:
        """Return what stands under a key, with what is given put in.

        Args:
            key: as in the file of the language.
            n: the number that decides on the plural, where there are several forms.
            given: what is put in, by the name in braces.

        """
        found = self.said[key]
        if not isinstance(found, str):
            found = found[_plural(self.lang, n or 0)]
        return found.format(n=n, **given)


def _plural(lang: str, n: int) -> str:
    return Locale.parse(lang).plural_form(n)


@cache
def words_in(lang: str) -> Words:
    """Return the words of a language; of English, if the page does not speak it."""
    known = lang if lang in LANGUAGES else LANGUAGES[0]
    return Words(known, tomllib.loads((FILES / f"{known}.toml").read_text("utf-8")))


def language_of(accepted: str) -> str:
    """Return the language that a browser would like best, of those that the page speaks.

    Args:
        accepted: the header Accept-Language, such as "de-AT,de;q=0.9,en;q=0.5".

    """
    wanted = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            wanted.append((-weight, place, tag.strip().replace("-", "_")))
    return negotiate_locale([tag for *_, tag in sorted(wanted)], LANGUAGES) or LANGUAGES[0]
