"""Names of substances compared over the spellings of several languages, salts left out.

A spelling is brought down to a skeleton: “lévothyroxine sodique”, “levothyroxinum
natricum” and “levotiroxina” are one. Skeletons are compared only with preferred names
and ids of drugs, never with brands: a test looks at what shares a skeleton.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

__all__ = ["WORDS", "all_skeletons", "same_substance", "skeleton", "skeletons"]

WORDS: Final = Path(__file__).parent / "words.toml"
"""Words of lists that do not say which substance is meant, and routes."""

_LETTERS: Final = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("ch", "c"),
    ("y", "i"),
    ("ae", "e"),
    ("oe", "e"),
    ("k", "c"),
    ("qu", "c"),
    ("x", "s"),
    ("z", "s"),
    ("h", ""),
    ("ct", "t"),
    ("pt", "t"),
)
_ENDINGS: Final = re.compile(r"(?:um|us|[aeo])$")
_NUMERAL: Final = re.compile(r"[ivx]+[ab]?")


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Return what is left of a word when accents, spelling and ending are evened out."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if letter.isalnum())
    if _NUMERAL.fullmatch(plain):
        return plain  # factor VIII is not factor VII
    for letters, instead in _LETTERS:
        plain = plain.replace(letters, instead)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return _ENDINGS.sub("", _ENDINGS.sub("", plain) if plain.endswith("um") else plain)


_BESIDE: Final = frozenset(map(skeleton, tomllib.loads(WORDS.read_text("utf-8"))["beside"]))


@lru_cache(maxsize=100_000)
def all_skeletons(words: str) -> frozenset[str]:
    """Return the skeletons of all words."""
    found = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", words))
    return frozenset(filter(None, map(skeleton, found)))


@lru_cache(maxsize=100_000)
def skeletons(name: str) -> frozenset[str]:
    """Return the skeletons of the words of a name that say which substance it is."""
    found = all_skeletons(name) - _BESIDE
    return frozenset(one for one in found if len(one) > 1 and not one[0].isdigit())


def same_substance(one: str, other: str) -> bool:
    """Whether all that one name says of a substance is said by the other as well."""
    here, there = skeletons(one), skeletons(other)
    return bool(here and there) and (here <= there or there <= here)
