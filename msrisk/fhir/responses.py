"""Reads what was answered on the form, a QuestionnaireResponse of FHIR R4, as a profile.

It goes by the linkIds alone, which hold the version of the form. What a question without an
answer would settle stays unknown, and so does a list of which not all is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

from attrs import evolve

from msrisk.asking import Answered, Form, Kind, Question, Said
from msrisk.errors import FhirError
from msrisk.fhir.codes import system_of
from msrisk.fhir.form import (
    ABOUT,
    ANY,
    COMPLETE,
    NAMES,
    NO,
    NONE,
    NOT_KNOWN,
    NUMBER,
    PRODUCT,
    TOLD,
    UNKNOWN,
    WHY,
    YES,
    Item,
    ItemKind,
    Option,
    RuleForm,
    form_of,
)
from msrisk.fhir.questionnaire import link_id
from msrisk.fhir.systems import OWN, Json
from msrisk.model.checks import BOUNDS, Checks, Range, kind_of
from msrisk.model.profile import (
    LIST_FIELDS,
    MOST_ENTRIES,
    NUMBER_FIELDS,
    YES_NO_FIELDS,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)
from msrisk.model.quantities import Number
from msrisk.model.rules import RuleSet
from msrisk.rendering.words import plural

__all__ = ["profile_from_response"]

_RESOURCE: Final = "QuestionnaireResponse"
# What was entered in error is not to be read.
_STATUSES: Final = ("in-progress", "completed", "amended", "stopped")
_TYPES: Final = {
    ItemKind.CHOICE: ("valueCoding",),
    ItemKind.NAMES: ("valueCoding", "valueString"),
    ItemKind.NUMBER: ("valueDecimal",),
}
_LINK: Final = re.compile(r"msrisk-([0-9]+\.[0-9a-f]{8}):[A-Za-z0-9_/-]{1,100}")

Value = Option | Entry | Number
Told = dict[str, tuple[Value, ...]]
"""What was answered, by the link of the question."""


def profile_from_response(response: object, *, ruleset: RuleSet | None = None) -> PatientProfile:
    """Return the profile that was told on the form of `msrisk.fhir.questionnaire`.

    A question without an answer tells nothing. A list is complete only if that was said, and
    if all that was asked by name and belongs to it was answered with yes or no; "none" beside
    a name is no "none".

    Args:
        response: a QuestionnaireResponse of FHIR R4 as a dictionary. Of an item only `linkId`,
            `answer` and `item` are read; neither text nor `questionnaire` is needed.
        ruleset: the rules whose form it is; those that ship with the package if None.

    Raises:
        FhirError: with every problem, by linkId; never with what was answered.

    """
    form = form_of(ruleset or RuleSet.default())
    reading = _Reading(form)
    reading.response(response)
    reading.checks.raise_any(FhirError)
    return _profile(form, reading.told, reading.products)


class _Reading:
    """Reads a response, and collects what was told and what is wrong with it."""

    def __init__(self, form: RuleForm) -> None:
        self.form = form
        self.checks = Checks()
        self.told: Told = {}
        self.products: list[Supplement] = []
        # What a person only reads; some programs send it back.
        only_read = [ABOUT, *(f"{one.link}/{WHY}" for one in form.questions())]
        self._only_read = {link_id(form, link) for link in only_read}
        self._told = link_id(form, TOLD)
        self._versions: set[str] = set()

    def response(self, response: object) -> None:
        """Read a whole response."""
        table = self._table("response", response)
        if isinstance(response, dict) and table.get("resourceType") != _RESOURCE:
            self.checks.note("resourceType", _RESOURCE, "another resource, or none")
            return
        if "implicitRules" in table:
            expected = "no implicitRules, which could turn the answers around"
            self.checks.note("implicitRules", expected, "some")
        if table.get("status", "completed") not in _STATUSES:
            self.checks.note("status", f"one of {', '.join(_STATUSES)}", "another status")
        self._items("item", table.get("item", []), self.form.items, self.told)

    def _table(self, where: str, value: object) -> Json:
        if not isinstance(value, dict):
            self.checks.note(where, "a table", kind_of(value))
            return {}
        if "modifierExtension" in value:
            expected = "no modifierExtension, which could turn an answer around"
            self.checks.note(where, expected, "one")
        return value

    def _list(self, where: str, value: object) -> list[object]:
        if isinstance(value, list):
            return value
        self.checks.note(where, "a list", kind_of(value))
        return []

    def _items(self, where: str, value: object, expected: Iterable[Item], told: Told) -> None:
        """Read the items of a response where these items of the form may stand."""
        places = {link_id(self.form, one.link): one for one in expected}
        for number, one in enumerate(self._list(where, value)):
            path = f"{where}[{number}]"
            item = self._table(path, one)
            given = item.get("linkId")
            link = given if isinstance(given, str) else ""
            place = places.get(link)
            if place is None:
                read = link in self._only_read or link.startswith(self._told)
                if not read or "answer" in item:
                    self._unknown(path, link)
            elif place.kind is ItemKind.GROUP:
                if "answer" in item:
                    self.checks.note(link, "a group of items, which has no answer", "an answer")
                inside = item.get("item", [])
                if place.repeats:
                    self._product(f"{path}.item", inside, place)
                else:
                    self._items(f"{path}.item", inside, place.items, told)
            elif place.link in told:
                self.checks.note(link, "each question once", "it more than once")
            else:
                told[place.link] = self._answers(link, item, place)

    def _unknown(self, path: str, link: str) -> None:
        """Note a linkId that the form does not have here; of another version, the first."""
        ours = _LINK.fullmatch(link)
        version = self.form.version
        if ours is None or ours[1] == version:
            expected = f"a linkId that version {version} of the form has here"
            self.checks.note(link if ours else f"{path}.linkId", expected, "another, or none")
        elif ours[1] not in self._versions:
            self._versions.add(ours[1])
            self.checks.note(link, f"version {version} of the form", f"version {ours[1]}")

    def _product(self, where: str, value: object, place: Item) -> None:
        """Read one supplement; a group without an answer is none."""
        told: Told = {}
        before = len(self.checks.problems)
        self._items(where, value, place.items, told)
        if len(self.checks.problems) > before or not any(told.values()):
            return
        name = _one(told, f"{PRODUCT}/name")
        if not isinstance(name, Entry) or name.text is None:
            link = link_id(self.form, f"{PRODUCT}/name")
            self.checks.note(link, "the name in words of the supplement that more is told of")
            return
        self.products.append(
            Supplement(
                name.text,
                dose_mg=_range(told, f"{PRODUCT}/dose_mg"),
                daily_dose_mg=_range(told, f"{PRODUCT}/daily_dose_mg"),
                times_per_day=_range(told, f"{PRODUCT}/times_per_day"),
                taking=_yes_no(told, f"{PRODUCT}/taking"),
                codes=name.codes,
            )
        )

    def _answers(self, link: str, item: Json, place: Item) -> tuple[Value, ...]:
        """Read the answers to a question; none where one of them is wrong."""
        answers = self._list(link, item.get("answer", []))
        several = 2 if place.kind is ItemKind.NUMBER else MOST_ENTRIES
        most = several if place.repeats else 1
        if len(answers) > most:
            self.checks.note(link, f"at most {plural(most, 'answer')}", f"{len(answers)}")
            return ()
        read = [self._value(link, self._table(link, one), place) for one in answers]
        return tuple(one for one in read if one is not None)

    def _value(self, link: str, answer: Json, place: Item) -> Value | None:
        self._items(link, answer.get("item", []), (), {})
        types = _TYPES[place.kind]
        given = [key for key in answer if str(key).startswith("value")]
        if len(given) != 1 or given[0] not in types:
            self.checks.note(link, f"a {' or '.join(types)}", "another type of value, or none")
            return None
        value = answer[given[0]]
        if place.kind is ItemKind.NUMBER:
            return self._amount(link, value, place.bounds)
        if given[0] == "valueString":
            return self.checks.inside(link, lambda: Entry(value))  # type: ignore[arg-type]  # an Entry checks it
        return self._coding(link, self._table(link, value), place)

    def _amount(self, link: str, value: object, bounds: str) -> Number | None:
        low, high, words = BOUNDS[bounds]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.checks.note(link, words, kind_of(value))
        elif not low <= value <= high:  # NaN is not, either
            self.checks.note(link, words, "a number outside these bounds")
        else:
            return value
        return None

    def _coding(self, link: str, coding: Json, place: Item) -> Value | None:
        """Read a code that the form offers or, in a list, of a system that names things."""
        system, code, display = (coding.get(key) for key in ("system", "code", "display"))
        for option in place.options:
            if (system, code) == (option.system, option.code):
                return Entry(option.words) if option.words else option
        if place.kind is ItemKind.CHOICE or system in OWN:
            self.checks.note(link, "the system and code of an answer on the form", "another")
            return None
        if not isinstance(system, str) or not isinstance(code, str):
            self.checks.note(link, "an answer on the form, or a system and a code", "another")
            return None
        text = cast("str | None", display)  # checked by the entry, as the code is
        return self.checks.inside(link, lambda: Entry(text, (Code(system_of(system), code),)))


def _one(told: Told, link: str) -> Value | None:
    """Return the only answer to a question, if there is one."""
    return next(iter(told.get(link, ())), None)


def _yes_no(told: Told, link: str) -> bool | None:
    answer = _one(told, link)
    return None if answer is None or answer == UNKNOWN else answer == YES


def _range(told: Told, link: str) -> Range | None:
    """Return a number, or the range from the least of two to the most, in whatever order."""
    numbers = sorted(one for one in told.get(link, ()) if isinstance(one, int | float))
    if not numbers:
        return None
    low, high = numbers[0], numbers[-1]
    return low if len(numbers) == 1 else (low, high)


def _profile(form: RuleForm, told: Told, products: list[Supplement]) -> PatientProfile:
    """Return the profile, by the same rules as if the questions had been put one by one."""
    unknown = [name for name in YES_NO_FIELDS if _one(told, name) == UNKNOWN]
    given: dict[str, Any] = {name: _yes_no(told, name) for name in YES_NO_FIELDS}
    for name in NUMBER_FIELDS:
        given[name] = _range(told, f"{name}/{NUMBER}")
        if given[name] is None and told.get(f"{name}/{NOT_KNOWN}"):
            unknown.append(name)
    answers = list(_by_name(form, told))
    for name in LIST_FIELDS:
        entries: list[Entry] | list[Supplement] = products
        said = told.get(ANY, ())
        if name != "supplements":
            said = told.get(f"{name}/{NAMES}", ())
            entries = [one for one in said if isinstance(one, Entry)]
        if entries:
            given[name] = Entries(entries)
        whole = _whole(bool(entries), said, _one(told, f"{name}/{COMPLETE}"))
        if whole is not None:
            answers.append(Answered(Question((name,), name, Kind.NAMES, ""), whole))
    return Form(PatientProfile(**given, asked_unknown=unknown), tuple(answers)).profile


def _by_name(form: RuleForm, told: Told) -> Iterator[Answered]:
    """Yield what was asked by name; without an answer it was skipped, and is no "no"."""
    for item in form.questions():
        if item.named is not None:
            answer = _one(told, item.link)
            said = _yes_no(told, item.link)
            question = Question((item.link,), item.named.field, Kind.BY_NAME, item.text)
            yield Answered(
                evolve(question, named=(item.named,)),
                (Said.SKIPPED if answer is None else Said.UNKNOWN) if said is None else said,
            )


def _whole(some: bool, said: Sequence[Value], complete: Value | None) -> Said | None:
    """Return whether there is nothing besides the entries of a list, or that it is not known.

    What contradicts itself closes nothing: "none" beside an entry, or a "none" that is not all.
    """
    none = any(one in (NONE, NO) for one in said)
    if UNKNOWN in said:
        return None if some else Said.UNKNOWN
    if some:
        return Said.NONE if complete == YES and not none else None
    if none:
        return Said.NONE if complete in (None, YES) else Said.UNKNOWN
    return None
