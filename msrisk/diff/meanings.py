"""Words what both rule sets take a name or code for, and why they differ.

Implements *Names are compared one by one*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import fields

from msrisk.model.concepts import ANYTHING, Concept, Drug, DrugClass, Recognition, closure
from msrisk.model.rules import RuleSet, Substance
from msrisk.rendering.words import listed
from msrisk.search.pair import ChangedName, PairedEntry, RuleSetPair

__all__ = ["Meanings"]

_Thing = Drug | DrugClass | Concept | Substance


class Meanings:
    """The names of two vocabularies, and what stands behind each."""

    def __init__(self, pair: RuleSetPair) -> None:
        self.pair = pair
        self._things = (_things(pair.old), _things(pair.new))

    def of(self, entry: PairedEntry) -> tuple[str, str]:
        """Return what an entry was taken for, and what it is taken for now."""
        before, now = entry.old.recognition, entry.new.recognition
        # Reasons for what did not change would hide what did.
        both = before.why.keys() & now.why.keys()
        kept = both if before.why.keys() != now.why.keys() else frozenset[str]()
        bare = before.why.keys() if kept else ()
        return self._reading(before, 0, bare), self._reading(now, 1, kept)

    def lost(self, entry: PairedEntry) -> Iterator[str]:
        """Yield what an entry no longer is."""
        before, now = entry.old.recognition, entry.new.recognition
        if before.named and now.named and before.named.isdisjoint(now.named):
            yield "it stands for something else now"
        gone = sorted(before.why.keys() - now.why.keys())
        if gone and now.name is not None:
            yield f"no longer counted as: {listed([self._name(id_, 0) for id_ in gone])}"

    def source(self, id_: str) -> str:
        """Return where the new vocabulary has its facts about something from, if it says so."""
        thing = self._things[1].get(id_)
        return thing.source if isinstance(thing, Drug | Concept) else ""

    def cause(self, changed: ChangedName) -> tuple[str, ...]:
        """Return the ids of the classes because of which alone a name is read differently.

        Nothing if the name itself, or the medicine that it stands for, was changed.
        """
        old, new = changed.old, changed.new
        if old is None or new is None or not old.named or old.named != new.named:
            return ()
        if any(map(self._is_other, old.named)):
            return ()
        above: set[str] = set()
        for side, meaning in zip(self.pair.sides, (old, new), strict=True):
            members = (one.id for one in meaning.members)
            ids = (*meaning.named, *members, *meaning.concepts, *meaning.possible)
            above |= closure(ids, side.lexicon.parents)
        return tuple(sorted(filter(self._differs, above)))

    def edits(self, id_: str) -> Iterator[str]:
        """Yield what was changed in a class, or in another thing of which others are cases."""
        old, new = (side.get(id_) for side in self._things)
        if old is None or new is None:
            yield f"{id_} {'was removed' if new is None else 'is new'}"
        else:
            for one in fields(type(new)):
                before, after = getattr(old, one.name, ()), getattr(new, one.name)
                if before != after and one.name == "within":
                    was, is_ = (", ".join(ids) or "nothing" for ids in (before, after))
                    yield f"{new.name} was within {was}, and is within {is_}"
                elif before != after:
                    yield f"the {one.name.replace('_', ' ')} of {new.name} changed"

    def _is_other(self, id_: str) -> bool:
        """Whether a medicine, or the names of anything else, were changed."""
        old, new = (side.get(id_) for side in self._things)
        if isinstance(old, DrugClass) and isinstance(new, DrugClass):
            return (old.name, old.names, old.atc) != (new.name, new.names, new.atc)
        if isinstance(old, Concept) and isinstance(new, Concept):
            return (old.name, old.names, old.codes) != (new.name, new.names, new.codes)
        return old != new

    def _differs(self, id_: str) -> bool:
        old, new = (side.get(id_) for side in self._things)
        return old != new

    def _name(self, id_: str, side: int) -> str:
        thing = self._things[side].get(id_)
        return thing.name if thing is not None else id_

    def _reading(self, told: Recognition, side: int, bare: Collection[str]) -> str:
        """Return what an entry is taken for, with the reasons except of what stays bare."""
        if told.name is None:
            return "not recognised, so it could be anything"
        classes = [
            f"{self._name(id_, side)} ({basis}: {why})"
            if id_ not in bare and why and basis != "named"
            else self._name(id_, side)
            for id_, (basis, why) in sorted(told.why.items())
        ]
        certain = ", ".join(classes) or "in none of the classes that rules speak of"
        if told.possible is ANYTHING:
            return f"{told.name}: {certain}; and perhaps anything else"
        if told.possible:
            perhaps = ", ".join(self._name(id_, side) for id_ in sorted(told.possible))
            return f"{told.name}: {certain}; perhaps {perhaps}"
        return f"{told.name}: {certain}"


def _things(ruleset: RuleSet) -> dict[str, _Thing]:
    vocabulary = ruleset.vocabulary
    told: tuple[_Thing, ...] = (
        *vocabulary.drugs,
        *vocabulary.drug_classes,
        *vocabulary.concepts,
        *ruleset.substances,
    )
    return {one.id: one for one in told}
