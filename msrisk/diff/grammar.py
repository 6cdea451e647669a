"""What became of each word of grammar: as far as a few entries can show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import Change, Verdict
from msrisk.diff.effects import Judge, Judged, gravity
from msrisk.model.concepts import WordKind
from msrisk.recognition.meaning import Meaning
from msrisk.search.pair import ChangedName, PairedEntry, RuleSetPair
from msrisk.search.same_reading import Alike

__all__ = ["Words"]

_ORDER = list(Verdict)


class Words:
    """The words of grammar that two rule sets read differently."""

    def __init__(self, pair: RuleSetPair, judge: Judge, alike: Alike) -> None:
        self.pair = pair
        self.judge = judge
        self.alike = alike

    def changes(self, words: Iterable[ChangedName]) -> Iterator[Change]:
        """Yield what became of words; those of which the same is to be said, together."""
        groups: dict[tuple[str, Verdict], dict[ChangedName, tuple[str, Judged]]] = {}
        for one in words:
            text, worst = self._worst(one)
            group = _says(one), self._verdict(one, worst)
            groups.setdefault(group, {})[one] = text, worst
        for (says, verdict), found in groups.items():
            # The patient who loses most.
            first = min(found, key=lambda one: gravity(found[one][1]))
            text, worst = found[first]
            shown = self.judge.shown(worst, self.pair.named(first.field, text))
            names = tuple(one.name for one in found)
            yield Change(verdict, "word", first.name, (says,), names, shown=shown)

    def _worst(self, changed: ChangedName) -> tuple[str, Judged]:
        """Return the entry that holds a word and loses most, and what is lost."""
        found = [
            (text, self.judge.of(self.alike.named(changed.field, text)))
            for text in self._beside_names(changed)
        ]
        return min(found, key=lambda one: _ORDER.index(one[1].verdict))

    def _verdict(self, changed: ChangedName, worst: Judged) -> Verdict:
        # What "no drug allergies" leaves open, these words alone tell.
        kinds = {one.word if one else None for one in (changed.old, changed.new)}
        if worst.patient is not None or kinds == {WordKind.NO_DRUG_ALLERGY}:
            return worst.verdict
        # A few entries can show a loss; that there is none they cannot show.
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
        """Return names that are known for certain, those of which rules speak first."""
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
