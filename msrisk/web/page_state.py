"""Writes what was answered into one field of the page, and reads it again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, NamedTuple

from attrs import evolve, field, frozen

from msrisk.asking import Answer, Answered, Form, Names, Said, fitting, question_of
from msrisk.documents import profile_from_document, profile_to_document
from msrisk.errors import IntakeError, Problem
from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet

__all__ = ["Draft", "Key", "State", "key_of", "read_state", "typed_of"]

Key = tuple[str, ...]

_MOST: Final = 1_000
_REFUSED: Final = Problem("answers", "answers as this page writes them", "something else")


class Draft(NamedTuple):
    """What was chosen or typed for a question and not sent: it counts for nothing.

    Attributes:
        key: of the question.
        said: the choice, where choices stand beside the field; else empty.
        text: the words.

    """

    key: Key
    said: str
    text: str


@frozen
class State:
    """What a page knows of the pages before it: nothing else is kept anywhere.

    Attributes:
        form: the answers, and the profile that they began with.
        drafts: what is not sent yet, at most once for each question, to be shown again with it.
        all_at_once: whether all open questions stand on one page.
        after_help: whether the person goes on after an answer that was an emergency.

    """

    form: Form = field(factory=Form)
    drafts: tuple[Draft, ...] = ()
    all_at_once: bool = False
    after_help: bool = False

    def answered(self, form: Form, key: Key) -> State:
        """Return the state with an answer to a question, of which no draft is left."""
        return evolve(self, form=form, drafts=tuple(d for d in self.drafts if d.key != key))

    def drafted(self, new: Iterable[Draft]) -> State:
        """Return the state with drafts in place of earlier ones; what was sent just so is none."""
        sent = {one.question.key: typed_of(one.answer) for one in self.form.answers}
        drafts = {one.key: one for one in (*self.drafts, *new)}
        left = []
        for one in drafts.values():
            said, text = sent.get(one.key, ("", ""))
            if one.text != text or one.said not in ("", said):
                left.append(one)
        return evolve(self, drafts=tuple(left))

    def draft(self, key: Key) -> Draft:
        """Return what was typed for a question and not sent; an empty draft if nothing was."""
        return next((one for one in self.drafts if one.key == key), Draft(key, "", ""))

    def written(self) -> str:
        """Return the state as text for a hidden field."""
        start = self.form.start
        given = [[list(one.question.key), _written(one.answer)] for one in self.form.answers]
        document = None if start == PatientProfile() else profile_to_document(start)
        return json.dumps(
            {
                "start": document,
                "answers": given,
                "drafts": self.drafts,
                "all": self.all_at_once,
                "on": self.after_help,
            },
            ensure_ascii=False,
        )


def typed_of(answer: Answer) -> tuple[str, str]:
    """Return the choice and the words that an answer was given with."""
    match answer:
        case Names():
            return ("complete" if answer.complete else "more"), "\n".join(answer.names)
        case Said():
            return ("" if answer is Said.SKIPPED else answer.value), ""
        case bool():
            return ("yes" if answer else "no"), ""
        case tuple():
            return "", f"{answer[0]:.10g} – {answer[1]:.10g}"
        case str():
            return "", answer
    return "", f"{answer:.10g}"


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
        drafts = [
            Draft(tuple(map(_text, key)), _text(said), _text(text))
            for key, said, text in found.get("drafts", ())
        ]
    except (AttributeError, ValueError, TypeError, KeyError, RecursionError):
        raise IntakeError([_REFUSED]) from None
    if len(pairs) + len(drafts) > _MOST:
        raise IntakeError([_REFUSED])
    profile = PatientProfile() if start is None else profile_from_document(start)
    # Put in all at once: to put in one makes the whole profile.
    answers: dict[Key, Answered] = {}
    for key, answer in pairs:
        question = question_of(key, ruleset)
        answers[key] = Answered(question, fitting(question, _read(answer)))
    form = Form(profile, tuple(answers.values()))
    form.profile  # noqa: B018  # raises here what is wrong with an answer
    for one in drafts:
        question_of(one.key, ruleset)
    return State(form, (), all_at_once, after_help).drafted(drafts)


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
