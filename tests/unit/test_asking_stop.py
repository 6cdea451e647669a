"""When nothing more is asked: nothing open can bring a caution or raise what is said."""

from __future__ import annotations

from attrs import evolve

from msrisk.asking import Form, open_questions
from msrisk.model.profile import Entries, PatientProfile, Supplement
from msrisk.model.rules import RuleSet


def few(ruleset: RuleSet) -> RuleSet:
    """Return rules of which one asks of each of two supplements what only one has a caution for."""
    rules = {one.id: one for one in ruleset.rules}
    severe = evolve(
        rules["ala-severe-symptoms-dose"], id="other-severe", applies_to=("glutathione-precursor",)
    )
    caveats = tuple(one for one in ruleset.rules if one.when is None)
    return evolve(ruleset, rules=(*caveats, rules["ala-low-body-weight"], severe), claims=())


def keys(ruleset: RuleSet, *supplements: str) -> set[tuple[str, ...]]:
    profile = PatientProfile(
        supplements=Entries([Supplement(one) for one in supplements], complete=True),
        weight_kg=40,
    )
    return {one.key for one in open_questions(Form(profile), few(ruleset))}


def test_a_caution_on_one_supplement_hides_nothing_that_could_be_said_of_another(
    ruleset: RuleSet,
) -> None:
    severe = ("yes or no", "ms_symptoms_severe")
    assert severe in keys(ruleset, "NAC 600 mg once a day")
    both = keys(ruleset, "alpha lipoic acid 600 mg once a day", "NAC 600 mg once a day")
    assert severe in both


def test_what_cannot_raise_what_is_said_of_any_supplement_is_not_asked(ruleset: RuleSet) -> None:
    assert keys(ruleset, "alpha lipoic acid 600 mg once a day") == set()
