"""Cuts text into words and numbers, and numbers the items and sentences that they stand in.

Signs cut an entry. A sign that ends a sentence (a semicolon, a bullet, a line break, a
number in a list) ends the clause and the item too; a comma or a dash between blanks ends
the clause and the item; "and", "with", a stroke between blanks or two blanks end the item.
Whether a name goes over a sign all the same is for the names to say.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final, NamedTuple

from msrisk.recognition.characters import WORD, in_words, normalised, undotted

__all__ = ["BETWEEN", "Token", "is_behind_dash", "parts_of", "tokenise"]

_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_BULLET: Final = "•‣⁃▪▫●◦■◆▶►➢➤∙⋅"
_ARROWS: Final = "→⇒➔"
_WORD: Final = re.compile(f"({WORD})")
_SIGN: Final = re.compile(
    rf"[\n;!|~^{_BULLET}。؛]|(?<!\d)·|·(?!\d)|(?<!\S)\*(?=\s)"
    rf"|[,،、()\[\]+&/.:–—{_ARROWS}-]|\t|\s{{2,}}"
)
# Any other sign may cut, but for those that stand in names, behind them or before amounts:
# apostrophes, a trade mark, a degree, a percentage. So may a star or two dashes inside a line,
# and the marks of two quotations.
_OTHER_SIGN: Final = re.compile(
    r"""[^\w\s'’‘`´ʼ.,،、;؛:()\[\]/&+%®™©°†‡§–—"“”„«»…*~^|!?·。-]|--|(?<=\S)\*(?=\S)"""
    r"""|["”»]\s*["“«„]"""
)
_ENDS_SENTENCE: Final = frozenset(f";!|~^·*\n。؛{_BULLET}")
_ENDS_CLAUSE: Final = frozenset(",،、()[]")
_ENDS_ITEM: Final = frozenset(",،、+&")
_TURNS: Final = frozenset(f"-–—{_ARROWS}")
_DASHES: Final = ("-", "–", "—")
_NO_SIGN: Final = frozenset(("", " "))
_MAYBE, _ITEM, _SENTENCE = 1, 2, 3
_BARE_NUMBER: Final = re.compile(_NUMBER)
_PART: Final = re.compile(rf"{_NUMBER}|[^\W\d_]+")
# "metformin500mg", "CKD3": a name of at least three letters, then its strength or stage.
_NAME_THEN_NUMBER: Final = re.compile(r"([^\W\d_]{3,})(\d+)([^\W\d_]*)")
# "Tab(s)" is one word or several of it.
_PLURAL: Final = re.compile(r"\(s\)(?<=[^\W\d_]\(s\))")
# Which pharmacopoeia a name is from is part of the name: "thyroid (USP)".
_STANDARD: Final = re.compile(r"\s\((USP|BP|EP|NF)\)", re.IGNORECASE)
# What SNOMED CT writes behind a name to say what sort of thing it is the name of.
_TAG: Final = re.compile(
    r"\s\((?:disorder|finding|situation|event|substance|product|medicinal product(?: form)?"
    r"|(?:real )?clinical drug|procedure|regime/therapy|qualifier value)\)\s*$",
    re.IGNORECASE,
)
BETWEEN: Final = frozenset({
    "and", "plus", "but", "with", "then", "also", "und", "sowie", "mit", "dann", "danach", "dazu",
    "avec", "puis", "ensuite", "egalement", "ademas", "luego", "despues", "tambien", "tambem",
    "depois", "anche", "inoltre", "ook", "daarnaast", "vervolgens", "daarna",
})  # fmt: skip
"""Words that stand between two items."""

# Of these some stand inside a name or a phrase as often: "take with food", "vitamin E".
_ADDS: Final = BETWEEN - {"and", "plus", "but", "und", "sowie"}
_PERHAPS: Final = frozenset({"e", "y", "et", "en", "con", "com", "met"})
_STARTS_ITEM: Final = BETWEEN | _PERHAPS | {"as"}
# A full stop behind one or two letters is that of an abbreviation, unless a capital follows.
# The sign itself stands first, here as above, since it is found much faster than what is
# before it.
_FULL_STOP: Final = re.compile(r"\.(?:(?<=[^\W_]{3}\.)|(?<=[\d?)\]%]\.))(?=\s|$)")
# "St. Joseph aspirin" is one name.
_STOP_BEFORE_LETTER: Final = re.compile(r"\.(?<=[^\W_]\.)(?<!\b[Ss][Tt]\.)(?=\s+([^\W\d_]))")
_NOUGHTS: Final = ("0", "Ø")
_NUMBERED: Final = re.compile(r"(?:(?<=\s)|^)(?=\d{1,2}\)\s)")


