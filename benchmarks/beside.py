"""What other engines take for the same rules as msrisk: a table of docs/performance.md.

Each engine gets the conditions of the shipped rules over tests that are decided already, as the
straight-line code of `benchmarks/reference.py` does; it gives no reasons either. Before it is
timed it must say the same of every example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.peers import PEERS, Expression, Peer, Rules, Tests
from benchmarks.reference import facts_of, written
from benchmarks.timing import best
from msrisk.documents import profile_from_json
from msrisk.evaluation.patients import Asked, Patient
from msrisk.evaluation.planning import OfSubstance, Plan
from msrisk.keeping import patient_of_profile
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition

__all__ = ["beside"]


class _Job(NamedTuple):
    """The rules of one substance, and for each example its tests and what is right."""

    rules: Rules
    tests: Sequence[Tests]
    right: Sequence[tuple[list[str], list[str]]]
    unit: Sequence[float]


def beside(plan: Plan, substances: Sequence[str], examples: Sequence[Path]) -> Iterator[str]:
    """Yield the lines of the table, after each engine gave the right answers.

    Args:
        plan: the shipped rules.
        substances: the ids of those whose rules are decided.
        examples: the intake documents of the patients.

    """
    patients = [patient_of_profile(profile_from_json(one.read_bytes()), plan) for one in examples]
    jobs = [_job(plan.substances[id_], patients) for id_ in substances]
    yield "| engine | in | times straight-line code | is a weight below 50 kg, if none is told? |"
    yield "|---|---|---:|---|"
    for peer in PEERS:
        yield f"| {_name(peer)} | {peer.language} | {_taken(peer, jobs)} | {_below(peer)} |"


def _name(peer: Peer) -> str:
    try:
        return f"{peer.name} {version(peer.name)}"
    except ModuleNotFoundError:
        return f"{peer.name} (not installed)"


def _taken(peer: Peer, jobs: Sequence[_Job]) -> str:
    """Return how long an engine takes, or why it cannot be measured."""
    try:
        ready = [(peer.make(job.rules), job) for job in jobs]
        for decide, job in ready:
            for tests, right in zip(job.tests, job.right, strict=True):
                if tuple(map(sorted, decide(tests))) != tuple(map(sorted, right)):
                    return "it gives other answers"
    except Exception as error:  # noqa: BLE001  # whatever an engine raises is its answer
        return _raised(error)
    ratios = []
    for at in range(len(jobs[0].tests)):
        took = sum(best(partial(decide, job.tests[at]), 20) for decide, job in ready)
        ratios.append(took / sum(job.unit[at] for job in jobs))
    twice = ", asked twice" if peer.values == 2 else ""
    return f"{median(ratios):.0f} ×{twice}"


def _below(peer: Peer) -> str:
    try:
        found = peer.below()
    except Exception as error:  # noqa: BLE001  # whatever an engine raises is its answer
        return _raised(error)
    said = {True: "**yes**", False: "no", None: "null"}
    return said[found] if found in said else str(found)


def _raised(error: Exception) -> str:
    text = str(error).partition("\n")[0].replace("|", "/")
    return f"an error: {text[:70]}"


def _job(substance: OfSubstance, patients: Sequence[Patient]) -> _Job:
    tests: dict[Condition, str] = {}
    rules = {
        one.rule.id: _expression(one.rule.when, tests)
        for one in substance.planned
        if one.rule.when is not None
    }
    decide = written(substance)
    facts = [facts_of(patient, substance) for patient in patients]
    values = [_values(patient, substance, tests) for patient in patients]
    unit = [best(partial(decide, one)) for one in facts]
    return _Job(rules, values, [decide(one) for one in facts], unit)


def _expression(condition: Condition, tests: dict[Condition, str]) -> Expression:
    match condition:
        case node.All(of=parts):
            return "and", [_expression(part, tests) for part in parts]
        case node.Any(of=parts):
            return "or", [_expression(part, tests) for part in parts]
    return tests.setdefault(condition, f"t{len(tests)}")


def _values(patient: Patient, substance: OfSubstance, tests: Mapping[Condition, str]) -> Tests:
    asked = Asked(patient, substance)
    found = {}
    for test, name in tests.items():
        bit = patient.plan.tests.bit(test, substance.id)
        found[name] = 2 if asked.true & bit else 1 if asked.may & bit else 0
    return found
