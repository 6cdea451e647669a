"""Chooses the next question: one a field, the one that could change most first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

from msrisk.evaluation.naming import ELSE, as_typed, few, shown
from msrisk.evaluation.products import names
from msrisk.model.concepts import ANYTHING
from msrisk.model.conditions import DailyDoseTakenAbove, Taking, walk
from msrisk.model.facts import Facts
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.results import (
    Level,
    NextQuestion,
    OpenQuestion,
    ToAsk,
    Unrecognised,
    highest,
    rank,
)
from msrisk.model.rules import EVERY, FieldPrompt, RuleSet

__all__ = ["Asking"]

_SHORT: Final = 100
_BEGUN: Final = (Taking, DailyDoseTakenAbove)
_MEANT: Final = "What exactly is meant by “{}”?"
_STARTED: Final = "Have you already started to take {}?"
_WHICH: Final = "Which of these have you already started to take: {}?"


class Asking:
    """The fields that leave something open, and how each is asked."""

    def __init__(
        self,
        facts: Facts,
        ruleset: RuleSet,
        questions: Sequence[OpenQuestion],
        unrecognised: Sequence[Unrecognised],
        *,
        assessed: bool,
    ) -> None:
        self._facts = facts
        self._substances = [one.id for one in ruleset.substances]
        self._prompts: dict[str, FieldPrompt] = {one.id: one for one in ruleset.fields}
        self._of_taking = _of_taking(ruleset)
        self._unrecognised = unrecognised
        self.fields = {name for question in questions for name in question.fields}
        self.fields |= {entry.field for entry in unrecognised}
        if not facts.established("supplements"):
            self.fields.add("supplements")
        elif not assessed and not facts.established("medications"):
            # A supplement can be told among the medicines.
            self.fields.add("medications")
        self._about: dict[str, list[OpenQuestion]] = {name: [] for name in self.fields}
        for question in questions:
            for name in question.fields:
                self._about[name].append(question)

    def all(self) -> tuple[ToAsk, ...]:
        """Return what to ask of each field, the best question first."""
        return tuple(
            ToAsk(
                name,
                self._wording(name),
                self._short(name),
                self._worst[name],
                whole=not self._own_words[name],
                asked=name in self._facts.profile.asked_unknown,
            )
            for name in sorted(self.fields, key=self._order)
        )

    def next(self) -> NextQuestion | None:
        """Return the question whose answer could bring the most, unless it was asked already."""
        candidates = self.fields - self._facts.profile.asked_unknown
        if not candidates:
            return None
        name = min(candidates, key=self._order)
        count = len(self._about[name])
        bears = f"; it bears on {count} open question{'s' if count > 1 else ''}" if count else ""
        brings = f"the answer could bring {self._worst[name].words}"
        if self._worst[name] is Level.UNDETERMINED:
            brings = "without it the answer stays open"
        return NextQuestion(field=name, question=self._wording(name), why=brings + bears)

    def _order(self, name: str) -> tuple[bool, bool, int, int, str]:
        asked = name in self._facts.profile.asked_unknown
        unasked = name == "supplements" and self._facts.profile.supplements is None
        return asked, not unasked, -rank(self._worst[name]), -len(self._about[name]), name

    @cached_property
    def _worst(self) -> dict[str, Level]:
        """The highest level that an answer to each field could bring."""
        return {name: self._worst_of(name) for name in self.fields}

    def _worst_of(self, name: str) -> Level:
        urgent = name == "supplements" and (
            self._facts.profile.supplements is None
            or any(f.recognition.possible is ANYTHING for f in self._facts.told["supplements"])
        )
        levels = [one.level for one in self._about[name]]
        return highest([Level.URGENT if urgent else Level.UNDETERMINED, *levels])

    def _wording(self, name: str) -> str:
        return self._own_words[name] or self._prompts[name].question

    def _short(self, name: str) -> str:
        prompt = self._prompts[name]
        own = self._own_words[name]
        for entry in self._unrecognised:
            if entry.question == own and entry.text is not None:
                text = shown(entry.text, None)
                own = own.replace(entry.text, text)
                short = len(own) <= _SHORT or own.endswith(ELSE)
                return own if short else _MEANT.format(text)
        # Which products a question is about belongs to it, however many they are.
        of_products = name == "supplements" and own == self._started
        if own and (len(own) <= _SHORT or not prompt.short or of_products):
            return own
        return prompt.short or prompt.question

    @cached_property
    def _own_words(self) -> dict[str, str]:
        """How each field that was answered is asked about what its answer leaves open."""
        return {name: self._own_words_of(name) for name in self.fields}

    def _own_words_of(self, name: str) -> str:
        if getattr(self._facts.profile, name) is None:
            return ""
        for entry in self._unrecognised:
            if entry.field == name:
                return entry.question
        if name in LIST_FIELDS and not self._facts.established(name):
            return ""
        about = sorted(self._about[name], key=lambda one: (-rank(one.level), one.rule))
        if name == "supplements":
            started = self._started
            if started and about[0].rule in self._of_taking:
                return started
            if not started:
                # It was started: how much it is comes next.
                about = [one for one in about if one.rule not in self._of_taking] or about
        return about[0].question

    @cached_property
    def _started(self) -> str:
        """The question whether it was started, of those of which that is not known.

        Beside other products it names them.
        """
        told = self._facts.told
        every = self._substances
        asking: set[str] = set()
        for one in self._about["supplements"]:
            asking |= self._of_taking.get(one.rule, frozenset())
        products = [
            fact
            for name in ("supplements", "medications")
            for fact in told[name]
            if any(names(fact, id_) for id_ in every)
        ]
        unsaid = [
            fact
            for fact in products
            if fact.taking is None and any(names(fact, id_) for id_ in asking)
        ]
        if not unsaid:
            return ""
        if len({*products, *told["supplements"]}) == 1:
            return _STARTED.format("the supplement")
        each = [f"“{as_typed(fact)}”" for fact in unsaid]
        return _STARTED.format(few(each)) if len(set(each)) == 1 else _WHICH.format(few(each))


@lru_cache(maxsize=16)
def _of_taking(ruleset: RuleSet) -> Mapping[str, frozenset[str]]:
    """Return the rules that ask whether something was started, and the substances of each."""
    every = [one.id for one in ruleset.substances]
    return {
        rule.id: frozenset(every if EVERY in rule.applies_to else rule.applies_to)
        for rule in ruleset.rules
        if rule.when is not None and any(isinstance(test, _BEGUN) for test in walk(rule.when))
    }
