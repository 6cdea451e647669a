"""Defines a form: questions, the answers to them, and the profile that the answers make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

import attrs
from attrs import evolve, frozen

from msrisk.errors import Problem, ProfileError
from msrisk.model.checks import Range
from msrisk.model.profile import (
    FIELDS,
    LIST_FIELDS,
    NONE_REPORTED,
    Entries,
    Entry,
    NoneReported,
    PatientProfile,
    Supplement,
)
from msrisk.model.results import Level

__all__ = ["Answer", "Answered", "Form", "Kind", "Named", "Names", "Question", "Said", "fitting"]


class Kind(Enum):
    """What kind of answer a question wants."""

    NAMES = "names"
    BY_NAME = "by name"
    YES_NO = "yes or no"
    NUMBER = "number"
    WHICH = "which"


class Said(Enum):
    """An answer that fits every question, or nearly."""

    NONE = "none"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


# As of a profile, the `repr` of what follows shows nothing that a person typed.
@frozen(repr=False)
class Names:
    """Names that were told for a list; `complete` only if the person said that this is all."""

    names: tuple[str, ...]
    complete: bool = False

    def __repr__(self) -> str:
        return f"<Names: {len(self.names)}>"


@frozen
class Named:
    """A thing that is asked for by name.

    Attributes:
        concept: its id, which a no puts among what is denied.
        name: its name, as it is said.
        words: the words that a yes puts into the list, which are recognised as just this.
        field: the list that it is told in.

    """

    concept: str
    name: str
    words: str
    field: str


Answer = Names | bool | Range | str | Said
"""What was answered; text puts an entry right that was not understood."""


@frozen(repr=False)
class Question:
    """One question, as data.

    Attributes:
        key: what it is about; no two open questions share it.
        field: the field of the profile that it fills.
        kind: the kind of answer.
        wording: the question itself.
        why: why it is asked.
        worst: the highest level that its answer could bring.
        named: what is asked for by name.
        text: the entry that it is about.
        part: the part of a supplement that it fills.
        suggestions: names that look like the entry, for a person to confirm.

    """

    key: tuple[str, ...]
    field: str
    kind: Kind
    wording: str
    why: str = ""
    worst: Level = Level.UNDETERMINED
    named: tuple[Named, ...] = ()
    text: str = ""
    part: str = ""
    suggestions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Question: {self.kind.value}, about {self.field}>"

    @property
    def emergency(self) -> bool:
        """Whether a yes ends the form, because help is needed now."""
        return self.key[:1] == EMERGENCY


EMERGENCY: Final = ("emergency",)
"""With what the keys of the questions begin that come first on every form, one for a sign."""


@frozen
class Answered:
    """A question and what was answered."""

    question: Question
    answer: Answer = attrs.field(repr=False)


_WANTED: Final[Mapping[Kind, tuple[Callable[[object], bool], str]]] = {
    Kind.NAMES: (lambda a: isinstance(a, Names) and bool(a.names), "names, or that there are none"),
    Kind.BY_NAME: (lambda a: isinstance(a, bool), "yes or no"),
    Kind.YES_NO: (lambda a: isinstance(a, bool), "yes or no"),
    Kind.NUMBER: (lambda a: isinstance(a, int | float | tuple) and a is not True, "a number"),
    Kind.WHICH: (lambda a: isinstance(a, str), "the entry in other words"),
}


def fitting(question: Question, answer: Answer) -> Answer:
    """Return an answer in the form in which it is kept.

    Raises:
        ProfileError: if it is no answer to this question.

    """
    if answer is Said.NONE and question.kind in (Kind.BY_NAME, Kind.YES_NO):
        answer = False
    fits, expected = _WANTED[question.kind]
    also = (Said.NONE,) if question.kind is Kind.NAMES else ()
    if answer not in (Said.UNKNOWN, Said.SKIPPED, *also) and not fits(answer):
        raise ProfileError([Problem(question.field, f"{expected}, or that it is not known")])
    return answer


@frozen(repr=False)
class Form:
    """A profile to begin with, and the answers given since, in their order.

    The profile that they make does not depend on the order.
    """

    start: PatientProfile = attrs.field(factory=PatientProfile)
    answers: tuple[Answered, ...] = ()

    def __repr__(self) -> str:
        return f"<Form: {self.start!r}, {len(self.answers)} answered>"

    def answered(self, question: Question, answer: Answer) -> Form:
        """Return the form with an answer, in place of an earlier one to the same question.

        "None" is a no to a question by name, and all there is to a list.

        Raises:
            ProfileError: if it is no answer to this question, or no value of its field.

        """
        answer = fitting(question, answer)
        others = tuple(one for one in self.answers if one.question.key != question.key)
        form = evolve(self, answers=(*others, Answered(question, answer)))
        form.profile  # noqa: B018  # raises here what is wrong with the answer
        return form

    def back(self) -> Form:
        """Return the form without its last answer; itself if there is none."""
        return evolve(self, answers=self.answers[:-1])

    @property
    def not_known(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the questions that were asked and not known."""
        return tuple(a.question.key for a in self.answers if a.answer is Said.UNKNOWN)

    def asked(self, key: Sequence[str]) -> bool:
        """Return whether a question was put, whatever was answered."""
        return any(one.question.key == key for one in self.answers)

    def asked_by_name(self, concept: str) -> bool:
        """Return whether something was asked for by name, alone or with others."""
        return any(named.concept == concept for one in self.answers for named in one.question.named)

    def names_asked_of(self, field: str) -> frozenset[str]:
        """Return the ids of what was asked for by name of a list."""
        named = (one for answer in self.answers for one in answer.question.named)
        return frozenset(one.concept for one in named if one.field == field)

    @property
    def profile(self) -> PatientProfile:
        """The profile to begin with, with all answers put in."""
        answers = sorted(self.answers, key=lambda one: one.question.key)
        given: dict[str, Any] = {name: getattr(self.start, name) for name in FIELDS}
        denied = list(self.start.denied or ())
        unknown = set(self.start.asked_unknown)
        for name in LIST_FIELDS:
            given[name] = _list(given[name], [a for a in answers if _about(a, name)], name)
        for one in answers:
            question, answer = one.question, one.answer
            if question.kind is Kind.BY_NAME:
                denied += [n.concept for n in question.named if answer is False]
            elif question.part or question.kind is Kind.WHICH:
                continue
            elif answer is Said.UNKNOWN or (answer is Said.NONE and given[question.field] is None):
                unknown.add(question.field)
            elif question.kind is not Kind.NAMES and not isinstance(answer, Said):
                given[question.field] = answer
        return PatientProfile(
            **given,
            # What is not known of a list of which something is known leaves it incomplete.
            asked_unknown={name for name in unknown if given[name] is None},
            denied=tuple(dict.fromkeys(denied)) or None,
        )


