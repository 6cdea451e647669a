"""What the tests of lists say of each sort of entry, each looked up once for all rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msrisk.deciding import Decider
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.truth import Truth
from msrisk.search.pair import Both, Probe
from msrisk.search.patient import State
from msrisk.search.same_reading import Alike

__all__ = ["Hits"]


class Hits:
    """What tests of lists say of patients of whom a single entry is told."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.alike = Alike(both)
        self._rulesets = (both.old, both.new)
        self._deciders: dict[tuple[int, str, Probe], Decider] = {}
        self._found: dict[tuple[int, Condition, str, str, bool], Mapping[Probe, Truth]] = {}

    def of(
        self, side: int, test: Condition, substance: str, field: str, *, changed: bool = False
    ) -> Mapping[Probe, Truth]:
        """Return the entries of a field, one of each sort, of which a test is not false.

        Args:
            side: the old rules (0) or the new ones (1).
            test: a test of a list.
            substance: the substance that is assessed.
            field: a list field.
            changed: whether to look at names that the rule sets read differently instead.

        """
        about = _about(test, substance)
        # Where the names are the same, so is what tests of them say.
        side = 0 if self.both.same_words else side
        key = side, test, about, field, changed
        if key not in self._found:
            self._found[key] = {
                probe: truth
                for probe in self._probes(field, changed)
                if (truth := self.truth(side, test, about, probe)) is not Truth.FALSE
            }
        return self._found[key]

    def truth(self, side: int, test: Condition, substance: str, probe: Probe) -> Truth:
        """Return what a test of a list says of an entry."""
        key = side, _about(test, substance), probe
        if key not in self._deciders:
            state = State((probe,))
            facts = state.facts(state.profile(), side)
            self._deciders[key] = Decider(facts, self._rulesets[side], key[1])
        return self._deciders[key].leaf(test).truth

    def _probes(self, field: str, changed: bool) -> Sequence[Probe]:
        return self.alike.changed_sorts(field) if changed else self.both.sorts(field)


def _about(test: Condition, substance: str) -> str:
    """Return the substance if what a test of a list says depends on it."""
    return substance if isinstance(test, node.TakesOtherSupplement) else ""
