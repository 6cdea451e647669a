"""The patient profile, and the checks that its parts make on what comes in."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

import msrisk.model.profile as model
from msrisk.errors import IntakeError, Problem, ProfileError
from msrisk.model.checks import LINE_ENDS, UNSEEN, Checks, kind_of
from msrisk.model.profile import (
    FIELDS,
    NONE_REPORTED,
    Code,
    Entries,
    Entry,
    PatientProfile,
    Supplement,
    amount_of,
)
from msrisk.model.quantities import Amount, Unit

NAMES = 'a list of names, such as ["pregnancy"]; None if nothing was denied'
ICD = "http://hl7.org/fhir/sid/icd-10"


def problems_of(build: Any, *arguments: Any, **fields: Any) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        build(*arguments, **fields)
    return [str(problem) for problem in caught.value.problems]


def test_a_profile_of_nothing_knows_nothing() -> None:
    profile = PatientProfile()
    assert all(getattr(profile, name) is None for name in FIELDS)
    assert profile.asked_unknown == frozenset()
    assert repr(profile) == "<PatientProfile: nothing known>"


def test_a_profile_holds_what_was_typed() -> None:
    profile = PatientProfile(
        supplements=["ALA 600 mg", Supplement("NAC", dose_mg=(300, 600), taking=False)],
        medications=("Synthroid 50 mcg", Entry("Ocrevus", [Code("urn:x", "1")])),
        conditions=Entries(["asthma"]),
        allergies=NONE_REPORTED,
        symptoms=Entries(("itching",), complete=True),
        age_years=(66, 67),
        weight_kg=61.5,
        ms_symptoms_severe=False,
        asked_unknown=["replacing_ms_treatment"],
    )
    assert profile.supplements == Entries(
        (Supplement("ALA 600 mg"), Supplement("NAC", dose_mg=(300, 600), taking=False)),
        complete=True,
    )
    assert profile.medications == Entries(
        (Entry("Synthroid 50 mcg"), Entry("Ocrevus", (Code("urn:x", "1"),))), complete=True
    )
    assert profile.conditions == Entries((Entry("asthma"),), complete=False)
    assert profile.allergies is NONE_REPORTED
    assert profile.symptoms == Entries((Entry("itching"),), complete=True)
    assert profile.age_years == (66, 67)
    assert profile.weight_kg == 61.5
    assert profile.ms_symptoms_severe is False
    assert profile.asked_unknown == {"replacing_ms_treatment"}


def test_its_repr_shows_which_fields_are_known_and_never_their_values() -> None:
    profile = PatientProfile(medications=["tacrolimus"], allergies=NONE_REPORTED, age_years=67)
    assert repr(profile) == "<PatientProfile: medications, allergies, age_years known>"
    assert repr(NONE_REPORTED) == "NONE_REPORTED"


def test_nothing_about_it_can_be_changed() -> None:
    profile = PatientProfile(age_years=67)
    with pytest.raises(FrozenInstanceError):
        profile.age_years = 30  # type: ignore[misc]


def test_equal_answers_make_equal_profiles() -> None:
    assert PatientProfile(age_years=[1, 2]) == PatientProfile(  # type: ignore[arg-type]
        age_years=(1, 2)
    )
    assert hash(PatientProfile(conditions=["a"])) == hash(PatientProfile(conditions=("a",)))
    assert PatientProfile() != PatientProfile(asked_unknown=["age_years"])


def test_a_supplement_reads_like_an_entry_without_codes() -> None:
    assert Supplement("ALA").text == "ALA"
    assert Supplement("ALA").codes == ()


def test_an_amount_is_the_number_the_range_or_unknown() -> None:
    profile = PatientProfile(age_years=(66, 67), weight_kg=61.5)
    assert profile.amount("age_years", Unit.YEARS) == Amount(66, 67, Unit.YEARS)
    assert profile.amount("weight_kg", Unit.KG) == Amount(61.5, 61.5, Unit.KG)
    assert amount_of(None, Unit.MG) == Amount(0, math.inf, Unit.MG)


def test_a_profile_can_be_read_from_a_document() -> None:
    assert PatientProfile.from_dict({"age_years": 67}) == PatientProfile(age_years=67)
    with pytest.raises(IntakeError):
        PatientProfile.from_dict([])


def test_what_was_denied_by_name_is_kept_as_typed() -> None:
    profile = PatientProfile(denied=["pregnancy", "Milk protein"])
    assert profile.denied == ("pregnancy", "Milk protein")
    assert profile == PatientProfile(denied=("pregnancy", "Milk protein"))
    assert repr(profile) == "<PatientProfile: denied known>"
    assert PatientProfile().denied is None


@pytest.mark.parametrize(
    ("denied", "problem"),
    [
        ("asthma", f"denied: expected {NAMES}, got text"),
        (NONE_REPORTED, f"denied: expected {NAMES}, got something else"),
        ({"asthma"}, f"denied: expected {NAMES}, got something else"),
        (False, f"denied: expected {NAMES}, got true or false"),
        (
            [],
            "denied: expected at least one name; or None if nothing was denied, got an empty list",
        ),
        (["a"] * 2001, "denied: expected at most 2000 names, got 2001"),
        (["a", " "], "denied[1]: expected some words, got blank text"),
        ([Entry("a")], "denied[0]: expected text, got something else"),
    ],
)
def test_what_cannot_be_denied_is_refused_with_what_to_write_instead(
    denied: Any, problem: str
) -> None:
    assert problems_of(PatientProfile, denied=denied) == [problem]


EMPTY = "at least one entry; or NONE_REPORTED if asked and none, None if not asked"
LIST = 'a list, such as ["one", "two"]; NONE_REPORTED if none; None if not asked'
YEARS = "a number of years from 0 to 130"
KILOGRAMS = "a number of kilograms from 0.2 to 700"
MILLIGRAMS = "a number of milligrams from 0.001 to 100000"
HIDDEN = "a control, bidirectional or unassigned character"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"medications": []}, f"medications: expected {EMPTY}, got an empty list"),
        ({"medications": "aspirin"}, f"medications: expected {LIST}, got text"),
        ({"medications": {"a"}}, f"medications: expected {LIST}, got something else"),
        ({"medications": ["a"] * 2001}, "medications: expected at most 2000 entries, got 2001"),
        ({"medications": [3]}, "medications[0]: expected text, or Entry(...), got a number"),
        ({"supplements": [None]}, "supplements[0]: expected text, or Supplement(...), got nothing"),
        ({"symptoms": ["a", " "]}, "symptoms[1]: expected some words, got blank text"),
        (
            {"symptoms": ["a" * 10_001]},
            "symptoms[0]: expected at most 10000 characters, got 10001",
        ),
        *(
            (
                {"symptoms": [f"a{hidden}b"]},
                f"symptoms[0]: expected visible characters only, got {HIDDEN}",
            )
            for hidden in "\0\b\x1b\x7f\x84\u0378\u0600\u2065\ud800\ue000\U000e0001"
        ),
        ({"age_years": -1}, f"age_years: expected {YEARS}, got a number outside these bounds"),
        ({"age_years": 131}, f"age_years: expected {YEARS}, got a number outside these bounds"),
        (
            {"age_years": math.nan},
            f"age_years: expected {YEARS}, got a number outside these bounds",
        ),
        (
            {"age_years": math.inf},
            f"age_years: expected {YEARS}, got a number outside these bounds",
        ),
        ({"age_years": "67"}, f"age_years: expected {YEARS}, got text"),
        ({"age_years": True}, f"age_years: expected {YEARS}, got true or false"),
        ({"age_years": (60, None)}, f"age_years: expected {YEARS}, got nothing"),
        (
            {"age_years": (67, 66)},
            "age_years: expected a range from low to high, got high before low",
        ),
        (
            {"age_years": (1, 2, 3)},
            "age_years: expected a number, or a range of two: low, high, got 3 numbers",
        ),
        (
            {"weight_kg": 0.1},
            f"weight_kg: expected {KILOGRAMS}, got a number outside these bounds",
        ),
        (
            {"ms_symptoms_severe": 1},
            "ms_symptoms_severe: expected true, false or None, got a number",
        ),
        ({"asked_unknown": "age_years"}, "asked_unknown: expected a list of field names, got text"),
        ({"asked_unknown": 3}, "asked_unknown: expected a list of field names, got a number"),
        (
            {"asked_unknown": ["age"]},
            f"asked_unknown: expected names among {', '.join(FIELDS)}, got another name",
        ),
        (
            {"asked_unknown": [[]]},
            f"asked_unknown: expected names among {', '.join(FIELDS)}, got another name",
        ),
        (
            {"asked_unknown": ["age_years"], "age_years": 3},
            "asked_unknown.age_years: expected a field that has no answer, got an answer",
        ),
    ],
)
def test_what_no_profile_can_say_is_refused_by_field(fields: Any, problem: str) -> None:
    assert problems_of(PatientProfile, **fields) == [problem]


@pytest.mark.parametrize("sign", LINE_ENDS + UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_line_end_and_what_nobody_sees_may_stand_in_an_entry_and_stay_in_it(sign: str) -> None:
    text = f"a{sign}b"
    assert Entry(text).text == text
    assert Supplement(text).name == text
    assert problems_of(Entry, sign) == ["text: expected some words, got blank text"]


@pytest.mark.parametrize("sign", LINE_ENDS + UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_neither_may_stand_in_a_code_or_in_what_is_denied(sign: str) -> None:
    if unicodedata.category(sign) == "Mn":  # a mark upon a letter, as accents are
        return
    hidden = f"expected visible characters only, got {HIDDEN}"
    assert problems_of(Code, f"s{sign}", "1") == [f"system: {hidden}"]
    assert problems_of(Code, "s", f"1{sign}") == [f"code: {hidden}"]
    assert problems_of(PatientProfile, denied=[f"a{sign}b"]) == [f"denied[0]: {hidden}"]


def test_the_longest_entry_and_the_longest_list_are_taken() -> None:
    profile = PatientProfile(medications=["a" * 10_000, *["b"] * 1999])
    assert isinstance(profile.medications, Entries)
    assert len(profile.medications.items) == 2000
    assert problems_of(Code, "s", "a" * 1001) == [
        "code: expected at most 1000 characters, got 1001"
    ]


def test_all_problems_are_reported_at_once_in_the_order_of_the_fields() -> None:
    problems = problems_of(
        PatientProfile,
        supplements=[],
        medications=["ok", 3, " "],
        age_years=-1,
        replacing_ms_treatment="no",
    )
    assert [problem.partition(":")[0] for problem in problems] == [
        "supplements",
        "medications[1]",
        "medications[2]",
        "age_years",
        "replacing_ms_treatment",
    ]


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: Code("", "x"), "system: expected some words, got blank text"),
        (lambda: Code("urn:x", 3), "code: expected text, got a number"),  # type: ignore[arg-type]
        (Entry, "text: expected words or a code, got nothing"),
        (lambda: Entry(""), "text: expected some words, got blank text"),
        (
            lambda: Entry("x", "y"),  # type: ignore[arg-type]
            "codes: expected a list of codes, got something else",
        ),
        (
            lambda: Entry("x", ["y"]),  # type: ignore[list-item]
            "codes: expected a list of codes, got something else",
        ),
        (
            lambda: Entry("x", [Code(ICD, "E11")] * 2001),
            "codes: expected at most 2000 codes, got 2001",
        ),
        (lambda: Supplement(None), "name: expected text, got nothing"),  # type: ignore[arg-type]
        (
            lambda: Supplement("x", dose_mg=-1),
            f"dose_mg: expected {MILLIGRAMS}, got a number outside these bounds",
        ),
        (
            lambda: Supplement("x", times_per_day=[1, 2, 3]),
            "times_per_day: expected a number, or a range of two: low, high, got 3 numbers",
        ),
        (
            lambda: Supplement("x", taking="yes"),  # type: ignore[arg-type]
            "taking: expected true, false or None, got text",
        ),
        (lambda: Entries([]), f"items: expected {EMPTY}, got an empty list"),
        (
            lambda: Entries("abc"),
            "items: expected a list of entries, got text",
        ),
        (
            lambda: Entries(["a"], complete=None),  # type: ignore[arg-type]
            "complete: expected true or false, got nothing",
        ),
        (
            lambda: Entries(["a"], complete=1),  # type: ignore[arg-type]
            "complete: expected true, false or None, got a number",
        ),
    ],
)
def test_what_no_part_of_a_profile_can_say_is_refused(build: Any, problem: str) -> None:
    assert problems_of(build) == [problem]


def test_a_code_is_enough_without_words() -> None:
    assert Entry(codes=[Code(ICD, "E11")]).text is None


def test_a_part_takes_over_the_problems_of_what_is_inside_it() -> None:
    checks = Checks()
    assert checks.inside("a[0]", lambda: 7) == 7
    assert checks.inside("a[1]", lambda: Supplement(" ", dose_mg=0)) is None
    assert [problem.where for problem in checks.problems] == ["a[1].name", "a[1].dose_mg"]


def test_no_problem_raises_nothing() -> None:
    Checks().raise_any()


def test_the_error_can_be_of_a_narrower_kind() -> None:
    checks = Checks()
    checks.note("x", "y")
    with pytest.raises(IntakeError, match=r"^x: expected y$"):
        checks.raise_any(IntakeError)
    assert checks.problems == [Problem("x", "y")]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true or false"),
        ("x", "text"),
        (1, "a number"),
        (1.5, "a number"),
        ({}, "a table"),
        ([], "a list"),
        ((), "a list"),
        (b"x", "something else"),
    ],
)
def test_a_kind_is_said_without_the_value(value: object, words: str) -> None:
    assert kind_of(value) == words


def test_the_checks_hold_when_attrs_validators_are_switched_off() -> None:
    import attrs

    with attrs.validators.disabled():
        assert problems_of(PatientProfile, age_years=-1)
        assert problems_of(Entries, [])
        assert problems_of(Entry)


def test_every_public_name_of_the_module_exists() -> None:
    assert all(hasattr(model, name) for name in model.__all__)
