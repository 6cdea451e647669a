"""Normalises characters, so that typed text and the vocabulary can be compared.

What cannot be seen is taken out, whatever is written wide, in capitals or with accents
becomes plain, and what stands for a word without being one (a box that is not ticked)
becomes that word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from itertools import filterfalse
from typing import Final

from msrisk.model.checks import LINE_ENDS, UNSEEN

__all__ = [
    "UNTICKED",
    "WORD",
    "hidden_in",
    "in_words",
    "normalised",
    "plain_code",
    "split_name",
    "split_text",
    "undotted",
    "visible",
]

WORD: Final = r"\d+(?:[.,]\d+)+|[^\W_]+|\?"
"""A word or number in normalised text."""

UNTICKED: Final = "unticked"
"""Stands for a box that is not ticked, and for the N that a form prints for a no."""

_DROPPED: Final = dict.fromkeys(map(ord, "'’‘ʼ`´®™©"))
_WIDE: Final = {one + 0xFEE0: one for one in range(ord("!"), ord("~") + 1)}
_WORDS: Final = re.compile(WORD)
_HIDDEN: Final = re.compile(f"[{UNSEEN}]")
_LINES: Final = dict.fromkeys(map(ord, LINE_ENDS.replace("\t", "")), "\n")
_BETWEEN_LETTERS: Final = re.compile(rf"(?<=\w){_HIDDEN.pattern}+(?=\w)")
# What a program writes for a character that it could not read.
_LOST: Final = re.compile("(?<=\\w)\ufffd|\ufffd(?=\\w)")
_BOX: Final = re.compile(r"[☐□▢◻◽⬜❏❑❒✗✘✕✖❌☑☒✓✔✅🗹🗷]|\[ ?\]|\( \)|\[[xX]\]|\([xX]\)")
_EMPTY: Final = frozenset(
    ("☐", "□", "▢", "◻", "◽", "⬜", "❏", "❑", "❒", "✗", "✘", "✕", "✖", "❌", "[]", "[ ]", "( )")
)
# A dash in front is a bullet, and so are those like it behind it.
_DASH_FIRST: Final = re.compile(r"\s*([-–—])\s")
_PRINTED_NO: Final = re.compile(
    r"[:=]\s*(?:n|f|0|-|null|nil|neg|nee)(?=\s*(?:$|[.,;|\n]))|[(\[](?:-|–|−|neg|n|f|0|nil)[)\]]"
    r"|(?<=\S)[ \t]+[-–−](?=[ \t]*(?:$|[,;|]))"
    r"|(?<=\S)[ \t]+[-–−][ \t]*(?:n|nein|nee|neg)(?=\s*(?:$|[.,;|\n]))",
    re.IGNORECASE,
)
# A nought in front of a name that is not the number of its doses.
_NOUGHT: Final = re.compile(
    r"[0Ø∅]\s+(?!(?:m?g|mcg|[uµ]g|ml|iu|i?e|units?|x|to|or|bis)\b)(?=[^\W\d_])"
)
# At least two letters, each behind a full stop or before one.
_DOTTED: Final = re.compile(r"(?<![\w.])[^\W\d_]\.(?:[^\W\d_]\.)*[^\W\d_](?![\w]|\.\w)\.?")
# French and Italian articles run into the word behind them: "pas d'insuline", "all'arachide".
_ELIDED: Final = re.compile(
    r"\b(?:d|l|qu|de?ll|all|nell|sull|dall)['’‘ʼ](?=[aeiouhàâäéèêëîïôöùûü])", re.IGNORECASE
)
# French for "no more", and for "some more", before a vowel.
_PLUS_DE: Final = re.compile(r"\bplus d['’‘ʼ]", re.IGNORECASE)
# "2015 - 2020" is one span, and no list of two.
_SPAN: Final = re.compile(r"\b((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)\d\d)\b")


# Without any of these, and without a line end, no sign stands for a word.
_MAY_SPEAK: Final = re.compile(r"[^\w\s.,;/+%&!?]|(?<![^\s,;|])[0Ø]\s")


def visible(text: str) -> str:
    """Return text without the characters that cannot be seen."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def hidden_in(text: str) -> tuple[str, ...]:
    """Return the names of the characters that cannot be seen and stand inside a word.

    One that was lost (U+FFFD) may have stood at either end of a word.
    """
    if text.isascii():
        return ()
    found = "".join((*_BETWEEN_LETTERS.findall(text), *_LOST.findall(text)))
    return tuple(dict.fromkeys(unicodedata.name(one).lower() for one in found))


