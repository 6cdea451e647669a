"""The question whose answer could change an assessment most."""

from __future__ import annotations

from collections.abc import Sequence

from msrisk.model.concepts import ANYTHING
from msrisk.model.facts import Facts
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.results import Level, NextQuestion, OpenQuestion, Unrecognised, highest, rank
from msrisk.model.rules import RuleSet

__all__ = ["next_question"]


def next_question(
    facts: Facts,
    ruleset: RuleSet,
    questions: Sequence[OpenQuestion],
    fields: set[str],
    unrecognised: tuple[Unrecognised, ...],
) -> NextQuestion | None:
    """Return the question whose answer could bring the most, unless it was asked already."""
    profile = facts.profile

    def worst(name: str) -> Level:
        urgent = name == "supplements" and (
            profile.supplements is None
            or any(f.recognition.possible is ANYTHING for f in facts.told["supplements"])
        )
        levels = [question.level for question in questions if name in question.fields]
        return highest([Level.URGENT if urgent else Level.UNDETERMINED, *levels])

    def bears_on(name: str) -> int:
        return sum(name in question.fields for question in questions)

    candidates = sorted(fields - profile.asked_unknown)
    if not candidates:
        return None
    if profile.supplements is None and "supplements" in candidates:
        name = "supplements"
    else:
        name = min(candidates, key=lambda one: (-rank(worst(one)), -bears_on(one), one))
    count = bears_on(name)
    bears = f"; it bears on {count} open question{'s' if count > 1 else ''}" if count else ""
    brings = f"the answer could bring {worst(name).words}"
    if worst(name) is Level.UNDETERMINED:
        brings = "without it the answer stays open"
    return NextQuestion(
        field=name,
        question=_wording(name, facts, ruleset, questions, unrecognised),
        why=brings + bears,
    )


def _wording(
    name: str,
    facts: Facts,
    ruleset: RuleSet,
    questions: Sequence[OpenQuestion],
    unrecognised: tuple[Unrecognised, ...],
) -> str:
    value = getattr(facts.profile, name)
    if value is not None:
        for entry in unrecognised:
            if entry.field == name:
                return entry.question
        if name not in LIST_FIELDS or facts.established(name):
            about = [question for question in questions if name in question.fields]
            return min(about, key=lambda one: (-rank(one.level), one.rule)).question
    return next(prompt.question for prompt in ruleset.fields if prompt.id == name)
