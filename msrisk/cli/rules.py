"""Runs `msrisk rules list`, which prints each rule, claim and threshold on a line."""

from __future__ import annotations

import argparse
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from msrisk.cli.layout import Answer, ruleset_of, width
from msrisk.model.rules import EVERY, Claim, Rule
from msrisk.rendering.words import clean

__all__ = ["list_rules"]

_LEAST_WORDS: Final = 40

Row = tuple[str, str, str]


def list_rules(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules list`: each rule, claim and threshold, by what it is about."""
    ruleset = ruleset_of(arguments)
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for rule in ruleset.rules:
        level = rule.kind.level
        said = rule.kind.value if level is None else level.value
        groups[_about(rule)].append((rule.id, said, rule.message))
    for claim in ruleset.claims:
        groups[_about(claim)].append((claim.id, "claim", claim.message))
    groups["numbers"] = [
        (limit.id, "threshold", f"{limit.quantity}: {limit.name}") for limit in ruleset.thresholds
    ]
    rows = [row for group in groups.values() for row in group]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    return "\n".join("".join(_group(*group, widths)) for group in groups.items()), 0


def _group(title: str, rows: Iterable[Row], widths: list[int]) -> Iterator[str]:
    yield f"{title}\n"
    room = width() - sum(widths) - len("      ")
    for id_, level, words in rows:
        row = f"  {id_:<{widths[0]}}  {level}"
        if room >= _LEAST_WORDS:
            row += f"{'':<{widths[1] - len(level)}}  {_cut(words, room)}"
        else:
            row += f"\n    {_cut(words, max(width() - len('    '), _LEAST_WORDS))}"
        yield f"{row}\n"


def _cut(words: str, room: int) -> str:
    return textwrap.shorten(clean(words), room, placeholder="…")


def _about(part: Rule | Claim) -> str:
    return "every supplement" if EVERY in part.applies_to else ", ".join(part.applies_to)
