"""Malformed intakes: each is refused, by field, in time, and without a patient's words."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from msrisk.documents import profile_from_document, profile_from_json
from msrisk.documents.intake import MOST_BYTES
from msrisk.errors import IntakeError

from .bad_intakes import BAD_INTAKES, MANY, MARKER


def problems_of(text: str | bytes) -> list[str]:
    with pytest.raises(IntakeError) as caught:
        profile_from_json(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", BAD_INTAKES)
def test_a_malformed_intake_is_refused_with_each_problem_by_field(name: str) -> None:
    text, expected = BAD_INTAKES[name]
    assert problems_of(text) == expected


@pytest.mark.parametrize("name", BAD_INTAKES)
def test_no_error_carries_what_a_patient_said(name: str) -> None:
    with pytest.raises(IntakeError) as caught:
        profile_from_json(BAD_INTAKES[name][0])
    error: BaseException | None = caught.value
    while error is not None:
        assert MARKER not in repr(error) + str(error)
        assert not isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
        error = error.__cause__ or error.__context__


def test_every_problem_of_a_document_is_reported_at_once() -> None:
    document = {
        "schema": "msrisk-intake/2",
        "colour": "blue",
        "supplements": [{"name": " ", "dose_mg": -1, "taking": "yes", "brand": "x"}, 7],
        "medications": [],
        "conditions": {"entries": [{"text": "a", "codes": [{"system": "s"}]}], "complete": "no"},
        "allergies": "None",
        "symptoms": [{}, "ok"],
        "age_years": [67, 66],
        "weight_kg": 7000,
        "ms_symptoms_severe": "no",
        "replacing_ms_treatment": 0,
    }
    assert [line.partition(":")[0] for line in problems_of(json.dumps(document))] == [
        "colour",
        "schema",
        "supplements[0].brand",
        "supplements[0].taking",
        "supplements[0].name",
        "supplements[0].dose_mg",
        "supplements[1]",
        "medications",
        "conditions.complete",
        "conditions.entries[0].codes[0].code",
        "allergies",
        "symptoms[0].text",
        "age_years",
        "weight_kg",
        "ms_symptoms_severe",
        "replacing_ms_treatment",
    ]


def test_of_many_unknown_keys_the_first_are_named_and_the_others_counted() -> None:
    problems = problems_of(json.dumps({f"key_{n}": 1 for n in range(1000)}))
    assert len(problems) == 21
    assert problems[19].startswith("key_19: expected one of the keys schema, supplements,")
    assert problems[20].endswith("got 980 keys of other names, which are not shown here")


@pytest.mark.parametrize("text", [None, 3, bytearray(b"{}")])
def test_only_text_and_bytes_are_read_as_json(text: Any) -> None:
    with pytest.raises(IntakeError, match=r"^document: expected JSON as text or bytes, got "):
        profile_from_json(text)


class Contrary:
    """Answers every comparison with something that is neither true nor false."""

    def __eq__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise AssertionError("asked for a truth value")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({3: "x"}, "got 1 key of another name, which is not shown here"),
        ({"schema": Contrary()}, 'schema: expected "msrisk-intake/1", or no schema at all'),
        ({"medications": Contrary()}, "got something else"),
        ({"medications": ("a",)}, "got a list"),
        ({"age_years": math.nan}, "got a number outside these bounds"),
        ({"age_years": {1, 2}}, "got something else"),
    ],
)
def test_a_document_of_other_than_json_types_is_refused_too(document: Any, problem: str) -> None:
    with pytest.raises(IntakeError) as caught:
        profile_from_document(document)
    assert problem in str(caught.value)


def test_the_largest_intakes_are_among_those_that_are_tried() -> None:
    # They are what the limits are for: each would take long if it were read in full.
    sizes = {name: len(text) for name, (text, _) in BAD_INTAKES.items()}
    assert max(sizes.values()) > 3 * MOST_BYTES
    assert sizes["a text of ten megabytes"] > 10_000_000
    assert MANY > 100_000
