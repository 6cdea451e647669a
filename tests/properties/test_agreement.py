"""The evaluator agrees with a second one, written apart from it, on everything it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_profile
from msrisk.testing import profiles, rule_sets

from .agreeing import assert_agree

pytestmark = pytest.mark.slow


@given(st.data())
def test_both_evaluators_agree_on_profiles_and_made_up_rules(data: st.DataObject) -> None:
    """Any profile as recognised, any rules: the same answer."""
    ruleset = data.draw(rule_sets())
    profile = data.draw(profiles(ruleset))
    assert_agree(recognise_profile(profile, ruleset), ruleset)


@given(profiles())
def test_both_evaluators_agree_on_profiles_and_the_shipped_rules(profile: PatientProfile) -> None:
    """Any profile as recognised, the shipped rules: the same answer."""
    shipped = RuleSet.default()
    assert_agree(recognise_profile(profile, shipped), shipped)
