"""Decides whether the patient has MS, as far as the record says."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from msrisk.evaluation.deciding import Decider
from msrisk.evaluation.planning import plan_of
from msrisk.fhir.concepts import all_named
from msrisk.keeping import facts_of_profile, recognition_of
from msrisk.model.conditions import HasCondition
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import NONE_REPORTED, Entries, Entry, PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth

__all__ = ["has_ms"]

_MS: Final = "multiple-sclerosis"
# Medicines that are approved for MS, most of them for nothing else, by the ids of the vocabulary.
# Rituximab, azathioprine and others that are used for it without that are not among them: most
# who take these have another illness, which a list of conditions that came whole tells. Where it
# did not come whole, MS counts as present anyway, whatever is taken.
_TREATMENTS: Final = frozenset(
    [
        "alemtuzumab",
        "cladribine",
        "daclizumab",
        "dimethyl-fumarate",
        "diroximel-fumarate",
        "fampridine",
        "fingolimod",
        "glatiramer",
        "interferon-beta",
        "interferon-beta-1a",
        "interferon-beta-1b",
        "mitoxantrone",
        "monomethyl-fumarate",
        "natalizumab",
        "ocrelizumab",
        "ofatumumab",
        "ozanimod",
        "peginterferon-beta-1a",
        "ponesimod",
        "sampeginterferon-beta-1a",
        "siponimod",
        "tegomil-fumarate",
        "teriflunomide",
        "ublituximab",
    ]
)


def has_ms(profile: PatientProfile, ruleset: RuleSet, *, whole: bool) -> Truth:
    """Return whether the patient has MS; unknown where it is neither said nor ruled out.

    A medicine that MS is treated with makes it possible, whatever the conditions say.

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
    told_so = Decider(facts, ruleset, substance).truth(HasCondition(_MS))
    if told_so is Truth.FALSE and _is_treated(profile, ruleset):
        return Truth.UNKNOWN
    return told_so


def _is_treated(profile: PatientProfile, ruleset: RuleSet) -> bool:
    """Return whether a medicine that MS is treated with is or may be told of."""
    told = profile.medications
    items = told.items if isinstance(told, Entries) else ()
    plain = (Entry(one.text, one.codes) for one in items)
    read = (recognition_of(one, "medication", ruleset) for one in plain)
    return any(all_named(one) & _TREATMENTS for one in read)
