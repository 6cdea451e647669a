"""Runs `msrisk rules show`, which prints everything about one thing in the rules."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from msrisk.book.rules import case_words, cases_by_rule
from msrisk.cli.entries import Entries
from msrisk.cli.entry_lines import entry_lines, members_of
from msrisk.cli.layout import Answer, block, cases_of, folder_of, ruleset_of
from msrisk.errors import ConceptError, Problem
from msrisk.loading import Placed
from msrisk.model.cases import Case
from msrisk.model.conditions import Takes, walk
from msrisk.model.rules import Claim, Rule, RuleSet, Threshold
from msrisk.rendering.rule_words import Line, claim_lines, rule_lines, threshold_lines
from msrisk.rendering.words import plural

__all__ = ["show"]


def show(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules show`: everything that has an id or a name, with its file and line."""
    ruleset, asked = ruleset_of(arguments), " ".join(arguments.id)
    worked = cases_by_rule(ruleset, cases_of(arguments))
    entries = Entries(folder_of(arguments))
    # Reports write the key of an item in capitals: E013.
    found = entries.called(asked) or entries.called(asked.casefold())
    if not found:
        near = entries.near(asked)
        meant = f" (did you mean {_either(near)}?)" if near else ""
        where = f"nothing in the rules is called `{asked}`{meant}"
        raise ConceptError([Problem(where, "an id, or a name or word of the vocabulary")])
    return "\n".join(
        block(
            getattr(one.made, "id", "") or asked,
            [*_lines(one, ruleset, worked[one.made.id] if isinstance(one.made, Rule) else ())],
        )
        for one in found
    ), 0


def _either(names: Sequence[str]) -> str:
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} or {last}" if first else last


def _lines(one: Placed, ruleset: RuleSet, worked: Sequence[Case]) -> Iterator[Line]:
    match one.made:
        case Rule() as rule:
            yield from rule_lines(rule, ruleset)
            yield from _members(rule, ruleset)
            yield from map(_worked, worked)
        case Claim() as claim:
            yield from claim_lines(claim, ruleset)
        case Threshold() as threshold:
            yield from threshold_lines(threshold, ruleset)
        case made:
            yield from entry_lines(made, ruleset)
    yield "file", one.place


def _worked(case: Case) -> Line:
    outcome, report = case_words(case)
    return "worked patient", f"{case.id}: {case.says} The rule {outcome}; report: {report}."


def _members(rule: Rule, ruleset: RuleSet) -> Iterator[Line]:
    """Yield how many medicines each class of a rule's condition has."""
    names = {one.id: one.name for one in ruleset.vocabulary.drug_classes}
    nodes = walk(rule.when) if rule.when is not None else ()
    ids = [node.drug_class for node in nodes if isinstance(node, Takes)]
    for id_ in dict.fromkeys(ids):
        count = plural(len(members_of(id_, ruleset.vocabulary)), "medicine")
        yield "class", f"{names[id_]}: {count}; msrisk rules book lists them"
