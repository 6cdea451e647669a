"""Reads a typed line as an answer to a question or as a command, or says what it expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from msrisk.asking import Answer, Kind, Names, Question, Said
from msrisk.errors import Problem, ProfileError

__all__ = ["Command", "ends_a_list", "expected", "read"]


class Command(Enum):
    """What a line can ask for besides answering."""

    BACK = "back"
    STOP = "stop"
    HELP = "?"


_COMMANDS: Final[Mapping[str, Command]] = {
    **dict.fromkeys(("back", "go back", "undo"), Command.BACK),
    **dict.fromkeys(("stop", "quit", "exit", "end"), Command.STOP),
    **dict.fromkeys(("?", "help", "why"), Command.HELP),
}
_SAID: Final[Mapping[str, Said]] = {
    **dict.fromkeys(("", "skip", "pass"), Said.SKIPPED),
    **dict.fromkeys(
        ("don't know", "dont know", "do not know", "i don't know", "i dont know",
         "i do not know", "unknown", "not known", "not sure", "unsure", "no idea"),
        Said.UNKNOWN,
    ),
    **dict.fromkeys(("none", "nothing", "none at all"), Said.NONE),
}  # fmt: skip
_YES: Final = ("yes", "y", "yeah", "yep")
_NO: Final = ("no", "n", "nope")
_I: Final = r"(?:i (?:am |have |do )?|i'm |i've )?"
_STARTED: Final = re.compile(
    rf"(?:yes )?{_I}(?:already |currently |now )*"
    r"(?:(?:started|began|begun|take|taking)(?: to take| taking)?(?: it| this| them)?"
    r"(?: already| now| daily| every day)?|already|on it)"
)
_CONSIDERED: Final = re.compile(
    rf"(?:no )?{_I}(?:only |just |still )?"
    r"(?:not (?:yet|(?:yet )?(?:started|begun|taking|take)(?: it)?(?: yet)?)"
    r"|(?:haven't|havent) (?:yet )?(?:started|begun)(?: it)?(?: yet)?"
    r"|(?:don't|dont) take it(?: yet)?"
    r"|considering(?: it)?|thinking (?:of|about)(?: it| taking it)?|plan(?:ning)? to(?: take it)?)"
)
_ALL: Final = (
    "that's all", "thats all", "that is all", "all", "no more", "nothing more", "nothing else",
    "no", "done",
)  # fmt: skip
_MORE: Final = ("there is more", "there's more", "theres more", "there are more", "more")
_EXPECTED: Final = {
    Kind.NAMES: "names, separated by ; or one a line; “none”; or “don't know”",
    Kind.BY_NAME: "“yes”, “no” or “don't know”",
    Kind.YES_NO: "“yes”, “no” or “don't know”",
}
_NUMBERS: Final = {
    "age_years": "a number of years, such as 67, or 66 to 67",
    "weight_kg": "a number of kilograms, such as 70 or 70.5",
    "daily_dose_mg": "a number of milligrams in one day, such as 600",
    "times_per_day": "how many times in one day, such as 2",
}
_UNITS: Final = {
    "age_years": r"years?(?: old)?|y|yrs?",
    "weight_kg": r"kgs?|kilos?|kilograms?",
    "daily_dose_mg": r"(?:mgs?|milligrams?)(?: ?(?:a|per|/) ?day| daily)?",
    "times_per_day": r"(?:x|times)?(?: ?(?:a|per|/) ?day| daily)?",
}
_NUMBER: Final = r"\d+(?:\.\d+)?"


def read(line: str, question: Question) -> Answer | Command:
    """Return what a line says to a question.

    Raises:
        ProfileError: with what was expected, if it says nothing of that.

    """
    plain = _plain(line)
    if plain in _COMMANDS:
        return _COMMANDS[plain]
    if question.kind is Kind.WHICH and plain in _NO:
        return Said.UNKNOWN  # no to what was suggested, and not to what was told
    if plain in _SAID and (_SAID[plain] is not Said.NONE or question.kind is not Kind.NUMBER):
        # Of the suggested names it is none: so the entry stays as it is.
        which = question.kind is Kind.WHICH and _SAID[plain] is Said.NONE
        return Said.UNKNOWN if which else _SAID[plain]
    answer: Answer | None
    if question.kind is Kind.NAMES:
        answer = _names(line, plain)
    elif question.kind is Kind.NUMBER:
        answer = _number(plain, question.part or question.field)
    elif question.kind is Kind.WHICH:
        answer = _which(line, plain, question.suggestions)
    else:
        answer = True if plain in _YES else False if plain in _NO else None
        if answer is None and question.part == "taking":
            answer = _taking(plain.replace(",", ""))
    if answer is None:
        raise ProfileError([Problem(question.field, expected(question))])
    return answer


def expected(question: Question) -> str:
    """Return in words what a question takes as an answer."""
    if question.kind is Kind.NUMBER:
        return f"{_NUMBERS[question.part or question.field]}; or “don't know”"
    if question.kind is Kind.WHICH:
        several = len(question.suggestions)
        numbers = f"a number from 1 to {several}" if several > 1 else "1"
        choice = f"{numbers}, if that is what is meant; " if several else ""
        return f"{choice}the whole entry in other words; or “don't know”"
    if question.part == "taking":
        return "“yes” or “already started”, “no” or “not yet”, or “don't know”"
    return _EXPECTED[question.kind]


def ends_a_list(line: str) -> bool | None:
    """Return whether a line says that a list is complete; None if it does not end the list.

    An empty line ends it and does not make it complete.
    """
    plain = _plain(line)
    if plain in _ALL or _SAID.get(plain) is Said.NONE:
        return True
    return False if plain in _MORE or plain in _SAID else None


def _plain(line: str) -> str:
    return " ".join(line.replace("’", "'").casefold().split()).rstrip(".!")


def _names(line: str, plain: str) -> Answer | None:
    if plain in _NO:
        return Said.NONE
    names = tuple(name.strip() for name in line.split(";") if name.strip())
    return Names(names) if names and plain not in (*_YES, *_ALL, *_MORE) else None


def _taking(plain: str) -> bool | None:
    """Return whether a product was started, of what can only mean one of the two."""
    return True if _STARTED.fullmatch(plain) else False if _CONSIDERED.fullmatch(plain) else None


def _number(plain: str, name: str) -> Answer | None:
    found = re.fullmatch(rf"({_NUMBER})(?: ?(?:-|–|to) ?({_NUMBER}))? ?(?:{_UNITS[name]})?", plain)
    if not found:
        return None
    low, high = (float(n) if n and "." in n else int(n) if n else None for n in found.groups())
    return (low, high) if low is not None and high is not None else low


def _which(line: str, plain: str, suggestions: tuple[str, ...]) -> Answer | None:
    if not plain.isdecimal():
        return None if plain in _YES else line.strip()
    place = int(plain)
    return suggestions[place - 1] if 1 <= place <= len(suggestions) else None
