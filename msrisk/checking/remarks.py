"""Defines a remark, which is what a check says, and the type of a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from msrisk.model.rules import RuleSet

__all__ = ["Check", "Remark", "few_words", "listed"]


@frozen
class Remark:
    """Something that a rule set may say, and that its keepers should look at.

    Attributes:
        check: the id of the check that speaks.
        where: the entry and its key, as a path that can be searched for.
        says: what was seen, in a sentence.
        expected: what to do about it.

    """

    check: str
    where: str
    says: str
    expected: str


Check = Callable[[RuleSet], Iterator[Remark]]
"""What looks at a rule set that loads, and says what no loader can see."""


def few_words(text: str, least: int) -> bool:
    """Return whether a text has fewer words than a reason needs."""
    return len(text.split()) < least


def listed(ids: Iterable[str]) -> str:
    """Return ids in plain order, as a reader finds them in a sentence."""
    return ", ".join(f"`{id_}`" for id_ in sorted(ids))
