"""Defines `assess` and `recognise`, which call all other layers in their order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from msrisk.compiled import shipped_ruleset
from msrisk.errors import ConceptError, Problem, RuleSetWithdrawnError
from msrisk.evaluation import answer
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import patient_of_profile
from msrisk.model.checks import kind_of
from msrisk.model.concepts import Recognition
from msrisk.model.profile import Entry, PatientProfile, Supplement
from msrisk.model.results import Report
from msrisk.model.rules import Policy, RuleSet
from msrisk.recognition import recognise_entry

__all__ = ["assess", "default_ruleset", "recognise", "rules_to_use", "shipped_rules"]


@cache
def default_ruleset() -> RuleSet:
    """Return the rule set that ships with the package, loaded once."""
    return shipped_ruleset(shipped_rules())


def shipped_rules() -> Path:
    """Return the folder of the rule set that ships with the package.

    In an installed package it lies inside the package, in a checkout beside it.
    """
    package = Path(__file__).parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def assess(
    profile: PatientProfile,
    *,
    ruleset: RuleSet | None = None,
    policy: Policy | None = None,
    packs: Iterable[str] | None = None,
) -> Report:
    """Return everything that the rules say before this patient takes these supplements.

    Args:
        profile: the patient.
        ruleset: the rules; those that ship with the package if None.
        policy: a caller's own numbers in place of msrisk's.
        packs: ids of the rule packs to use; all that the rule set has if None.

    Raises:
        ProfileError: if a name in `denied` is not known or may mean several things.
        RuleSetWithdrawnError: if the rule set must no longer answer.
        PolicyError: if the policy changes what it may not change.
        ConceptError: if the rule set does not have one of the packs, or an argument is
            not what it should be.

    """
    _need(profile, PatientProfile, "profile", "a PatientProfile (from_dict reads a document)")
    rules = rules_to_use(ruleset, packs, policy)
    return answer(patient_of_profile(profile, plan_of(rules)), policy)


def rules_to_use(
    ruleset: RuleSet | None, packs: Iterable[str] | None, policy: Policy | None = None
) -> RuleSet:
    """Return the rules that answer; see `assess` for the arguments and what is raised."""
    rules = _rules(ruleset)
    if rules.withdrawn:
        expected = f"a rule set that was not withdrawn (on {rules.withdrawn.on})"
        raise RuleSetWithdrawnError([Problem("rule set", expected, rules.withdrawn.reason)])
    if packs is not None or policy is not None:
        rules = _kind_of(rules, None if packs is None else frozenset(packs), policy)
    return rules


@lru_cache(maxsize=16)
def _kind_of(rules: RuleSet, packs: frozenset[str] | None, policy: Policy | None) -> RuleSet:
    """Return a rule set with some of its packs, under a policy; the same one when asked again.

    What is made once of a rule set, and kept of entries that it read, holds for these too.
    """
    chosen = rules if packs is None else rules.only(packs)
    return chosen if policy is None else chosen.under(policy)


def recognise(
    text_or_entry: str | Entry, kind: str, *, ruleset: RuleSet | None = None
) -> Recognition:
    """Return what an entry certainly is and what else it may be.

    Args:
        text_or_entry: what was typed, or an entry with codes.
        kind: "medication", "condition", "allergy", "symptom" or "supplement".
        ruleset: whose vocabulary to use; that of the shipped rules if None.

    Raises:
        ConceptError: if there is no such kind.
        ProfileError: if the text is blank or holds characters that cannot be seen.

    """
    rules = _rules(ruleset)
    if isinstance(text_or_entry, str):
        supplement = kind == "supplement"
        text_or_entry_ = Supplement(text_or_entry) if supplement else Entry(text_or_entry)
        return recognise_entry(text_or_entry_, kind, rules, every_dose=True)
    _need(text_or_entry, Entry, "entry", "text, or an Entry")
    return recognise_entry(text_or_entry, kind, rules, every_dose=True)


def _rules(ruleset: RuleSet | None) -> RuleSet:
    if ruleset is None:
        return default_ruleset()
    _need(ruleset, RuleSet, "ruleset", "a RuleSet (RuleSet.load reads a directory)")
    return ruleset


def _need(value: object, type_: type, where: str, expected: str) -> None:
    if not isinstance(value, type_):
        raise ConceptError([Problem(where, expected, kind_of(value))])
