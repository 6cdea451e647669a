"""`assess` and `recognise`: the one place that composes the layers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from msrisk.errors import Problem, RuleSetWithdrawnError
from msrisk.evaluation import evaluate
from msrisk.loading import load_ruleset
from msrisk.model.concepts import Recognition
from msrisk.model.profile import Entry, PatientProfile, Supplement
from msrisk.model.results import Report
from msrisk.model.rules import Policy, RuleSet
from msrisk.recognition import recognise_entry, recognise_profile

__all__ = ["assess", "default_ruleset", "recognise"]


@cache
def default_ruleset() -> RuleSet:
    """Return the rule set that ships with the package, loaded once.

    In an installed package it lies inside the package, in a checkout beside it.
    """
    package = Path(__file__).parent
    shipped = package / "rules"
    return load_ruleset(shipped if shipped.is_dir() else package.parent / "rules")


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
        RuleSetWithdrawnError: if the rule set must no longer answer.
        PolicyError: if the policy changes what it may not change.
        ConceptError: if the rule set does not have one of the packs.

    """
    rules = default_ruleset() if ruleset is None else ruleset
    if rules.withdrawn:
        expected = f"a rule set that was not withdrawn (on {rules.withdrawn.on})"
        raise RuleSetWithdrawnError([Problem("rule set", expected, rules.withdrawn.reason)])
    if packs is not None:
        rules = rules.only(packs)
    if policy is not None:
        rules = rules.under(policy)
    return evaluate(recognise_profile(profile, rules), rules, policy)


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
    rules = default_ruleset() if ruleset is None else ruleset
    if isinstance(text_or_entry, str):
        supplement = kind == "supplement"
        text_or_entry_ = Supplement(text_or_entry) if supplement else Entry(text_or_entry)
        return recognise_entry(text_or_entry_, kind, rules)
    return recognise_entry(text_or_entry, kind, rules)
