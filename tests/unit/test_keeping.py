"""What is kept of a patient in memory, and how to keep nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import msrisk
from msrisk.api import default_ruleset
from msrisk.errors import ProfileError
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import (
    KEPT,
    Memory,
    facts_of_profile,
    keep,
    kept,
    patient_of_profile,
    recognition_of,
)
from msrisk.model.rules import Policy
from msrisk.recognition import recognise_entry, recognise_profile
from msrisk.recognition.characters import split_name
from msrisk.recognition.lexicon import lexicon_of
from msrisk.recognition.look_alikes import look_alikes_of
from tests.properties.strategies import KIND_OF

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
    assert kept() == 0


def test_no_word_of_a_patient_stays_where_nothing_is_kept() -> None:
    keep(0)
    msrisk.assess(msrisk.PatientProfile(denied=["diabetes"]))  # the vocabulary is split once
    names = split_name.cache_info().currsize
    words = [f"zzqf{one}oobar" for one in "abcdef"]
    lists = dict(zip(KIND_OF, ([word] for word in words), strict=False))
    msrisk.assess(msrisk.PatientProfile(**lists)).to_dict()  # type: ignore[arg-type]  # each list under its own name
    with pytest.raises(ProfileError):
        msrisk.assess(msrisk.PatientProfile(denied=[words[5]]))
    assert split_name.cache_info().currsize == names
    lexicon = lexicon_of(default_ruleset())
    kept_words = repr((vars(lexicon), vars(look_alikes_of(lexicon))))
    assert not [word for word in words if word in kept_words]


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


@pytest.mark.parametrize(
    "known",
    [{"packs": ["texts"]}, {"policy": Policy({"older-adult-years": 60})}],
    ids=["packs", "policy"],
)
def test_entries_are_kept_for_some_packs_and_for_a_policy_too(known: dict[str, Any]) -> None:
    first = msrisk.assess(PROFILE, **known)
    before = kept()
    assert msrisk.assess(PROFILE, **known) == first
    assert kept() == before


def test_two_policies_are_told_apart() -> None:
    old = msrisk.PatientProfile(supplements=["alpha lipoic acid"], age_years=62)
    found = [
        {
            finding.rule
            for one in msrisk.assess(old, policy=Policy({"older-adult-years": age})).assessments
            for finding in one.findings
        }
        for age in (60, 64)
    ]
    assert found[0] - found[1] == {"ala-older-adult"}


def test_what_is_made_in_bulk_is_made_once_and_forgotten_with_all_else() -> None:
    memory: Memory[str, str | None] = Memory(2)
    asked: list[list[str]] = []

    def made(keys: Sequence[str]) -> Iterator[str | None]:
        asked.append(list(keys))
        return (key.upper() if key else None for key in keys)

    before = kept()
    assert memory.each(["a", "", "a"], made) == {"a": "A", "": None}
    assert memory.each(["", "b"], made) == {"": None, "b": "B"}
    assert asked == [["a", ""], ["b"]]
    assert kept() - before == len(memory) == 3
    keep(1)
    assert memory.each("abc", made) == {"a": "A", "b": "B", "c": "C"}
    assert memory.each("cb", made) == {"b": "B", "c": "C"}
    assert asked[2:] == [["a", "b", "c"]]
    keep(0)
    assert memory.each("a", made) == {"a": "A"}
    assert kept() == 0


@pytest.mark.parametrize("entries", [0, KEPT])
def test_the_facts_that_are_kept_are_those_that_are_recognised(entries: int) -> None:
    keep(entries)
    ruleset = default_ruleset()
    told = {"supplements": ["NAC", "NAC"], "allergies": ["milk", "no food allergies"]}
    for lists in (told, {"medications": ["Synthroid", "foozumab"]}, {"conditions": ["MS"]}):
        profile = msrisk.PatientProfile(**lists, denied=["pregnancy"])  # type: ignore[arg-type]  # lists alone
        for _ in range(2):
            facts = facts_of_profile(profile, plan_of(ruleset))
            assert facts == recognise_profile(profile, ruleset)


def test_what_a_record_tells_again_is_not_recognised_again() -> None:
    ruleset, entry = default_ruleset(), msrisk.PatientProfile(medications=["baclofen"]).medications
    assert isinstance(entry, msrisk.Entries)
    (one,) = entry.items
    found = recognition_of(one, "medication", ruleset)
    assert found == recognise_entry(one, "medication", ruleset, suggest=False)
    assert recognition_of(one, "medication", ruleset) is found
    keep(0)
    assert recognition_of(one, "medication", ruleset) is not found
    assert kept() == 0


@pytest.mark.parametrize("name", ["alpha lipoic acid", "Thioctacid", "r-lipoic acid"])
def test_a_question_names_the_product_of_this_patient_and_of_nobody_before(name: str) -> None:
    told = msrisk.assess(msrisk.PatientProfile(supplements=[name]))
    asked = [one.question for part in told.assessments for one in part.open_questions]
    since = [one for one in asked if "since you started" in one]
    assert since
    assert all(f"since you started {name}" in one for one in since)
