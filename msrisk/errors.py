"""Defines the errors: one base class, and one class for each thing that a reader can fix.

A message says where, what was expected and what kind of thing came instead; it never
repeats what a patient said. All problems of one input are reported together.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

__all__ = [
    "ConceptError",
    "FhirError",
    "FrameError",
    "HookError",
    "IntakeError",
    "MsriskError",
    "NothingSentError",
    "PolicyError",
    "Problem",
    "ProfileError",
    "RuleSetError",
    "RuleSetWithdrawnError",
    "TextError",
    "UnitError",
]


@frozen
class Problem:
    """One thing that is wrong, and what would be right.

    Attributes:
        where: file, rule or field, as a path that can be searched for.
        expected: what should have stood there.
        got: what kind of thing stood there instead, never its value; empty if
            nothing stood there.

    """

    where: str
    expected: str
    got: str = ""

    def __str__(self) -> str:
        got = f", got {self.got}" if self.got else ""
        return f"{self.where}: expected {self.expected}{got}"


class MsriskError(Exception):
    """Base of every error that msrisk raises on purpose.

    Attributes:
        problems: everything that is wrong with the input, in reading order.

    """

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class ProfileError(MsriskError, ValueError):
    """A patient profile says something that no profile can say."""


class IntakeError(ProfileError):
    """An intake document cannot be read as a patient profile."""


class FhirError(ProfileError):
    """A FHIR resource cannot be read as what was asked for."""


class HookError(MsriskError, ValueError):
    """A request of CDS Hooks, or the feedback on a card, cannot be read."""


class NothingSentError(HookError):
    """A request of CDS Hooks brings neither an order nor a record, so that nothing can be said."""


class RuleSetError(MsriskError, ValueError):
    """A rule set does not load in full, and therefore does not answer."""


class RuleSetWithdrawnError(MsriskError):
    """The rule set was withdrawn by those who keep it, and must not answer."""


class TextError(MsriskError, ValueError):
    """The text of a source is not there, or not the one that the rules were taken from."""


class PolicyError(MsriskError, ValueError):
    """A policy changes what it may not change."""


class UnitError(MsriskError, ValueError):
    """Two quantities of unlike units were compared."""


class ConceptError(MsriskError, ValueError):
    """Something was asked by a name that msrisk does not have: a kind, a rule, a pack."""


class FrameError(MsriskError, ValueError):
    """A data frame or a file of patients cannot be read."""
