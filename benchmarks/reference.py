"""The shipped rules as straight-line Python: what msrisk's speed is measured in multiples of.

From a rule set a flat function is written for each substance: no loops, no objects, facts as
sets, three-valued. It tells which rules apply and which are open, and nothing else: no reasons,
no sources, no questions, no words. It is given facts that are recognised already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.patients import Patient
from msrisk.planning import OfSubstance

__all__ = ["Decided", "Facts", "facts_of", "written"]

Decided = tuple[list[str], list[str]]
"""The ids of the rules that apply, and of those that are open."""

Rules = Callable[["Facts"], Decided]


class Facts(NamedTuple):
    """What is known of a patient, as sets of names of tests.

    Attributes:
        true: what holds: "takes systemic-corticosteroid", "age_years at least older-adult-years".
        open: what may hold.

    """

    true: frozenset[str]
    open: frozenset[str]


def name_of(test: Condition, substance: str) -> str:
    """Return a test in words, which is its name among the facts."""
    return f"{test!r} of {substance}" if isinstance(test, _OWN) else repr(test)


_OWN: Final = (
    node.TakesOtherSupplement,
    node.DailyDoseAbove,
    node.DailyDoseBelow,
    node.DosesPerDayBelow,
    node.Taking,
)


def facts_of(patient: Patient, substance: OfSubstance) -> Facts:
    """Return the facts of a patient for the rules of one substance."""
    from msrisk.patients import Asked

    asked = Asked(patient, substance)
    true: set[str] = set()
    open_: set[str] = set()
    for one in substance.planned:
        for test in _leaves(one.rule.when):
            bit = patient.plan.tests.bit(test, substance.id)
            if asked.true & bit:
                true.add(name_of(test, substance.id))
            elif asked.may & bit:
                open_.add(name_of(test, substance.id))
    return Facts(frozenset(true), frozenset(open_))


def written(substance: OfSubstance) -> Rules:
    """Return the rules of a substance as one flat function."""
    scope: dict[str, object] = {}
    exec("\n".join(_lines(substance)), scope)  # noqa: S102  # the text is made here, of the rules
    return scope["decide"]  # type: ignore[return-value]  # what the text above defines


def _lines(substance: OfSubstance) -> Iterator[str]:
    yield "def decide(facts):"
    yield "    true, open_ = facts"
    yield "    applies, asks = [], []"
    for one in substance.planned:
        yield f"    if {_holds(one.rule.when, substance.id, 'true')}:"
        yield f"        applies.append({one.rule.id!r})"
        yield f"    elif {_may(one.rule.when, substance.id)}:"
        yield f"        asks.append({one.rule.id!r})"
    yield "    return applies, asks"


def _holds(condition: Condition | None, substance: str, facts: str) -> str:
    match condition:
        case node.All(of=parts):
            return f"({' and '.join(_holds(part, substance, facts) for part in parts)})"
        case node.Any(of=parts):
            return f"({' or '.join(_holds(part, substance, facts) for part in parts)})"
    return f"{name_of(_some(condition), substance)!r} in {facts}"


def _may(condition: Condition | None, substance: str) -> str:
    match condition:
        case node.All(of=parts):
            return f"({' and '.join(_may(part, substance) for part in parts)})"
        case node.Any(of=parts):
            return f"({' or '.join(_may(part, substance) for part in parts)})"
    name = name_of(_some(condition), substance)
    return f"({name!r} in true or {name!r} in open_)"


def _some(condition: Condition | None) -> Condition:
    if condition is None:
        raise AssertionError("a rule without a condition")
    return condition


def _leaves(condition: Condition | None) -> Iterator[Condition]:
    for one in node.walk(_some(condition)):
        if not isinstance(one, node.All | node.Any):
            yield one
