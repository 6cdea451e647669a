"""What a patient says of all tests at once is what each test says by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.evaluation.deciding import Decider
from msrisk.evaluation.patients import Asked, patient_of
from msrisk.evaluation.planning import holds, plan_of
from msrisk.model.facts import Facts
from msrisk.model.rules import RuleSet
from msrisk.model.truth import Truth
from msrisk.testing import rule_sets

from .strategies import facts

pytestmark = pytest.mark.slow


def assert_as_by_itself(told: Facts, ruleset: RuleSet) -> None:
    plan = plan_of(ruleset)
    patient = patient_of(told, plan)
    for substance, of in plan.substances.items():
        decider, asked = Decider(told, ruleset, substance), Asked(patient, of)
        for one in of.planned:
            assert one.rule.when is not None
            truth = decider.truth(one.rule.when)
            assert holds(one.tree, asked.true) is (truth is Truth.TRUE)
            assert holds(one.tree, asked.may) is (truth is not Truth.FALSE)


@given(st.data())
def test_made_up_rules_say_the_same_of_a_patient_one_by_one_and_together(
    data: st.DataObject,
) -> None:
    """Any facts, any rules: the same truth."""
    ruleset = data.draw(rule_sets())
    assert_as_by_itself(data.draw(facts(ruleset)), ruleset)


@given(st.data())
def test_the_shipped_rules_say_the_same_of_a_patient_one_by_one_and_together(
    data: st.DataObject,
) -> None:
    """Any facts, the shipped rules: the same truth."""
    shipped = RuleSet.default()
    assert_as_by_itself(data.draw(facts(shipped)), shipped)
