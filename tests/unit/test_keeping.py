"""What is kept of a patient in memory, and how to keep nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import msrisk
from msrisk import keeping
from msrisk.api import default_ruleset
from msrisk.keeping import KEPT, keep, patient_of_profile
from msrisk.planning import plan_of

PROFILE = msrisk.PatientProfile(supplements=["alpha lipoic acid"], medications=["metformin"])


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    """Keep what is usually kept, before a test and after it."""
    keep(KEPT)
    yield
    keep(KEPT)


def read(profile: msrisk.PatientProfile = PROFILE) -> object:
    return patient_of_profile(profile, plan_of(default_ruleset())).lists["medications"]


def test_a_list_that_comes_again_is_not_read_again() -> None:
    again = msrisk.PatientProfile(medications=["metformin"])
    assert read() is read(again)


def test_an_entry_that_comes_again_in_another_list_is_not_read_again() -> None:
    first, longer = (
        patient_of_profile(msrisk.PatientProfile(medications=told), plan_of(default_ruleset()))
        for told in (["metformin"], ["metformin", "insulin"])
    )
    facts = [one.lists["medications"].facts for one in (first, longer)]
    assert facts[0][0] is facts[1][0]


def test_nothing_is_kept_where_nobody_wants_it() -> None:
    keep(0)
    assert read() is not read()
    assert keeping.kept() == 0


def test_what_was_kept_is_forgotten() -> None:
    before = read()
    keep(KEPT)
    assert read() is not before


def test_the_answer_is_the_same_whether_or_not_anything_is_kept() -> None:
    kept = msrisk.assess(PROFILE)
    keep(0)
    assert msrisk.assess(PROFILE) == kept


def test_two_rule_sets_do_not_share_what_they_read() -> None:
    ours = default_ruleset()
    theirs = ours.only(ours.packs)
    lists = [
        patient_of_profile(PROFILE, plan_of(one)).lists["medications"] for one in (ours, theirs)
    ]
    assert lists[0] is not lists[1]
