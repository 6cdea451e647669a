"""Over patients with several products of a substance: one product can stand for them all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random

import pytest

from msrisk.analysis import Verdict
from msrisk.model import conditions as c
from msrisk.model.concepts import Term
from msrisk.model.conditions import Condition
from msrisk.model.profile import Entries, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from tests.unit.analysis_world import (
    adding,
    changed,
    edited,
    rule,
    with_rules,
    without,
)
from tests.unit.diff.test_brute_force import PLAIN, agree

MUCH, LITTLE = c.DailyDoseAbove("much"), c.DailyDoseBelow("little")
MUCH_TAKEN = c.DailyDoseTakenAbove("much")
TESTS: tuple[Condition, ...] = (
    MUCH_TAKEN,
    MUCH,
    LITTLE,
    c.DosesPerDayBelow("often"),
    c.Taking(),
    c.TakesSupplement("zincum"),
)
DOSES = (None, 15, 25, 85, 101, 105, (15, 105))
PRODUCTS = [
    Supplement("veritane", daily_dose_mg=dose, times_per_day=times, taking=taking)
    for dose, (times, taking) in product(DOSES, ((1, False), (3, True), (None, None)))
]


def taking(*products: Supplement) -> PatientProfile:
    return PatientProfile(**{**PLAIN, "supplements": Entries(products)})  # type: ignore[arg-type]  # each is of its own type


def patients() -> Iterator[PatientProfile]:
    """Yield patients who take one or two products, some with zinc beside them."""
    zinc = Supplement("zincum")
    for one in PRODUCTS:
        yield taking(one)
        yield taking(one, zinc)
    for two in combinations(PRODUCTS, 2):
        yield taking(*two)


def _seeded(number: int) -> tuple[RuleSet, RuleSet]:
    chance = Random(number)  # noqa: S311  # the same edits every time

    # Two products, one of them planned, take the search several times as long.
    tests = TESTS if number % 3 == 0 else TESTS[1:]

    def condition() -> Condition:
        parts = tuple(chance.sample(tests, chance.randint(2, 3)))
        inner = chance.choice((c.All, c.Any))(parts)
        return chance.choice((c.All, c.Any))((inner, chance.choice(tests)))

    old = with_rules(rule("x", condition()))
    new = with_rules(rule("x", c.Any((condition(), condition()))))
    number_ = chance.choice((("much", 110), ("much", 90), ("little", 10), ("often", 3)))
    return old, edited(new, number_[0], value=number_[1])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_a_change_of_doses_weakens_if_and_only_if_some_patient_of_several_products_loses(
    number: int,
) -> None:
    old, new = _seeded(number)
    agree(old, new, patients())


def test_a_rule_of_all_tests_of_products_is_decided() -> None:
    when = c.All((*TESTS[1:], c.Takes("red-medicine")))
    other = c.All((*TESTS[2:], c.Takes("red-medicine")))
    old, new = with_rules(rule("x", when)), with_rules(rule("x", other))
    assert changed(old, new, "x").verdict is Verdict.STRENGTHENS
    assert changed(new, old, "x").verdict is Verdict.WEAKENS


def test_that_a_sum_counts_only_what_was_started_is_a_loss_for_who_plans_the_rest() -> None:
    old = with_rules(rule("x", c.All((c.Taking(), MUCH))))
    new = with_rules(rule("x", c.All((c.Taking(), MUCH_TAKEN))))
    assert changed(old, new, "x").verdict is Verdict.WEAKENS
    assert changed(new, old, "x").verdict is Verdict.STRENGTHENS
    shown = changed(old, new, "x").shown
    assert shown is not None
    assert shown.profile.supplements == Entries(
        (
            Supplement("veritane", daily_dose_mg=99, taking=True),
            Supplement("veritane", daily_dose_mg=2, taking=False),
        ),
        complete=True,
    )


def test_no_dose_is_both_too_small_and_too_large() -> None:
    old = with_rules(rule("x", c.All((MUCH, LITTLE))))
    shown = changed(old, without(old, "x"), "x").shown
    assert shown is not None
    assert {loss.what for loss in shown.losses if loss.id == "x"} == {"question"}


def test_one_name_is_enough_of_those_that_may_be_the_product_and_look_alike_to_the_rule() -> None:
    base = with_rules(rule("x", c.All((MUCH, c.TakesAnyMedication()))))
    vague = Term(
        ("VX",), ("supplements", "medications"), "three", possible=("veritane", "zincum", "lucidol")
    )
    old = adding(base, terms=vague)
    agree(old, without(old, "x"), patients())
    assert changed(old, without(old, "x"), "x").verdict is Verdict.WEAKENS
