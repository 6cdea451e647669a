"""The intake document ↔ the patient profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msrisk.documents import profile_from_document, profile_from_json, profile_to_document
from msrisk.errors import IntakeError
from msrisk.model.profile import (
    FIELDS,
    LIST_FIELDS,
    NONE_REPORTED,
    NUMBER_FIELDS,
    YES_NO_FIELDS,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
)

ATC = "http://www.whocc.no/atc"

# --- Every form that a document may take ---

words = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12
).filter(str.strip) | st.sampled_from(["none", "unknown", "Synthroid 50 mcg"])
taking = st.none() | st.booleans()


def ranges(low: float, high: float) -> st.SearchStrategy[Any]:
    number = st.floats(low, high) | st.integers(round(low) + 1, round(high))
    return number | st.tuples(number, number).map(lambda pair: tuple(sorted(pair)))


codes = st.builds(Code, words, words)
entries = st.builds(Entry, words) | st.builds(
    Entry, st.none() | words, st.lists(codes, min_size=1, max_size=3)
)
doses = st.none() | ranges(0.001, 100_000)
supplements = st.builds(Supplement, words) | st.builds(
    Supplement, words, doses, doses, st.none() | ranges(0.01, 48), taking
)


def lists(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(items, min_size=1, max_size=3)
    return st.none() | st.just(NONE_REPORTED) | st.builds(Entries, some, st.booleans())


@st.composite
def profiles(draw: st.DrawFn) -> PatientProfile:
    fields: dict[str, Any] = {name: draw(lists(entries)) for name in LIST_FIELDS}
    fields["supplements"] = draw(lists(supplements))
    fields["age_years"] = draw(st.none() | ranges(0, 130))
    fields["weight_kg"] = draw(st.none() | ranges(0.2, 700))
    for name in YES_NO_FIELDS:
        fields[name] = draw(taking)
    unanswered = [name for name in FIELDS if fields[name] is None]
    asked = draw(st.sets(st.sampled_from(unanswered))) if unanswered else set()
    denied = draw(st.none() | st.lists(words, min_size=1, max_size=3))
    return PatientProfile(**fields, asked_unknown=asked, denied=denied)


@given(profiles())
def test_a_profile_written_as_a_document_reads_as_the_same_profile(profile: PatientProfile) -> None:
    document = profile_to_document(profile)
    assert profile_from_document(document) == profile
    for ascii_only in (True, False):
        text = json.dumps(document, ensure_ascii=ascii_only)
        assert profile_from_json(text) == profile
        assert profile_from_json(text.encode()) == profile


def read_or_refused(read: Callable[[], PatientProfile]) -> PatientProfile | None:
    """Return the profile, or None if it was refused with a problem."""
    try:
        return read()
    except IntakeError as error:
        if not error.problems:
            raise
        return None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["none", "unknown", "msrisk-intake/1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=6)
            | st.sampled_from(
                [
                    *FIELDS,
                    "denied",
                    "schema",
                    "entries",
                    "complete",
                    "text",
                    "codes",
                    "system",
                    "code",
                    "name",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    json_values
    | st.dictionaries(
        st.sampled_from([*FIELDS, "denied", "schema"]), json_values, min_size=1, max_size=3
    )
)
def test_any_json_is_a_profile_or_an_intake_error(value: object) -> None:
    text = json.dumps(value)
    for read in (lambda: profile_from_document(value), lambda: profile_from_json(text)):
        profile = read_or_refused(read)
        if profile is not None:
            assert profile_from_document(profile_to_document(profile)) == profile


@given(st.text() | st.binary())
def test_any_text_is_a_profile_or_an_intake_error(text: str | bytes) -> None:
    read_or_refused(lambda: profile_from_json(text))


# --- What each form means ---


def test_the_document_of_the_design_reads_as_it_says() -> None:
    profile = profile_from_document(
        {
            "schema": "msrisk-intake/1",
            "supplements": [
                {
                    "name": "alpha lipoic acid",
                    "dose_mg": 900,
                    "times_per_day": 2,
                    "taking": True,
                },
                "glutathione precursor",
            ],
            "medications": [
                "Synthroid 50 mcg",
                {"text": "ocrelizumab", "codes": [{"system": ATC, "code": "L04AG08"}]},
            ],
            "conditions": {"entries": ["type 2 diabetes"], "complete": False},
            "allergies": "none",
            "symptoms": None,
            "age_years": [66, 67],
            "weight_kg": "unknown",
            "ms_symptoms_severe": None,
            "replacing_ms_treatment": False,
            "denied": ["pregnancy", "milk protein"],
        }
    )
    assert profile == PatientProfile(
        supplements=[
            Supplement("alpha lipoic acid", dose_mg=900, times_per_day=2, taking=True),
            Supplement("glutathione precursor"),
        ],
        medications=[
            Entry("Synthroid 50 mcg"),
            Entry("ocrelizumab", [Code(ATC, "L04AG08")]),
        ],
        conditions=Entries(["type 2 diabetes"], complete=False),
        allergies=NONE_REPORTED,
        age_years=(66, 67),
        replacing_ms_treatment=False,
        asked_unknown=["weight_kg"],
        denied=["pregnancy", "milk protein"],
    )


def test_an_empty_object_is_a_profile_of_which_nothing_was_asked() -> None:
    assert profile_from_json("{}") == PatientProfile()


def test_null_and_absent_mean_that_nothing_was_denied() -> None:
    assert profile_from_document({"denied": None}) == PatientProfile()
    assert PatientProfile().denied is None


@pytest.mark.parametrize("field", FIELDS)
def test_null_and_absent_mean_not_asked(field: str) -> None:
    assert profile_from_document({field: None}) == PatientProfile()


@pytest.mark.parametrize("field", FIELDS)
def test_unknown_means_asked_and_not_known(field: str) -> None:
    assert profile_from_document({field: "unknown"}) == PatientProfile(asked_unknown=[field])


@pytest.mark.parametrize("field", LIST_FIELDS)
def test_none_means_asked_and_none(field: str) -> None:
    assert getattr(profile_from_document({field: "none"}), field) is NONE_REPORTED


@pytest.mark.parametrize("field", NUMBER_FIELDS + YES_NO_FIELDS)
def test_none_is_no_answer_to_a_number_or_to_yes_or_no(field: str) -> None:
    with pytest.raises(IntakeError, match=f"^{field}: expected "):
        profile_from_document({field: "none"})


def test_the_words_none_and_unknown_inside_a_list_are_entries_as_typed() -> None:
    profile = profile_from_document({"medications": ["none"], "symptoms": ["unknown"]})
    assert profile.medications == Entries([Entry("none")], complete=True)
    assert profile.symptoms == Entries([Entry("unknown")], complete=True)


@pytest.mark.parametrize(
    ("value", "complete"),
    [
        (["a"], True),
        ({"entries": ["a"]}, False),
        ({"entries": ["a"], "complete": None}, False),
        ({"entries": ["a"], "complete": False}, False),
        ({"entries": ["a"], "complete": True}, True),
    ],
)
def test_a_list_is_complete_unless_it_is_written_with_entries_and_does_not_say_so(
    value: object, *, complete: bool
) -> None:
    profile = profile_from_document({"symptoms": value})
    assert profile.symptoms == Entries([Entry("a")], complete)


def test_an_entry_may_be_a_code_alone_or_words_in_a_table() -> None:
    codes = [{"system": ATC, "code": "L04AG08"}]
    assert profile_from_document(
        {"medications": [{"text": None, "codes": codes}, {"text": "a", "codes": None}]}
    ).medications == Entries([Entry(codes=[Code(ATC, "L04AG08")]), Entry("a")], complete=True)


def test_a_document_is_written_with_every_field_in_order_and_as_short_as_it_can_be() -> None:
    profile = PatientProfile(
        supplements=["ALA", Supplement("NAC", daily_dose_mg=(600, 1200), taking=False)],
        medications=[Entry("x"), Entry("y", [Code(ATC, "A")]), Entry(codes=[Code(ATC, "B")])],
        conditions=Entries(["z"]),
        allergies=NONE_REPORTED,
        age_years=(66, 67),
        weight_kg=61.5,
        asked_unknown=["symptoms"],
        denied=("pregnancy", "milk protein"),
    )
    document = profile_to_document(profile)
    assert document == {
        "schema": "msrisk-intake/1",
        "supplements": ["ALA", {"name": "NAC", "daily_dose_mg": [600, 1200], "taking": False}],
        "medications": [
            "x",
            {"text": "y", "codes": [{"system": ATC, "code": "A"}]},
            {"codes": [{"system": ATC, "code": "B"}]},
        ],
        "conditions": {"entries": ["z"], "complete": False},
        "allergies": "none",
        "symptoms": "unknown",
        "age_years": [66, 67],
        "weight_kg": 61.5,
        "ms_symptoms_severe": None,
        "replacing_ms_treatment": None,
        "denied": ["pregnancy", "milk protein"],
    }
    assert list(document) == ["schema", *FIELDS, "denied"]