def _about(one: Answered, field: str) -> bool:
    return one.question.field == field or any(n.field == field for n in one.question.named)


def _list(
    start: Entries[Entry] | Entries[Supplement] | NoneReported | None,
    answers: Sequence[Answered],
    field: str,
) -> Entries[Entry] | Entries[Supplement] | NoneReported | None:
    """Return a list with what was added, put right and said to be all of it.

    Where something was asked for by name and not answered, no answer makes the list complete:
    it would turn that into a no.
    """
    items: list[Entry | Supplement] = list(start.items) if isinstance(start, Entries) else []
    before = start.complete if isinstance(start, Entries) else start is NONE_REPORTED
    complete = False
    make = Supplement if field == "supplements" else Entry
    right: dict[str, str] = {}
    parts: dict[str, dict[str, Any]] = {}
    for one in answers:
        question, answer = one.question, one.answer
        if isinstance(answer, Names):
            items += map(make, answer.names)
            complete = complete or answer.complete
        elif question.kind is Kind.NAMES:
            complete = complete or answer is Said.NONE
        elif question.kind is Kind.BY_NAME:
            items += [make(n.words) for n in question.named if answer is True and n.field == field]
        elif isinstance(answer, str):
            right[question.text] = answer
        elif question.part and not isinstance(answer, Said):
            parts.setdefault(question.text, {})[question.part] = answer
    if any(a.question.kind is Kind.BY_NAME and isinstance(a.answer, Said) for a in answers):
        complete = False
    complete = complete or before
    if not items:
        return NONE_REPORTED if complete else None
    put_right: tuple[Any, ...] = tuple(_put_right(item, right, parts) for item in items)
    return Entries(put_right, complete)


def _put_right(
    item: Entry | Supplement, right: Mapping[str, str], parts: Mapping[str, Mapping[str, Any]]
) -> Entry | Supplement:
    """Return an entry in the words that were given for it last, with what was told of it."""
    seen: set[str] = set()
    while (text := said_of(item)) not in seen:
        seen.add(text)
        if isinstance(item, Supplement):
            item = evolve(item, **{"name": right.get(text, text), **parts.get(text, {})})
        elif text in right:
            item = evolve(item, text=right[text])
    return item


def said_of(item: Entry | Supplement) -> str:
    """Return the words of an entry, or its code if it has none."""
    return item.codes[0].code if item.text is None else item.text
