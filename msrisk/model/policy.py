"""Defines a policy: a caller's own numbers in place of those that msrisk chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from msrisk.errors import PolicyError, Problem
from msrisk.model.concepts import Fixed
from msrisk.model.quantities import Number

__all__ = ["AMOUNT", "Policy", "is_amount"]

AMOUNT: Final = "a number above 0 and below 1000000"
"""What the number of a threshold is, in words."""


def is_amount(value: object) -> bool:
    """Return whether a threshold can have this number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < 1_000_000


def _frozen(thresholds: Mapping[str, Number]) -> Mapping[str, Number]:
    # What is no mapping is left as it is, for the check to refuse.
    given: object = thresholds
    return Fixed(thresholds) if isinstance(given, Mapping) else thresholds


@frozen
class Policy:
    """A caller's own numbers in place of those that msrisk chose.

    Attributes:
        thresholds: threshold id → number, in the unit of that threshold.
        allow_weaker: whether a number may make a rule apply to fewer patients.

    """

    thresholds: Mapping[str, Number] = field(converter=_frozen, hash=False)
    allow_weaker: bool = False

    def __attrs_post_init__(self) -> None:
        given: object = self.thresholds
        if not isinstance(given, Mapping) or not given:
            expected = "a table of threshold ids and numbers, at least one"
            raise PolicyError([Problem("policy.thresholds", expected)])
        problems = [
            Problem(f"policy.thresholds.{id_}", AMOUNT)
            for id_, number in given.items()
            if not is_amount(number)
        ]
        allow_weaker: object = self.allow_weaker
        if not isinstance(allow_weaker, bool):
            problems.append(Problem("policy.allow_weaker", "True or False"))
        if problems:
            raise PolicyError(problems)
