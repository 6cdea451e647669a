"""Finds the entries that name what the patient denied by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msrisk.model.facts import Denied, Fact, Facts
from msrisk.model.hierarchy import Hierarchy

__all__ = ["Denials"]


class Denials:
    """What a patient denied by name, and everything below it, with the names that were denied."""

    def __init__(self, facts: Facts, hierarchy: Hierarchy) -> None:
        nos = [one for one in facts.denied if one.settles]
        # An allergen may have the id of a substance, which is taken and no allergy.
        allergens = [one for one in nos if one.concept in hierarchy.allergens]
        others = [one for one in nos if one.concept not in hierarchy.allergens]
        self._allergens = _below(allergens, hierarchy)
        self._others = _below(others, hierarchy)

    def told_by(self, fact: Fact) -> tuple[str, ...]:
        """Return the names of what was denied and an entry certainly or possibly tells.

        What its words leave open and do not name contradicts nothing.
        """
        told = fact.recognition
        allergens = told.allergens | (told.may_be_allergens - told.unnamed)
        return tuple(
            sorted(
                _names(self._allergens, allergens)
                | _names(self._others, told.concepts | told.may_be)
            )
        )


def _below(nos: Iterable[Denied], hierarchy: Hierarchy) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in nos:
        for id_ in hierarchy.down([one.concept]):
            found.setdefault(id_, set()).add(one.name)
    return found


def _names(denied: Mapping[str, set[str]], told: frozenset[str]) -> set[str]:
    return {name for id_ in told & denied.keys() for name in denied[id_]}
