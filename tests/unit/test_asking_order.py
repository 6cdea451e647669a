"""How many questions are asked, beside the fewest that any order could ask, on small rule sets."""

from __future__ import annotations

import statistics

import pytest

from benchmarks.intake import small_ones
from msrisk.model.rules import RuleSet


@pytest.mark.parametrize("seed", [1, 2])
def test_on_small_rule_sets_no_order_saves_more_than_a_tenth_of_the_questions(seed: int) -> None:
    small = small_ones(RuleSet.default(), 12, seed)
    ratios = [one.means["msrisk"] / one.means["the best"] for one in small]
    # The best is a minimum over all orders; a search that misses some would be beaten.
    assert all(one.means["the best"] <= min(one.means.values()) + 1e-9 for one in small)
    assert min(ratios) >= 1 - 1e-9
    assert max(ratios) <= 1.10
    assert statistics.fmean(ratios) <= 1.02
    # There is something to choose: on some of them chance asks more than the best does.
    assert any(one.means["chance"] > one.means["the best"] * 1.02 for one in small)
