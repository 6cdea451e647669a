"""Makes a question again from its key, so that a form can be kept as keys and answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msrisk.asking.by_name import is_asked_by_name, named
from msrisk.asking.form import EMERGENCY, Kind, Question
from msrisk.errors import IntakeError, Problem
from msrisk.evaluation.signs import signs_of
from msrisk.model.conditions import walk
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS
from msrisk.model.rules import RuleSet

__all__ = ["question_of"]

_PARTS: Final = {
    "taking": Kind.YES_NO,
    "daily_dose_mg": Kind.NUMBER,
    "times_per_day": Kind.NUMBER,
}


def question_of(key: Sequence[str], ruleset: RuleSet) -> Question:
    """Return the question of a key, without its words: what an answer to it fills in.

    Raises:
        IntakeError: if these rules ask nothing of this key.

    """
    found = _found(tuple(key), ruleset)
    if found is None:
        raise IntakeError([Problem("question", "one that these rules ask", "another")])
    return found


def _found(key: tuple[str, ...], ruleset: RuleSet) -> Question | None:
    match key:
        case (Kind.NAMES.value, field) if field in LIST_FIELDS:
            return Question(key, field, Kind.NAMES, "")
        case (Kind.NUMBER.value, field) if field in NUMBER_FIELDS:
            return Question(key, field, Kind.NUMBER, "")
        case (Kind.YES_NO.value, field) if field in YES_NO_FIELDS:
            return Question(key, field, Kind.YES_NO, "")
        case ("which", field, text) if field in LIST_FIELDS:
            return Question(key, field, Kind.WHICH, "", text=text)
        case (part, text) if part in _PARTS:
            return Question(key, "supplements", _PARTS[part], "", text=text, part=part)
    return next((one for one in _by_name(ruleset) if one.key == key), None)


def _by_name(ruleset: RuleSet) -> Iterator[Question]:
    """Yield what the rules ask for by name."""
    for rule in ruleset.rules:
        for sign in signs_of(rule):
            asked = named(sign, ruleset)
            key = (*EMERGENCY, asked.concept)
            yield Question(key, asked.field, Kind.BY_NAME, "", named=(asked,))
        for test in walk(rule.when) if rule.when else ():
            if is_asked_by_name(test, rule):
                asked = named(test, ruleset)
                key = (Kind.BY_NAME.value, asked.concept)
                yield Question(key, asked.field, Kind.BY_NAME, "", named=(asked,))
