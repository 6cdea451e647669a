"""What became of each rule and substance, and what that does to patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from attrs import evolve

from msrisk.api import assess
from msrisk.diff.changes import Change, Shown, Verdict
from msrisk.diff.edits import all_clears, logic_edits, other_edits, says_the_same, word_edits
from msrisk.diff.losses import Heirs, losses
from msrisk.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.conditions import ThresholdTest, walk
from msrisk.model.profile import YES_NO_FIELDS
from msrisk.model.results import Level, rank
from msrisk.model.rules import EVERY, Rule, RuleSet
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient
from msrisk.search.search import Search, TooManyError

__all__ = ["Rules", "heirs_of_rules"]


class Rules:
    """Two rule sets, rule by rule."""

    def __init__(self, pair: RuleSetPair) -> None:
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
        self._has = [
            {id_: {rule.id: rule for rule in rules.rules_for(id_)} for id_ in self.covered}
            for rules in (pair.old, pair.new)
        ]
        self._hierarchies: tuple[Hierarchy, Hierarchy] = (
            hierarchy_of(pair.old),
            hierarchy_of(pair.new),
        )

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
        return max(map(self.shown, patients), key=self.harm)

    def harm(self, shown: Shown) -> tuple[int, int, int]:
        """Return how grave it is what a patient loses, to be compared with others.

        The highest level of a lost finding, by how much the level of the report falls, and
        the highest level of whatever else is lost. With the assessment of a covered
        substance, all its rules are lost.
        """
        covered = {one.name for one in self.old.substances}
        finding = fall = other = 0
        for loss in shown.losses:
            before = rank(loss.before) if loss.before is not None else 0
            if loss.what == "assessment" and loss.id in covered:
                finding = rank(Level.URGENT)
            elif loss.what == "finding":
                finding = max(finding, before)
            elif loss.what == "level" and not loss.about and loss.after is not None:
                fall = before - rank(loss.after)
            else:
                other = max(other, before)
        return finding, fall, other

    def heirs_of(self, rule: Rule, substance: str) -> list[Rule]:
        """Return the new rules of a substance that stand for an old rule."""
        there = self._has[1][substance]
        return [there[id_] for id_ in self.heirs[rule.id] if id_ in there]

    @cached_property
    def nobody(self) -> Patient:
        """A patient of whom nothing is to be told, not even a supplement."""
        neutral = (*self.forward.neutral.items(), *((name, False) for name in YES_NO_FIELDS))
        return Patient((), values=neutral)

    def plain(self, substance: str) -> Patient:
        """Return a patient who takes a substance, and of whom nothing else is to be told."""
        return evolve(self.nobody, told=tuple(self.forward.bases(substance)[:1]))

    def substances(self) -> Iterator[Change]:
        """Yield what became of each substance."""
        after = {one.id: one for one in self.new.substances}
        for one in self.old.substances:
            if one.id not in after:
                shown = self.worst(self._with(one.id))
                says = ("it is no longer covered, so none of its rules is left",)
                yield Change(Verdict.WEAKENS, "substance", one.id, says, shown=shown)
            elif one != after[one.id]:
                # What this does to patients is said of its rules and names.
                edits = tuple(other_edits(one, after[one.id]))
                yield Change(Verdict.EQUIVALENT, "substance", one.id, edits)
        for id_ in sorted(after.keys() - {one.id for one in self.old.substances}):
            # That it was not covered left everything open, and an answer closes that.
            base = self.forward.pair.named("supplements", after[id_].name)
            shown = self.shown(evolve(self.nobody, told=(base,)))
            verdict = Verdict.SETTLES if shown.losses else Verdict.STRENGTHENS
            says = ("it is covered from now on",)
            yield Change(verdict, "substance", id_, says, shown=shown)

    def _with(self, substance: str) -> Iterator[Patient]:
        """Yield patients who take a substance: plainly, and with its gravest rule."""
        yield self.plain(substance)
        yield from self.gravest(substance)

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

    def rules(self) -> Iterator[Change]:
        """Yield what became of each rule."""
        for rule in self.old.rules:
            yield from self._rule(rule)
        for rule in self.new.rules:
            if not self.ancestors[rule.id]:
                met = self._met(rule)
                shown = self.shown(met) if met is not None else None
                sounds = tuple(all_clears(rule))
                new = Verdict.STRENGTHENS, "rule", rule.id, ("it is new", *sounds)
                yield Change(*new, reviewed=bool(sounds), shown=shown)

    def _met(self, rule: Rule) -> Patient | None:
        """Return some patient who gets a new rule."""
        for substance in self.covered:
            if rule.id in self._has[1][substance]:
                if rule.when is None:
                    return self.plain(substance)
                try:
                    found = self.backward.receiver(substance, rule)
                except TooManyError:
                    continue
                if found is not None:
                    return found
        return None

    def _rule(self, rule: Rule) -> Iterator[Change]:
        heirs = tuple(self.new.rule(id_) for id_ in self.heirs[rule.id])
        says = tuple(logic_edits(rule, heirs, self.old, self.new))
        moved = [id_ for id_ in self.covered if self._moved(rule, heirs, id_)]
        if says or moved:
            where = "where or of whom it is asked changed"
            judged = self._judged(rule, heirs, says or (where,))
            yield (
                judged
                if judged.verdict is not Verdict.EQUIVALENT
                else _renamed(judged, rule, heirs)
            )
        words = list(word_edits(rule, *heirs)) if heirs else []
        if words:
            # A caveat stands beside every answer, so its words count at every level.
            level = rule.kind.level
            high = level is None or rank(level) >= rank(Level.CAUTION)
            read = any(edit.always or (high and edit.read) for edit in words)
            texts = tuple(dict.fromkeys(edit.says for edit in words))
            yield Change(Verdict.REWORDS, "rule", rule.id, texts, reviewed=read)

    def _moved(self, rule: Rule, heirs: tuple[Rule, ...], substance: str) -> bool:
        """Whether a rule may ask something else of a substance than its heirs do."""
        before, after = self._has
        here = [heir for heir in heirs if heir.id in after[substance]]
        if rule.id not in before[substance]:
            return bool(here)
        return len(here) != 1 or not self._alike(rule, here[0])

    def _alike(self, rule: Rule, heir: Rule) -> bool:
        """Whether two rules have the same condition with the same meaning, and level."""
        if (rule.when, rule.kind.level) != (heir.when, heir.kind.level):
            return False
        for test in walk(rule.when) if rule.when is not None else ():
            if isinstance(test, ThresholdTest):
                id_ = test.threshold
                if self.old.threshold(id_).value != self.new.threshold(id_).value:
                    return False
            else:
                before, after = (one.told_in_of(test) for one in self._hierarchies)
                if before != after:
                    return False
        return True

    def _judged(self, rule: Rule, heirs: tuple[Rule, ...], says: tuple[str, ...]) -> Change:
        """Return what a rule's change does, over all substances and both ways."""
        about = "rule", rule.id, says
        if any(heir.pack != rule.pack for heir in heirs):
            return Change(Verdict.UNDECIDED, *about)
        try:
            found = self._lost(self.forward, rule, heirs, 0)
            if found is not None:
                return Change(Verdict.WEAKENS, *about, shown=self.shown(found))
            gained = [
                self._lost(self.backward, heir, self._of(self.old, self.ancestors[heir.id]), 1)
                for heir in heirs
            ]
        except TooManyError:
            return Change(Verdict.UNDECIDED, *about)
        patients = [patient for patient in gained if patient is not None]
        if patients:
            return Change(Verdict.STRENGTHENS, *about, shown=self.shown(patients[0]))
        return Change(Verdict.EQUIVALENT, *about)

    def _of(self, ruleset: RuleSet, ids: Iterable[str]) -> tuple[Rule, ...]:
        return tuple(ruleset.rule(id_) for id_ in ids)

    def _lost(
        self, search: Search, rule: Rule, heirs: tuple[Rule, ...], side: int
    ) -> Patient | None:
        """Return the smallest patient, over all substances, who loses a rule."""
        found: list[Patient] = []
        for substance in self.covered:
            if rule.id not in self._has[side][substance]:
                continue
            here = [heir for heir in heirs if heir.id in self._has[1 - side][substance]]
            if rule.when is not None:
                patient = search.loser(substance, rule, here)
                found += [patient] if patient is not None else []
            elif all(heir.when is not None for heir in here):
                found.append(self.plain(substance))
        if not found and _is_of_all(rule) and not any(map(_is_of_all, heirs)):
            found.append(self.nobody)
        return min(found, key=lambda patient: patient.size, default=None)


def _renamed(change: Change, rule: Rule, heirs: tuple[Rule, ...]) -> Change:
    """Say of a rule that only has another id that nothing else about it is another."""
    if len(change.says) > 1 or any(
        one.id == rule.id or not says_the_same(rule, one) for one in heirs
    ):
        return change
    they = "it says" if len(heirs) == 1 else "they say"
    return evolve(change, says=(f"{change.says[0]}; {they} the same to the same patients",))


def _is_of_all(rule: Rule) -> bool:
    """Whether a rule is a caveat that stands in every report, whatever is taken."""
    return rule.when is None and EVERY in rule.applies_to


def heirs_of_rules(old: RuleSet, new: RuleSet) -> Heirs:
    """Return, for the id of each old rule, the new rules that stand for it.

    A rule that was there before was told beside the one that is gone, and stands for none.
    """
    there = {rule.id for rule in old.rules}
    heirs: dict[str, tuple[str, ...]] = {}
    for rule in new.rules:
        for id_ in (rule.id,) if rule.id in there else (rule.id, *rule.replaces):
            heirs[id_] = (*heirs.get(id_, ()), rule.id)
    return {rule.id: heirs.get(rule.id, ()) for rule in old.rules}
