"""The command `rules check`: what no loader sees in a rule set."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from attrs import asdict

from msrisk.analysis.alone import implied, unconditional
from msrisk.checking import Remark, check_cases, check_ruleset, compare
from msrisk.cli.layout import Answer, block, cases_of, or_problems, ruleset_of
from msrisk.errors import MsriskError, Problem
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet

__all__ = ["FORMATS", "check", "remarks_on", "unsigned_rules"]


def check(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules check`: the remarks on a rule set; exit code 1 if there are any."""
    problems: list[Problem] = []
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    cases = or_problems(problems, lambda: cases_of(arguments))
    before = arguments.against
    old = or_problems(problems, lambda: RuleSet.load(before)) if before is not None else None
    if ruleset is None or cases is None or problems:
        raise MsriskError(problems)
    remarks = remarks_on(ruleset, cases, old)
    return FORMATS[arguments.format](ruleset, remarks), int(bool(remarks))


def remarks_on(ruleset: RuleSet, cases: Iterable[Case], old: RuleSet | None) -> list[Remark]:
    """Return every remark on a rule set and its worked patients, beside an earlier one if any."""
    remarks = [
        *check_ruleset(ruleset),
        *unconditional(ruleset),
        *implied(ruleset),
        *check_cases(ruleset, cases),
    ]
    return remarks if old is None else [*remarks, *compare(old, ruleset)]


def unsigned_rules(ruleset: RuleSet) -> int:
    """Return how many rules nobody has signed."""
    return sum(not rule.review.done for rule in ruleset.rules)


def _text(ruleset: RuleSet, remarks: list[Remark]) -> str:
    blocks = [
        block(one.where, [("check", one.check), ("says", one.says), ("expected", one.expected)])
        for one in remarks
    ]
    end = block(
        f"{ruleset.name}, version {ruleset.version}: {len(remarks)} "
        f"remark{'s' if len(remarks) != 1 else ''}",
        [
            (
                "signed",
                f"nobody has signed {unsigned_rules(ruleset)} of {len(ruleset.rules)} rules",
            ),
            ("note", "no check can tell whether a rule is right: read it beside what it cites"),
        ],
    )
    return "\n".join([*blocks, end])


def _json(ruleset: RuleSet, remarks: list[Remark]) -> str:
    document = {
        "schema": "msrisk-check/1",
        "ruleset": {
            "name": ruleset.name,
            "version": ruleset.version,
            "digest": ruleset.digest,
            "rules": len(ruleset.rules),
            "unsigned": unsigned_rules(ruleset),
        },
        "remarks": [asdict(one) for one in remarks],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: Final[Mapping[str, Callable[[RuleSet, list[Remark]], str]]] = {
    "text": _text,
    "json": _json,
}
"""What writes remarks in each format."""
