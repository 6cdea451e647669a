"""Defines who signed a rule, that a rule set is withdrawn, and which of its ids are gone."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from msrisk.errors import Problem, RuleSetError

__all__ = ["Retired", "Review", "Withdrawal", "is_day"]


def is_day(text: str) -> bool:
    """Return whether the text is a day of the calendar as YYYY-MM-DD."""
    from datetime import date  # takes longer than all else here, and few ask

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@frozen
class Withdrawal:
    """That a rule set must no longer answer: since when, and why."""

    on: str
    reason: str

    def __attrs_post_init__(self) -> None:
        problems = [] if is_day(self.on) else [Problem("on", "a day as YYYY-MM-DD")]
        if not self.reason.strip():
            problems.append(Problem("reason", "some words"))
        if problems:
            raise RuleSetError(problems)


@frozen
class Retired:
    """An id of a rule, claim or threshold that is gone and must never mean anything else.

    Attributes:
        id: the id.
        dropped_in: the rule-set version that dropped it.
        why: the reason, for whoever finds the id in an old report or policy.

    """

    id: str
    dropped_in: str
    why: str


_NOBODY: Final = "none yet"


@frozen
class Review:
    """Who signed a rule, by role, and when; role "none yet" while nobody has."""

    role: str
    on: str = ""

    def __attrs_post_init__(self) -> None:
        if self.done is (self.role == _NOBODY) or (self.done and not is_day(self.on)):
            expected = f"the day of the signature as YYYY-MM-DD, or role {_NOBODY} and no day"
            raise RuleSetError([Problem("on", expected)])

    @property
    def done(self) -> bool:
        """Whether somebody has signed."""
        return bool(self.on)
