"""The laws of reading a record, on messy ones made by chance."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import msrisk
from msrisk.fhir import Became, Import, guidance, read_bundle
from msrisk.fhir.walking import objects
from msrisk.model.levels import Level
from msrisk.model.profile import Entries, NoneReported

from .other_reader import lost
from .strategy import NONE_KNOWN, PLANTED, records

ON = date(2026, 12, 1)
TAKEN = [
    {
        "resourceType": "MedicationStatement",
        "id": name,
        "status": "active",
        "subject": {"reference": "Patient/me"},
        "medicationCodeableConcept": {"text": name},
    }
    for name in ("alpha-lipoic-acid", "glutathione-precursor")
]
NO, OPEN, YES = 0, 1, 2
KEYS = ["text", "display", "note", "valueString", "description", "title", "div", "zzqx"]
FOREIGN = {"coding": [{"system": "http://x.example", "code": "refuted"}], "text": "confirmed"}
UNREAD = ["Flag", "Observation", "DiagnosticReport", "Procedure", "Encounter", "Parameters", "Zzqx"]


def read(resources: Sequence[dict[str, Any]], *, on: date = ON, **more: Any) -> Import:
    entries = [{"resource": one} for one in (*resources, *TAKEN)]
    return read_bundle({"resourceType": "Bundle", "entry": entries, **more}, on=on)


def truths(told: Import) -> dict[tuple[str | None, str], int]:
    """Return of each rule that applies or is open for one of both substances, which it is."""
    report = msrisk.assess(told.profile)
    found: dict[tuple[str | None, str], int] = {}
    for one in report.assessments:
        if one.substance in ("alpha-lipoic-acid", "glutathione-precursor"):
            found |= {(one.substance, f.rule): YES for f in one.findings}
            found |= {(one.substance, s.rule): YES for s in one.silences}
            found |= {(one.substance, q.rule): OPEN for q in one.open_questions}
    return found


def assert_as_open(less: Import, more: Import) -> None:
    """No rule that is settled by less is settled otherwise by more, and none is settled anew."""
    before, after = truths(more), truths(less)
    for rule in before.keys() | after.keys():
        old, new = before.get(rule, NO), after.get(rule, NO)
        assert new in (old, OPEN), (rule, old, new)


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_a_record_changes_nothing(
    resources: list[dict[str, Any]], chance: Any
) -> None:
    first = read(resources)
    assert read(resources).profile == first.profile
    other = list(resources)
    chance.shuffle(other)
    assert read(other).profile == first.profile


PARTS: list[dict[str, Any]] = [
    {"link": [{"relation": "next", "url": "http://x.example/2"}]},
    {"link": [{"relation": "last", "url": "http://x.example/9"}]},
    {"type": "searchset", "total": 10_000},
    {"type": "collection", "total": 10_000},
    {"total": "10000"},
    {"entries": [{}]},
]


@given(records())
@settings(max_examples=25, deadline=None)
def test_a_record_that_holds_each_entry_twice_is_the_same_record(
    resources: list[dict[str, Any]],
) -> None:
    named = [{"id": f"r{at}"} | one for at, one in enumerate((*resources, *TAKEN))]
    versions = [one | {"meta": {"versionId": "2"}} for one in named if "meta" not in one]
    once, twice = ([{"resource": one} for one in (*named, *more)] for more in ((), versions))
    old = read_bundle({"resourceType": "Bundle", "entry": once}, on=ON)
    new = read_bundle({"resourceType": "Bundle", "entry": twice}, on=ON)
    assert old.profile == new.profile
    for line in new.account[len(once) :]:
        assert "another entry has the same id and says the same" in line.why


@given(records(), st.integers(0, 6))
@settings(max_examples=25, deadline=None)
def test_a_page_of_a_record_is_as_open_as_the_record_or_more(
    resources: list[dict[str, Any]], at: int
) -> None:
    whole = read(resources)
    following = [{"relation": "next", "url": "http://x.example/2"}]
    assert_as_open(read(resources[: at + 1], link=following), whole)
    before = [{"relation": "previous", "url": "http://x.example/1"}]
    assert_as_open(read([resources[0], *resources[at + 1 :]], link=before), whole)


@given(records(), st.sampled_from(PARTS))
@settings(max_examples=25, deadline=None)
def test_a_bundle_that_may_not_be_whole_closes_no_list(
    resources: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    told = read(resources, **more)
    assert_as_open(told, read(resources))
    for name in ("medications", "conditions", "allergies"):
        assert not _states_absence(getattr(told.profile, name))


@given(records())
@settings(max_examples=25, deadline=None)
def test_what_was_said_long_ago_closes_nothing(resources: list[dict[str, Any]]) -> None:
    timeless = [one for one in resources if one["resourceType"] not in ("Patient", "Observation")]
    me = {"resourceType": "Patient", "id": "me"}
    before, after = read([me, *timeless]), read([me, *timeless], on=date(2050, 12, 1))
    assert truths(before).keys() <= truths(after).keys()
    dated = [one for one in timeless if any(map(one.get, ("recordedDate", "dateAsserted", "date")))]
    told = read([me, *dated], on=date(2050, 12, 1)).profile
    for name in ("medications", "conditions", "allergies"):
        assert not _states_absence(getattr(told, name))


@given(PLANTED, st.integers(0, 500), st.sampled_from(KEYS))
@settings(max_examples=60, deadline=None)
def test_words_anywhere_in_a_record_keep_open_what_they_name(
    resource: dict[str, Any], at: int, key: str
) -> None:
    made = copy.deepcopy(resource)
    # What an observation asks is no answer.
    apart = ("code",) if made["resourceType"] == "Observation" else ()
    places = [held for _, held in objects(made, apart=apart)]
    places[at % len(places)][key] = "milk allergy; type 2 diabetes; Synthroid"  # type: ignore[index]  # all of it was made here
    told = truths(read([{"resourceType": "Patient", "id": "me"}, *NONE_KNOWN, made]))
    for rule in ("ala-diabetes", "ala-thyroid-medication"):
        assert ("alpha-lipoic-acid", rule) in told
    assert ("glutathione-precursor", "glutathione-milk-protein-allergy") in told


@given(records(), st.sampled_from(["Basic", "OperationOutcome", "Flag", "Zzqx", ""]))
@settings(max_examples=25, deadline=None)
def test_an_unknown_resource_makes_a_record_as_open_or_more(
    resources: list[dict[str, Any]], type_: str
) -> None:
    other = {"resourceType": type_, "id": "other", "code": {"text": "Synthroid"}}
    assert_as_open(read([*resources, other]), read(resources))


@given(records())
@settings(max_examples=25, deadline=None)
def test_what_is_removed_closes_a_rule_only_where_the_rest_states_the_absence(
    resources: list[dict[str, Any]],
) -> None:
    before = read(resources)
    for at in range(1, len(resources)):
        after = read([*resources[:at], *resources[at + 1 :]])
        # What states an absence, made unknown: nothing else may have closed a rule.
        gone = {
            name: None
            for name in ("medications", "conditions", "allergies", "weight_kg")
            if _states_absence(getattr(after.profile, name))
        }
        left = Import(evolve_profile(after.profile, gone), ())
        assert {rule for rule, _ in truths(before).items()} <= truths(left).keys()


def _states_absence(value: object) -> bool:
    if isinstance(value, Entries):
        return value.complete
    return isinstance(value, NoneReported | int | float | tuple)


def evolve_profile(profile: msrisk.PatientProfile, gone: dict[str, None]) -> msrisk.PatientProfile:
    names = ("supplements", "medications", "conditions", "allergies", "age_years", "weight_kg")
    return msrisk.PatientProfile(**{n: getattr(profile, n) for n in names if n not in gone})


def spoiled(resources: list[dict[str, Any]], path: int, value: Any) -> list[dict[str, Any]]:
    """Return the resources behind the patient with a value in place of one that they hold."""
    made = copy.deepcopy(resources)
    places = [
        (held, key)
        for _, held in objects(made[1:])
        for key in sorted(held)
        if key not in ("id", "resourceType")
    ]
    if places:
        held, key = places[path % len(places)]
        held[key] = value  # type: ignore[index]  # all of it was made here
    return made


@given(records(), st.integers(0, 200), st.sampled_from([7, True, {}, "zzqx", [3], FOREIGN]))
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_read_closes_nothing(
    resources: list[dict[str, Any]], path: int, value: Any
) -> None:
    before, after = truths(read(resources)), truths(read(spoiled(resources, path, value)))
    assert before.keys() <= after.keys()


@given(records(), st.integers(0, 200))
@settings(max_examples=40, deadline=None)
def test_an_unknown_extension_anywhere_makes_a_record_as_open_or_more(
    resources: list[dict[str, Any]], path: int
) -> None:
    made = copy.deepcopy(resources)
    places = [held for _, held in objects(made[1:])]
    if places:
        places[path % len(places)]["modifierExtension"] = [{"url": "http://x.example"}]  # type: ignore[index]  # as above
    assert_as_open(read(made), read(resources))


@given(records(), st.sampled_from(UNREAD), st.sampled_from(["code", "valueCodeableConcept"]))
@settings(max_examples=40, deadline=None)
def test_an_entry_that_is_not_read_makes_a_record_as_open_or_more(
    resources: list[dict[str, Any]], type_: str, name: str
) -> None:
    milk = {"resourceType": type_, "id": "other", name: {"text": "milk allergy"}}
    told = read([*resources, milk])
    assert_as_open(told, read(resources))
    assert truths(told)["glutathione-precursor", "glutathione-milk-protein-allergy"] >= OPEN


@given(records(), st.sampled_from(["AllergyIntolerance", "Condition", "MedicationRequest"]))
@settings(max_examples=25, deadline=None)
def test_an_entry_that_is_referred_to_and_not_there_makes_a_record_as_open_or_more(
    resources: list[dict[str, Any]], type_: str
) -> None:
    item = {"item": {"reference": f"{type_}/nowhere"}}
    listed = {"resourceType": "List", "id": "l", "status": "current", "entry": [item]}
    told = read([*resources, {**listed, "subject": {"reference": "Patient/me"}}])
    assert_as_open(told, read(resources))
    fields = {"Condition": "conditions", "AllergyIntolerance": "allergies"}
    assert not _states_absence(getattr(told.profile, fields.get(type_, "medications")))


@given(records())
@settings(max_examples=25, deadline=None)
def test_what_another_server_says_of_its_own_patient_is_never_certain(
    resources: list[dict[str, Any]],
) -> None:
    there = "https://there.example/fhir"
    mine = [{"fullUrl": "https://here.example/fhir/Patient/me", "resource": resources[0]}]
    theirs = [
        {"fullUrl": f"{there}/{one['resourceType']}/{one['id']}", "resource": one}
        for one in resources[1:]
    ]
    told = read_bundle({"resourceType": "Bundle", "entry": mine + theirs}, on=ON)
    for one, line in zip(resources[1:], told.account[1:], strict=True):
        if one["resourceType"] != "Encounter" and "subject" in one:
            assert line.became is not Became.CERTAIN or "reference" not in one["subject"]


@given(records())
@settings(max_examples=25, deadline=None)
def test_what_is_not_certain_has_its_reason_in_the_account(
    resources: list[dict[str, Any]],
) -> None:
    told = read(resources)
    for line in told.account:
        if line.became not in (Became.CERTAIN, Became.NONE):
            assert line.why, line
        elif line.became is Became.CERTAIN:
            assert any("not recognised" not in words for words in line.read_as), line


@given(records())
@settings(max_examples=25, deadline=None)
def test_every_entry_is_in_the_account(resources: list[dict[str, Any]]) -> None:
    told = read(resources)
    paths = [f"entry[{at}].resource" for at in range(len(resources) + len(TAKEN))]
    assert [line.path for line in told.account] == paths
    for line in told.account:
        assert line.read_as or line.why, line


@given(records(most=3))
@settings(max_examples=25, deadline=None)
def test_what_a_record_tells_is_in_its_account(resources: list[dict[str, Any]]) -> None:
    told = read(resources)
    said = " ".join(text for line in told.account for text in line.read_as)
    for name in ("supplements", "medications", "conditions", "allergies"):
        value = getattr(told.profile, name)
        for item in value.items if isinstance(value, Entries) else ():
            assert (item.text or item.codes[0].code) in said


def test_a_doubt_settled_takes_no_finding_away() -> None:
    doubted = msrisk.Entry("Synthroid", doubt="the order was stopped")
    profile = msrisk.PatientProfile(supplements=["alpha lipoic acid"], medications=[doubted])
    sure = msrisk.PatientProfile(
        supplements=["alpha lipoic acid"], medications=[evolve(doubted, doubt=None)]
    )
    before, after = msrisk.assess(profile), msrisk.assess(sure)
    found = {f.rule for f in before.assessments[0].findings}
    assert found <= {f.rule for f in after.assessments[0].findings}
    assert before.could_reach(Level.CAUTION)


@pytest.mark.slow
@given(records(most=12), st.integers(0, 12))
@settings(max_examples=300, deadline=None)
def test_longer_records_keep_the_laws_of_pages(resources: list[dict[str, Any]], at: int) -> None:
    whole = read(resources)
    following = [{"relation": "next", "url": "http://x.example/2"}]
    assert_as_open(read(resources[: at + 1], link=following), whole)


@given(records())
@settings(max_examples=30, deadline=None)
def test_another_reader_finds_in_the_answer_whatever_the_report_on_a_record_says(
    resources: list[dict[str, Any]],
) -> None:
    """Law 18, the half about what is written."""
    report = msrisk.assess(read(resources).profile)
    assert lost(report, guidance(report)) == []
