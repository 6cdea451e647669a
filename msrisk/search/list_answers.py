"""Looks up once what each list test answers about each sort of entry.

Implements *There are finitely many, up to what rules can see*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msrisk.evaluation.deciding import Decider
from msrisk.model import conditions as node
from msrisk.model.conditions import Condition
from msrisk.model.truth import Truth
from msrisk.search.pair import PairedEntry, RuleSetPair
from msrisk.search.patient import Patient
from msrisk.search.same_reading import SameReading

__all__ = ["ListAnswers"]


class ListAnswers:
    """For each list test and each entry: the answer about a patient with that entry alone."""

    def __init__(self, pair: RuleSetPair) -> None:
        self.pair = pair
        self.alike = SameReading(pair)
        self._rulesets = (pair.old, pair.new)
        self._deciders: dict[tuple[int, str, PairedEntry], Decider] = {}
        self._found: dict[tuple[int, Condition, str, str, bool], Mapping[PairedEntry, Truth]] = {}

    def of(
        self, side: int, test: Condition, substance: str, field: str, *, changed: bool = False
    ) -> Mapping[PairedEntry, Truth]:
        """Return one entry of each sort in a field for which a test is not false, with the answer.

        Args:
            side: the old rules (0) or the new ones (1).
            test: a test of a list.
            substance: the substance that is assessed.
            field: a list field.
            changed: whether to ask about the names that the rule sets read differently instead.

        """
        about = _about(test, substance)
        # If the names are the same, so are the answers about them.
        side = 0 if self.pair.same_words else side
        key = side, test, about, field, changed
        if key not in self._found:
            self._found[key] = {
                entry: truth
                for entry in self._entries(field, changed)
                if (truth := self.truth(side, test, about, entry)) is not Truth.FALSE
            }
        return self._found[key]

    def truth(self, side: int, test: Condition, substance: str, entry: PairedEntry) -> Truth:
        """Return the answer of a list test about an entry."""
        key = side, _about(test, substance), entry
        if key not in self._deciders:
            patient = Patient((entry,))
            facts = patient.facts(patient.profile(), side)
            self._deciders[key] = Decider(facts, self._rulesets[side], key[1])
        return self._deciders[key].leaf(test).truth

    def _entries(self, field: str, changed: bool) -> Sequence[PairedEntry]:
        return (
            self.alike.changed_representatives(field)
            if changed
            else self.pair.representatives(field)
        )


def _about(test: Condition, substance: str) -> str:
    """Return the substance if the answer of a list test depends on it."""
    return substance if isinstance(test, node.TakesOtherSupplement) else ""
