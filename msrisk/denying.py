"""Answers of no by name → the entries that tell what was denied all the same."""

from __future__ import annotations

from msrisk.deciding import Hierarchy
from msrisk.model.facts import Denied, Fact, Facts

__all__ = ["contradicted_by"]


def contradicted_by(fact: Fact, facts: Facts, hierarchy: Hierarchy) -> tuple[str, ...]:
    """Return the names of what was denied and this entry certainly or possibly tells.

    What its words leave open and do not name contradicts nothing.
    """
    return tuple(sorted({one.name for one in facts.denied if _tells(fact, one, hierarchy)}))


def _tells(fact: Fact, denied: Denied, hierarchy: Hierarchy) -> bool:
    if not denied.settles:
        return False
    told = fact.recognition
    # An allergen may have the id of a substance, which is taken and no allergy.
    if denied.concept in hierarchy.allergens:
        named = told.allergens | (told.may_be_allergens - told.unnamed)
    else:
        named = told.concepts | told.may_be
    return not named.isdisjoint(hierarchy.down([denied.concept]))
