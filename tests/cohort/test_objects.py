"""Entries that are more than a text or a code, and numbers that are a range, in a frame."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import msrisk.cohort
from msrisk.cohort.entries import parts_of, text_of, words_of
from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
from msrisk.model.profile import Code, Entry, PatientProfile, Supplement
from msrisk.model.rules import RuleSet
from msrisk.testing import profiles
from tests.cohort.frames import polars_eager, table
from tests.cohort.rows import differences, empty_row

SHIPPED = RuleSet.default()
DOUBTED = '{"text":"insulin","doubt":"the order was stopped"}'


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


@settings(max_examples=30)
@given(st.data())
def test_an_entry_is_the_same_after_it_was_a_text_of_a_frame(data: st.DataObject) -> None:
    profile = data.draw(profiles(SHIPPED))
    for field in ("supplements", "medications"):
        told = getattr(profile, field)
        for item in getattr(told, "items", ()):
            again = PatientProfile.from_dict({field: [parts_of(text_of(item))]})
            assert getattr(again, field).items == (item,)


def test_a_name_that_looks_like_an_object_stays_a_name() -> None:
    for item in (Entry('{"text":"x"}'), Supplement('{"')):
        assert words_of(text_of(item)) == item.text


def test_words_are_shown_and_not_the_object_around_them() -> None:
    both = Entry("insulin", (Code("a:b", "1"),), "it ended")
    assert words_of(text_of(both)) == "insulin"
    assert words_of(text_of(Entry(None, (Code("a:b", "1"), Code("a:b", "2"))))) == "a:b|1"
    assert words_of('{"broken') == '{"broken'
    assert words_of("plain") == "plain"


@pytest.mark.parametrize(
    "row",
    [
        {"supplements": ["ALA"], "conditions": [DOUBTED.replace("insulin", "diabetes")]},
        {"supplements": ["ALA"], "medications": [DOUBTED, "insulin"]},
        {"supplements": ['{"name":"ALA","dose_mg":[600,700],"times_per_day":2}']},
        {"supplements": ['{"name":"ALA","taking":true}', "ALA"], "denied": ["diabetes"]},
        {"supplements": ['{"name":"NAC","taking":true}', '{"name":"NAC","taking":true}']},
        {"supplements": ["ALA"], "age_years": 64.0, "age_years_to": 66.0},
        {"supplements": ["ALA"], "age_years": 65.0, "age_years_to": 66.0},
        {"supplements": ["ALA"], "age_years": 17.0, "age_years_to": 17.0},
        {"supplements": ["ALA"], "age_years": 70.0, "age_years_to": 69.0},
        {"supplements": ["ALA"], "age_years_to": 69.0},
    ],
)
def test_a_row_says_what_assess_says_of_its_profile(row: dict[str, object]) -> None:
    full = {**empty_row(SHIPPED), **row}
    (answered,) = polars_eager(table([full], SHIPPED), msrisk.cohort.screen)
    assert differences(answered, full, SHIPPED) == {}


def test_a_range_that_no_patient_has_is_not_read_and_counted() -> None:
    frame = pl.DataFrame(
        {"age_years": [70.0, None, 70.0, 70.0], "age_years_to": [69.0, 9, 71, 1e9]}
    )
    screened = msrisk.cohort.screen(frame)
    assert screened["not_read"].to_list() == [1, 1, 0, 1]


@pytest.mark.parametrize(
    "entry",
    [
        '{"text": "insulin"}',
        '{"text":"insulin"}',
        '{"doubt":"it ended","text":"insulin"}',
        '{"text":5}',
        '{"' * 100_000,
        '{"other":"insulin"}',
    ],
)
def test_an_object_that_msrisk_does_not_write_may_be_anything(entry: str) -> None:
    screened = msrisk.cohort.screen(
        pl.DataFrame({"medications": [[entry]], "supplements": [["zinc"]]})
    )
    assert screened.select("not_read", "unrecognised").rows() == [(1, 1)]


def test_an_entry_with_doses_of_its_own_takes_none_from_columns() -> None:
    told = {
        "supplements": [['{"name":"alpha lipoic acid","times_per_day":2}']],
        "dose_mg_of_alpha_lipoic_acid": [600.0],
    }
    assert msrisk.cohort.screen(pl.DataFrame(told))["not_read"].to_list() == [2]


def test_a_row_is_set_aside_for_what_is_wrong_beside_its_fields(tmp_path: Path) -> None:
    rows = [
        {"age_years": 60, "age_years_to": 50, "medications": ["zinc"]},
        {"medications": ['{"text": "zinc"}', None]},
        {"medications": ['{"text": "zinc"}']},
        {"medications": ['{"text":"zinc","doubt":"it ended"}']},
    ]
    (tmp_path / "in.ndjson").write_text("\n".join(map(json.dumps, rows)))
    job = Job(Source(tmp_path / "in.ndjson"), tmp_path / "out.ndjson", SHIPPED)
    assert run(job, lambda *_: None).patients == 1
    aside = [json.loads(line) for line in job.aside.read_text("utf-8").splitlines()]
    assert {one["row"]: one["reasons"] for one in aside} == {
        1: ["columns of a range: expected a begin, and an end that is not before it"],
        2: ["medications[1]: expected text, or a table with text or codes, got nothing"],
        3: ["entries in JSON: expected those that an intake document has, without blanks"],
    }
