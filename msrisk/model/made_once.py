"""What is derived from a rule set's names, kept for all rule sets that share them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from attrs import frozen

from msrisk.model.rules import RuleSet

__all__ = ["made_once"]

T = TypeVar("T")


@frozen(eq=False)
class _Names:
    """A rule set, equal to any other with the very same vocabulary and substances."""

    ruleset: RuleSet

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Names) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[int, int]:
        # By identity: comparing thousands of names would cost more than it saves.
        return id(self.ruleset.vocabulary), id(self.ruleset.substances)


def made_once(build: Callable[[RuleSet], T]) -> Callable[[RuleSet], T]:
    """Make a function of a rule set's names remember what it built.

    A rule set under a policy, or with some of its packs, has the same names.
    """
    cached = lru_cache(maxsize=16)(lambda names: build(names.ruleset))

    def once(ruleset: RuleSet) -> T:
        return cached(_Names(ruleset))

    return once
