"""Turns the words of an item into the row of known words that the grammar reads."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from msrisk.recognition.direction_glance import STEMS_BY_FOUR
from msrisk.recognition.direction_words import ARTICLES, WORDS, Kind, Word

__all__ = ["Element", "own", "row_of", "tells_one_intake"]

Element = tuple[Kind, float, float, str, str]
"""A known word: kind, two numbers, the word, and what stands before it (",", "(", "-", "with")."""

_END: Final[Element] = ("end", 0, 0, "", ",")
_PHRASES: Final = sorted((w for w in WORDS if len(w) > 1 and not w.isalpha()), reverse=True)
# Grouped by the first letter, so that most words are compared with none of them; in each
# group a longer phrase stands before the one that it begins with.
_PHRASE: Final = "|".join(
    f"{re.escape(first)}(?:{'|'.join(re.escape(phrase[1:]) for phrase in group)})"
    for first, group in groupby(_PHRASES, key=itemgetter(0))
)
_TOKEN: Final = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d\d?-\d\d?|\d\d?/(?:19|20)\d\d(?!\d)|\d\d?:\d\d"
    r"|\d+⁄\d+|\d+(?:[.,]\d+)*"
    rf"|(?:{_PHRASE})(?![^\W_])|[qx](?=\d)"
    r"|[^\W\d_](?:\.[^\W\d_])+(?![^\W_])|[^\W\d_](?:\. ?[^\W\d_]){1,3}(?![^\W_])"
    r"|[^\W\d_](?: [^\W\d_]){1,2}(?![^\W_])|[^\W\d_]+\d[^\W_]*|[^\W\d_]+|[^\w\s]"
)
_BEFORE_NUMBER: Final[dict[str, Word]] = {"por": ("for", 0, 0), "a": ("of", 0, 0)}
_DATE: Final = re.compile(r"\d\d?[-/.](?:\d\d?[-/.])?\d{4}|\d{4}-\d\d?-\d\d?")
# The number of a line: "1) NAME 600 mg".
_IN_A_LIST: Final = re.compile("^[^\\w\ufffc]*\\d{1,2}[).:] *(?=\ufffc)")
_GERMAN_HOURS: Final = frozenset({"morgen", "mittag", "nachmittag", "abend"})
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_DECIMAL: Final = re.compile(r"(\d{1,9})[.,](\d{1,6})")
_SIGNS: Final = {
    **dict.fromkeys(",;:.|!", ","),
    **dict.fromkeys("([{", "("),
    **dict.fromkeys("-–—", "-"),
    **dict.fromkeys(("with", "mit", "avec", "con", "com", "met"), "with"),
}
_BREAKS: Final = frozenset({"", "and", "&", "+", *_SIGNS})
_PASSED_OVER: Final = frozenset(
    {"for", "since", "beside", "on", "take", "done", "to", "lab", "course", "month", "ordinal"}
)


# What an amount is divided into stands behind "in", or behind the amount of a day.
# Not "about 600 mg": whoever thinks about a product says nothing of its amount.
_ABOUT_IT: Final = re.compile(
    r"\b(thinking|thought|thinks|wondering|wonders|asking|asks|curious|talked|talking|reading|read"
    r"|heard|hearing|unsure|undecided|questions?|worried) about\b(?! *[0-9])"
)
_DOSES: Final = re.compile(
    r"(?<!\w)(?:[2-9]|two|three|four|dos|tres|deux|trois|zwei|drei|due|tre|duas)\s+"
    r"(?:doses?|portions?|intakes?|tomas|prises|dosi|dosen|dosis|gaben|portionen)\b"
)
_DIVIDES: Final = re.compile(
    r"\b(?:in|into|over|as|en|auf|em|divided|split|day|daily|täglich|día|jour|giorno|dia|dag)\W*$"
)
_LETTERS: Final = 8  # more than any of these has
_OR_MORE: Final = re.compile(r"\b(mg|mcg|g)\+(?=\s*(?:$|[^\s\ufffb\ufffc]))")
_ROMAN: Final = re.compile(r"\b(i{1,3}|iv|v)(?:\s?[-–]\s?|\s+to\s+)(i{2,3}|iv|v)\b")
_ROMAN_NUMBERS: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_DOUBT: Final = " ? "
_NUMBERS: Final = {word: number for word, (kind, number, _) in WORDS.items() if kind == "number"}


def _any_of(least: int, most: int) -> str:
    """Return a pattern of the words for whole numbers from one to another."""
    return "|".join(w for w, n in _NUMBERS.items() if w.isalpha() and least <= n <= most)


_COMPOUND: Final = re.compile(rf"\b({_any_of(20, 90)})[ -]({_any_of(1, 9)})\b")
_THOUSAND: Final = re.compile(
    rf"\b(\d\d?|an?|{_any_of(1, 20)})[ -](hundred|thousand)(?= ?(?:mg|milligram|mcg|microgram))"
)
_HOURLY: Final = re.compile(
    rf"(?<![\d.,-])(\d\d?(?:-\d\d?)?|{_any_of(1, 12)})[ -]?(?:hourly|hrly|stundlich)\b"
)
# "2 (two) times", "2 dd": twice; "2 capsules (600 mg total)": of both.
_TWICE_TOLD: Final = re.compile(r"\b(\d\d?) \(([a-z]+)\)")
_DUTCH: Final = re.compile(r"\b([1-9]) ?dd(?![^\W\d])")
_OF_ALL: Final = re.compile(
    r"\b[\w.]+ (?:cap|tab|pill|softgel)[a-z]*(?:\(s\))? (\([\d.,]+ ?m?g) total\)"
)
_STRENGTH: Final = re.compile(r"\d ?m?g\b")
_EACH_HOURS: Final = re.compile(r"\bde (\d\d?) (?:em|en) \1(?= ?h)")
# "Once" is one time in English and eleven in Spanish, "sept" a month and seven in French.
_TWO_MEANINGS: Final = re.compile(
    r"\bonce (?=al |por |cada )|(?<=-)sept\b|\bsept (?=par |fois |x |gelules|comprimes|capsules)"
)
_EXCEEDING: Final = re.compile(r"\bover(?=\s+[\d.,]+\s*m?c?g\b)")
# ".6 g" is less than one, and easily read as six.
_POINT: Final = re.compile(r"(?<![\w.,])\.(\d+)")
# "2x1 a day": one, twice; "8/8 h", "c/8 h": every eight hours.
_ONE_EACH: Final = re.compile(
    r"\b([1-4]) ?x ?([1-4])(?= ?(?:tgl|taglich|pro tag|am tag|daily|a day|per day|par jour|al dia"
    r"|al giorno|ao dia|per dag)\b)"
)
_EVERY_HOURS: Final = re.compile(r"\b(?:(\d\d?)/(?=\1)|c/ ?(?=\d))(\d\d?)(?= ?h)")
_BREAKFAST: Final = re.compile(r"\bpequeno[- ]almo[cç]o\b")


def _plainer(words: str) -> str:
    """Return words in which what may be more than it seems is doubtful.

    "3 doses of 600 mg" are 1,800 mg and "600 mg in 3 doses" 600; "600 mg+" is no amount; "i-ii"
    is a range, "twenty-five" a number, "8-hourly" every 8 hours.
    """
    words = _ROMAN.sub(lambda m: f"{_ROMAN_NUMBERS[m[1]]}-{_ROMAN_NUMBERS[m[2]]}", words)
    words = _TWICE_TOLD.sub(lambda m: m[1] if _NUMBERS.get(m[2]) == float(m[1]) else m[0], words)
    words = _TWO_MEANINGS.sub(_DOUBT, _DUTCH.sub(r"\1 times daily ", words))
    words = _POINT.sub(lambda m: f"0{m[0]}" if len(m[1]) < 3 else _DOUBT, words)
    words = _EVERY_HOURS.sub(r"every \2", _ONE_EACH.sub(r"\2 caps \1 times", words))
    words = _OF_ALL.sub(lambda m: _of_all(m, words), words)
    words = _COMPOUND.sub(lambda m: f"{_NUMBERS[m[1]] + _NUMBERS[m[2]]:.0f}", words)
    words = _THOUSAND.sub(_in_digits, words)
    words = _EACH_HOURS.sub(r"every \1", _HOURLY.sub(r"every \1 hours", words))
    words = _ABOUT_IT.sub(r"\1", words)
    words = _BREAKFAST.sub("desayuno", _EXCEEDING.sub("exceeding", words))
    words = _OR_MORE.sub(rf"\1{_DOUBT}", words)
    return _DOSES.sub(lambda m: m[0] if _is_divided(m) else f"{m[0]}{_DOUBT}", words)


def _is_divided(doses: re.Match[str]) -> bool:
    """Whether the word before a number of doses says that an amount is divided into them."""
    words, at = doses.string, doses.start()
    while at and not (words[at - 1].isalnum() or words[at - 1] == "_"):
        at -= 1
    return _DIVIDES.search(words, max(0, at - _LETTERS), doses.start()) is not None


def _in_digits(found: re.Match[str]) -> str:
    """Return "twelve hundred" in digits."""
    number = _NUMBERS.get(found[1], 1) if found[1].isalpha() else int(found[1])
    return f"{number * (100 if found[2] == 'hundred' else 1000):.0f}"


def _of_all(found: re.Match[str], words: str) -> str:
    """Return "2 capsules (600 mg total)" as an amount, behind a strength as the count as well."""
    if _STRENGTH.search(words, 0, found.start()):
        return f"{found[0].removesuffix(' total)')})"
    return f"{found[1].removeprefix('(')} "


def tells_one_intake(words: str) -> bool:
    """Return whether words tell of one intake, or of one day: "at once", "an hour ago"."""
    row = row_of(words)
    return any(
        one[0] in ("once", "day") or (one[0] == "period" and one[1] < 1 and after[3] == "ago")
        for one, after in pairwise(row)
    )


def row_of(words: str) -> list[Element]:
    """Return the known words among the words, each with the sign before it, and an end."""
    row: list[Element] = []
    words = " ".join(_plainer(_IN_A_LIST.sub("", words)).split())
    tokens = _TOKEN.findall(words)
    tokens.append("")
    gap = before = ""
    for at, token in enumerate(tokens[:-1]):
        word = WORDS.get(token)
        if word is None:
            sign = _SIGNS.get(token)
            if sign is not None:
                gap = gap if gap == "(" else sign
                continue
            first = token[0]
            if first.isdecimal():
                # "Omega-3" is a name, and "- 2 daily" is none.
                named = gap == "-" and before.isalpha() and before not in WORDS
                word = None if named and f"{before}-{token}" in words else _number(token)
            elif len(token) > 1 and token[1] in ". ":
                letters = [one for one in token if one.isalpha()]
                word = WORDS.get("".join(letters))
                for letter in letters if word is None and token[1] == " " else ():
                    if letter in WORDS and (letter != "a" or letter is not letters[-1]):
                        row.append((*WORDS[letter], letter, gap))
                        gap = ""
                if word is None and letters[-1] == token[-1] == "a":
                    word = _article("a", letters[-2], tokens[at + 1])  # "6 g a week"
            elif _is_doubtful(token) or (row and row[-1][0] == "every" and not gap):
                word = ("doubt", 0, 0)  # "every tercer day"
        elif token in ARTICLES:
            word = _article(token, before, tokens[at + 1])
        elif word[0] == "number" and f"{before}-{token}" in words and not _is_range(before, word):
            word = ("doubt", 0, 0)  # "quatre-vingt"
        if word is not None and row and _is_counted(word, row[-1], before, tokens[at + 1]):
            row.append(("doubt", 0, 0, before, gap))
        if word is not None and word[0] != "nothing":
            row.append((*word, token, gap))
            gap = ""
        before = token
    row += (_END, _END, _END, _END)
    return row


def _is_range(first: str, last: Word) -> bool:
    """Return whether two numbers in words that a hyphen joins are "two-three", not "dix-neuf"."""
    number = _NUMBERS.get(first, 0.0) if first.isalpha() else 0.0
    return not first.isalpha() or 0 < number < last[1] <= 10


def _is_counted(word: Word, last: Element, before: str, after: str) -> bool:
    """Return whether a word that is in no table may be a number, by what stands around it.

    It may between a number and its unit ("six cents mg"), and between an amount and "a day".
    """
    if not before.isalpha() or before in WORDS:
        return False
    if word[0] == "unit":
        return last[0] in ("number", "roman")
    periods = word[0] == "per" and after in WORDS and WORDS[after][0] == "period"
    return periods and last[0] == "unit"


def _is_doubtful(token: str) -> bool:
    """Return whether a word that is in no table speaks of change, or holds a direction."""
    letters = token.rstrip("0123456789")
    if len(letters) < len(token):
        return len(letters) > 1 and letters in WORDS  # "bid2"
    return token.endswith(("fold", "fach", "fache")) or token.startswith(
        STEMS_BY_FOUR.get(token[:4], ())
    )


def _article(article: str, before: str, after: str) -> Word | None:
    """Return what "a", "am" and their like are: "per", "of", the morning or nothing."""
    kind = WORDS[after][0] if after in WORDS else "end"
    if (kind == "period" and article not in ("first", "on")) or after == "24":
        return ("per", 0, 0)
    if article == "from":
        return ("doubt", 0, 0) if after.isdecimal() and len(after) < 4 else None
    if article == "first":
        return None if after == "thing" else ("doubt", 0, 0)
    if article == "on":  # omni nocte, where nothing follows
        return ("doubt", 0, 0) if after in _BREAKS else ("on", 0, 0)
    if article == "om":
        return ("hour", 1, 1)
    if article == "am":
        return None if after in _GERMAN_HOURS or before == "i" else ("hour", 1, 1)
    if after[:1].isdecimal():
        return _BEFORE_NUMBER.get(article)
    return None


def _number(token: str) -> Word | None:
    """Return the number that digits stand for, a doubt if that is open, nothing for a date."""
    if token.isdecimal() and len(token) < 10:
        return ("number", float(token), 0)
    if ":" in token and float(token.partition(":")[0]) < 25:
        return ("clock", float(token.partition(":")[0]), 0)
    if _DATE.fullmatch(token):
        return None
    if _THOUSANDS.fullmatch(token):
        return ("number", float(token.replace(",", "")), 0)
    decimal = _DECIMAL.fullmatch(token)
    # "1.200" is little more than one, or more than a thousand.
    if decimal is None or (len(decimal[2]) == 3 and decimal[1] != "0"):
        return ("doubt", 0, 0)
    return ("number", float(f"{decimal[1]}.{decimal[2]}"), 0)


def own(row: list[Element]) -> tuple[list[Element], list[str]]:
    """Return the directions of the product itself, and words that may be another's.

    Directions behind another name are of that one: "with biotin 5 mg". Where they stand
    right before a name, or behind a comma or "and", they may be of either.
    """
    if not any(one[0] == "named" for one in row):
        # "1 NAME 200 mg" is no "1 200 mg".
        return [
            (*one[:4], one[4] or last[3] if last[0] == "name" else one[4])
            for last, one in pairwise((_END, *row))
            if one[0] != "name"
        ], []
    mine = [
        one[0] == "name"
        for at, one in enumerate(row)
        if one[0] == "name" or (one[0] == "named" and (one[4] or row[at - 1][0] != "for"))
    ]
    kept: list[Element] = []
    doubts: list[str] = []
    # Without its own name, the item begins as if that stood first.
    here = True not in mine or mine[0]
    gap = ""
    for at, one in enumerate(row):
        kind, _, _, word, sign = one
        last = row[at - 1]
        if kind in ("name", "named"):
            named = kind == "named"
            if named and not sign and last[0] == "for":
                continue  # what it is taken for
            if False in mine and not sign and here is named and last[0] not in _PASSED_OVER:
                doubts += [last[3]] if last[3] and last[0] not in ("name", "named", "and") else []
            here, gap = not named, ","
        elif here or kind == "end":
            kept.append((*one[:4], sign or gap))
            gap = ""
        elif (
            last[0] == "named"
            # "On dialysis days": not daily.
            and (kind in ("and", "period") or sign not in ("", "with"))
            and kind not in _PASSED_OVER
        ):
            doubts.append(row[at + 1][3] if kind == "and" else word)
    return kept, [word for word in doubts if word]
