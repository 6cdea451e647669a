"""Reading an entry takes work in proportion to its length, whatever it is made of.

A service reads what anybody sends. Work is counted in lines of code that run, not in time, so
that the count is the same everywhere: twice as long an entry takes twice as many.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Final

import pytest

from msrisk.api import default_ruleset
from msrisk.model.profile import Entry
from msrisk.recognition import KINDS, recognise_entry

if TYPE_CHECKING:
    from _typeshed import TraceFunction

# What once took four times the work for twice the length.
ONCE_SLOW: Final = (
    "alpha ",
    "insulin or ",
    "no insulin ",
    "none except insulin ",
    "prednisolone cream ",
    "steroid (prednisolone) ",
    "tablets for diabetes ",
    "to prevent stroke in diabetes ",
)
OTHERS: Final = (
    "K20, ", "1", "5 ", "1.", "1-", "1,", "(", ")", "()", "[ ]", "/", " / ", "-", "- ", "a-", "a/",
    "a.", "a. ", "a", "x ", "?", "\n", "a\t", ";", "'", "0 a,", "ü", "a\u200b", "\ufffd", "5 mg ",
    "metformin ", "metformin, ", "metformin - ", "metformin  ", "metformin/", "metformin500mg",
    "insulin lispro ", "methotrexate 5 mg tablets; ", "Cell Cept ", "peg interferon ", "foobar, ",
    "foo metformin bar ", "metformin-foo ", "levothyroxinnatrium ", "allergy ", "milk allergy, ",
    "allergic to milk ", "milk induced foo ", "eggs, milk, soy; ", "egg soy milk ",
    "milk of magnesia ", "whey protein shake ", "no allergy ", "and ", "with ", "other ", "for ",
    "on chemo ", "stopped tacrolimus, ", "stopped insulin now metformin ", "now ",
    "maybe diabetes ",
    "diabetes: unknown ", "diabetes: N, ", "☐ diabetes ", "mother had diabetes, ", "2015-2020 ",
    "(nausea) ", "multiple sclerosis (MS) ", "Tysabri - anaphylaxis, ", "G35 ", "G35.1 ", "Z79.64 ",
    "ALA ", "ALA (alpha lipoic acid) ", "alpha lipoic acid 600 mg twice a day; ", "600 mg ",
    "alpha lipoic acid . 2 doses of ",
    "alpha lipoic acid 600 mg and ", "at night and ", "hydrocortisone cream and ", "cream ",
    "bupropion 90 mg / naltrexone 8 mg / ", "type 2 diabetes mellitus ",
    "Nurofen Cold & Flu Relief ",
    "Alka-Seltzer Plus Cold and cough and congestion ", "S.O.B. ", "24hr ", "Z.n. ",
    "hypertension on tablets, ", "MS in a drug trial ", "RA takes 15 mg ",
    "metformin RA 15 mg weekly ", "for RA 5 mg ",
)  # fmt: skip
LENGTH: Final = 250
# Twice the work, and a little for what does not divide.
MOST: Final = 2.15
# An entry of one word may take no more than a shorter one.
FEW: Final = 200


def lines_run(job: Callable[[], object]) -> int:
    """Return how many lines of code run, those of a loop as often as it goes round."""
    count = 0

    def trace(_frame: FrameType, event: str, _: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        job()
    finally:
        sys.settrace(before)
    return count


def growth(unit: str, kind: str, length: int) -> float:
    """Return how much more work the second half of an entry takes than the second quarter."""
    ruleset = default_ruleset()
    work: list[int] = []
    count = max(length // len(unit), 1)
    for times in (4 * count, 2 * count, count):
        read = partial(recognise_entry, Entry(f"{unit * times}a"), kind, ruleset)
        read()  # words are looked for on the shelves once
        work.append(lines_run(read))
    all_, half, quarter = work
    return (all_ - half) / max(half - quarter, FEW)


@pytest.mark.parametrize("unit", ONCE_SLOW)
def test_an_entry_twice_as_long_takes_twice_the_work(unit: str) -> None:
    assert growth(unit, "supplement", LENGTH) <= MOST


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_does_in_any_list(kind: str) -> None:
    assert {
        unit: found
        for unit in (*ONCE_SLOW, *OTHERS)
        if (found := growth(unit, kind, 2 * LENGTH)) > MOST
    } == {}
