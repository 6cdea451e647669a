"""Judges what became of each rule, by whether some patient loses it or gets it.

Implements *Facts can switch a rule on, never off*, both ways, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.edits import all_clears, logic_edits, says_the_same, word_edits
from msrisk.model.conditions import ThresholdTest, walk
from msrisk.model.hierarchy import Hierarchy, hierarchy_of
from msrisk.model.rules import EVERY, Rule
from msrisk.search.patient import Patient
from msrisk.search.search import Search, TooManyError

__all__ = ["rules"]


def rules(comparison: Comparison) -> Iterator[Change]:
    """Yield what became of each rule."""
    judging = _Rules(comparison)
    for rule in comparison.old.rules:
        yield from judging.changes(rule)
    for rule in comparison.new.rules:
        if not comparison.ancestors[rule.id]:
            met = judging.receiver(rule)
            shown = comparison.shown(met) if met is not None else None
            sounds = tuple(all_clears(rule))
            new = Verdict.STRENGTHENS, About.RULE, rule.id, ("it is new", *sounds)
            yield Change(*new, reviewed=bool(sounds), shown=shown)


class _Rules:
    """Judges the changes of rules, over all substances that both rule sets cover."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._hierarchies: tuple[Hierarchy, Hierarchy] = (
            hierarchy_of(comparison.old),
            hierarchy_of(comparison.new),
        )

    def receiver(self, rule: Rule) -> Patient | None:
        """Return some patient who gets a new rule."""
        for substance in self.comparison.covered:
            if rule.id in self.comparison.after[substance]:
                if rule.when is None:
                    return self.comparison.plain(substance)
                try:
                    found = self.comparison.backward.receiver(substance, rule)
                except TooManyError:
                    continue
                if found is not None:
                    return found
        return None

    def changes(self, rule: Rule) -> Iterator[Change]:
        """Yield what became of an old rule."""
        heirs = tuple(self.comparison.new.rule(id_) for id_ in self.comparison.heirs[rule.id])
        says = tuple(logic_edits(rule, heirs, self.comparison.old, self.comparison.new))
        moved = [id_ for id_ in self.comparison.covered if self._moved(rule, heirs, id_)]
        if says or moved:
            where = "where or of whom it is asked changed"
            change = self._change(rule, heirs, says or (where,))
            if change.verdict is Verdict.EQUIVALENT:
                change = _renamed(change, rule, heirs)
            yield change
        words = list(word_edits(rule, *heirs)) if heirs else []
        if words:
            read = any(edit.read for edit in words)
            texts = tuple(dict.fromkeys(edit.says for edit in words))
            yield Change(Verdict.REWORDS, About.RULE, rule.id, texts, reviewed=read)

    def _moved(self, rule: Rule, heirs: tuple[Rule, ...], substance: str) -> bool:
        """Whether a rule may apply to a substance in another way than its heirs do."""
        before, after = self.comparison.before, self.comparison.after
        here = [heir for heir in heirs if heir.id in after[substance]]
        if rule.id not in before[substance]:
            return bool(here)
        return len(here) != 1 or not self._alike(rule, here[0])

    def _alike(self, rule: Rule, heir: Rule) -> bool:
        """Whether two rules have the same condition with the same meaning, and level."""
        if (rule.when, rule.kind.level) != (heir.when, heir.kind.level):
            return False
        old, new = self.comparison.old, self.comparison.new
        for test in walk(rule.when) if rule.when is not None else ():
            if isinstance(test, ThresholdTest):
                if old.threshold(test.threshold).value != new.threshold(test.threshold).value:
                    return False
            else:
                before, after = (one.told_in_of(test) for one in self._hierarchies)
                if before != after:
                    return False
        return True

    def _change(self, rule: Rule, heirs: tuple[Rule, ...], says: tuple[str, ...]) -> Change:
        """Return what the change of a rule does, over all substances and both ways."""
        about = About.RULE, rule.id, says
        if any(heir.pack != rule.pack for heir in heirs):
            return Change(Verdict.UNDECIDED, *about)
        try:
            found = self._loser(self.comparison.forward, rule, heirs)
            if found is not None:
                return Change(Verdict.WEAKENS, *about, shown=self.comparison.shown(found))
            gained = [
                self._loser(self.comparison.backward, heir, self._ancestors(heir)) for heir in heirs
            ]
        except TooManyError:
            return Change(Verdict.UNDECIDED, *about)
        patients = [patient for patient in gained if patient is not None]
        if patients:
            return Change(Verdict.STRENGTHENS, *about, shown=self.comparison.shown(patients[0]))
        return Change(Verdict.EQUIVALENT, *about)

    def _ancestors(self, heir: Rule) -> tuple[Rule, ...]:
        return tuple(map(self.comparison.old.rule, self.comparison.ancestors[heir.id]))

    def _loser(self, search: Search, rule: Rule, heirs: tuple[Rule, ...]) -> Patient | None:
        """Return the smallest patient, over all substances, who loses a rule."""
        found: list[Patient] = []
        before, after = self.comparison.before, self.comparison.after
        if search is self.comparison.backward:
            before, after = after, before
        for substance in self.comparison.covered:
            if rule.id not in before[substance]:
                continue
            here = [heir for heir in heirs if heir.id in after[substance]]
            if rule.when is not None:
                patient = search.loser(substance, rule, here)
                found += [patient] if patient is not None else []
            elif all(heir.when is not None for heir in here):
                found.append(self.comparison.plain(substance))
        if not found and _is_of_all(rule) and not any(map(_is_of_all, heirs)):
            found.append(self.comparison.nobody)
        return min(found, key=lambda patient: patient.size, default=None)


def _renamed(change: Change, rule: Rule, heirs: tuple[Rule, ...]) -> Change:
    """Return a change that says so, if nothing but the id of a rule is another."""
    if len(change.edits) > 1 or any(
        one.id == rule.id or not says_the_same(rule, one) for one in heirs
    ):
        return change
    they = "it says" if len(heirs) == 1 else "they say"
    return evolve(change, edits=(f"{change.edits[0]}; {they} the same to the same patients",))


def _is_of_all(rule: Rule) -> bool:
    """Whether a rule is a caveat that stands in every report, whatever is taken."""
    return rule.when is None and EVERY in rule.applies_to
