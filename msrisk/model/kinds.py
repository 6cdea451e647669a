"""Defines the kinds of rules, their bases, and the lines of the first screen."""

from __future__ import annotations

from enum import Enum
from typing import Final

from msrisk.model.levels import Level

__all__ = ["Basis", "Kind", "Screen"]


class Kind(Enum):
    """What a rule is for. Conditional kinds bring a level; the others are caveats."""

    INFORM = "inform"
    CAUTION = "caution"
    CONTRAINDICATION = "contraindication"
    EMERGENCY = "emergency"
    SILENCE = "silence"
    SIDE_EFFECT = "side-effect"
    QUALITY = "quality"
    EVIDENCE = "evidence"
    ADVICE = "advice"
    INTEREST = "interest"
    SCOPE = "scope"

    @property
    def level(self) -> Level | None:
        """The level that a rule of this kind brings; None for a caveat."""
        return _LEVELS.get(self)


_LEVELS: Final = {
    Kind.INFORM: Level.INFORM,
    Kind.CAUTION: Level.CAUTION,
    Kind.CONTRAINDICATION: Level.CONTRAINDICATED,
    Kind.EMERGENCY: Level.URGENT,
    Kind.SILENCE: Level.UNDETERMINED,
}


class Basis(Enum):
    """How far a rule goes beyond its source: not, in the number only, or by an argument.

    Or that it rests on no text at all, but on evidence beside the texts.
    """

    STATED = "stated"
    THRESHOLD = "threshold"
    INFERRED = "inferred"
    EVIDENCE = "evidence"


class Screen(Enum):
    """Which line of a page of its own a caveat is.

    On the first screen: when to get help, what trials found, what not to stop, scope. On the
    patient's page: that changes are to be reported, and that it is no cure.
    """

    EMERGENCY = "emergency"
    MEDICINES = "medicines"
    SCOPE = "scope"
    CHANGE = "change"
    CURE = "cure"
    TRIALS = "trials"
