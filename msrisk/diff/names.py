"""Judges what became of each name and code of the vocabulary.

Implements *Names are compared one by one*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.comparison import Comparison
from msrisk.diff.effects import Effect, Effects, gravity
from msrisk.diff.grammar import Grammar
from msrisk.diff.meanings import Meanings
from msrisk.search.pair import ChangedName, Seen

__all__ = ["Names"]

_HOME: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")

_Group = tuple[About, str, *tuple[object, ...]]
"""The key by which names are grouped into one change: what it is about, which one, and why."""


class Names:
    """The names, words and codes that two rule sets read differently."""

    def __init__(self, comparison: Comparison) -> None:
        self.pair = comparison.pair
        self.covered = comparison.covered
        self.meanings = Meanings(self.pair)
        self.alike = comparison.forward.alike
        self.effects = Effects(comparison)

    def changes(self) -> Iterator[Change]:
        """Yield what became of the vocabulary, by what the names stand for."""
        words = [one for one in self.pair.changed if not _is_name(one)]
        yield from Grammar(self.pair, self.effects, self.alike).changes(words)
        groups: dict[_Group, list[tuple[ChangedName, Effect]]] = {}
        for (about, id_, _), (one, effect) in self._worst().items():
            group: _Group = about, id_, (id(one.old), id(one.new))
            if cause := self.meanings.cause(one):
                group = About.CLASS, ", ".join(cause), cause
            group = (*group, effect.verdict, effect.reviewed)
            groups.setdefault(group, []).append((one, effect))
        shown: set[Seen] = set()
        for (about, id_, *_), changed in groups.items():
            one, effect = min(changed, key=self._gravest)
            key = self.pair.seen(effect.entry)
            new = effect.verdict is Verdict.WEAKENS or key not in shown
            shown.add(key)
            patient = self.effects.shown(effect, self.pair.entry_of(one)) if new else None
            names = tuple(dict.fromkeys(each.name for each, _ in changed))
            change = Change(effect.verdict, about, id_, (), names, effect.reviewed, patient)
            yield self._worded(change, one)

    def _gravest(self, one: tuple[ChangedName, Effect]) -> tuple[object, ...]:
        """Return the key that sorts names: the gravest first, then those in their own list."""
        changed, effect = one
        verdict, severity = gravity(effect)
        named = {id_ for each in (changed.old, changed.new) if each for id_ in each.named}
        away = not named.isdisjoint(self.covered) and changed.field != "supplements"
        home = _HOME.index(changed.field)
        return verdict, not effect.reviewed, severity[:1], away, severity, home

    def _worst(self) -> dict[tuple[About, str, str], tuple[ChangedName, Effect]]:
        """Return what became of each name or code, in the field where it is worst."""
        worst: dict[tuple[About, str, str], tuple[ChangedName, Effect]] = {}
        for one in filter(_is_name, self.pair.changed):
            effect = self.effects.of(self.alike.of(one))
            if self.pair.unchanged_for_rules(effect.entry):
                # No rule sees the change, but the words of a finding may still tell it.
                effect = self.effects.reworded(self.pair.entry_of(one))
            named = About.CODE if one.system else About.NAME, _id(one), one.name
            worst[named] = min(worst.get(named, (one, effect)), (one, effect), key=self._gravest)
        return worst

    def _worded(self, change: Change, changed: ChangedName) -> Change:
        """Return a change with what is said of one of its names."""
        if change.about is About.CLASS:
            causes = self.meanings.cause(changed)
            return evolve(
                change, edits=tuple(edit for id_ in causes for edit in self.meanings.edits(id_))
            )
        entry = self.pair.entry_of(changed)
        before, now = self.meanings.of(entry)
        lost, source = tuple(self.meanings.lost(entry)), self.meanings.source(change.id)
        return evolve(change, edits=lost, before=before, now=now, source=source)


def _is_name(changed: ChangedName) -> bool:
    """Whether it names something under both rule sets, as far as they have it."""
    return all(one.is_name for one in (changed.old, changed.new) if one is not None)


def _id(changed: ChangedName) -> str:
    meaning = changed.new or changed.old
    if meaning is None:
        raise AssertionError(changed)
    return ", ".join(meaning.named) or meaning.name
