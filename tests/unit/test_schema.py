"""The published JSON Schemas agree with what is read and with what is written."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from msrisk import api
from msrisk.documents import (
    profile_from_document,
    profile_from_json,
    profile_to_document,
    schema_of,
)
from msrisk.errors import IntakeError
from msrisk.model import results, summary
from msrisk.model.checks import LINE_ENDS, UNSEEN, Checks
from msrisk.model.facts import Denied
from msrisk.model.profile import FIELDS, Code, PatientProfile
from msrisk.model.results import Report
from msrisk.model.rules import Kind
from msrisk.model.sources import CitedPassages
from msrisk.rendering.document import to_document, to_json

from .bad_intakes import BAD_INTAKES
from .naive_document import KEYS
from .rendering_examples import BARE, NOTHING_FOUND, QUIET, RICH, UNCOVERED
from .test_intake import profiles

INTAKE = Draft202012Validator(schema_of("intake"))
REPORT = Draft202012Validator(schema_of("report"))
SCHEMA: Any = schema_of("report")


def part_schema(name: str) -> Draft202012Validator:
    """Return the schema of a part of the report document."""
    return Draft202012Validator({"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{name}"})


EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))

# What JSON Schema has no words for: each is said in the descriptions instead.
UNSAYABLE = ("a range from low to high", "visible characters only", "this key once")


# What somebody may write in the wrong place.
OTHERS: tuple[Any, ...] = (
    *(None, True, 0, -1, 0.5, 131, 1e9),
    *("", " ", "none", "unknown", "a" * 10_001, "a\nb\u200b", "a\x1b", "\u200b"),
    *([], [1], [1, 2], [2, 1, 3], ["a"], [None]),
    *({}, {"text": "a"}, {"entries": ["a"]}, {"name": "a"}, {"a": 1}),
)


def accepted(document: object) -> bool:
    """Return whether msrisk reads a document, but for what a schema cannot say."""
    try:
        profile_from_document(document)
    except IntakeError as error:
        return all(problem.expected in UNSAYABLE for problem in error.problems)
    return True


@pytest.mark.parametrize("schema", [schema_of("intake"), schema_of("report")])
def test_the_schemas_are_json_schema_2020_12_with_a_name_that_is_no_address(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:msrisk:")


def test_a_schema_is_read_anew_each_time_so_that_changing_one_changes_no_other() -> None:
    schema_of("intake").clear()
    assert schema_of("intake")["title"] == "msrisk intake document, version 1"


# --- The intake document ---


def test_the_intake_schema_has_the_fields_of_the_profile_in_their_order() -> None:
    schema: Any = schema_of("intake")
    assert list(schema["properties"]) == ["schema", *FIELDS, "denied", "not_known"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_an_intake_document(example: Path) -> None:
    INTAKE.validate(json.loads(example.read_text("utf-8")))
    profile_from_json(example.read_bytes())


@given(profiles())
def test_every_profile_is_written_as_the_schema_says(profile: PatientProfile) -> None:
    INTAKE.validate(profile_to_document(profile))


@pytest.mark.parametrize("name", BAD_INTAKES)
def test_what_is_refused_is_refused_by_the_schema_too(name: str) -> None:
    text = BAD_INTAKES[name][0]
    if len(text) > 100_000:
        return
    try:
        document = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return
    if not accepted(document):
        assert not INTAKE.is_valid(document)


def _said_by(words: Any, text: str) -> bool:
    return bool(re.search(words["pattern"], text)) and not re.search(words["not"]["pattern"], text)


# What Unicode has given no meaning, or another version of it another: a pattern cannot name it.
BEYOND = {"Cn", "Cf", "Cs", "Co"}
# In the planes that are left out stand Chinese characters and what has no meaning yet.
LOOKED_AT = (*range(0x20000), *range(0xE0000, 0xE0200), 0xF0000, sys.maxunicode)


@pytest.mark.parametrize("form", ["{}", "a{}b"])
@pytest.mark.parametrize(("place", "check"), [("words", Checks.text), ("entryWords", Checks.entry)])
def test_schema_and_reader_agree_on_every_character(
    place: str, check: Callable[[Checks, str, object], str], form: str
) -> None:
    words: Any = schema_of("intake")["$defs"][place]  # type: ignore[index]
    differ = set()
    for number in LOOKED_AT:
        character = chr(number)
        text = form.format(character)
        checks = Checks()
        check(checks, "text", text)
        if _said_by(words, text) is bool(checks.problems):
            assert checks.problems, hex(number)  # the schema refuses nothing that is read
            differ.add(unicodedata.category(character))
    assert differ == BEYOND


@pytest.mark.parametrize("sign", LINE_ENDS + UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_line_end_and_what_nobody_sees_are_taken_in_words_of_an_entry_by_both(sign: str) -> None:
    given: tuple[Any, ...] = (
        {"medications": [f"a{sign}b"]},
        {"symptoms": [{"text": f"a{sign}b"}]},
        {"supplements": [f"a{sign}b"]},
        {"supplements": [{"name": f"a{sign}b"}]},
    )
    for document in given:
        assert INTAKE.is_valid(document)
        profile_from_document(document)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside a document."""
    inside = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [path, *(found for key, part in inside for found in places(part, (*path, key)))]


