"""What became of each word of grammar: as far as a few entries can show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.diff.changes import Change, Verdict
from msrisk.diff.effects import Judge, Judged, gravity
from msrisk.model.concepts import WordKind
from msrisk.recognition.meaning import Meaning
from msrisk.search.pair import Both, Changed, Probe
from msrisk.search.same_reading import Alike

__all__ = ["Words"]

_ORDER = list(Verdict)


class Words:
    """The words of grammar that two rule sets read differently."""

    def __init__(self, both: Both, judge: Judge, alike: Alike) -> None:
        self.both = both
        self.judge = judge
        self.alike = alike

    def changes(self, words: Iterable[Changed]) -> Iterator[Change]:
        """Yield what became of words; those of which the same is to be said, together."""
        groups: dict[tuple[str, Verdict], dict[Changed, tuple[str, Judged]]] = {}
        for one in words:
            text, worst = self._worst(one)
            group = _says(one), self._verdict(one, worst)
            groups.setdefault(group, {})[one] = text, worst
        for (says, verdict), found in groups.items():
            # The patient who loses most.
            first = min(found, key=lambda one: gravity(found[one][1]))
            text, worst = found[first]
            shown = self.judge.shown(worst, self.both.named(first.field, text))
            names = tuple(one.name for one in found)
            yield Change(verdict, "word", first.name, (says,), names, shown=shown)

    def _worst(self, changed: Changed) -> tuple[str, Judged]:
        """Return the entry that holds a word and loses most, and what is lost."""
        found = [
            (text, self.judge.of(self.alike.named(changed.field, text)))
            for text in self._beside_names(changed)
        ]
        return min(found, key=lambda one: _ORDER.index(one[1].verdict))

    def _verdict(self, changed: Changed, worst: Judged) -> Verdict:
        # What "no drug allergies" leaves open, these words alone tell.
        kinds = {one.word if one else None for one in (changed.old, changed.new)}
        if worst.state is not None or kinds == {WordKind.NO_DRUG_ALLERGY}:
            return worst.verdict
        # A few entries can show a loss; that there is none they cannot show.
        old = changed.old
        removed = changed.new is None and old is not None and old.word is WordKind.FILLER
        return Verdict.STRENGTHENS if removed else Verdict.UNDECIDED

    def _beside_names(self, changed: Changed) -> Iterator[str]:
        """Yield entries that hold a word: alone, before a name, and behind it."""
        yield changed.name
        for probe in self._certain(changed.field):
            name = probe.entry.text
            yield f"{name} {changed.name}"
            yield f"{changed.name} {name}"

    def _certain(self, field: str) -> Iterable[Probe]:
        """Return names that are known for certain, those of which rules speak first."""
        sure = [
            probe
            for probe in self.both.sorts(field)
            if probe.old.recognition.status == "recognised" and probe.old.recognition.says
        ]
        return sorted(sure, key=lambda probe: not probe.old.recognition.concepts)[:4]


def _says(changed: Changed) -> str:
    return f"it was {_kind(changed.old)}, and is {_kind(changed.new)}, in {changed.field}"


def _kind(meaning: Meaning | None) -> str:
    if meaning is None:
        return "not known"
    if meaning.word is None:
        return f"a name of {meaning.name}"
    return (
        f"a word of the kind {meaning.word.value}{f' ({meaning.route})' if meaning.route else ''}"
    )
