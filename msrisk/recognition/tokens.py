"""Words as typed → tokens: one normalisation for what people write and for the vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache
from typing import Final

from attrs import frozen

__all__ = ["BETWEEN", "Token", "normalised", "parts_of", "split_name", "tokenise"]

_DROPPED: Final = dict.fromkeys(map(ord, "'’‘ʼ`´®™©"))
_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+|\?")
_RUN: Final = re.compile(rf"({_WORD.pattern})|[;!\n,.()\[\]/+&:|–—-]")
_BARE_NUMBER: Final = re.compile(_NUMBER)
_PART: Final = re.compile(rf"{_NUMBER}|[^\W\d_]+")
# "metformin500mg", "CKD3": a name of at least three letters, then its strength or stage.
_NAME_THEN_NUMBER: Final = re.compile(r"([^\W\d_]{3,})(\d+)([^\W\d_]*)")
# "Tab(s)" is one word or several of it.
_PLURAL: Final = re.compile(r"(?<=[^\W\d_])\(s\)")
# Which pharmacopoeia a name is from is part of the name: "thyroid (USP)".
_STANDARD: Final = re.compile(r"\s\((USP|BP|EP|NF)\)", re.IGNORECASE)
# What SNOMED CT writes behind a name to say what sort of thing it is the name of.
_TAG: Final = re.compile(
    r"\s\((?:disorder|finding|situation|event|substance|product|medicinal product(?: form)?"
    r"|(?:real )?clinical drug|procedure|regime/therapy|qualifier value)\)\s*$",
    re.IGNORECASE,
)
BETWEEN: Final = frozenset({"and", "plus", "but"})
# A full stop behind one or two letters is that of an abbreviation, unless a capital follows.
_FULL_STOP: Final = re.compile(r"(?:(?<=[^\W_]{3})|(?<=\d)|(?<=[?)\]%]))\.(?=\s|$)")
_STOP_BEFORE_CAPITAL: Final = re.compile(r"(?<=[^\W_])\.(?=\s+[^\W\d_])")


@frozen
class Token:
    """One word or number, and where in the entry it stands.

    Attributes:
        text: normalised.
        number: whether it is a bare number, which carries no name.
        sentence: number of the sentence; a semicolon or full stop ends one.
        clause: number of the clause; a comma, a bracket or "but" ends one.
        item: number of the thing listed; "and" and a plus sign end one as well.
        bracket: number of the pair of brackets that it stands in; 0 outside of any.
        apart: whether a mark stands before it, other than a hyphen that joins it.
        joined: whether a hyphen joins it to the word before.
        stroke: whether a stroke stands before it.

    """

    text: str
    number: bool
    sentence: int
    clause: int
    item: int
    bracket: int
    apart: bool
    joined: bool
    stroke: bool


def normalised(text: str) -> str:
    """Return text in the one form that is compared: NFKC, casefolded, without accents."""
    if text.isascii():  # most of a vocabulary is: the same, sooner
        return text.replace("'", "").replace("`", "").lower()
    folded = unicodedata.normalize("NFKC", text.translate(_DROPPED)).translate(_DROPPED)
    apart = unicodedata.normalize("NFD", folded.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


@lru_cache(maxsize=1 << 16)  # each name of a vocabulary is needed several times
def split_name(name: str) -> tuple[str, ...]:
    """Return the tokens of a name in the vocabulary."""
    if name.isascii() and name.isalnum():  # as most names are: the same, sooner
        return (name.lower(),)
    return tuple(_WORD.findall(normalised(name)))


def tokenise(text: str, known: Container[str] = ()) -> tuple[Token, ...]:
    """Return the tokens of an entry; "50mcg" is split unless `known` has such a word.

    "5d" is five days: D alone would be a vitamin.
    """
    tokens: list[Token] = []
    sentence = clause = item = bracket = brackets = 0
    apart = joined = stroke = False
    run_end = -1
    text = _STANDARD.sub(r" \1", _TAG.sub("", text))
    plain = _PLURAL.sub("s", normalised(_with_sentences(text)))
    for match in _RUN.finditer(plain):
        run = match.group()
        if match.group(1) is None:
            clause += run in ",()[];!\n|"
            item += run in ",;!\n|+&"
            sentence += run in ";!\n|"
            if run in "([":
                brackets += 1
                bracket = brackets
            elif run in ")]":
                bracket = 0
            stroke = stroke or run == "/"
            joined = run == "-" and match.start() == run_end
            apart = apart or not joined
            run_end = match.end() if run == "-" else -1
            continue
        apart = apart or (joined and match.start() != run_end)
        joined = joined and match.start() == run_end
        if run in BETWEEN:
            item += 1
            clause += run == "but"
        for part in _parts(run, known):
            number = _BARE_NUMBER.fullmatch(part) is not None
            tokens.append(
                Token(part, number, sentence, clause, item, bracket, apart, joined, stroke)
            )
            apart = joined = stroke = False
        run_end = match.end()
    return tuple(tokens)


def parts_of(run: str) -> tuple[str, ...]:
    """Return the numbers and words of a run that begins with a number: "24hr" is 24, hr."""
    if run[-1] == "d" and run[:-1].isdigit():
        return run[:-1], "days"
    return tuple(_PART.findall(run)) if run[0].isdigit() else (run,)


def _with_sentences(text: str) -> str:
    """Return the text with a semicolon for every full stop that ends a sentence."""

    def ends(stop: re.Match[str]) -> str:
        return ";" if text[stop.end() :].lstrip()[:1].isupper() else "."

    return _FULL_STOP.sub(";", _STOP_BEFORE_CAPITAL.sub(ends, text))


def _parts(run: str, known: Container[str]) -> Iterator[str]:
    """Yield a run of letters and digits, in parts if it is a strength or holds one."""
    glued = _NAME_THEN_NUMBER.fullmatch(run)
    if run in known or not any(c.isdigit() for c in run):
        yield run
    elif run[0] == "x" and run[1:].isdigit():
        yield from ("x", run[1:])
    elif run[0].isdigit():
        yield from parts_of(run)
    elif glued and glued[1] in known:
        yield glued[1]
        yield from _parts(glued[2] + glued[3], known)
    else:
        yield run
