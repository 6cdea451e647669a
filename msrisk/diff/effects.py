"""Finds what happens to patients if two rule sets read a name, word or code differently.

Implements *Names are compared one by one*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.diff.changes import Lost, Shown, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.evaluation.deciding import LIST_TESTS, Decider
from msrisk.model.concepts import ANYTHING
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.results import rank
from msrisk.model.rules import Rule
from msrisk.search.pair import PairedEntry, Seen
from msrisk.search.patient import Patient
from msrisk.search.search import TooManyError
from msrisk.search.ways import leaves

__all__ = ["Effect", "Effects", "gravity"]

# An entry that could be anything keeps these open; a name that is known settles them.
_SETTLED: Final = {Lost.QUESTION, Lost.ASSESSMENT, Lost.LEVEL, Lost.WORST_CASE}


@frozen
class Effect:
    """What the change of one sort of entry does to a patient who has `entry` among others."""

    verdict: Verdict
    entry: PairedEntry
    patient: Patient | None = None
    severity: tuple[int, ...] = ()
    reviewed: bool = False


class Effects:
    """The effects of entries that two rule sets read differently, found once for each sort."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.pair = comparison.pair
        self._by_key: dict[Seen, Effect] = {}
        self._medicines = hierarchy_of(comparison.old).medicines

    def of(self, entry: PairedEntry) -> Effect:
        """Return what the change of an entry does; it is found once for all entries of a sort."""
        key = self.pair.seen(entry)
        if key not in self._by_key:
            self._by_key[key] = self._effect_of(entry)
        return self._by_key[key]

    def _effect_of(self, entry: PairedEntry) -> Effect:
        if self.pair.unchanged_for_rules(entry):
            return self.reworded(entry)
        plain = [(self.comparison.shown(patient), patient) for patient in self._around(entry)]
        lost = [self._lost(entry, patient, shown) for shown, patient in plain if shown.losses]
        if not all(effect.verdict is Verdict.SETTLES for effect in lost) or not lost:
            # A rule above all that was lost so far may need other facts besides.
            most = max((effect.severity for effect in lost), default=(0,))[0]
            try:
                beside = self._beside_others(entry, most)
            except TooManyError:
                if not lost:
                    return Effect(Verdict.UNDECIDED, entry)
            else:
                if beside is not None:
                    lost.append(self._lost(entry, beside, self.comparison.shown(beside)))
        if lost:
            return min(lost, key=gravity)
        if any(shown.gains for shown, _ in plain):
            return Effect(Verdict.STRENGTHENS, entry)
        # What an entry is taken for stands beside each finding that it brings about.
        return Effect(Verdict.EQUIVALENT if entry.old == entry.new else Verdict.REWORDS, entry)

    def _lost(self, entry: PairedEntry, patient: Patient, shown: Shown) -> Effect:
        """Return what a loss is: a name may settle what was open, or take something away."""
        unknown = entry.old.recognition.possible is ANYTHING
        settled = unknown and all(loss.what in _SETTLED for loss in shown.losses)
        verdict = Verdict.SETTLES if settled else Verdict.WEAKENS
        return Effect(verdict, entry, patient, self.comparison.severity(shown))

    def _around(self, entry: PairedEntry) -> Iterator[Patient]:
        """Yield patients who tell nothing but an entry and a supplement."""
        if entry.field == "supplements":
            yield evolve(self.comparison.nobody, told=(entry,))
            gone = entry.old.recognition.named - entry.new.recognition.named
            for substance in sorted(gone.intersection(self.comparison.covered)):
                yield from self.comparison.gravest(substance, entry)
        for patient in map(self.comparison.plain, self.comparison.covered):
            # If the supplement is read differently itself, its own change tells what is lost.
            if all(map(self.pair.unchanged_for_rules, patient.told)):
                yield evolve(patient, told=(*patient.told, entry))

    def _beside_others(self, entry: PairedEntry, above: int) -> Patient | None:
        """Return a patient who loses a rule that an entry meets together with other facts.

        Only rules whose level ranks above a number are tried, the highest first.
        """
        seen: list[tuple[int, str, Rule]] = []
        for substance in self.comparison.covered:
            patient = self.comparison.plain(substance)
            told = evolve(patient, told=(*patient.told, entry))
            profile = told.profile()
            first = Decider(told.facts(profile, 0), self.comparison.old, substance)
            second = Decider(told.facts(profile, 1), self.comparison.new, substance)
            for rule in self.comparison.old.rules_for(substance):
                level = rule.kind.level
                if level is not None and rank(level) > above and self._is_seen(rule, first, second):
                    seen.append((rank(level), substance, rule))
        for _, substance, rule in sorted(seen, key=lambda one: -one[0]):
            heirs = self.comparison.heirs_of(rule, substance)
            found = self.comparison.forward.loser(substance, rule, heirs, entry)
            if found is not None:
                return found
        return None

    def _is_seen(self, rule: Rule, first: Decider, second: Decider) -> bool:
        """Whether a rule answers differently about an entry now, or was itself rewritten."""
        if rule.when is None:
            raise AssertionError(rule)
        tests = [test for test in leaves(rule.when) if type(test) in LIST_TESTS]
        if rule not in self.comparison.heirs_of(rule, first.substance):
            return bool(tests)
        return any(first.truth(test) is not second.truth(test) for test in tests)

    def reworded(self, entry: PairedEntry) -> Effect:
        """Return the effect of a change that no rule sees: of a reason in a finding, or a name."""
        before, now = entry.old.recognition, entry.new.recognition
        old, new = before.why, now.why
        reason = any(old[id_] != new[id_] for id_ in old.keys() & new.keys())
        # The name stands for something else, so the next rule about it may be wrong.
        other = bool(before.named and now.named and before.named.isdisjoint(now.named))
        # Each medicine that an entry among the supplements may be is assessed by its name.
        gone = (before.may_be - now.may_be - now.concepts - now.named) & self._medicines
        fewer = entry.field == "supplements" and now.possible is not ANYTHING and bool(gone)
        verdict = Verdict.EQUIVALENT if before == now and not other else Verdict.REWORDS
        return Effect(verdict, entry, reviewed=reason or other or fewer)

    def shown(self, effect: Effect, entry: PairedEntry) -> Shown | None:
        """Return the patient who shows an effect, with another entry of the same sort."""
        if effect.patient is None:
            return None
        told = tuple(entry if each is effect.entry else each for each in effect.patient.told)
        return self.comparison.shown(evolve(effect.patient, told=told))


def gravity(effect: Effect) -> tuple[int, tuple[int, ...]]:
    """Return the key that sorts effects, the gravest first; all that settles is alike."""
    lost = effect.severity if effect.verdict is Verdict.WEAKENS else ()
    return list(Verdict).index(effect.verdict), tuple(-one for one in lost)
