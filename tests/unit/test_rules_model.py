"""Rules, claims, citations and thresholds hold their invariants; a rule set answers about them."""

from __future__ import annotations

import typing
from collections.abc import Callable

import attrs
import pytest
from attrs import evolve

from msrisk.errors import ConceptError, PolicyError, RuleSetError
from msrisk.model.conditions import (
    AgeAtLeast,
    AgeBelow,
    All,
    Any,
    Condition,
    DailyDoseAbove,
    DailyDoseBelow,
    DailyDoseTakenAbove,
    DosesPerDayBelow,
    Taking,
    WeightBelow,
    walk,
)
from msrisk.model.quantities import Quantity, Unit
from msrisk.model.results import Level
from msrisk.model.rules import (
    EVERY,
    Basis,
    Claim,
    Kind,
    Policy,
    Review,
    Rule,
    RuleSet,
    Substance,
    Threshold,
    Withdrawal,
)
from msrisk.model.sources import Citation

from .rule_files import SMALL_RULES

RULES = RuleSet.load(SMALL_RULES)
SLEEPER = RULES.rule("sunroot-sleeper")
SCOPE = RULES.rule("scope-leaflet")
(CLAIM,) = RULES.claims
YEARS = RULES.threshold("grown-up-years")
CITE = Citation("leaflet", (2,))


def refused(build: Callable[[], object]) -> list[str]:
    with pytest.raises((RuleSetError, PolicyError, ConceptError)) as caught:
        build()
    return [str(problem) for problem in caught.value.problems]


def test_a_kind_brings_a_level_or_is_a_caveat() -> None:
    assert {kind: kind.level for kind in Kind if kind.level is not None} == {
        Kind.INFORM: Level.INFORM,
        Kind.CAUTION: Level.CAUTION,
        Kind.CONTRAINDICATION: Level.CONTRAINDICATED,
        Kind.EMERGENCY: Level.URGENT,
        Kind.SILENCE: Level.UNDETERMINED,
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cites": ()}, "cites: expected at least one citation"),
        ({"message": " "}, "message: expected some words"),
        ({"when": None}, "when: expected a condition"),
        ({"question": ""}, "question: expected what to ask"),
        ({"kind": Kind.ADVICE}, "when: expected no condition in a caveat"),
        ({"basis": Basis.INFERRED}, "argument: expected the reasoning of an inferred rule"),
    ],
)
def test_no_rule_is_without_what_it_needs(change: dict[str, typing.Any], problem: str) -> None:
    assert refused(lambda: evolve(SLEEPER, **change)) == [problem]


def test_everything_that_a_rule_lacks_is_reported_at_once() -> None:
    build = lambda: evolve(SLEEPER, cites=(), message="", question="")  # noqa: E731  # one call
    assert len(refused(build)) == 3


def test_a_rule_keeps_its_sources_when_attrs_validators_are_switched_off() -> None:
    with attrs.validators.disabled():
        assert refused(lambda: evolve(SLEEPER, cites=()))
        assert refused(lambda: evolve(CLAIM, disputed_by=()))
        assert refused(lambda: Citation("leaflet"))


def test_a_rule_names_the_thresholds_that_it_compares_with() -> None:
    assert SLEEPER.thresholds() == ("grown-up-years",)
    assert SCOPE.thresholds() == ()


def test_walking_a_condition_meets_every_part_once_and_the_outermost_first() -> None:
    inner: Condition = All((Taking(), AgeAtLeast("a")))
    outer = Any((AgeBelow("b"), inner))
    assert list(walk(outer)) == [outer, AgeBelow("b"), inner, Taking(), AgeAtLeast("a")]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cites": ()}, "cites: expected at least one citation"),
        ({"message": ""}, "message: expected some words"),
        (
            {"disputed_by": ()},
            "disputed_by: expected a rule that disputes or qualifies the claim",
        ),
    ],
)
def test_no_claim_stands_alone(change: dict[str, typing.Any], problem: str) -> None:
    assert refused(lambda: evolve(CLAIM, **change)) == [problem]


def test_a_claim_may_be_limited_without_being_disputed() -> None:
    claim = Claim("a", "It helps.", (CITE,), qualified_by=("sunroot-sleeper",))
    assert claim.disputed_by == ()


def test_a_threshold_is_stated_by_a_source_or_chosen_by_msrisk() -> None:
    assert YEARS.chosen
    assert YEARS.quantity == Quantity(21, Unit.YEARS)
    assert not RULES.threshold("most-a-day").chosen


