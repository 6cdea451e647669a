"""Finds patients who show a change, and measures how grave their loss is.

Implements *Every weakens is shown by one whole patient* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from attrs import evolve

from msrisk.api import assess
from msrisk.diff.changes import Lost, Shown
from msrisk.diff.heirs import Heirs, heirs_of_rules
from msrisk.diff.losses import losses
from msrisk.model.profile import YES_NO_FIELDS
from msrisk.model.results import Level, rank
from msrisk.model.rules import Rule, RuleSet
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient
from msrisk.search.search import Search, TooManyError

__all__ = ["Comparison"]


class Comparison:
    """Two rule sets, and what is asked about them for every kind of change."""

    def __init__(self, pair: RuleSetPair) -> None:
        self.pair = pair
        self.old: RuleSet = pair.old
        self.new: RuleSet = pair.new
        self.forward = Search(pair)
        self.backward = Search(pair, forward=self.forward)
        self.heirs: Heirs = heirs_of_rules(pair.old, pair.new)
        self.ancestors: Heirs = {
            rule.id: tuple(one for one, heirs in self.heirs.items() if rule.id in heirs)
            for rule in pair.new.rules
        }
        after = {one.id for one in pair.new.substances}
        self.covered = tuple(one.id for one in pair.old.substances if one.id in after)
        self.before = self._by_substance(pair.old)
        self.after = self._by_substance(pair.new)

    def _by_substance(self, ruleset: RuleSet) -> dict[str, dict[str, Rule]]:
        return {id_: {rule.id: rule for rule in ruleset.rules_for(id_)} for id_ in self.covered}

    def shown(self, patient: Patient) -> Shown:
        """Return a patient as both rule sets answer, by the evaluator itself."""
        profile = patient.profile()
        before, after = assess(profile, ruleset=self.old), assess(profile, ruleset=self.new)
        lost = losses(before, after, self.heirs)
        gained = tuple(
            evolve(one, before=one.after, after=one.before)
            for one in losses(after, before, self.ancestors)
        )
        return Shown(profile, before.headline, after.headline, lost, gained)

    def worst(self, patients: Iterable[Patient]) -> Shown:
        """Return the one of some patients who loses most."""
        return max(map(self.shown, patients), key=self.severity)

    def severity(self, shown: Shown) -> tuple[int, int, int]:
        """Return how grave a loss is, to be compared with others.

        The highest level of a lost finding, by how much the level of the report falls, and
        the highest level of whatever else is lost. With the assessment of a covered
        substance, all its rules are lost.
        """
        covered = {one.name for one in self.old.substances}
        finding = fall = other = 0
        for loss in shown.losses:
            before = rank(loss.before) if loss.before is not None else 0
            if loss.what is Lost.ASSESSMENT and loss.id in covered:
                finding = rank(Level.URGENT)
            elif loss.what is Lost.FINDING:
                finding = max(finding, before)
            elif loss.what is Lost.LEVEL and not loss.about and loss.after is not None:
                fall = before - rank(loss.after)
            else:
                other = max(other, before)
        return finding, fall, other

    def heirs_of(self, rule: Rule, substance: str) -> list[Rule]:
        """Return the new rules of a substance that stand for an old rule."""
        there = self.after[substance]
        return [there[id_] for id_ in self.heirs[rule.id] if id_ in there]

    @cached_property
    def nobody(self) -> Patient:
        """A patient who has nothing to tell, and takes no supplement."""
        neutral = (*self.forward.neutral.items(), *((name, False) for name in YES_NO_FIELDS))
        return Patient((), values=neutral)

    def plain(self, substance: str) -> Patient:
        """Return a patient who takes a substance and has nothing else to tell."""
        return evolve(self.nobody, told=tuple(self.forward.bases(substance)[:1]))

    def gravest(self, substance: str, must_have: PairedEntry | None = None) -> Iterator[Patient]:
        """Yield a patient who gets the gravest old rule of a substance that somebody gets.

        If `must_have` is told, the patient has that entry.
        """
        levels = [(one.kind.level, one) for one in self.old.rules_for(substance)]
        asked = [(rank(level), one) for level, one in levels if level is not None]
        for _, rule in sorted(asked, key=lambda one: -one[0]):
            with suppress(TooManyError):
                met = self.forward.receiver(substance, rule, must_have)
                if met is not None:
                    yield met
                    return
