"""Writes into the uuid of a card what feedback on it is to be counted under.

So the service keeps nothing of the cards that it gave. A uuid holds the places of up to five
rules in the rule set, the kind of card, and the beginning of the digest of the rules; nothing
of the patient but which rules spoke, which the card itself says.
"""

from __future__ import annotations

import hashlib
import uuid
from enum import IntEnum
from typing import Final

from attrs import frozen

from msrisk.model.rules import RuleSet

__all__ = ["Kind", "Mark", "mark_of", "uuid_of"]

_MOST_RULES: Final = 5
_RULE_BITS: Final = 10
_DIGEST_BITS: Final = 20
_CHANCE_BITS: Final = 48


class Kind(IntEnum):
    """The kind of a card, or that of a suggestion on it."""

    FINDING = 1
    MORE = 2
    NOT_CHECKED = 3
    REMOVE_ORDER = 4
    RECORD_ISSUE = 5


@frozen
class Mark:
    """What a uuid says.

    Attributes:
        kind: of the card or suggestion.
        rules: ids of the rules on it, the gravest first; a uuid holds the first five.

    """

    kind: Kind
    rules: tuple[str, ...] = ()


def uuid_of(mark: Mark, ruleset: RuleSet, instance: str) -> str:
    """Return a uuid, version 8 of RFC 9562, that holds a mark.

    Args:
        mark: what it says.
        ruleset: whose rules they are.
        instance: tells the calls of the service apart.

    """
    places = {rule.id: number for number, rule in enumerate(ruleset.rules, start=1)}
    bits = mark.kind.value
    for at in range(_MOST_RULES):
        place = places.get(mark.rules[at], 0) if at < len(mark.rules) else 0
        bits = bits << _RULE_BITS | (place if place < 1 << _RULE_BITS else 0)
    bits = bits << _DIGEST_BITS | _beginning(ruleset)
    said = f"{instance} {mark.kind.value}".encode("utf-8", "replace")
    chance = int.from_bytes(hashlib.sha256(said).digest()[: _CHANCE_BITS // 8])
    bits = bits << _CHANCE_BITS | chance
    # 122 bits: 48, then the version, 12, then the variant, 62.
    value = bits >> 74 << 80 | 8 << 76 | (bits >> 62 & 0xFFF) << 64 | 2 << 62 | bits & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def mark_of(text: object, ruleset: RuleSet) -> Mark | None:
    """Return what the uuid of a card says; None if it is not one of these rules."""
    try:
        value = uuid.UUID(text if isinstance(text, str) else "").int
    except ValueError:
        return None
    if value >> 76 & 0xF != 8 or value >> 62 & 3 != 2:
        return None
    bits = value >> 80 << 74 | (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1
    bits >>= _CHANCE_BITS
    if bits & (1 << _DIGEST_BITS) - 1 != _beginning(ruleset):
        return None
    bits >>= _DIGEST_BITS
    places = [
        bits >> _RULE_BITS * at & (1 << _RULE_BITS) - 1 for at in reversed(range(_MOST_RULES))
    ]
    kind = bits >> _RULE_BITS * _MOST_RULES
    if kind not in Kind.__members__.values() or max(places) > len(ruleset.rules):
        return None
    return Mark(Kind(kind), tuple(ruleset.rules[place - 1].id for place in places if place))


def _beginning(ruleset: RuleSet) -> int:
    digest = hashlib.sha256(ruleset.digest.encode()).digest()
    return int.from_bytes(digest[:4]) >> 32 - _DIGEST_BITS
