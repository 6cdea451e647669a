"""The shipped rules as straight-line Python: what msrisk's speed is measured in multiples of.

For each substance of a rule set a flat function is written from its rules: no loops and no
objects, facts as sets of ids, three-valued. It tells which rules apply and which are open, and
nothing else: no reasons, no sources, no questions. Its facts are recognised already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msrisk.evaluation.patients import Asked, Patient
from msrisk.evaluation.planning import OfSubstance
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition

__all__ = ["Decided", "Facts", "Rules", "facts_of", "written"]

Decided = tuple[list[str], list[str]]
"""The ids of the rules that apply, and of those that are open."""

Facts = Mapping[str, frozenset[str]]
"""What is known: by kind of test the ids of what is so, and of what may be."""

# The set of facts that each kind of membership is looked up in.
_SETS: Final[Mapping[type, str]] = {
    node.Takes: "takes",
    node.TakesSupplement: "takes",
    node.HasCondition: "has",
    node.AllergicTo: "allergic",
    node.ReportsSymptom: "reports",
}

Rules = Callable[[Facts], Decided]
"""The rules of a substance, written flat."""


def facts_of(patient: Patient, substance: OfSubstance) -> Facts:
    """Return what a patient tells for the rules of one substance."""
    asked = Asked(patient, substance)
    sets: dict[str, set[str]] = {}
    for test in _tests(substance):
        bit = patient.plan.tests.bit(test, substance.id)
        name, id_ = _named(test)
        for here, bits in ((name, asked.true), (f"{name}_perhaps", asked.may & ~asked.true)):
            sets.setdefault(here, set()).update([id_] if bits & bit else [])
    return {name: frozenset(ids) for name, ids in sets.items()}


def written(substance: OfSubstance) -> Rules:
    """Return the rules of a substance as one flat function."""
    scope: dict[str, Rules] = {}
    exec("\n".join(_lines(substance)), scope)  # noqa: S102  # the text is made here, of the rules
    return scope["decide"]


def _lines(substance: OfSubstance) -> Iterator[str]:
    names = sorted({_named(test)[0] for test in _tests(substance)})
    yield "def decide(facts):"
    for name in names:
        yield f"    {name}, {name}_perhaps = facts[{name!r}], facts['{name}_perhaps']"
    yield "    applies, asks = [], []"
    for one in substance.planned:
        yield f"    truth = {_truth(_some(one.rule.when))}"
        yield "    if truth == 2:"
        yield f"        applies.append({one.rule.id!r})"
        yield "    elif truth == 1:"
        yield f"        asks.append({one.rule.id!r})"
    yield "    return applies, asks"


def _truth(condition: Condition) -> str:
    """Return an expression that is 2 for true, 1 for unknown and 0 for false."""
    match condition:
        case node.All(of=parts):
            return f"min({', '.join(map(_truth, parts))})"
        case node.Any(of=parts):
            return f"max({', '.join(map(_truth, parts))})"
    name, id_ = _named(condition)
    return f"(2 if {id_!r} in {name} else 1 if {id_!r} in {name}_perhaps else 0)"


def _named(test: Condition) -> tuple[str, str]:
    """Return the set of facts that a test reads, and what it looks for in it."""
    id_ = node.asked_for(test)
    return ("other", repr(test)) if id_ is None else (_SETS[type(test)], id_)


def _tests(substance: OfSubstance) -> Iterator[Condition]:
    for one in substance.planned:
        for test in node.walk(_some(one.rule.when)):
            if not isinstance(test, node.All | node.Any):
                yield test


def _some(condition: Condition | None) -> Condition:
    if condition is None:
        raise AssertionError("a rule without a condition")
    return condition