@given(st.data())
def test_schema_and_reader_agree_on_documents_that_somebody_got_slightly_wrong(
    data: st.DataObject,
) -> None:
    document: Any = {"": deepcopy(profile_to_document(data.draw(profiles())))}
    for _ in range(data.draw(st.integers(1, 2))):
        *above, last = data.draw(st.sampled_from(places(document)[1:]))
        holder = document
        for key in above:
            holder = holder[key]
        if isinstance(holder, dict) and data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = data.draw(st.sampled_from(OTHERS))
        if not document:
            return
        if last == "":
            break
    assert INTAKE.is_valid(document[""]) is accepted(document[""])


# --- The report document ---


@pytest.mark.parametrize("report", [RICH, BARE, NOTHING_FOUND])
def test_a_report_is_written_as_the_schema_says(report: Report) -> None:
    REPORT.validate(to_document(report))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_report_of_every_example_is_written_as_the_schema_says(example: Path) -> None:
    REPORT.validate(api.assess(profile_from_json(example.read_bytes())).to_dict())


@pytest.mark.parametrize("report", [RICH, BARE, NOTHING_FOUND])
def test_the_first_screen_and_the_handout_are_written_as_the_schema_says(report: Report) -> None:
    for part in ("screen", "handout"):
        part_schema(part).validate(json.loads(to_json(report, part)))


def test_a_report_that_lost_a_caveat_or_a_source_is_not_a_report_document() -> None:
    document: Any = to_document(RICH)
    lists = ("caveats", "citations", "passages", "because", "sources")
    for path in places(document):
        if path and path[-1] in lists:
            holder = worse = deepcopy(document)
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = []
            silent = path[-1] == "because" and "silences" in path
            # The whole of a source has no passages.
            assert REPORT.is_valid(worse) is (silent or holder.get("whole", False))
            del holder[path[-1]]
            assert not REPORT.is_valid(worse)
    assert not REPORT.is_valid({**document, "summary": {**document["summary"], "caveat": None}})


def test_ends_of_a_range_that_are_not_known_are_null() -> None:
    finding = RICH.assessments[0].findings[0]
    because = results.Because("weight_kg", value=(48, float("inf")))
    report = evolve(
        RICH,
        assessments=(
            evolve(QUIET, findings=(evolve(finding, because=(because,)),)),
            UNCOVERED,
        ),
    )
    REPORT.validate(to_document(report))


PARTS = {
    "ruleset": results.RuleSetUsed,
    "policy": results.PolicyUsed,
    "citation": CitedPassages,
    "code": Code,
    "because": results.Because,
    "finding": results.Finding,
    "openQuestion": results.OpenQuestion,
    "caveat": results.Caveat,
    "disputedClaim": results.DisputedClaim,
    "otherSide": results.OtherSide,
    "silence": results.Silence,
    "assessment": results.Assessment,
    "unrecognised": results.Unrecognised,
    "nextQuestion": results.NextQuestion,
    "denied": Denied,
    "citedPlace": results.CitedPlace,
    "citedSource": results.CitedSource,
    "toAsk": results.ToAsk,
    "notLookedAt": results.NotLookedAt,
    "summary": summary.Summary,
    "summarySubstance": summary.SummarySubstance,
    "summaryPoint": summary.SummaryPoint,
    "emergency": summary.Emergency,
    "statement": summary.Statement,
    "silentOn": summary.SilentOn,
    "unknown": summary.Unknown,
    "bearing": results.Bearing,
    "evidenceUsed": results.EvidenceUsed,
}


@pytest.mark.parametrize("name", PARTS)
def test_the_schema_of_a_part_has_its_attributes_all_required_and_no_others(name: str) -> None:
    schema: Any = schema_of("report")
    part = schema["$defs"][name]
    assert set(part["properties"]) == {a.name for a in fields(PARTS[name])}
    assert list(part["properties"]) == part["required"] == list(KEYS[PARTS[name]])
    assert part["additionalProperties"] is False


def test_the_schema_of_the_report_has_the_keys_of_the_report() -> None:
    schema: Any = schema_of("report")
    assert list(schema["properties"]) == schema["required"] == ["schema", *KEYS[Report]]
    assert set(PARTS.values()) | {Report} == set(KEYS)


def test_the_schema_knows_every_level_and_every_kind_of_finding_and_caveat() -> None:
    parts: Any = schema_of("report")["$defs"]
    kinds = {kind.value for kind in Kind} - {"silence"}
    finding = parts["finding"]["properties"]["kind"]["enum"]
    caveat = parts["caveat"]["properties"]["kind"]["enum"]
    assert parts["level"]["enum"] == [level.value for level in results.Level]
    assert {*finding, *caveat} == kinds
    assert set(finding) == {kind.value for kind in Kind if kind.level is not None} - {"silence"}
