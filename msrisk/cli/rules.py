"""The commands about the rules: `rules list`, `rules show`."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable, Iterator

from msrisk.cli.layout import Answer, block, cases_of, ruleset_of, width
from msrisk.errors import ConceptError, Problem
from msrisk.model.cases import Case
from msrisk.model.rules import Claim, Rule
from msrisk.rendering.book_rules import case_words, cases_by_rule
from msrisk.rendering.rule_words import Line, claim_lines, rule_lines, threshold_lines
from msrisk.rendering.words import clean

__all__ = ["list_rules", "show"]


def list_rules(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules list`: a line for each rule, claim and threshold."""
    ruleset = ruleset_of(arguments)
    table = [
        ("ID", "KIND", "LEVEL", "SUBSTANCE", "FIRST WORDS"),
        *((r.id, r.kind.value, _level_of(r), _about(r), r.message) for r in ruleset.rules),
        *((c.id, "claim", "-", _about(c), c.message) for c in ruleset.claims),
        *((t.id, "threshold", "-", "-", f"{t.quantity}: {t.name}") for t in ruleset.thresholds),
    ]
    widths = [max(len(row[i]) for row in table) for i in range(4)]
    room = max(width() - sum(widths) - 2 * len(widths), 40)
    return "".join(
        "  ".join(map(str.ljust, row, widths))
        + f"  {textwrap.shorten(clean(row[-1]), room, placeholder='…')}\n"
        for row in table
    ), 0


def _level_of(rule: Rule) -> str:
    level = rule.kind.level
    return "-" if level is None else level.value


def _about(part: Rule | Claim) -> str:
    return ", ".join(part.applies_to)


def _worked(cases: Iterable[Case]) -> Iterator[Line]:
    for case in cases:
        outcome, report = case_words(case)
        yield "worked patient", f"{case.id}: {case.says} The rule {outcome}; report: {report}."


def show(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules show`: everything about one rule, claim or threshold, in words."""
    ruleset = ruleset_of(arguments)
    worked = cases_by_rule(ruleset, cases_of(arguments))
    shown: list[Iterable[Line]] = [
        *(
            (*rule_lines(rule, ruleset), *_worked(worked[rule.id]))
            for rule in ruleset.rules
            if rule.id == arguments.id
        ),
        *(claim_lines(claim, ruleset) for claim in ruleset.claims if claim.id == arguments.id),
        *(threshold_lines(t, ruleset) for t in ruleset.thresholds if t.id == arguments.id),
    ]
    if not shown:
        expected = "the id of a rule, claim or threshold, as `msrisk rules list` shows them"
        raise ConceptError([Problem("ID", expected, "another name")])
    return "\n".join(block(arguments.id, lines) for lines in shown), 0