@pytest.mark.parametrize(
    ("cites", "reason", "reference"),
    [
        ((), "", ""),
        ((), "so", ""),
        ((), "", "there"),
        ((), " ", "there"),
        ((CITE,), "so", ""),
        ((CITE,), "", "there"),
        ((CITE,), "so", "there"),
    ],
)
def test_no_threshold_is_without_an_origin_or_of_two(
    cites: tuple[Citation, ...], reason: str, reference: str
) -> None:
    problem = "cites: expected cites, or a reason with a reference, got neither or both"
    build = lambda: Threshold("a", "a", 1, Unit.KG, cites, reason, reference)  # noqa: E731
    assert refused(build) == [problem]


@pytest.mark.parametrize("value", [0, -1, 1_000_000, float("nan"), float("inf"), True, "3"])
def test_a_threshold_is_a_number_that_a_patient_can_be_on_both_sides_of(value: float) -> None:
    problem = "value: expected a number above 0 and below 1000000"
    assert refused(lambda: evolve(YEARS, value=value)) == [problem]


@pytest.mark.parametrize(("role", "on"), [("neurologist", "2026-01-31"), ("none yet", "")])
def test_a_rule_is_signed_by_a_role_on_a_day_or_by_nobody(role: str, on: str) -> None:
    assert Review(role, on).done is bool(on)


@pytest.mark.parametrize(
    ("role", "on"),
    [
        ("none yet", "2026-01-31"),
        ("neurologist", ""),
        ("neurologist", "2026-02-30"),
        ("neurologist", "20260131"),
        ("neurologist", "last week"),
    ],
)
def test_a_signature_is_never_half_given(role: str, on: str) -> None:
    expected = "the day of the signature as YYYY-MM-DD, or role none yet and no day"
    assert refused(lambda: Review(role, on)) == [f"on: expected {expected}"]


def test_a_rule_set_is_reviewed_when_every_rule_is() -> None:
    signed = Review("neurologist", "2026-01-31")
    half = evolve(RULES, rules=(SCOPE, evolve(SLEEPER, review=signed)))
    assert not RULES.clinically_reviewed
    assert not half.clinically_reviewed
    assert evolve(half, rules=half.rules[1:]).clinically_reviewed


def test_a_withdrawal_says_since_when_and_why() -> None:
    assert Withdrawal("2026-01-31", "a wrong rule").reason == "a wrong rule"
    assert refused(lambda: Withdrawal("today", " ")) == [
        "on: expected a day as YYYY-MM-DD",
        "reason: expected some words",
    ]


def test_a_rule_is_found_by_its_id_or_refused() -> None:
    assert SLEEPER.message == "You may sleep through the day."
    assert refused(lambda: RULES.rule("sunroot-dreamer")) == [
        "sunroot-dreamer: expected the id of a rule, as `msrisk rules list` shows them"
    ]


def below(*without: str) -> RuleSet:
    """Return the rules with a substance below sunroot, one below that, and one beside."""
    tea = Substance("tea", "tea", "made up", within=("sunroot",), without=without)
    cold = Substance("cold-tea", "cold tea", "made up", within=("tea",))
    beside = Substance("moonflower", "moonflower", "made up")
    return evolve(RULES, substances=(*RULES.substances, tea, cold, beside))


def ids(ones: tuple[Rule, ...] | tuple[Claim, ...]) -> list[str]:
    return [one.id for one in ones]


def test_a_substance_has_its_own_rules_and_those_of_every_substance() -> None:
    assert ids(RULES.rules_for("sunroot")) == ["scope-leaflet", "sunroot-sleeper"]
    assert ids(RULES.claims_for("sunroot")) == ["sunroot-claim-harmless"]
    assert ids(below().rules_for("moonflower")) == ["scope-leaflet"]
    assert ids(below().claims_for("moonflower")) == []


@pytest.mark.parametrize("substance", ["tea", "cold-tea"])
def test_a_substance_inherits_what_it_does_not_leave_out(substance: str) -> None:
    whole = below()
    assert ids(whole.rules_for(substance)) == ["scope-leaflet", "sunroot-sleeper"]
    assert ids(whole.claims_for(substance)) == ["sunroot-claim-harmless"]
    less = below("sunroot-sleeper", "sunroot-claim-harmless")
    assert ids(less.rules_for(substance)) == ["scope-leaflet"]
    assert ids(less.claims_for(substance)) == []
    assert ids(less.rules_for("sunroot")) == ["scope-leaflet", "sunroot-sleeper"]


def test_of_a_substance_that_is_not_covered_only_the_caveats_of_every_substance_are_said() -> None:
    every = evolve(SLEEPER, applies_to=(EVERY,))
    advice = evolve(SCOPE, id="advice", kind=Kind.ADVICE, applies_to=("sunroot",))
    rules = evolve(RULES, rules=(SCOPE, every, advice))
    assert ids(rules.rules_for(None)) == ["scope-leaflet"]


