"""Rows of CSV and NDJSON: what is broken is set aside, and nothing inside it is a patient."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from msrisk.cohort import csv_rows
from msrisk.cohort.csv_rows import INSIDE, Line, Lines, rows_of
from msrisk.cohort.files import Batch, Source, batches
from msrisk.model.rules import RuleSet

NAMES = ["key", "supplements", "note"]


def read(text: str) -> tuple[list[Any], list[Line]]:
    """Return the keys of the rows of a text, and what is set aside."""
    lines = Lines(io.StringIO(text, newline=""))
    found = list(rows_of(lines, NAMES))
    return [one.cells["key"] for one in found if one.cells and not one.reason], [
        one for one in found if one.reason
    ]


@pytest.mark.parametrize(
    ("text", "rows", "aside"),
    [
        # A row of several lines with a cell too many: its inner line is no patient.
        ('1,ALA,"a\n2,NAC,y\nb",c\n3,NAC,y\n', ["3"], ['1,ALA,"a', "2,NAC,y", 'b",c']),
        ('1,ALA,"a\n\nb",c\n3,NAC,y\n', ["3"], ['1,ALA,"a', 'b",c']),
        ('1,ALA,"a\n2,NAC,y"\n3,NAC,y\n', ["1", "3"], []),
        # A quote too few: the lines behind it may be inside, until a quote says that they are not.
        ('1,ALA,x\n2,ALA,"said ""hi\n3,NAC,y\n', ["1"], ['2,ALA,"said ""hi', "3,NAC,y"]),
        ('1,ALA,"x\n2,NAC,"y"\n3,NAC,"a\nb"\n', ["3"], ['1,ALA,"x', '2,NAC,"y"']),
        ('"1","ALA","x\n"2","NAC","y"\n"3","NAC","z"\n', ["3"], ['"1","ALA","x', '"2","NAC","y"']),
        # A quote too many.
        ('1,ALA,"a "b\n2,NAC,y\nc"\n3,NAC,y\n', ["3"], ['1,ALA,"a "b', "2,NAC,y", 'c"']),
        ('1,ALA,"x",y,"z"\n\n2,NAC,y\n', ["2"], ['1,ALA,"x",y,"z"']),
        ('1,ALA,\n2,NAC,y"\n3,NAC,"z"\n', ["3"], ["1,ALA,", '2,NAC,y"']),
        ('1,ALA,a\nb, c"\n2,NAC,y\n', [], ["1,ALA,a", 'b, c"', "2,NAC,y"]),
        # The wrong number of cells and no quotes.
        ("1,ALA\n\n2,NAC,y\n3,NAC,y,more\n", ["2"], ["1,ALA", "3,NAC,y,more"]),
        # A line of one cell may be the end of the row before it, or the begin of the next.
        ("1,ALA,a\nb\n\n2,NAC,y\n3,NAC,y\n", ["3"], ["1,ALA,a", "b", "2,NAC,y"]),
        ("1,ALA,a\nb\n", [], ["1,ALA,a", "b"]),
        # The quote at the begin of a cell of many lines is lost: none of them is a patient.
        (
            '1,ALA,x\n2,ALA,a\nthen,NAC,y\nand so,on\nmore,NAC,y"\n3,NAC,y\n',
            ["1", "3"],
            ["2,ALA,a", "then,NAC,y", "and so,on", 'more,NAC,y"'],
        ),
        (
            '1,ALA,a\nthen,NAC,y\nmore,NAC,y"\n3,NAC,y\n',
            ["3"],
            ["1,ALA,a", "then,NAC,y", 'more,NAC,y"'],
        ),
        # What looks otherwise and is in nothing broken is a row.
        ("1,ALA,x\nthen,NAC,y\nmore,NAC,y\n3,NAC,y\n", ["1", "then", "more", "3"], []),
    ],
)
def test_what_may_be_inside_of_a_broken_row_is_set_aside(
    text: str, rows: list[str], aside: list[str]
) -> None:
    found, others = read(text)
    texts = [",".join(one.came) if isinstance(one.came, list) else one.came for one in others]
    assert (found, texts) == (rows, aside)


def _row(key: str, note: str, *, quoted: bool) -> str:
    out = io.StringIO()
    write = csv.writer(
        out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    write.writerow([key, "ALA", note])
    return out.getvalue()


NOTES = st.lists(
    st.sampled_from(["well", "X,NAC,y", 'said "yes"', "", "a, b", '"', 'X,NAC,"y"']), max_size=3
).map("\n".join)


@given(st.lists(st.tuples(NOTES, st.booleans()), min_size=2, max_size=6), st.integers(0, 300))
@example([("a\nX,NAC,y\nb", False), ("y", False)], 6)
def test_a_comma_too_many_makes_no_patient_of_a_note_and_loses_nobody(
    notes: list[tuple[str, bool]], at: int
) -> None:
    rows = [_row(f"K{key}", note, quoted=quoted) for key, (note, quoted) in enumerate(notes)]
    text = "".join(rows)
    places = [place for place, one in enumerate(text) if one not in "K012345"]
    place = places[at % len(places)]
    found, aside = read(f"{text[:place]},{text[place:]}")
    assert not [key for key in found if key.startswith("X")]
    kept = " ".join([*found, *(str(one.came) for one in aside)])
    assert [key for key in range(len(notes)) if f"K{key}" not in kept] == []


@given(st.lists(st.tuples(NOTES, st.booleans()), min_size=2, max_size=6), st.integers(0, 9))
@example([("y", False), ("a\nX,NAC,y\nX,NAC,y\nX,b", False)], 0)
def test_a_quote_lost_at_the_begin_makes_no_patient_of_a_note_and_loses_nobody(
    notes: list[tuple[str, bool]], at: int
) -> None:
    rows = [_row(f"K{key}", note, quoted=quoted) for key, (note, quoted) in enumerate(notes)]
    texts = [row for row in rows if row.count("\n") > 1] or rows
    lost = rows.index(texts[at % len(texts)])
    begin = ',"' if not notes[lost][1] else ',"ALA","'
    rows[lost] = rows[lost].replace(begin, begin[:-1], 1)
    found, aside = read("".join(rows))
    assert not [key for key in found if key.startswith("X")]
    kept = " ".join([*found, *(str(one.came) for one in aside)])
    assert [key for key in range(len(notes)) if f"K{key}" not in kept] == []


def test_lines_that_look_otherwise_are_held_back_for_some_time_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_rows, "_LINES", 2)
    text = "1,ALA,x\n" * 20 + 'one,NAC,y\ntwo,NAC,y\nfour,NAC,y"\n5,NAC,y\n'
    rows, aside = read(text)
    assert rows[20:] == ["one", "5"]
    assert [one.reason == INSIDE for one in aside] == [True, False]


def test_no_row_takes_more_than_some_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "_LINES", 3)
    text = '1,ALA,"open\n' + "".join(f"{key},NAC,y\n" for key in range(2, 7)) + '7,NAC,"z"\n'
    rows, aside = read(text)
    assert rows == ["4", "5", "6", "7"]
    assert [one.reason for one in aside[1:]] == [INSIDE, INSIDE]


def test_a_line_that_is_too_long_hides_the_next_ones_only_if_it_has_quotes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_rows, "_LONGEST", 100)
    plain, quoted = "x" * 150, "x" * 120 + '"' + "x" * 50
    assert read(f"1,ALA,{plain}\n2,NAC,y\n")[0] == ["2"]
    assert read(f'1,ALA,{quoted}\n2,NAC,y\n3,NAC,"z"\n4,NAC,y\n')[0] == ["4"]


def _json(tmp_path: Path, *lines: str, size: int = 50) -> list[Batch]:
    (tmp_path / "in.ndjson").write_text("\n".join(lines), "utf-8")
    return list(batches(Source(tmp_path / "in.ndjson", size=size), RuleSet.default()))


@pytest.mark.parametrize(
    ("values", "kept", "of"),
    [
        (["1", "2", "null"], [1, 2, None], pl.Int64()),
        (["1", "2.5"], [1.0, 2.5], pl.Float64()),
        (["true", "null"], [True, None], pl.Boolean()),
        (['"007"', '"8"'], ["007", "8"], pl.String()),
        (["1", '"x"'], ["1", "x"], pl.String()),
        (['{"of": 2}', "[1]"], ['{"of": 2}', "[1]"], pl.String()),
        (["9007199254740993", "1"], [9007199254740993, 1], pl.Int64()),
        (["9007199254740993", "1.5"], ["9007199254740993", "1.5"], pl.String()),
        (["99999999999999999999"], ["99999999999999999999"], pl.String()),
        (["null"], [None], pl.String()),
    ],
)
def test_a_column_that_is_kept_keeps_its_type(
    tmp_path: Path, values: list[str], kept: list[object], of: pl.DataType
) -> None:
    (batch,) = _json(tmp_path, *(f'{{"key": {value}}}' for value in values))
    assert batch.patients["key"].to_list() == kept
    assert batch.patients["key"].dtype == of


@pytest.mark.parametrize(
    ("first", "later", "kept", "expected"),
    [
        ("1", '"x"', [1], "key: expected a whole number, as in the first rows, got text"),
        ("1", "1.5", [1], "key: expected a whole number, as in the first rows, got a number"),
        ("1.5", "2", [1.5, 2.0], None),
        ("1.5", "9007199254740993", [1.5], "key: expected a number, as in the first rows"),
        ("true", "1", [True], "key: expected true or false, as in the first rows"),
    ],
)
def test_a_later_value_of_another_type_is_set_aside(
    tmp_path: Path, first: str, later: str, kept: list[object], expected: str | None
) -> None:
    found = _json(tmp_path, f'{{"key": {first}}}', f'{{"key": {later}}}', size=1)
    values = [value for one in found for value in one.patients["key"].to_list()]
    reasons = [reason for one in found for aside in one.aside for reason in aside.reasons]
    assert values == kept
    assert (reasons == []) if expected is None else reasons[0].startswith(expected)


def test_an_object_over_several_lines_is_no_patient_and_neither_are_its_parts(
    tmp_path: Path,
) -> None:
    lines = ['{"key": 1, "supplements": [', '{"name": "x"},', "", '{"name": "NAC"}', "]}"]
    (batch,) = _json(tmp_path, *lines, '{"key": 2}', '{"key": 3, "supplements": ["N', '{"key": 4}')
    assert batch.patients["key"].to_list() == [2, 4]
    whole = "row: expected one JSON object on a line, each key once"
    assert [one.reasons[0] for one in batch.aside] == [whole, whole, INSIDE, whole, whole]


def test_a_key_that_stands_twice_is_not_read_as_the_last_one_says(tmp_path: Path) -> None:
    twice = '{"key": 1, "medications": ["tacrolimus"], "medications": "none"}'
    (batch,) = _json(tmp_path, twice, '{"key": 2}')
    assert batch.patients["key"].to_list() == [2]
    assert json.loads(json.dumps(batch.aside[0].patient)) == twice


def test_a_line_that_is_no_utf_8_is_set_aside_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(b'{"key": "M\xfcller"}\n')
    (batch,) = batches(Source(tmp_path / "in.ndjson"), RuleSet.default())
    assert batch.aside[0].patient == '{"key": "M\\xfcller"}'


@pytest.mark.parametrize("turned", [False, True])
def test_a_list_is_complete_only_if_all_say_so(tmp_path: Path, turned: bool) -> None:
    parts = ['"conditions": {"entries": ["MS"], "complete": true}', '"conditions_complete": false']
    both = ", ".join(reversed(parts) if turned else parts)
    (batch,) = _json(tmp_path, f"{{{both}}}", f"{{{parts[0]}}}", '{"conditions": ["MS"]}')
    assert batch.patients["conditions_complete"].to_list() == [False, True, None]
