"""Makes a question again from its key, so that a form can be kept as keys and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msrisk.asking import wording
from msrisk.asking.by_name import is_asked_by_name, named
from msrisk.asking.form import EMERGENCY, Answered, Form, Kind, Question, Said
from msrisk.errors import IntakeError, Problem
from msrisk.evaluation.naming import UNNAMED
from msrisk.evaluation.signs import signs_of
from msrisk.model.conditions import walk
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, YES_NO_FIELDS, PatientProfile
from msrisk.model.rules import RuleSet

__all__ = ["question_of", "taken_up"]

_FIELDS: Final = {
    Kind.NAMES.value: LIST_FIELDS,
    Kind.NUMBER.value: NUMBER_FIELDS,
    Kind.YES_NO.value: YES_NO_FIELDS,
}
_PARTS: Final = {
    "taking": Kind.YES_NO,
    "daily_dose_mg": Kind.NUMBER,
    "times_per_day": Kind.NUMBER,
}


def taken_up(start: PatientProfile, not_known: Iterable[Sequence[str]], ruleset: RuleSet) -> Form:
    """Return a form that goes on with answers that were kept, and asks nothing of them again.

    Args:
        start: what was answered.
        not_known: the keys of what was asked and not known. What these rules do not ask, such as
            something that other rules asked, is passed over.
        ruleset: the rules.

    """
    found = (_found(tuple(key), ruleset) for key in not_known)
    questions = {one.key: one for one in found if one is not None}
    return Form(start, tuple(Answered(one, Said.UNKNOWN) for one in questions.values()))


def question_of(key: Sequence[str], ruleset: RuleSet) -> Question:
    """Return the question of a key, as it is asked of somebody of whom nothing is known yet.

    Raises:
        IntakeError: if these rules ask nothing of this key.

    """
    found = _found(tuple(key), ruleset)
    if found is None:
        raise IntakeError([Problem("question", "one that these rules ask", "another")])
    return found


def _found(key: tuple[str, ...], ruleset: RuleSet) -> Question | None:
    match key:
        case (kind, field) if field in _FIELDS.get(kind, ()):
            prompt = next(one for one in ruleset.fields if one.id == field)
            return Question(key, field, Kind(kind), prompt.question)
        case ("which", field, text) if field in LIST_FIELDS:
            return Question(key, field, Kind.WHICH, wording.about_an_entry(text), text=text)
        case (part, text) if part in _PARTS:
            words = wording.about_a_part(part, text)
            return Question(key, "supplements", _PARTS[part], words, text=text, part=part)
    return next(_by_name(key, ruleset), None)


def _by_name(key: tuple[str, ...], ruleset: RuleSet) -> Iterator[Question]:
    """Yield what the rules ask for by name with this key."""
    for rule in ruleset.rules:
        for sign in signs_of(rule):
            asked = named(sign, ruleset)
            if key == (*EMERGENCY, asked.concept):
                words = wording.about_a_sign(asked, ruleset)
                yield Question(key, asked.field, Kind.BY_NAME, words, named=(asked,))
        for test in walk(rule.when) if rule.when else ():
            if is_asked_by_name(test, rule):
                asked = named(test, ruleset)
                if key == (Kind.BY_NAME.value, asked.concept):
                    words = wording.by_name(asked, test, rule, UNNAMED.fill(rule.question))
                    yield Question(key, asked.field, Kind.BY_NAME, words, named=(asked,))
