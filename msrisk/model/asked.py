"""Defines the parts of a report that ask something, and the entries that no rule looked at."""

from __future__ import annotations

from attrs import frozen

from msrisk.model.levels import Level
from msrisk.model.profile import Code

__all__ = ["NextQuestion", "NotLookedAt", "ToAsk", "Unrecognised"]


@frozen
class Unrecognised:
    """An entry that a person must clear up: not recognised, or ambiguous.

    Attributes:
        field: the field of the profile.
        text: the entry as typed; None when there was only a code.
        code: the code, when there was only a code.
        status: "unrecognised" or "ambiguous".
        reason: why, in a clause.
        question: what to ask.
        suggestions: at most three names that look alike, for a person to confirm.

    """

    field: str
    text: str | None
    code: Code | None
    status: str
    reason: str
    question: str
    suggestions: tuple[str, ...]


@frozen
class NextQuestion:
    """The question to ask next: which field, in which words, and why this one."""

    field: str
    question: str
    why: str


@frozen
class ToAsk:
    """A field that leaves something open: what to ask, and `whole` if for all that it holds.

    `asked` is whether it was asked already, and the answer is not known.
    """

    field: str
    question: str
    short: str
    level: Level
    whole: bool = False
    asked: bool = False


@frozen
class NotLookedAt:
    """An entry that was understood and to which no rule applies: what it was taken for.

    `premise` is whether it tells of nothing but MS, which every rule is about.
    """

    field: str
    text: str | None
    code: Code | None
    recognised_as: str
    premise: bool = False
