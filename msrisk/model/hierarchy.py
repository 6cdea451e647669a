"""Holds what is a case of what in a rule set, and which field may tell each thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from msrisk.model import conditions as node
from msrisk.model.concepts import Concept, ConceptKind, DrugClass, closure
from msrisk.model.conditions import Condition
from msrisk.model.made_once import made_once
from msrisk.model.rules import RuleSet, Substance

__all__ = ["Hierarchy", "hierarchy_of"]


@frozen
class Hierarchy:
    """What is a case of what, where each concept may be told, and its name."""

    names: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]
    told_in: Mapping[str, tuple[str, ...]]
    allergens_told_in: Mapping[str, tuple[str, ...]]
    medicines: frozenset[str]
    supplements: frozenset[str]
    conditions: frozenset[str]
    allergens: frozenset[str]
    symptoms: frozenset[str]
    substances: frozenset[str]

    def up(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the ids and everything above them."""
        return closure(ids, self.parents)

    def down(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the ids and everything below them."""
        return closure(ids, self.children)

    def line(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the ids and everything above or below one of them."""
        wanted = frozenset(ids)
        return self.up(wanted) | self.down(wanted)

    def substances_of(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the substances of the rules that the ids are, or are forms of."""
        found: frozenset[str] = frozenset()
        for id_ in ids:
            own = self.substances & {id_}
            found |= own or frozenset(self.most_specific(self.substances & self.up([id_])))
        return found

    def told_in_of(self, test: Condition) -> tuple[str, ...]:
        """Return the fields that a membership test wants answered; none for another test."""
        id_ = node.asked_for(test)
        if id_ is None:
            return ()
        told_in = self.allergens_told_in if isinstance(test, node.AllergicTo) else self.told_in
        return told_in[id_]

    def most_specific(self, ids: frozenset[str]) -> tuple[str, ...]:
        """Return, sorted, the ids that no other of them is a case of."""
        return tuple(sorted(a for a in ids if not any(a != b and a in self.up([b]) for b in ids)))


@made_once
def hierarchy_of(ruleset: RuleSet) -> Hierarchy:
    """Return the hierarchy of a rule set's concepts."""
    words = ruleset.vocabulary
    allergens = [c for c in words.concepts if c.kind is ConceptKind.ALLERGEN]
    others = [c for c in words.concepts if c.kind is not ConceptKind.ALLERGEN]
    parents: dict[str, tuple[str, ...]] = {drug.id: () for drug in words.drugs}
    # A substance and the allergen of that name share their id, so both may speak here.
    placed: tuple[DrugClass | Concept | Substance, ...] = (
        *words.drug_classes,
        *words.concepts,
        *ruleset.substances,
    )
    for one in placed:
        parents[one.id] = (*parents.get(one.id, ()), *one.within)
    children: dict[str, tuple[str, ...]] = {}
    for below, above in parents.items():
        for id_ in above:
            children[id_] = (*children.get(id_, ()), below)

    def of_kind(kind: ConceptKind) -> frozenset[str]:
        return frozenset(one.id for one in words.concepts if one.kind is kind)

    return Hierarchy(
        names={one.id: one.name for one in (*words.drugs, *placed)},
        parents=parents,
        children=children,
        told_in={
            **{one.id: ("medications",) for one in words.drug_classes},
            **{one.id: one.told_in for one in others},
            **{one.id: one.told_in for one in ruleset.substances},
        },
        allergens_told_in={one.id: one.told_in for one in allergens},
        # "Triptans" among the allergies are medicines as well, though none of them is named.
        medicines=frozenset(one.id for one in words.drugs).union(
            (one.id for one in words.drug_classes),
            (one.id for one in words.concepts if one.drug),
        ),
        supplements=of_kind(ConceptKind.SUPPLEMENT).union(one.id for one in ruleset.substances),
        conditions=of_kind(ConceptKind.CONDITION),
        allergens=of_kind(ConceptKind.ALLERGEN),
        symptoms=of_kind(ConceptKind.SYMPTOM),
        substances=frozenset(one.id for one in ruleset.substances),
    )
