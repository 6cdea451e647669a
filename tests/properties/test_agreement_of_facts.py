"""Both evaluators agree on facts made by hand, whatever an entry tells in whichever list."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from msrisk.model import conditions as c
from msrisk.model.rules import Kind, Policy, RuleSet
from msrisk.testing import rule_sets

from .agreeing import assert_agree
from .strategies import facts

pytestmark = pytest.mark.slow

POLICY = Policy({"some-years": 30, "some-weight": 70}, allow_weaker=True)

# Each test that reads the lists, over the made-up world; veritane is an allergen as well.
TESTS: dict[str, c.Condition] = {
    "takes": c.Takes("red-medicine"),
    "takes any medication": c.TakesAnyMedication(),
    "takes a supplement": c.TakesSupplement("veritane"),
    "takes a supplement that is not covered": c.TakesSupplement("mineral"),
    "takes another supplement": c.TakesOtherSupplement(),
    "has a condition": c.HasCondition("gorfitis"),
    "has a topic": c.HasCondition("expecting"),
    "has a condition beyond": c.HasConditionBeyond(("gorfitis",)),
    "is allergic": c.AllergicTo("nutwort"),
    "is allergic to a substance": c.AllergicTo("veritane"),
    "reports a symptom": c.ReportsSymptom("wheeze"),
    "reports a symptom beyond": c.ReportsSymptomBeyond(("wheeze",)),
    "takes much": c.DailyDoseAbove("much-a-day"),
    "has taken much": c.DailyDoseTakenAbove("much-a-day"),
    "takes little": c.DailyDoseBelow("little-a-day"),
    "takes rarely": c.DosesPerDayBelow("often-a-day"),
    "has started": c.Taking(),
}


@given(st.data())
def test_both_evaluators_agree_on_made_up_facts_and_rules(data: st.DataObject) -> None:
    """Any facts, any rules: the same answer."""
    ruleset = data.draw(rule_sets())
    told = data.draw(facts(ruleset))
    assert_agree(told, ruleset)
    assert_agree(told, ruleset.under(POLICY), POLICY)


@given(st.data())
def test_both_evaluators_agree_on_made_up_facts_and_the_shipped_rules(
    data: st.DataObject,
) -> None:
    """Any facts, the shipped rules: the same answer."""
    shipped = RuleSet.default()
    assert_agree(data.draw(facts(shipped)), shipped)


@pytest.mark.parametrize("when", TESTS.values(), ids=TESTS.keys())
@given(st.data())
def test_both_evaluators_agree_on_one_test_of_made_up_facts(
    when: c.Condition, data: st.DataObject
) -> None:
    """One rule with one test: a disagreement shows by itself."""
    ruleset = data.draw(rule_sets())
    scope, first = ruleset.rules[:2]
    alone = evolve(ruleset, rules=(scope, evolve(first, when=when, kind=Kind.CAUTION)), claims=())
    assert_agree(data.draw(facts(alone)), alone)
