"""Words as typed → tokens: one normalisation for what people write and for the vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Final

from attrs import frozen

__all__ = ["Token", "normalised", "split_name", "tokenise"]

_DROPPED: Final = dict.fromkeys(map(ord, "'’‘`´®™©"))
_WORD: Final = r"\d+(?:[.,]\d+)+|[^\W_]+|\?"
_RUN: Final = re.compile(_WORD + r"|[;,.()]")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_GLUED: Final = re.compile(r"(\d+(?:[.,]\d+)*)([^\W\d_]+)")


@frozen
class Token:
    """One word or number, and whether a comma or a full stop precedes it.

    Attributes:
        text: normalised.
        number: whether it is a bare number, which carries no name.
        clause: number of the clause that it stands in; a comma or bracket ends one.
        sentence: number of the sentence; a semicolon or full stop ends one.

    """

    text: str
    number: bool
    clause: int
    sentence: int


def normalised(text: str) -> str:
    """Return text in the one form that is compared: NFKC, casefolded, without accents."""
    folded = unicodedata.normalize("NFKC", text.translate(_DROPPED)).casefold()
    apart = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def split_name(name: str) -> tuple[str, ...]:
    """Return the tokens of a name in the vocabulary."""
    return tuple(re.findall(_WORD, normalised(name)))


def tokenise(text: str, known: Container[str] = ()) -> tuple[Token, ...]:
    """Return the tokens of an entry; "50mcg" is split unless `known` has such a word."""
    tokens: list[Token] = []
    clause = sentence = 0
    for run in _RUN.findall(normalised(text)):
        if run in ",()":
            clause += 1
        elif run in ";.":
            clause += 1
            sentence += 1
        else:
            glued = None if run in known else _GLUED.fullmatch(run)
            for part in glued.groups() if glued else (run,):
                number = _NUMBER.fullmatch(part) is not None
                tokens.append(Token(part, number, clause, sentence))
    return tuple(tokens)
