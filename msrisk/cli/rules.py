"""The commands about the rules: `rules list`, `rules show`."""

from __future__ import annotations

import argparse
import textwrap
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msrisk.api import shipped_rules
from msrisk.cli.layout import Answer, block, cases_of, ruleset_of, width
from msrisk.errors import ConceptError, Problem
from msrisk.model.cases import Case
from msrisk.model.checks import did_you_mean
from msrisk.model.concepts import closure
from msrisk.model.conditions import Takes, walk
from msrisk.model.rules import EVERY, Claim, Rule, RuleSet
from msrisk.rendering.book_rules import case_words, cases_by_rule
from msrisk.rendering.rule_words import Line, claim_lines, rule_lines, threshold_lines
from msrisk.rendering.words import clean, plural

__all__ = ["list_rules", "show"]

_LEAST_WORDS: Final = 40
_ALIKE: Final = 0.6

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


def _worked(cases: Iterable[Case]) -> Iterator[Line]:
    for case in cases:
        outcome, report = case_words(case)
        yield "worked patient", f"{case.id}: {case.says} The rule {outcome}; report: {report}."


def _members(rule: Rule, ruleset: RuleSet) -> Iterator[Line]:
    """Yield how many medicines each class of a rule's condition has."""
    words = ruleset.vocabulary
    parents = {one.id: one.within for one in words.drug_classes}
    names = {one.id: one.name for one in words.drug_classes}
    of_drug = {
        drug.id: closure([member.id for member in drug.classes], parents) for drug in words.drugs
    }
    nodes = walk(rule.when) if rule.when is not None else ()
    ids = [node.drug_class for node in nodes if isinstance(node, Takes)]
    for id_ in dict.fromkeys(ids):
        found = sum(
            any(id_ in of_drug[one] for one in (drug.id, *drug.ingredients)) for drug in words.drugs
        )
        yield "class", f"{names[id_]}: {plural(found, 'medicine')}; msrisk rules book lists them"


def _file(root: Path, id_: str) -> Iterator[Line]:
    """Yield the file in which an id stands."""
    for path in sorted((root / "ruleset.toml", *root.glob("substances/*.toml"))):
        groups = tomllib.loads(path.read_text(encoding="utf-8")).values()
        tables = (table for group in groups if isinstance(group, list) for table in group)
        if any(isinstance(table, dict) and table.get("id") == id_ for table in tables):
            yield "file", str(path)


def show(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules show`: everything about one rule, claim or threshold, in words."""
    ruleset, id_ = ruleset_of(arguments), arguments.id
    root = shipped_rules() if arguments.rules is None else Path(arguments.rules)
    worked = cases_by_rule(ruleset, cases_of(arguments))
    shown: list[Iterable[Line]] = [
        *(
            (*rule_lines(rule, ruleset), *_members(rule, ruleset), *_worked(worked[id_]))
            for rule in ruleset.rules
            if rule.id == id_
        ),
        *(claim_lines(claim, ruleset) for claim in ruleset.claims if claim.id == id_),
        *(threshold_lines(t, ruleset) for t in ruleset.thresholds if t.id == id_),
    ]
    if not shown:
        parts = (ruleset.rules, ruleset.claims, ruleset.thresholds)
        meant = did_you_mean(id_, [one.id for part in parts for one in part], cutoff=_ALIKE)
        where = f"no rule, claim or threshold is called `{id_}`{meant}"
        raise ConceptError([Problem(where, "an id as `msrisk rules list` shows it")])
    return "\n".join(block(id_, [*lines, *_file(root, id_)]) for lines in shown), 0
