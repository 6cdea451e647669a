"""Judges what became of each word of grammar, by a few entries that hold it.

Implements *Grammar*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import About, Change, Verdict
from msrisk.diff.effects import Effect, Effects, gravity
from msrisk.model.concepts import WordKind
from msrisk.recognition.meaning import Meaning
from msrisk.search.pair import ChangedName, PairedEntry, RuleSetPair
from msrisk.search.same_reading import SameReading

__all__ = ["Grammar"]

_ORDER = list(Verdict)


class Grammar:
    """The words of grammar that two rule sets read differently."""

    def __init__(self, pair: RuleSetPair, effects: Effects, alike: SameReading) -> None:
        self.pair = pair
        self.effects = effects
        self.alike = alike

    def changes(self, words: Iterable[ChangedName]) -> Iterator[Change]:
        """Yield what became of words, one change for all words that became the same."""
        groups: dict[tuple[str, Verdict], dict[ChangedName, tuple[str, Effect]]] = {}
        for one in words:
            text, worst = self._worst(one)
            group = _says(one), self._verdict(one, worst)
            groups.setdefault(group, {})[one] = text, worst
        for (says, verdict), found in groups.items():
            # The patient who loses most.
            first = min(found, key=lambda one: gravity(found[one][1]))
            text, worst = found[first]
            shown = self.effects.shown(worst, self.pair.named(first.field, text))
            names = tuple(one.name for one in found)
            yield Change(verdict, About.WORD, first.name, (says,), names, shown=shown)

    def _worst(self, changed: ChangedName) -> tuple[str, Effect]:
        """Return the entry that holds a word and loses most, and what is lost."""
        found = [
            (text, self.effects.of(self.alike.named(changed.field, text)))
            for text in self._beside_names(changed)
        ]
        return min(found, key=lambda one: _ORDER.index(one[1].verdict))

    def _verdict(self, changed: ChangedName, worst: Effect) -> Verdict:
        # "No drug allergies" leaves something open by itself, without a name beside it.
        kinds = {one.word if one else None for one in (changed.old, changed.new)}
        if worst.patient is not None or kinds == {WordKind.NO_DRUG_ALLERGY}:
            return worst.verdict
        # A few entries can show that somebody loses something, but not that nobody does.
        old = changed.old
        removed = changed.new is None and old is not None and old.word is WordKind.FILLER
        return Verdict.STRENGTHENS if removed else Verdict.UNDECIDED

    def _beside_names(self, changed: ChangedName) -> Iterator[str]:
        """Yield entries that hold a word: alone, before a name, and behind it."""
        yield changed.name
        for entry in self._certain(changed.field):
            name = entry.typed.text
            yield f"{name} {changed.name}"
            yield f"{changed.name} {name}"

    def _certain(self, field: str) -> Iterable[PairedEntry]:
        """Return a few names that are known for certain, first those that rules test."""
        sure = [
            entry
            for entry in self.pair.representatives(field)
            if entry.old.recognition.status == "recognised" and entry.old.recognition.says
        ]
        return sorted(sure, key=lambda entry: not entry.old.recognition.concepts)[:4]


def _says(changed: ChangedName) -> str:
    return f"it was {_kind(changed.old)}, and is {_kind(changed.new)}, in {changed.field}"


def _kind(meaning: Meaning | None) -> str:
    if meaning is None:
        return "not known"
    if meaning.word is None:
        return f"a name of {meaning.name}"
    return (
        f"a word of the kind {meaning.word.value}{f' ({meaning.route})' if meaning.route else ''}"
    )
