"""What became of each name, word and code of the vocabulary, and what that does to patients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msrisk.diff.changes import Change, Verdict
from msrisk.diff.effects import Judge, Judged, gravity, reworded
from msrisk.diff.grammar import Words
from msrisk.diff.meanings import Readings
from msrisk.diff.rules import Rules
from msrisk.search.pair import ChangedName, RuleSetPair, Seen

__all__ = ["Names"]

_HOME: Final = ("medications", "conditions", "allergies", "symptoms", "supplements")

_Group = tuple[str, str, *tuple[object, ...]]
"""What changes are told together: what about, which one, and all else that must be the same."""


class Names:
    """The names, words and codes that two rule sets read differently."""

    def __init__(self, pair: RuleSetPair, rules: Rules) -> None:
        self.pair = pair
        self.rules = rules
        self.readings = Readings(pair)
        self.alike = rules.forward.alike
        self.judge = Judge(pair, rules)

    def changes(self) -> Iterator[Change]:
        """Yield what became of the vocabulary, by what the names stand for."""
        words = [one for one in self.pair.changed if not _is_name(one)]
        yield from Words(self.pair, self.judge, self.alike).changes(words)
        groups: dict[_Group, list[tuple[ChangedName, Judged]]] = {}
        for (about, id_, _), (one, judged) in self._worst().items():
            group: _Group = about, id_, (id(one.old), id(one.new))
            if cause := self.readings.cause(one):
                group = "class", ", ".join(cause), cause
            group = (*group, judged.verdict, judged.reviewed)
            groups.setdefault(group, []).append((one, judged))
        shown: set[Seen] = set()
        for (about, id_, *_), changed in groups.items():
            one, judged = min(changed, key=self._gravest)
            key = self.pair.key(judged.entry)
            new = judged.verdict is Verdict.WEAKENS or key not in shown
            shown.add(key)
            patient = self.judge.shown(judged, self.pair.entry_of(one)) if new else None
            says = tuple(self._says(about, id_, one))
            names = tuple(dict.fromkeys(each.name for each, _ in changed))
            yield Change(judged.verdict, about, id_, says, names, judged.reviewed, patient)

    def _gravest(self, one: tuple[ChangedName, Judged]) -> tuple[object, ...]:
        """Return what orders names, the gravest first, and of these where they are at home."""
        changed, judged = one
        verdict, harm = gravity(judged)
        named = {id_ for each in (changed.old, changed.new) if each for id_ in each.named}
        away = not named.isdisjoint(self.rules.covered) and changed.field != "supplements"
        return verdict, not judged.reviewed, harm[:1], away, harm, _HOME.index(changed.field)

    def _worst(self) -> dict[tuple[str, str, str], tuple[ChangedName, Judged]]:
        """Return what became of each name or code: of several fields, where it is worst."""
        worst: dict[tuple[str, str, str], tuple[ChangedName, Judged]] = {}
        for one in filter(_is_name, self.pair.changed):
            judged = self.judge.of(self.alike.of(one))
            if self.pair.unchanged_for_rules(judged.entry):
                # What no rule sees, the words of a finding may still tell.
                judged = reworded(self.pair.entry_of(one))
            named = "code" if one.system else "name", _id(one), one.name
            worst[named] = min(worst.get(named, (one, judged)), (one, judged), key=self._gravest)
        return worst

    def _says(self, about: str, id_: str, changed: ChangedName) -> Iterator[str]:
        if about == "class":
            for cause in self.readings.cause(changed):
                yield from self.readings.edits(cause)
        else:
            yield from self.readings.of(self.pair.entry_of(changed))
            yield from self.readings.sources(id_)


def _is_name(changed: ChangedName) -> bool:
    """Whether it names something under both rule sets, as far as they have it."""
    return all(one.is_name for one in (changed.old, changed.new) if one is not None)


def _id(changed: ChangedName) -> str:
    meaning = changed.new or changed.old
    if meaning is None:
        raise AssertionError(changed)
    return ", ".join(meaning.named) or meaning.name