def in_words(text: str) -> str:
    """Return text with a word for each sign that stands for one.

    A box speaks of what follows it, unless it stands behind: the first one tells which.
    """
    if text.isprintable() and _MAY_SPEAK.search(text) is None:
        return text
    text = _SPAN.sub(r"\1-\2", visible(text).translate(_LINES))
    text = _PLUS_DE.sub("plus de ", text)
    listed = _DASH_FIRST.match(text)
    if listed:
        text = re.sub(rf"(?<!\S){listed[1]}(?=\s)", ";", text)
    text = _without_noughts(_PRINTED_NO.sub(f" {UNTICKED}", text))
    first = _BOX.search(text)
    if first is None:
        return text
    leads = not text[: first.start()].strip(" \t\n-*•")

    def word(box: re.Match[str]) -> str:
        mark = f" {UNTICKED} " if box[0] in _EMPTY else " "
        return f" ;{mark}" if leads else f"{mark}; "

    return _BOX.sub(word, text)


def _without_noughts(text: str) -> str:
    """Return text with a word for each nought that begins it, a line or a part of a list.

    The blanks before a nought are looked at once, however many there are.
    """
    parts: list[str] = []
    done = seen = 0
    for nought in _NOUGHT.finditer(text):
        blanks = seen + len(text[seen : nought.start()].rstrip())
        if blanks and text[blanks - 1] not in ",;|\n":
            line = text.find("\n", blanks, nought.start())
            blanks = line + 1 if line >= 0 else -1
        seen = nought.start() + 1
        if blanks >= 0:
            parts += [text[done:blanks], f" {UNTICKED} "]
            done = seen = nought.end()
    return "".join([*parts, text[done:]])


def normalised(text: str) -> str:
    """Return text in the one form that is compared: NFKC, casefolded, without accents."""
    if text.isascii():  # most of a vocabulary is: the same, sooner
        if "'" in text:
            text = _ELIDED.sub("", text).replace("'", "")
        return text.replace("`", "").lower()
    text = _ELIDED.sub("", text.translate(_WIDE))
    folded = unicodedata.normalize("NFKC", visible(text).translate(_DROPPED)).translate(_DROPPED)
    apart = unicodedata.normalize("NFD", folded.casefold())
    return unicodedata.normalize("NFC", "".join(filterfalse(unicodedata.combining, apart)))


def undotted(plain: str, known: Container[str] | None = None) -> str:
    """Return normalised text with abbreviations without their full stops: "s.o.b." is "sob".

    Those that are not `known` without them stay as they are, if that is given.
    """
    if "." not in plain:
        return plain

    def letters(found: re.Match[str]) -> str:
        together = found[0].replace(".", "")
        return together if known is None or together in known else found[0]

    return _DOTTED.sub(letters, plain)


def split_text(text: str) -> tuple[str, ...]:
    """Return the words and numbers of what somebody typed; they are kept nowhere."""
    if text.isascii() and text.isalnum():  # as most names are: the same, sooner
        return (text.lower(),)
    return tuple(_WORDS.findall(undotted(normalised(text))))


@lru_cache(maxsize=1 << 16)  # each name of a vocabulary is needed several times
def split_name(name: str) -> tuple[str, ...]:
    """Return the tokens of a name in the vocabulary."""
    return split_text(name)


def plain_code(code: str) -> str:
    """Return a code as codes are compared: without dots, in capitals."""
    return code.replace(".", "").strip().upper()
