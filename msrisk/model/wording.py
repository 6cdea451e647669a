"""Defines the other words that a rule has while another pack is used beside its own."""

from __future__ import annotations

from attrs import frozen

from msrisk.errors import Problem, RuleSetError

__all__ = ["Wording"]


@frozen
class Wording:
    """Other words of a rule of another pack, used while this pack is used beside it."""

    of: str
    message: str = ""
    action: str = ""
    effect: str = ""
    do: str = ""
    title: str = ""
    argument: str = ""
    pack: str = ""

    def __attrs_post_init__(self) -> None:
        said = (self.message, self.action, self.effect, self.do, self.title, self.argument)
        if not any(said):
            raise RuleSetError([Problem("message", "words that take the place of the rule's")])
