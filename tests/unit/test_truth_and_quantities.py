"""Three truth values without negation; numbers known as a range, in a unit."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.errors import UnitError
from msrisk.model.quantities import Amount, Number, Quantity, Unit, number_text
from msrisk.model.truth import Truth, all_of, any_of, known

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
TRUTHS = st.sampled_from(Truth)

Comparison = Callable[[Amount, Quantity], Truth]
COMPARISONS: list[tuple[Comparison, Callable[[Number, Number], bool]]] = [
    (Amount.at_least, operator.ge),
    (Amount.above, operator.gt),
    (Amount.below, operator.lt),
]
NUMBERS = st.integers(min_value=0, max_value=12)


@pytest.mark.parametrize("truth", Truth)
def test_a_truth_is_never_taken_for_yes_or_no(truth: Truth) -> None:
    with pytest.raises(TypeError, match="three values: compare it with `is"):
        bool(truth)


def test_what_is_not_known_is_unknown() -> None:
    assert [known(value) for value in (True, False, None)] == [T, F, U]


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (F, F, F, F),
        (F, U, F, U),
        (F, T, F, T),
        (U, F, F, U),
        (U, U, U, U),
        (U, T, U, T),
        (T, F, F, T),
        (T, U, U, T),
        (T, T, T, T),
    ],
)
def test_and_and_or_are_those_of_strong_kleene_logic(
    left: Truth, right: Truth, both: Truth, either: Truth
) -> None:
    assert all_of([left, right]) is both
    assert any_of([left, right]) is either


def test_nothing_at_all_is_all_true_and_none_true() -> None:
    assert all_of([]) is T
    assert any_of([]) is F


@given(st.lists(TRUTHS), st.lists(TRUTHS), st.randoms(use_true_random=False))
def test_and_and_or_look_neither_at_order_nor_at_grouping(
    some: list[Truth], more: list[Truth], random: object
) -> None:
    mixed = [*some, *more]
    getattr(random, "shuffle")(mixed)  # noqa: B009  # a Random of Hypothesis
    for combined in (all_of, any_of):
        assert combined(mixed) is combined([combined(some), combined(more)])


RESOLUTIONS = {F: [F], U: [F, T], T: [T]}


@given(st.lists(TRUTHS, min_size=1, max_size=4), st.data())
def test_finding_out_never_overturns_a_settled_and_or_or(
    parts: list[Truth], data: st.DataObject
) -> None:
    known_parts = [data.draw(st.sampled_from(RESOLUTIONS[part])) for part in parts]
    for combined in (all_of, any_of):
        assert combined(known_parts) in RESOLUTIONS[combined(parts)]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (600, "600"),
        (1200.0, "1200"),
        (0.5, "0.5"),
        (0.001, "0.001"),
        (100_000, "100000"),
        (66.6666666, "66.666667"),
    ],
)
def test_a_number_is_written_without_exponent_and_trailing_zeros(number: Number, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit.MG, "2.5 mg"),
        (Unit.MG_PER_DAY, "2.5 mg a day"),
        (Unit.KG, "2.5 kg"),
        (Unit.YEARS, "2.5 years"),
        (Unit.PER_DAY, "2.5 doses a day"),
    ],
)
def test_a_quantity_is_said_with_its_unit(unit: Unit, words: str) -> None:
    assert str(Quantity(2.5, unit)) == words
    assert str(Amount(2.5, 2.5, unit)) == words
    assert str(Amount(1, 2.5, unit)) == f"1 to {words}"
    assert str(Amount(2.5, math.inf, unit)) == f"{words} or more"


@pytest.mark.parametrize(
    ("unit", "words"),
    [(Unit.MG, "1 mg"), (Unit.YEARS, "1 year"), (Unit.PER_DAY, "1 dose a day")],
)
def test_one_of_a_unit_is_said_as_one(unit: Unit, words: str) -> None:
    assert str(Quantity(1, unit)) == words
    assert str(Amount(1, math.inf, unit)) == f"{words} or more"


@pytest.mark.parametrize(
    ("low", "high", "at_least", "above", "below"),
    [
        (4, 4, F, F, T),
        (5, 5, T, F, F),
        (6, 6, T, T, F),
        (4, 5, U, F, U),
        (5, 6, T, U, F),
        (4, 6, U, U, U),
        (1, 4, F, F, T),
        (6, 9, T, T, F),
        (0, math.inf, U, U, U),
    ],
)
def test_a_range_is_compared_as_a_whole_or_not_at_all(
    low: Number, high: Number, at_least: Truth, above: Truth, below: Truth
) -> None:
    amount, limit = Amount(low, high, Unit.KG), Quantity(5, Unit.KG)
    assert amount.at_least(limit) is at_least
    assert amount.above(limit) is above
    assert amount.below(limit) is below


@given(st.tuples(NUMBERS, NUMBERS).map(sorted), NUMBERS, st.data())
def test_a_comparison_holds_for_every_number_of_the_range_or_is_unknown(
    pair: list[int], limit: int, data: st.DataObject
) -> None:
    low, high = pair
    inside = data.draw(st.integers(min_value=low, max_value=high))
    for compare, plainly in COMPARISONS:
        truth = compare(Amount(low, high, Unit.KG), Quantity(limit, Unit.KG))
        assert known(plainly(inside, limit)) in RESOLUTIONS[truth]
        if truth is U:
            assert plainly(low, limit) is not plainly(high, limit)


@pytest.mark.parametrize("unit", Unit)
def test_of_an_unknown_amount_nothing_is_known(unit: Unit) -> None:
    amount = Amount.unknown(unit)
    limit = Quantity(3, unit)
    assert {amount.at_least(limit), amount.above(limit), amount.below(limit)} == {U}


def test_amounts_add_up_by_their_ends() -> None:
    assert Amount(1, 2, Unit.MG) + Amount(10, 20, Unit.MG) == Amount(11, 22, Unit.MG)
    unknown = Amount(5, 5, Unit.MG) + Amount.unknown(Unit.MG)
    assert (unknown.low, unknown.high) == (5, math.inf)


@pytest.mark.parametrize("compare", [compare for compare, _ in COMPARISONS])
def test_unlike_units_are_never_compared(compare: Comparison) -> None:
    with pytest.raises(UnitError) as caught:
        compare(Amount(1, 1, Unit.MG), Quantity(1, Unit.MG_PER_DAY))
    assert str(caught.value) == "quantity: expected a quantity in mg, got one in mg a day"


def test_unlike_units_are_never_added() -> None:
    with pytest.raises(UnitError) as caught:
        _ = Amount(1, 1, Unit.KG) + Amount(1, 1, Unit.YEARS)
    assert str(caught.value) == "quantity: expected a quantity in kg, got one in years"
