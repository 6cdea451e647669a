"""Keeps what a function made from a rule set's names, for all with those names and packs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from msrisk.model.rules import RuleSet

__all__ = ["MadeOnce", "made_once"]

T = TypeVar("T")

_MOST: Final = 16


class MadeOnce(Generic[T]):
    """A function of a rule set's names that remembers what it built.

    A rule set under a policy has the same names. One with other packs asks for other things by
    themselves, and so may read a name otherwise.
    """

    def __init__(self, build: Callable[[RuleSet], T]) -> None:
        self._build = build
        self.__doc__ = build.__doc__
        # The rule set stays alive beside what was built, so that no other gets its identity.
        self._built: dict[tuple[int, int, tuple[str, ...]], tuple[RuleSet, T]] = {}

    def __call__(self, ruleset: RuleSet) -> T:
        # By identity: comparing thousands of names would cost more than it saves.
        found = self._built.get(self._key(ruleset))
        if found is not None:
            return found[1]
        value = self._build(ruleset)
        self.keep(ruleset, value)
        return value

    def keep(self, ruleset: RuleSet, value: T) -> None:
        """Remember what was built of a rule set's names; of many rule sets, the last."""
        while len(self._built) >= _MOST:
            self._built.pop(next(iter(self._built)), None)
        self._built[self._key(ruleset)] = ruleset, value

    @staticmethod
    def _key(ruleset: RuleSet) -> tuple[int, int, tuple[str, ...]]:
        return id(ruleset.vocabulary), id(ruleset.substances), ruleset.packs


def made_once(build: Callable[[RuleSet], T]) -> MadeOnce[T]:
    """Make a function of a rule set's names remember what it built."""
    return MadeOnce(build)