def test_a_choice_of_packs_keeps_their_rules_and_every_scope_caveat() -> None:
    other = evolve(SLEEPER, id="other", pack="letters")
    rules = evolve(RULES, packs=("leaflets", "letters"), rules=(*RULES.rules, other))
    letters = rules.only(["letters", "letters"])
    assert letters.packs == ("letters",)
    assert ids(letters.rules) == ["scope-leaflet", "other"]
    assert letters.claims == ()
    assert ids(rules.only(rules.packs).rules) == ids(rules.rules)


@pytest.mark.parametrize(("packs", "got"), [(["leaflets", "tales"], "another"), ([], "none")])
def test_a_pack_that_is_not_there_is_refused(packs: list[str], got: str) -> None:
    assert refused(lambda: RULES.only(packs)) == [
        f"packs: expected ids of rule packs among leaflets, got {got}"
    ]


WHERE = "policy.thresholds.grown-up-years"
WEAKER = "got a number that weakens a rule"


def with_test(test: Callable[[str], Condition]) -> RuleSet:
    return evolve(RULES, rules=(SCOPE, evolve(SLEEPER, when=Any((test("grown-up-years"),)))))


@pytest.mark.parametrize("test", [AgeAtLeast, DailyDoseAbove, DailyDoseTakenAbove])
def test_a_higher_number_weakens_a_rule_that_applies_from_it_upward(
    test: Callable[[str], Condition],
) -> None:
    rules = with_test(test)
    assert rules.under(Policy({"grown-up-years": 20.5})).threshold("grown-up-years").value == 20.5
    assert refused(lambda: rules.under(Policy({"grown-up-years": 22}))) == [
        f"{WHERE}: expected at most 21, or allow_weaker=True, {WEAKER}"
    ]


@pytest.mark.parametrize("test", [AgeBelow, WeightBelow, DailyDoseBelow, DosesPerDayBelow])
def test_a_lower_number_weakens_a_rule_that_applies_below_it(
    test: Callable[[str], Condition],
) -> None:
    rules = with_test(test)
    assert rules.under(Policy({"grown-up-years": 22})).threshold("grown-up-years").value == 22
    assert refused(lambda: rules.under(Policy({"grown-up-years": 20.5}))) == [
        f"{WHERE}: expected at least 21, or allow_weaker=True, {WEAKER}"
    ]


def test_a_policy_may_weaken_a_rule_when_it_says_so() -> None:
    weaker = RULES.under(Policy({"grown-up-years": 30}, allow_weaker=True))
    assert weaker.threshold("grown-up-years").value == 30
    assert weaker.threshold("most-a-day") == RULES.threshold("most-a-day")
    assert weaker.digest == RULES.digest


def test_the_same_number_and_a_number_of_no_rule_weaken_nothing() -> None:
    assert RULES.under(Policy({"grown-up-years": 21})).thresholds == RULES.thresholds
    unused = evolve(RULES, rules=(SCOPE,))
    assert unused.under(Policy({"grown-up-years": 90})).threshold("grown-up-years").value == 90


def test_a_policy_changes_only_numbers_that_msrisk_chose() -> None:
    assert refused(lambda: RULES.under(Policy({"most-a-day": 1, "age": 1}))) == [
        "policy.thresholds.age: expected a threshold that msrisk chose: grown-up-years",
        "policy.thresholds.most-a-day: expected a threshold that msrisk chose: grown-up-years",
    ]
    stated = evolve(RULES, thresholds=(RULES.threshold("most-a-day"),))
    assert refused(lambda: stated.under(Policy({"age": 1}))) == [
        "policy.thresholds.age: expected a threshold that msrisk chose: none here"
    ]


@pytest.mark.parametrize("thresholds", [{}, None, ["grown-up-years"]])
def test_a_policy_is_a_table_of_numbers(thresholds: dict[str, float]) -> None:
    expected = "a table of threshold ids and numbers, at least one"
    assert refused(lambda: Policy(thresholds)) == [f"policy.thresholds: expected {expected}"]


def test_everything_wrong_with_a_policy_is_reported_at_once() -> None:
    values: dict[str, object] = {"a": 0, "b": True, "c": "3", "d": float("nan"), "e": 1_000_000}
    expected = "a number above 0 and below 1000000"
    assert refused(lambda: Policy({**values, "f": 1}, "yes")) == [  # type: ignore[dict-item, arg-type]  # what is to be refused
        *(f"policy.thresholds.{id_}: expected {expected}" for id_ in "abcde"),
        "policy.allow_weaker: expected True or False",
    ]


def test_a_rule_set_loads_from_a_text_or_a_path_and_is_compared_by_identity() -> None:
    again = RuleSet.load(str(SMALL_RULES))
    assert again.digest == RULES.digest
    assert again != RULES
