"""Checks values from outside, and collects all problems before it reports them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from msrisk.errors import Problem, ProfileError
from msrisk.model.quantities import Number

__all__ = [
    "BOUNDS",
    "Checks",
    "LINE_ENDS",
    "MOST_IN_AN_ENTRY",
    "Range",
    "UNSEEN",
    "closest",
    "did_you_mean",
    "kind_of",
]

Range = Number | tuple[Number, Number]
T = TypeVar("T")

# Bounds of what a person can be or take, far outside any clinical threshold: beyond them
# a number is a slip of the keyboard or of the unit (a year of birth, grams for milligrams).
BOUNDS: Final = {
    "age_years": (0, 130, "a number of years from 0 to 130"),
    "weight_kg": (0.2, 700, "a number of kilograms from 0.2 to 700"),
    "dose_mg": (0.001, 100_000, "a number of milligrams from 0.001 to 100000"),
    "daily_dose_mg": (0.001, 100_000, "a number of milligrams from 0.001 to 100000"),
    "times_per_day": (0.01, 48, "a number of times from 0.01 to 48"),
}
"""Least and most of each number field, and the same in words."""

_MOST_CHARACTERS: Final = 1_000
MOST_IN_AN_ENTRY: Final = 10_000
"""The most characters of the words of an entry."""

LINE_ENDS: Final = "\n\r\t\v\f\x85\u2028\u2029"
"""What ends a line or a column: it stands between two items."""

UNSEEN: Final = "".join(
    map(
        chr,
        (
            *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2065),
            *range(0x2066, 0x2070),
            *range(0xFE00, 0xFE10),
        ),
    )
)
"""Characters that shape a line and are no part of a word: soft hyphens, marks of direction."""

# Control, format (bidirectional marks among them), surrogate, private, unassigned,
# line and paragraph separators: what a reader cannot see or a terminal would obey.
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_AS_BLANKS: Final = dict.fromkeys(map(ord, LINE_ENDS + UNSEEN), " ")


class Checks:
    """Collects what is wrong with an input, so that all of it is reported at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, where: str, expected: str, got: str = "") -> None:
        """Add a problem; `got` says what kind of thing came, never its value."""
        self.problems.append(Problem(where, expected, got))

    def inside(self, where: str, build: Callable[[], T]) -> T | None:
        """Build a part, taking over its problems under this path."""
        try:
            return build()
        except ProfileError as error:
            self.problems += [
                Problem(f"{where}.{p.where}", p.expected, p.got) for p in error.problems
            ]
            return None

    def text(self, where: str, value: object) -> str:
        """Check a name or a code as typed."""
        return self._text(where, value, _MOST_CHARACTERS)

    def _text(self, where: str, value: object, most: int) -> str:
        if not isinstance(value, str):
            self.note(where, "text", kind_of(value))
        elif not value.strip():
            self.note(where, "some words", "blank text")
        elif len(value) > most:
            self.note(where, f"at most {most} characters", f"{len(value)}")
        elif not value.isprintable() and any(unicodedata.category(c) in _HIDDEN for c in value):
            self.note(
                where,
                "visible characters only",
                "a control, bidirectional or unassigned character",
            )
        else:
            return value
        return "?"

    def entry(self, where: str, value: object) -> str:
        """Check the words of an entry, which may have lines and characters that nobody sees."""
        problems = len(self.problems)
        plain = value
        if isinstance(value, str) and len(value) <= MOST_IN_AN_ENTRY:
            bare = value.isascii() and value.isprintable()
            plain = value if bare else value.translate(_AS_BLANKS)
        self._text(where, plain, MOST_IN_AN_ENTRY)
        return str(value) if len(self.problems) == problems else "?"

    def range(self, where: str, value: object) -> Range | None:
        """Check a number or a (low, high) pair against the bounds of the field's name."""
        low_bound, high_bound, words = BOUNDS[where.rpartition(".")[2]]
        if value is None:
            return None
        pair = value if isinstance(value, tuple | list) else (value, value)
        if len(pair) != 2:
            self.note(where, "a number, or a range of two: low, high", f"{len(pair)} numbers")
            return None
        for number in pair:
            if isinstance(number, bool) or not isinstance(number, int | float):
                self.note(where, words, kind_of(number))
                return None
            # `not` rather than `or`: NaN answers no to every comparison.
            if not low_bound <= number <= high_bound:
                self.note(where, words, "a number outside these bounds")
                return None
        low, high = pair
        if low > high:
            self.note(where, "a range from low to high", "high before low")
            return None
        return (low, high) if isinstance(value, tuple | list) else low

    def yes_no(self, where: str, value: object) -> bool | None:
        """Check a yes/no field."""
        if value is None or isinstance(value, bool):
            return value
        self.note(where, "true, false or None", kind_of(value))
        return None

    def raise_any(self, error: type[ProfileError] = ProfileError) -> None:
        """Raise all the problems, if there are any."""
        if self.problems:
            raise error(self.problems)


def kind_of(value: object) -> str:
    """Return what kind of thing a value is, in words and without the value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    for type_, words in ((str, "text"), (int | float, "a number"), (dict, "a table")):
        if isinstance(value, type_):
            return words
    return "a list" if isinstance(value, list | tuple) else "something else"


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.8) -> str:
    """Return a question in brackets, with the known word that is most like this one, if any.

    How like it must be is `cutoff`, from 0 to 1.
    """
    alike = closest(word, known, cutoff=cutoff)
    return f" (did you mean `{alike}`?)" if alike else ""


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.8) -> str:
    """Return the known word that is most like this one; empty if none is alike enough."""
    from difflib import get_close_matches  # few make such a mistake

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=cutoff)), "")
