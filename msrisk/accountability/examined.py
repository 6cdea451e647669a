"""Says of each rule, claim and silence what evidence says of it, or that nothing was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from msrisk.model.evidence import Relation
from msrisk.model.rules import Claim, Rule, RuleSet

__all__ = ["Examined", "STATES", "examined"]

STATES: Final = {
    Relation.CONTRADICTS: "contradicted",
    Relation.QUALIFIES: "qualified",
    Relation.CORROBORATES: "corroborated",
    Relation.FILLS: "filled",
}
"""What a relation makes of a statement, from what concerns a reader most."""


@frozen
class Examined:
    """What evidence makes of one statement.

    Attributes:
        id: of the rule or claim.
        state: "contradicted", "qualified", "corroborated", "filled" or "unexamined": of several
            the first in this order.
        contradicted: ids of the items that make it so.
        qualified: likewise.
        corroborated: likewise; of a rule that rests on evidence, what it cites.
        filled: likewise.

    """

    id: str
    state: str
    contradicted: tuple[str, ...] = ()
    qualified: tuple[str, ...] = ()
    corroborated: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


def examined(ruleset: RuleSet) -> Iterator[Examined]:
    """Yield each rule and claim with what evidence makes of it."""
    statements: tuple[Rule | Claim, ...] = (*ruleset.rules, *ruleset.claims)
    for one in statements:
        found: dict[str, tuple[str, ...]] = {}
        for relation, state in STATES.items():
            ids = [item.id for item in ruleset.evidence if (one.id, relation) in item.bears_on]
            if relation is Relation.CORROBORATES:
                ids += [cited.evidence for cited in one.cites if cited.evidence]
            if ids:
                found[state] = tuple(dict.fromkeys(ids))
        yield Examined(one.id, next(iter(found), "unexamined"), **found)