class Token(NamedTuple):
    """One word or number, and where in the entry it stands.

    Attributes:
        text: normalised.
        number: whether it is a bare number, which carries no name.
        sentence: number of the sentence.
        clause: number of the clause.
        item: number of the item, as far as signs tell.
        bracket: number of the pair of brackets that it stands in; 0 outside of any.
        apart: whether a mark stands before it, other than a hyphen that joins it.
        joined: whether a hyphen joins it to the word before.
        stroke: whether a stroke stands before it.
        soft: whether what stands before it need not end an item: "with", a dash, two blanks.
        start: where it begins in the text that was read.
        end: where it ends there.

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
    soft: bool
    start: int
    end: int


def tokenise(text: str, known: Container[str] = ()) -> tuple[str, tuple[Token, ...]]:
    """Return the text that is read and its tokens; "50mcg" is split unless it is `known`.

    "5d" is five days: D alone would be a vitamin.
    """
    tokens: list[Token] = []
    sentence = clause = item = bracket = brackets = 0
    end, hyphen = 0, -1  # of what was read, and of that or of a hyphen that is joined to it
    plain = undotted(_plain(text), known)
    new = tuple.__new__  # half the time of a token by its fields, of which there are many
    found = iter(_WORD.split(plain))
    for gap, run in zip(found, found, strict=False):  # behind the last word begins nothing
        start = end + len(gap)
        apart = joined = stroke = False
        cut = 0
        if gap == ", ":  # by far the most frequent sign
            clause, cut, apart = clause + 1, _ITEM, True
        elif gap not in _NO_SIGN:
            # One sign more is looked at, but no word is a sign.
            for match in _SIGN.finditer(plain, end, start + 1):
                sign, at = match[0], match.start()
                ends = _cut(sign, plain, at, match.end())
                cut = max(cut, ends)
                sentence += ends == _SENTENCE
                clause += sign in _ENDS_CLAUSE or ends == _SENTENCE or (ends > 0 and sign in _TURNS)
                if sign in "([":
                    cut *= cut > _MAYBE  # what stands in brackets is of the item
                    brackets += 1
                    bracket = brackets
                elif sign in ")]":
                    bracket = 0
                stroke = stroke or sign == "/"
                joined = sign == "-" and at == hyphen
                # Two blanks may be a slip, or a line end that was lost.
                apart = apart or not (joined or sign.strip(" ") == "")
                hyphen = match.end() if sign == "-" else -1
            other = _OTHER_SIGN.search(plain, end, start + 1) is not None
            cut, joined, apart = (
                max(cut, _MAYBE * other),
                joined and start == hyphen,
                apart or other or (joined and start != hyphen),
            )
        end = hyphen = start + len(run)
        if run in _STARTS_ITEM:
            if run == "as":
                cut = _ITEM if [token.text for token in tokens[-2:]] == ["as", "well"] else cut
            else:
                cut = max(cut, _ITEM if run in BETWEEN and run not in _ADDS else _MAYBE)
                clause += run == "but"
        item += cut > 0
        soft = cut == _MAYBE
        place = sentence, clause, item, bracket, apart, joined, stroke, soft, start, end
        if run.isalpha() or run.isdecimal():
            tokens.append(new(Token, (run, run[0].isdigit(), *place)))
            continue
        for part in _parts(run, known):
            number = part[0].isdigit() and _BARE_NUMBER.fullmatch(part) is not None
            behind = start + len(part) if plain.startswith(part, start) else end
            place = sentence, clause, item, bracket, apart, joined, stroke, soft, start, behind
            tokens.append(new(Token, (part, number, *place)))
            apart = joined = stroke = soft = False
            start = behind
    return plain, tuple(tokens)


def _plain(text: str) -> str:
    """Return text in the form that is compared, with a sign for all that cuts it."""
    # As most entries are: no sign is read as another.
    if not text.replace(" ", "").isalnum() or text[:1] in _NOUGHTS:
        if "(" in text:
            text = _STANDARD.sub(r" \1", _TAG.sub("", text))
        text = in_words(text)
        if ")" in text and "(" not in text:
            text = _NUMBERED.sub(";", text)
        text = text.strip()
        text = _with_sentences(text) if "." in text else text
    plain = normalised(text.strip())
    return _PLURAL.sub("s", plain) if "(s)" in plain else plain


def _cut(run: str, plain: str, start: int, end: int) -> int:
    """Return what a sign ends: a sentence, an item, perhaps an item, or nothing."""
    if run in _ENDS_SENTENCE or "\n" in run:
        return _SENTENCE
    if run.isspace():
        return _MAYBE
    blank_before = start == 0 or plain[start - 1].isspace()
    blank_behind = end == len(plain) or plain[end].isspace()
    if run == "+" and blank_behind and not blank_before:
        return _MAYBE  # the end of a name: "NAD+"
    if run in _ENDS_ITEM:
        return _ITEM
    if run in _ARROWS:
        return _MAYBE
    if run == ".":
        return _MAYBE if blank_behind and not blank_before else 0
    return _MAYBE if blank_before and (blank_behind or run in "–—") and run in "-–—/" else 0


def is_behind_dash(plain: str, token: Token) -> bool:
    """Return whether the last sign before a token, blanks aside, is a dash."""
    if not (token.apart or token.joined):
        return False
    at = token.start
    while at and plain[at - 1].isspace():
        at -= 1
    return plain[max(at - 1, 0) : at] in _DASHES


def parts_of(run: str) -> tuple[str, ...]:
    """Return the numbers and words of a run that begins with a number: "24hr" is 24, hr."""
    if run[-1] == "d" and run[:-1].isdigit():
        return run[:-1], "days"
    return tuple(_PART.findall(run)) if run[0].isdigit() else (run,)


def _with_sentences(text: str) -> str:
    """Return the text with a semicolon for every full stop that ends a sentence."""
    if text.isupper():  # a capital begins nothing: "C. DIFFICILE"
        return _FULL_STOP.sub(";", text)

    def ends(stop: re.Match[str]) -> str:
        return ";" if stop[1].isupper() else "."

    return _FULL_STOP.sub(";", _STOP_BEFORE_LETTER.sub(ends, text))


def _parts(run: str, known: Container[str]) -> Iterator[str]:
    """Yield a run of letters and digits, in parts if it is a strength or holds one."""
    if run in known or not any(c.isdigit() for c in run):
        yield run
    elif run[0] == "x" and run[1:].isdigit():
        yield from ("x", run[1:])
    elif run[0].isdigit():
        yield from parts_of(run)
    elif (glued := _NAME_THEN_NUMBER.fullmatch(run)) and glued[1] in known:
        yield glued[1]
        yield from _parts(glued[2] + glued[3], known)
    else:
        yield run
