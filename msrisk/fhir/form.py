"""Derives a form from the rules: what is asked, in which words, why, and with which answers.

It asks what some rule tests and nothing else. What the rules ask by name is asked by name
before the list that it would be told in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Final, cast

from attrs import astuple, frozen

from msrisk.asking import Named, wording
from msrisk.asking.by_name import is_asked_by_name, named
from msrisk.evaluation.deciding import DENIABLE, LIST_TESTS, Decider
from msrisk.evaluation.naming import Blanks
from msrisk.evaluation.signs import signs_of
from msrisk.fhir.codes import DATA_ABSENT
from msrisk.fhir.systems import ANSWER, CONCEPT, YES_NO
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition, walk
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, Entry, PatientProfile
from msrisk.model.results import Level, rank
from msrisk.model.rules import FieldPrompt, Rule, RuleSet
from msrisk.recognition import recognise_entry, recognise_profile
from msrisk.recognition.profile import KINDS
from msrisk.rendering.words import capitalised

__all__ = [
    "ABOUT",
    "ANY",
    "COMPLETE",
    "DENIED_BY_NAME",
    "Item",
    "ItemKind",
    "NAMES",
    "NO",
    "NONE",
    "NOT_KNOWN",
    "NUMBER",
    "Option",
    "PRODUCT",
    "RuleForm",
    "TOLD",
    "UNKNOWN",
    "WHY",
    "YES",
    "form_of",
]

NAMES: Final = "names"
COMPLETE: Final = "complete"
NUMBER: Final = "number"
ANY: Final = "supplements/any"
PRODUCT: Final = "supplements/product"
NOT_KNOWN: Final = "unknown"
DENIED_BY_NAME: Final = "named"
ABOUT: Final = "about"
WHY: Final = "why"
TOLD: Final = "told/"
"""With these the link ids of a form are made: "conditions/names", "named/pregnancy"."""


class ItemKind(Enum):
    """What a place of the form holds, by the R4 type of its item."""

    GROUP = "group"
    CHOICE = "choice"
    NAMES = "open-choice"
    NUMBER = "decimal"


@frozen
class Option:
    """An answer that is offered; `words` are what it puts into a list, if it names something."""

    system: str
    code: str
    display: str
    words: str = ""

    @property
    def alone(self) -> bool:
        """Whether it is none of the things that a list holds, and excludes them."""
        return not self.words


YES: Final = Option(YES_NO, "Y", "Yes")
NO: Final = Option(YES_NO, "N", "No")
UNKNOWN: Final = Option(DATA_ABSENT, "asked-unknown", "Don't know")
NONE: Final = Option(ANSWER, "none", "None")
_CHOICE: Final = (YES, NO, UNKNOWN)


@frozen
class Item:
    """A place of the form.

    Attributes:
        link: by what it is known, within this version of the form.
        kind: what it holds.
        text: the question, or the heading.
        why: why it is asked.
        options: the answers that are offered.
        items: what is inside a group.
        repeats: whether there may be several answers, or several such groups.
        bounds: the name of the number, whose bounds hold.
        named: what is asked for by name.

    """

    link: str
    kind: ItemKind
    text: str
    why: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    repeats: bool = False
    bounds: str = ""
    named: Named | None = None


@frozen
class RuleForm:
    """The form of a rule set.

    `version` tells apart forms that do not ask the same in the same words.
    """

    items: tuple[Item, ...]
    version: str

    def questions(self) -> Iterator[Item]:
        """Yield every item that can be answered, in order."""
        yield from (one for one in _all(self.items) if one.kind is not ItemKind.GROUP)


def _all(items: Iterable[Item]) -> Iterator[Item]:
    for one in items:
        yield one
        yield from _all(one.items)


# Moves when answers of the same words are read in another way.
_READING: Final = 1


@lru_cache(maxsize=16)
def form_of(ruleset: RuleSet) -> RuleForm:
    """Return the form that asks what the rules of a rule set need."""
    items = tuple(_Deriving(ruleset).items())
    asked = [
        [one.link, one.kind.value, one.text, one.bounds, *map(astuple, one.options)]
        for one in _all(items)
    ]
    digest = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    return RuleForm(items, f"{_READING}.{digest[:8]}")


_KINDS: Final = {field: kind for kind, field in KINDS.items()}

# The parts of a product, as they are asked, and the tests that each is for.
_DAILY: Final = (node.DailyDoseAbove, node.DailyDoseBelow)
_TIMES: Final = (*_DAILY, node.DosesPerDayBelow)
_AMOUNTS: Final = (
    ("dose_mg", "How many milligrams at a time?", _DAILY),
    ("times_per_day", "How many times a day?", _TIMES),
    ("daily_dose_mg", "How many milligrams in one day?", _DAILY),
)
_ROUGHLY: Final = "Known only roughly? Give two numbers, the least and the most."


class _Deriving:
    """Collects from every rule what it tests, and makes the items that ask for it."""

    def __init__(self, ruleset: RuleSet) -> None:
        self.ruleset = ruleset
        # What each part of the form is asked for: the rules that hang on it, by the link.
        self.rules: dict[str, dict[str, Rule]] = {}
        self.by_name: dict[Condition, Rule] = {}
        self.offered: dict[str, dict[str, Condition]] = {}
        self.signs = {test for rule in ruleset.rules for test in signs_of(rule)}
        # What leaves a test unknown when nothing is known is what has to be asked.
        nothing = recognise_profile(PatientProfile(), ruleset)
        for substance in ruleset.substances:
            decider = Decider(nothing, ruleset, substance.id)
            for rule in ruleset.rules_for(substance.id):
                for test in walk(rule.when) if rule.when else ():
                    if not isinstance(test, node.All | node.Any):
                        self._add(test, rule, decider.leaf(test).fields)

    def _add(self, test: Condition, rule: Rule, fields: Iterable[str]) -> None:
        id_ = node.asked_for(test)
        if is_asked_by_name(test, rule) and (self.by_name.get(test) is None or test == rule.when):
            self.by_name[test] = rule
        if type(test) in LIST_TESTS:
            links = [f"{name}/{NAMES}" for name in fields]
            if id_ is not None:
                if isinstance(test, DENIABLE):
                    links.append(f"{DENIED_BY_NAME}/{id_}")
                told_in = hierarchy_of(self.ruleset).told_in_of(test)[0]
                self.offered.setdefault(told_in, {})[id_] = test
        elif isinstance(test, node.Taking):
            links = [f"{PRODUCT}/taking"]
        elif isinstance(test, _TIMES):
            links = [f"{PRODUCT}/{part}" for part, _, tests in _AMOUNTS if isinstance(test, tests)]
            if isinstance(test, node.DailyDoseTakenAbove):
                links.append(f"{PRODUCT}/taking")
        else:
            links = list(fields)
        for link in links:
            self.rules.setdefault(link, {})[rule.id] = rule

    def items(self) -> Iterator[Item]:
        """Yield the groups of the form: the emergency first, then the fields in their order."""
        signs = [test for test in self.by_name if test in self.signs]
        if signs:
            text = "First: do you need help now?"
            items = tuple(self._by_name(test) for test in signs)
            yield Item("emergency", ItemKind.GROUP, text, items=items)
        for prompt in self.ruleset.fields:
            if prompt.id == "supplements":
                yield self._group(prompt, self._supplements(prompt))
            elif prompt.id in LIST_FIELDS:
                if f"{prompt.id}/{NAMES}" in self.rules:
                    yield self._group(prompt, self._list(prompt))
            elif prompt.id in self.rules:
                if prompt.id in NUMBER_FIELDS:
                    yield self._group(prompt, self._number(prompt))
                else:
                    yield self._choice(prompt.id, prompt.question)

    def _group(self, prompt: FieldPrompt, items: Iterable[Item]) -> Item:
        return Item(prompt.id, ItemKind.GROUP, capitalised(prompt.name), items=tuple(items))

    def _choice(self, link: str, text: str, why: str = "") -> Item:
        return Item(link, ItemKind.CHOICE, text, why or self._why(link), _CHOICE)

    def _by_name(self, test: Condition) -> Item:
        asked, rule = named(test, self.ruleset), self.by_name[test]
        text = wording.about_a_sign(asked, self.ruleset)
        if test not in self.signs:
            question = Blanks("the supplement").fill(rule.question)
            text = wording.by_name(asked, test, rule, question)
        link = f"{DENIED_BY_NAME}/{asked.concept}"
        return Item(link, ItemKind.CHOICE, text, self._why(link), _CHOICE, named=asked)

    def _list(self, prompt: FieldPrompt) -> Iterator[Item]:
        tests = [one for one in self.by_name if named(one, self.ruleset).field == prompt.id]
        yield from (self._by_name(test) for test in tests if test not in self.signs)
        asked = {named(one, self.ruleset).concept for one in tests}
        text = wording.about_a_list(prompt, self.ruleset, told=bool(tests), by_name=asked)
        options = (*self._options(prompt.id), NONE, UNKNOWN)
        link = f"{prompt.id}/{NAMES}"
        yield Item(link, ItemKind.NAMES, text, self._why(link), options, repeats=True)
        yield self._complete(prompt)

    def _complete(self, prompt: FieldPrompt) -> Item:
        why = "A list proves that something is not there only if somebody says that it is complete."
        text = f"Are these all the {prompt.name}? If there are none, skip this question."
        return self._choice(f"{prompt.id}/{COMPLETE}", text, why)

    def _supplements(self, prompt: FieldPrompt) -> Iterator[Item]:
        why = "Warnings are looked up for what is taken or thought of, and for nothing else."
        text = (
            "Do you take a supplement, or think of taking one? If so, fill in the next part once "
            "for each."
        )
        yield self._choice(ANY, text, why)
        name = Item(
            f"{PRODUCT}/name",
            ItemKind.NAMES,
            "What is its name, as it stands on the package?",
            why,
            tuple(self._options("supplements")),
        )
        parts = [name]
        if f"{PRODUCT}/taking" in self.rules:
            parts.append(self._choice(f"{PRODUCT}/taking", "Have you already started to take it?"))
        for part, question, _ in _AMOUNTS:
            link = f"{PRODUCT}/{part}"
            if link in self.rules:
                parts.append(self._amount(link, question, part))
        yield Item(PRODUCT, ItemKind.GROUP, "Supplement", items=tuple(parts), repeats=True)
        yield self._complete(prompt)

    def _options(self, field: str) -> Iterator[Option]:
        """Yield the things to tick in a list that rules test and that are not asked by name.

        Only those are offered whose words are recognised as just that.
        """
        by_name = {node.asked_for(test) for test in self.by_name}
        offered: dict[str, tuple[str, str]] = {}
        if field == "supplements":
            names = hierarchy_of(self.ruleset).names
            taken = [one.id for one in self.ruleset.substances]
            offered = {id_: (names[id_],) * 2 for id_ in [*taken, *self.offered.get(field, ())]}
        else:
            for id_, test in self.offered.get(field, {}).items():
                if isinstance(test, DENIABLE) and id_ not in by_name:
                    one = named(test, self.ruleset)
                    offered[id_] = one.name, one.words
        for id_, (name, words) in offered.items():
            told = recognise_entry(Entry(words), _KINDS[field], self.ruleset, suggest=False)
            if id_ in told.concepts and told.status == "recognised":
                yield Option(CONCEPT, id_, name, words)

    def _number(self, prompt: FieldPrompt) -> Iterator[Item]:
        why = self._why(prompt.id)
        yield self._amount(f"{prompt.id}/{NUMBER}", prompt.question, prompt.id, why)
        text = "If that is not known:"
        link = f"{prompt.id}/{NOT_KNOWN}"
        yield Item(link, ItemKind.CHOICE, text, why, (UNKNOWN,))

    def _amount(self, link: str, question: str, bounds: str, why: str = "") -> Item:
        return Item(
            link,
            ItemKind.NUMBER,
            question,
            f"{_ROUGHLY} {why or self._why(link)}",
            repeats=True,
            bounds=bounds,
        )

    def _why(self, link: str) -> str:
        """Return which rules hang on an answer, by the level that they bring, and who says so."""
        rules = sorted(self.rules[link].values(), key=lambda one: (-rank(_level(one)), one.id))
        titles: dict[Level, dict[str, None]] = {}
        for rule in rules:
            title = Blanks("the supplement").fill(rule.title or rule.id.replace("-", " "))
            titles.setdefault(_level(rule), {})[title] = None
        silent = titles.pop(Level.UNDETERMINED, None)
        brings = "; ".join(f"{level.words} ({', '.join(some)})" for level, some in titles.items())
        said = {one.id: one.short or one.title for one in self.ruleset.sources}
        cites = [one for rule in rules for one in rule.cites]
        cited = list(dict.fromkeys(said[one.source] for one in cites if one.source))
        if len(cited) < len({one.source for one in cites}):
            cited.append("evidence beyond the texts")
        parts = [
            f"The answer could bring {brings}." if brings else "",
            f"The sources are silent on this, which has to be said: {', '.join(silent)}."
            if silent
            else "",
            f"Source: {'; '.join(cited)}.",
        ]
        return " ".join(filter(None, parts))


def _level(rule: Rule) -> Level:
    return cast(Level, rule.kind.level)  # only a caveat has none, and it tests nothing
