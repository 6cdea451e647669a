"""The strategies reach what they are for: a law over examples that never occur is no law.

Every test looks at examples until it has seen everything, and fails if that takes too many:
a strategy, not the code under test, has become too narrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from attrs import evolve, fields
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from msrisk.evaluation import evaluate
from msrisk.model import conditions as c
from msrisk.model.concepts import ANYTHING
from msrisk.model.facts import Facts
from msrisk.model.profile import FIELDS, LIST_FIELDS, NONE_REPORTED, NUMBER_FIELDS, Entries
from msrisk.model.quantities import Unit
from msrisk.model.results import Level
from msrisk.model.rules import Kind, RuleSet
from msrisk.recognition import recognise_profile
from msrisk.testing import profiles, rule_sets

from .oracle_leaves import leaf_outcomes
from .strategies import facts

EVERY_NODE = {
    c.Takes,
    c.TakesAnyMedication,
    c.TakesSupplement,
    c.TakesOtherSupplement,
    c.HasCondition,
    c.HasConditionBeyond,
    c.AllergicTo,
    c.ReportsSymptom,
    c.ReportsSymptomBeyond,
    c.AgeAtLeast,
    c.AgeBelow,
    c.WeightBelow,
    c.DailyDoseAbove,
    c.DailyDoseTakenAbove,
    c.DailyDoseBelow,
    c.DosesPerDayBelow,
    c.Taking,
    c.States,
    c.All,
    c.Any,
}

# One of each kind, over the made-up world.
LEAVES = (
    c.Takes("red-medicine"),
    c.TakesAnyMedication(),
    c.TakesSupplement("veritane"),
    c.TakesOtherSupplement(),
    c.HasCondition("gorfitis"),
    c.HasConditionBeyond(("gorfitis",)),
    c.AllergicTo("nutwort"),
    c.ReportsSymptom("wheeze"),
    c.ReportsSymptomBeyond(("wheeze",)),
    c.AgeAtLeast("some-years"),
    c.AgeBelow("some-years"),
    c.WeightBelow("some-weight"),
    c.DailyDoseAbove("much-a-day"),
    c.DailyDoseTakenAbove("much-a-day"),
    c.DailyDoseBelow("little-a-day"),
    c.DosesPerDayBelow("often-a-day"),
    c.Taking(),
    c.States("ms_symptoms_severe"),
)


def missed(
    wanted: set[object], see: Callable[[st.DataObject, Counter[object]], None], *, most: int
) -> set[object]:
    """Return what a function never sees in so many examples, which are the same every time.

    They come in rounds of a hundred; there are no more once nothing is missing.
    """
    seen: Counter[object] = Counter()

    @settings(max_examples=min(most, 100), database=None, deadline=None, phases=[Phase.generate])
    @given(st.data())
    def look(data: st.DataObject) -> None:
        see(data, seen)

    missing = wanted
    for number in range(max(most // 100, 1)):
        seed(number)(look)()
        missing = {one for one in missing if not seen[one]}
        if not missing:
            break
    return missing


def test_the_list_of_nodes_is_the_closed_union() -> None:
    """A new kind of condition must be taught to the oracle, and reached here."""
    named = {getattr(c, name) for name in c.__all__}
    assert {one for one in named if isinstance(one, type) and hasattr(one, "kind")} == EVERY_NODE
    assert set(c.KINDS) == EVERY_NODE


def test_every_kind_of_test_says_of_itself_what_it_is() -> None:
    """What is forgotten is missing here, not at the first patient."""
    for kind in c.KINDS:
        assert kind.says.count("{}") == bool(fields(kind))
        if issubclass(kind, c.Membership):
            assert [one.name for one in fields(kind)] == [kind.names]
        elif issubclass(kind, c.ThresholdTest):
            assert (kind.field in NUMBER_FIELDS) is not kind.of_product
            assert (kind.unit in Unit, kind.below in {True, False}) == (True, True)
        elif issubclass(kind, c.General):
            assert kind.told_in in LIST_FIELDS
    assert len({kind.kind for kind in c.KINDS}) == len(c.KINDS)


def see_leaves(told: Facts, ruleset: RuleSet, seen: Counter[object]) -> None:
    """Count each node in the rules, and each leaf with each truth value that it has."""
    for rule in ruleset.rules:
        for node in c.walk(rule.when) if rule.when else ():
            many = len(node.of) > 1 if isinstance(node, c.All | c.Any) else None
            seen[type(node), many] += 1
    for leaf in LEAVES:
        for one in ruleset.substances:
            outcomes, _ = leaf_outcomes(leaf, one.id, told, ruleset)
            seen[type(leaf), outcomes] += 1


def every_node_with_every_value() -> set[object]:
    """Return each leaf as false, unknown and true; each group with one part and several."""
    values = (frozenset({True}), frozenset({False}), frozenset({True, False}))
    leaves = EVERY_NODE - {c.All, c.Any}
    wanted: set[object] = {(leaf, value) for leaf in leaves for value in (*values, None)}
    return wanted | {(group, many) for group in (c.All, c.Any) for many in (True, False)}


@pytest.mark.slow
def test_made_up_facts_and_rules_reach_every_condition_with_every_truth_value() -> None:
    """The untyped side."""

    def see(data: st.DataObject, seen: Counter[object]) -> None:
        ruleset = data.draw(rule_sets())
        see_leaves(data.draw(facts(ruleset)), ruleset, seen)

    assert missed(every_node_with_every_value(), see, most=2000) == set()


def see_report(told: Facts, ruleset: RuleSet, seen: Counter[object]) -> None:
    """Count levels, parts of reports, states of fields and of entries."""
    profile = told.profile
    report = evaluate(told, ruleset)
    for one in report.assessments:
        seen["level", one.level] += 1
        seen["worst case", one.worst_case] += 1
        for finding in one.findings:
            seen["finding", finding.level] += 1
        seen["covered", one.covered, one.substance is None] += 1
        for part in ("findings", "open_questions", "silences", "claims"):
            seen[part] += bool(getattr(one, part))
    seen["next question", report.next_question is None] += 1
    seen["asked, unknown"] += bool(profile.asked_unknown)
    for denied in report.denied:
        seen["denied", denied.settles] += 1
    for unclear in report.unrecognised:
        seen["status", unclear.status] += 1
    for name in FIELDS:
        value = getattr(profile, name)
        state = value.complete if isinstance(value, Entries) else value is None
        seen[name, type(value), state] += 1
    for name, some in told.told.items():
        for fact in some:
            seen[name, "says", fact.recognition.says] += 1
            seen[name, "possible", fact.recognition.possible is ANYTHING] += 1
            seen[name, "concepts", bool(fact.recognition.concepts)] += 1


def wanted_of_reports() -> set[object]:
    """Return what examples of profiles must have reached."""
    wanted: set[object] = {("level", level) for level in Level}
    wanted |= {("worst case", level) for level in Level}
    wanted |= {("covered", *pair) for pair in ((True, False), (False, False), (False, True))}
    wanted |= {("next question", none) for none in (True, False)}
    wanted |= {("status", status) for status in ("unrecognised", "ambiguous")}
    wanted |= {("denied", settles) for settles in (True, False)}
    wanted |= {"findings", "open_questions", "silences", "claims", "asked, unknown"}
    for name in LIST_FIELDS:
        wanted |= {(name, Entries, complete) for complete in (True, False)}
        wanted |= {(name, type(NONE_REPORTED), False), (name, type(None), True)}
        wanted |= {(name, "says", says) for says in (True, None, False)}
        wanted |= {(name, "possible", anything) for anything in (True, False)}
        wanted |= {(name, "concepts", some) for some in (True, False)}
    for name in ("age_years", "weight_kg"):
        wanted |= {(name, type_, False) for type_ in (int, tuple)} | {(name, type(None), True)}
    for name in ("ms_symptoms_severe", "replacing_ms_treatment"):
        wanted |= {(name, bool, False), (name, type(None), True)}
    return wanted


@pytest.mark.slow
def test_profiles_and_made_up_rules_reach_every_condition_level_and_state() -> None:
    """The typed side, through recognition: leaves, levels at both ends, states of fields."""

    def see(data: st.DataObject, seen: Counter[object]) -> None:
        ruleset = data.draw(rule_sets())
        profile = data.draw(profiles(ruleset))
        told = recognise_profile(profile, ruleset)
        see_leaves(told, ruleset, seen)
        see_report(told, ruleset, seen)
        # The smallest rule sets, of the mildest kind, with nothing left to clear up and all
        # supplements told, bring the low levels.
        listed = profile.supplements
        if isinstance(listed, Entries):
            profile = evolve(profile, supplements=Entries(listed.items, complete=True))
        clear = {
            name: tuple(
                one for one in facts if one.recognition.status == "recognised" and not one.doubt
            )
            for name, facts in told.told.items()
        }
        told = Facts(profile, clear, told.denied)
        for rule in ruleset.rules[1:]:
            if rule.when is not None:
                mild = evolve(rule, kind=Kind.INFORM)
                smallest = evolve(ruleset, rules=(ruleset.rules[0], mild), claims=())
                see_report(told, smallest, seen)

    wanted = wanted_of_reports() | every_node_with_every_value()
    assert missed(wanted, see, most=1_200) == set()


@pytest.mark.slow
def test_profiles_and_the_shipped_rules_reach_findings_of_every_level() -> None:
    """NO_FINDING asks for an answer to every question at once: rare by design."""

    def see(data: st.DataObject, seen: Counter[object]) -> None:
        shipped = RuleSet.default()
        see_report(recognise_profile(data.draw(profiles()), shipped), shipped, seen)

    found = {Level.INFORM, Level.CAUTION, Level.CONTRAINDICATED, Level.URGENT}
    wanted: set[object] = {("finding", one) for one in found}
    wanted |= {("level", Level.UNDETERMINED), "silences"}
    assert missed(wanted, see, most=300) == set()


def test_made_up_rule_sets_reach_every_kind_of_rule() -> None:
    """And substances that inherit and leave out, and claims."""

    def see(data: st.DataObject, seen: Counter[object]) -> None:
        ruleset = data.draw(rule_sets())
        for one in ruleset.substances:
            seen["inherits"] += bool(one.within)
            seen["leaves out"] += bool(one.without)
        seen.update(rule.kind for rule in ruleset.rules)
        seen["claims"] += len(ruleset.claims)

    wanted: set[object] = {*Kind, "inherits", "leaves out", "claims"}
    assert missed(wanted, see, most=200) == set()


@settings(max_examples=200)
@given(rule_sets())
def test_made_up_rule_sets_stay_valid(ruleset: RuleSet) -> None:
    """Each has the scope caveat and a conditional rule of every substance."""
    for one in ruleset.substances:
        rules = ruleset.rules_for(one.id)
        assert {rule.id for rule in rules} >= {"scope-two-texts", "rule-0"}
        assert any(rule.when is not None for rule in rules)
