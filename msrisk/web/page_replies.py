"""Reads what was typed or pressed on the page as an answer, or says what it expected."""

from __future__ import annotations

import re
from typing import Final

from msrisk.asking import Answer, Kind, Names, Question, Said
from msrisk.model.checks import Range

__all__ = ["WrongError", "lines", "reply"]

_SAID: Final = {"none": Said.NONE, "unknown": Said.UNKNOWN, "skip": Said.SKIPPED}
# In place of an entry they would take away what it names.
_YES_OR_NO: Final = ("yes", "no", "y", "n", "ja", "nein", "none", "nothing", "keine", "nichts")
_NUMBER: Final = re.compile(
    # A comma may set off one or two decimals, as on the continent, and never thousands.
    r"(\d+(?:[.,]\d{1,2})?)(?: ?(?:-|–|to|bis) ?(\d+(?:[.,]\d{1,2})?))?"
    r" ?(?:years?(?: old)?|jahre?|kgs?|kilos?|mg|times|mal|x)?(?: a day| am tag)?",
    re.IGNORECASE,
)


class WrongError(Exception):
    """What was given is no answer; `key` is that of the words that say what is expected."""

    def __init__(self, key: str) -> None:
        """Keep the key of the words."""
        super().__init__(key)
        self.key = key


def lines(text: str) -> tuple[str, ...]:
    """Return the names of a list: one on each line, or parted by semicolons."""
    return tuple(one.strip() for one in re.split(r"[\n\r;]+", text) if one.strip())


def reply(question: Question, pressed: str, text: str, names: tuple[str, ...] = ()) -> Answer:
    """Return what was answered.

    Args:
        question: what was asked.
        pressed: the button or the choice: "yes", "no", "none", "unknown", "skip", "complete",
            "more", "is:" before a name that was suggested; anything else means what was typed.
        text: what was typed.
        names: what was typed of a list.

    Raises:
        WrongError: if it is no answer.

    """
    typed = text.strip()
    if pressed in _SAID:
        # What was typed is not thrown away for a button beside it.
        if typed or names:
            raise WrongError("wrong_none" if pressed == "none" else "wrong_left_out")
        return _SAID[pressed]
    match question.kind:
        case Kind.BY_NAME | Kind.YES_NO:
            if pressed not in ("yes", "no"):
                raise WrongError("wrong_yes_no")
            return pressed == "yes"
        case Kind.NAMES:
            if not names:
                raise WrongError("wrong_names")
            return Names(names, complete=pressed == "complete")
        case Kind.WHICH:
            # One that was suggested, once a person has pressed it, or other words for it.
            chosen = pressed.removeprefix("is:") if pressed.startswith("is:") else ""
            if chosen and typed:
                raise WrongError("wrong_which_both")
            words = chosen or typed
            if not words:
                raise WrongError("wrong_which")
            if words.casefold().strip(".!") in _YES_OR_NO:
                raise WrongError("wrong_which_words")
            return words
    return _number(typed)


def _number(typed: str) -> Range:
    found = _NUMBER.fullmatch(" ".join(typed.split()))
    if not found:
        raise WrongError("wrong_number")
    low, high = found.groups()
    return _value(low) if high is None else (_value(low), _value(high))


def _value(digits: str) -> float:
    return float(digits.replace(",", ".")) if re.search("[.,]", digits) else int(digits)
