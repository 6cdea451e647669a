"""What a name, word or code that two rule sets read differently does to patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.deciding import LIST_TESTS, Decider
from msrisk.diff.changes import Shown, Verdict
from msrisk.diff.rules import Rules
from msrisk.model.concepts import ANYTHING
from msrisk.model.results import rank
from msrisk.model.rules import Rule
from msrisk.search.pair import PairedEntry, RuleSetPair, Seen
from msrisk.search.patient import Patient
from msrisk.search.search import TooManyError
from msrisk.search.ways import leaves

__all__ = ["Judge", "Judged", "gravity", "reworded"]

# What an entry that could be anything keeps open, and a name that is known settles.
_SETTLED: Final = {"question", "assessment", "level", "worst case"}


@frozen
class Judged:
    """What a change of one sort of entry does, with a patient who has `entry` among others."""

    verdict: Verdict
    entry: PairedEntry
    patient: Patient | None = None
    harm: tuple[int, ...] = ()
    reviewed: bool = False


class Judge:
    """Says what entries do that two rule sets read differently, once for each sort."""

    def __init__(self, pair: RuleSetPair, rules: Rules) -> None:
        self.pair = pair
        self.rules = rules
        self._by_key: dict[Seen, Judged] = {}

    def of(self, entry: PairedEntry) -> Judged:
        """Return what the change of a sort of entry does, once for all entries of the sort."""
        key = self.pair.key(entry)
        if key not in self._by_key:
            self._by_key[key] = self._judge_sort(entry)
        return self._by_key[key]

    def _judge_sort(self, entry: PairedEntry) -> Judged:
        if self.pair.unchanged_for_rules(entry):
            return reworded(entry)
        plain = [(self.rules.shown(patient), patient) for patient in self._around(entry)]
        lost = [self._lost(entry, patient, shown) for shown, patient in plain if shown.losses]
        if not all(judged.verdict is Verdict.SETTLES for judged in lost) or not lost:
            # A rule above all that was lost so far may want other facts besides.
            most = max((judged.harm for judged in lost), default=(0,))[0]
            try:
                beside = self._beside_others(entry, most)
            except TooManyError:
                if not lost:
                    return Judged(Verdict.UNDECIDED, entry)
            else:
                if beside is not None:
                    lost.append(self._lost(entry, beside, self.rules.shown(beside)))
        if lost:
            return min(lost, key=gravity)
        if any(shown.gains for shown, _ in plain):
            return Judged(Verdict.STRENGTHENS, entry)
        # What an entry is taken for stands beside each finding that it brings about.
        return Judged(Verdict.EQUIVALENT if entry.old == entry.new else Verdict.REWORDS, entry)

    def _lost(self, entry: PairedEntry, patient: Patient, shown: Shown) -> Judged:
        """Tell a name that settles what was open from one by which something is lost."""
        unknown = entry.old.recognition.possible is ANYTHING
        settled = unknown and all(loss.what in _SETTLED for loss in shown.losses)
        verdict = Verdict.SETTLES if settled else Verdict.WEAKENS
        return Judged(verdict, entry, patient, self.rules.harm(shown))

    def _around(self, entry: PairedEntry) -> Iterator[Patient]:
        """Yield patients of whom nothing is told but an entry and a supplement."""
        if entry.field == "supplements":
            yield evolve(self.rules.nobody, told=(entry,))
            gone = entry.old.recognition.named - entry.new.recognition.named
            for substance in sorted(gone.intersection(self.rules.covered)):
                yield from self.rules.gravest(substance, entry)
        for patient in map(self.rules.plain, self.rules.covered):
            # What a supplement that is read differently loses by itself is said of its name.
            if all(map(self.pair.unchanged_for_rules, patient.told)):
                yield evolve(patient, told=(*patient.told, entry))

    def _beside_others(self, entry: PairedEntry, above: int) -> Patient | None:
        """Return a patient who loses a rule that an entry meets together with other facts.

        Of the rules whose level ranks above a number, the highest first.
        """
        seen: list[tuple[int, str, Rule]] = []
        for substance in self.rules.covered:
            patient = self.rules.plain(substance)
            told = evolve(patient, told=(*patient.told, entry))
            profile = told.profile()
            first = Decider(told.facts(profile, 0), self.rules.old, substance)
            second = Decider(told.facts(profile, 1), self.rules.new, substance)
            for rule in self.rules.old.rules_for(substance):
                level = rule.kind.level
                if level is not None and rank(level) > above and self._is_seen(rule, first, second):
                    seen.append((rank(level), substance, rule))
        for _, substance, rule in sorted(seen, key=lambda one: -one[0]):
            heirs = self.rules.heirs_of(rule, substance)
            found = self.rules.forward.loser(substance, rule, heirs, entry)
            if found is not None:
                return found
        return None

    def _is_seen(self, rule: Rule, first: Decider, second: Decider) -> bool:
        """Whether a rule tells an entry apart from what it has become, or was rewritten."""
        if rule.when is None:
            raise AssertionError(rule)
        tests = [test for test in leaves(rule.when) if type(test) in LIST_TESTS]
        if rule not in self.rules.heirs_of(rule, first.substance):
            return bool(tests)
        return any(first.truth(test) is not second.truth(test) for test in tests)

    def shown(self, judged: Judged, entry: PairedEntry) -> Shown | None:
        """Return the patient who shows it, with an entry of the same sort in place of its own."""
        if judged.patient is None:
            return None
        told = tuple(entry if each is judged.entry else each for each in judged.patient.told)
        return self.rules.shown(evolve(judged.patient, told=told))


def gravity(judged: Judged) -> tuple[int, tuple[int, ...]]:
    """Return what orders judgements, the gravest first; what settles, settles all alike."""
    lost = judged.harm if judged.verdict is Verdict.WEAKENS else ()
    return list(Verdict).index(judged.verdict), tuple(-one for one in lost)


def reworded(entry: PairedEntry) -> Judged:
    """Judge a change that no rule sees: the reasons in a finding are others, or the name."""
    before, now = entry.old.recognition, entry.new.recognition
    old, new = before.why, now.why
    basis = any(old[id_][0] != new[id_][0] for id_ in old.keys() & new.keys())
    # Of a name that stands for something else, the next rule may be wrong.
    other = bool(before.named and now.named and before.named.isdisjoint(now.named))
    verdict = Verdict.EQUIVALENT if before == now and not other else Verdict.REWORDS
    return Judged(verdict, entry, reviewed=basis or other)
