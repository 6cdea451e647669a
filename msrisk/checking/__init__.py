"""Lists all checks of a rule set that loads, for those who keep its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msrisk.checking.cases import check_cases
from msrisk.checking.conditions import implied, unconditional
from msrisk.checking.earlier import compare
from msrisk.checking.readability import hard_to_read
from msrisk.checking.reasons import (
    rules_alike,
    short_reasons,
    stated_by_no_sentence,
    steps_not_cited,
    twin_thresholds,
)
from msrisk.checking.remarks import Check, Remark
from msrisk.checking.unused import (
    needless_exceptions,
    settled_terms,
    unused_classes,
    unused_packs,
    unused_routes,
    unused_sources,
    unused_thresholds,
)
from msrisk.checking.wording import (
    denials_as_names,
    everyday_names,
    numbers_in_messages,
    reassurances,
    unhelpful_rules,
)
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet

__all__ = [
    "CHECKS",
    "Check",
    "Remark",
    "check_cases",
    "check_ruleset",
    "compare",
    "remarks_on",
    "unsigned_rules",
]

CHECKS: Final[tuple[Check, ...]] = (
    reassurances,
    numbers_in_messages,
    unhelpful_rules,
    hard_to_read,
    short_reasons,
    stated_by_no_sentence,
    steps_not_cited,
    rules_alike,
    twin_thresholds,
    unused_thresholds,
    unused_classes,
    unused_routes,
    unused_sources,
    unused_packs,
    needless_exceptions,
    settled_terms,
    everyday_names,
    denials_as_names,
    unconditional,
    implied,
)
"""Every check that needs the rule set alone; a new one is written once here."""


def check_ruleset(ruleset: RuleSet) -> Iterator[Remark]:
    """Yield the remarks of every check, in the order of `CHECKS`."""
    for check in CHECKS:
        yield from check(ruleset)


def remarks_on(ruleset: RuleSet, cases: Iterable[Case], old: RuleSet | None) -> list[Remark]:
    """Return every remark on a rule set and its worked patients, beside an earlier one if any."""
    remarks = [*check_ruleset(ruleset), *check_cases(ruleset, cases)]
    return remarks if old is None else [*remarks, *compare(old, ruleset)]


def unsigned_rules(ruleset: RuleSet) -> int:
    """Return how many rules nobody has signed."""
    return sum(not rule.review.done for rule in ruleset.rules)
