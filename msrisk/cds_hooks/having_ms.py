"""Decides whether the patient has MS, as far as the record says."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from msrisk.evaluation.deciding import Decider
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import facts_of_profile
from msrisk.model.conditions import HasCondition
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import NONE_REPORTED, Entries, PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth

__all__ = ["has_ms"]

_MS: Final = "multiple-sclerosis"


def has_ms(profile: PatientProfile, ruleset: RuleSet, *, whole: bool) -> Truth:
    """Return whether the patient has MS; unknown where it is neither said nor ruled out.

    Args:
        profile: what the record tells.
        ruleset: whose vocabulary is used.
        whole: whether the conditions came whole. Only then does it mean anything that none
            of them is MS.

    """
    if _MS not in hierarchy_of(ruleset).conditions:
        return Truth.UNKNOWN
    if whole:
        told = profile.conditions
        complete = Entries(told.items, complete=True) if isinstance(told, Entries) else told
        profile = evolve(profile, conditions=complete or NONE_REPORTED)
    # Which substance is asked about makes no difference to what illnesses there are.
    substance = ruleset.substances[0].id
    facts = facts_of_profile(profile, plan_of(ruleset))
    return Decider(facts, ruleset, substance).truth(HasCondition(_MS))
