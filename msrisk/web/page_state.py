"""Writes what was answered into one field of the page, and reads it again."""

from __future__ import annotations

import json
from typing import Final

from attrs import field, frozen

from msrisk.asking import Answer, Answered, Form, Names, Said, fitting, question_of
from msrisk.documents import profile_from_document, profile_to_document
from msrisk.errors import IntakeError, Problem
from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet

__all__ = ["Key", "State", "key_of", "read_state"]

Key = tuple[str, ...]

_MOST: Final = 1_000
_REFUSED: Final = Problem("answers", "answers as this page writes them", "something else")


@frozen
class State:
    """What a page knows of the pages before it: nothing else is kept anywhere.

    Attributes:
        form: the answers, and the profile that they began with.
        all_at_once: whether all open questions stand on one page.
        after_help: whether the person goes on after an answer that was an emergency.

    """

    form: Form = field(factory=Form)
    all_at_once: bool = False
    after_help: bool = False

    def written(self) -> str:
        """Return the state as text for a hidden field."""
        start = self.form.start
        given = [[list(one.question.key), _written(one.answer)] for one in self.form.answers]
        document = None if start == PatientProfile() else profile_to_document(start)
        return json.dumps(
            {
                "start": document,
                "answers": given,
                "all": self.all_at_once,
                "on": self.after_help,
            },
            ensure_ascii=False,
        )


def _written(answer: Answer) -> object:
    match answer:
        case Names():
            return {"names": list(answer.names), "complete": answer.complete}
        case Said():
            return {"said": answer.value}
        case tuple():
            return list(answer)
    return answer


def read_state(text: str, ruleset: RuleSet) -> State:
    """Return the state that a page wrote.

    Raises:
        MsriskError: if it is none, or not of these rules.

    """
    try:
        found = json.loads(text)
        start, given = found["start"], found["answers"]
        all_at_once, after_help = found["all"] is True, found["on"] is True
        pairs = [(tuple(map(_text, key)), answer) for key, answer in given]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise IntakeError([_REFUSED]) from None
    if len(pairs) > _MOST:
        raise IntakeError([_REFUSED])
    profile = PatientProfile() if start is None else profile_from_document(start)
    # Put in all at once: to put in one makes the whole profile.
    answers: dict[Key, Answered] = {}
    for key, answer in pairs:
        question = question_of(key, ruleset)
        answers[key] = Answered(question, fitting(question, _read(answer)))
    form = Form(profile, tuple(answers.values()))
    form.profile  # noqa: B018  # raises here what is wrong with an answer
    return State(form, all_at_once, after_help)


def key_of(text: str) -> Key:
    """Return the key of a question from a field of the page.

    Raises:
        IntakeError: if it is none.

    """
    try:
        return tuple(map(_text, json.loads(text)))
    except (ValueError, TypeError, RecursionError):
        raise IntakeError([_REFUSED]) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # refuses half a character, which no page can show
    return value


def _read(value: object) -> Answer:
    match value:
        case bool() | int() | float() | str():
            return value
        case [int() | float() as low, int() | float() as high]:
            return (low, high)
        case {"said": str(said)} if said in {one.value for one in Said}:
            return Said(said)
        case {"names": [*names], "complete": bool(complete)} if all(
            isinstance(one, str) for one in names
        ):
            return Names(tuple(map(str, names)), complete)
    raise IntakeError([_REFUSED])
