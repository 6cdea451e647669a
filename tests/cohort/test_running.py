"""`msrisk screen`: files in every form, bad rows, kills, resumes, changed rules, the summary."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from msrisk.cohort import csv_rows, files, running
from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
from msrisk.cohort.screening import screen
from msrisk.errors import FrameError
from msrisk.model.rules import RuleSet
from tests.cohort.frames import KEY
from tests.cohort.made import plain

SHIPPED = RuleSet.default()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


def told(rows: int, share: float) -> None:
    """Be told how far it is, and say nothing."""


def outcome(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        return pl.read_csv(path, infer_schema_length=None)
    return pl.read_ndjson(path, infer_schema_length=None)


def test_a_file_becomes_what_screen_says_of_its_frame(tmp_path: Path) -> None:
    frame = plain(60)
    frame.write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet", size=25), tmp_path / "out.parquet", SHIPPED)
    seen: list[tuple[int, float]] = []
    summary = run(job, lambda count, share: seen.append((count, share)))
    assert seen == [(25, 25 / 60), (25, 50 / 60), (10, 1.0)]
    assert pl.read_parquet(job.target).equals(screen(frame))
    assert summary.patients == sum(one.patients for one in summary.ends) == 60
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


@pytest.mark.parametrize("ending", ["ndjson", "csv"])
def test_text_files_say_the_same_as_parquet(tmp_path: Path, ending: str) -> None:
    frame = plain(30).with_columns(pl.col(KEY).cast(pl.String))
    whole = frame.with_columns(
        pl.col("supplements").list.concat(pl.lit(['a "quoted"; name\nof two']))
    )
    wanted = screen(whole)
    if ending == "ndjson":
        whole.write_ndjson(tmp_path / "in.ndjson")
    else:
        lists = [name for name, of in whole.schema.items() if isinstance(of, pl.List)]
        rows = [{**row, **{name: _json(row[name]) for name in lists}} for row in whole.to_dicts()]
        pl.DataFrame(rows, schema={**whole.schema, **dict.fromkeys(lists, pl.String())}).write_csv(
            tmp_path / "in.csv"
        )
    target = tmp_path / f"out.{ending}"
    run(Job(Source(tmp_path / f"in.{ending}"), target, SHIPPED), told)
    # What was written is read again, and is the same once more.
    again = outcome(target)
    assert again["level"].to_list() == wanted["level"].to_list()
    assert again["ala-diabetes"].to_list() == wanted["ala-diabetes"].to_list()
    assert again[KEY].cast(pl.String).to_list() == frame[KEY].to_list()
    if ending == "csv":
        listed = [None if one is None else json.loads(one) for one in again["supplements"]]
        assert listed == whole["supplements"].to_list()


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)


CSV = b"""key,supplements,medications,medications_complete,age_years,dose_mg_of_alpha_lipoic_acid
A,ALA 300 mg; vitamin D,none,yes,67,
B,"[""NAC, 600 mg"", ""zinc; x""]",unknown,,nan,
C,alpha lipoic acid,tacrolimus,no,-4,
D,alpha lipoic acid,tacrolimus,maybe,old,
E,too few
F,\xff,none,,30,
G,zinc,none,true,30,900
H,[broken,,unknown,,
"""


def test_rows_that_cannot_be_read_are_set_aside_with_reasons(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(CSV)
    job = Job(Source(tmp_path / "in.csv"), tmp_path / "out.csv", SHIPPED)
    summary = run(job, told)
    aside = [json.loads(line) for line in job.aside.read_text("utf-8").splitlines()]
    doses = "doses from 0.001 mg to 100000 mg of supplements that the list names"
    assert {one["row"]: one["reasons"] for one in aside} == {
        3: [
            "age_years: expected a number of years from 0 to 130, got a number outside these bounds"
        ],
        4: [
            "medications_complete: expected true, false, or nothing, got text",
            "age_years: expected a number, or nothing, got text",
        ],
        5: ["row: expected 6 cells, got 2"],
        6: ["row: expected text in UTF-8"],
        7: [f"dose columns: expected {doses}"],
    }
    screened = outcome(job.target)
    assert screened["key"].to_list() == ["A", "B", "H"]
    assert screened["supplements"].to_list() == [
        '["ALA 300 mg","vitamin D"]',
        '["NAC, 600 mg","zinc; x"]',
        '["[broken"]',
    ]
    assert (summary.patients, summary.aside, summary.not_read) == (3, 5, 1)


NDJSON: list[Any] = [
    {"patient": 1, "supplements": ["NAC"], "conditions": {"entries": ["MS"], "complete": True}},
    {"patient": {"of": 2}, "supplements": "unknown", "conditions": None},
    {"patient": 3, "supplements": [{"name": "NAC", "dose_mg": 3}]},
    {"patient": 4, "supplements": 5},
    [1],
    {"patient": 6, "supplements": ["NAC", None]},
    {
        "patient": 7,
        "conditions": [{"codes": [{"system": "http://snomed.info/sct", "code": "24700007"}]}],
        "replacing_ms_treatment": True,
        "age_years": True,
    },
]


def test_lines_of_json_may_be_intake_documents(tmp_path: Path) -> None:
    lines = [*map(json.dumps, NDJSON), "{bad", '{"other": 1}']
    (tmp_path / "in.ndjson").write_bytes("\n".join(lines).encode() + b"\n\xff\n")
    job = Job(Source(tmp_path / "in.ndjson", size=7), tmp_path / "out.ndjson", SHIPPED)
    run(job, told)
    aside = [json.loads(line) for line in job.aside.read_text("utf-8").splitlines()]
    entries = (
        "expected entries as text or as text with one code; doses stand in columns of their own"
    )
    assert {one["row"]: one["reasons"] for one in aside} == {
        3: [f"supplements: {entries}, got a list"],
        4: ['supplements: expected a list of text, "none", or nothing, got a number'],
        5: ["row: expected a JSON object, got a list"],
        6: ["supplements[1]: expected text, or a table with a name, got nothing"],
        7: ["age_years: expected a number, or nothing, got true or false"],
        8: ["row: expected one JSON object on a line, each key once"],
        9: ["row: expected a key that the first 7 rows have, got another"],
        10: ["row: expected text in UTF-8"],
    }
    assert outcome(job.target)["patient"].to_list() == ["1", '{"of": 2}']


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("NAC", "NAC"),
        ({"name": "NAC"}, "NAC"),
        ({"text": "NAC"}, "NAC"),
        ({"codes": [{"system": "a:b", "code": "1"}]}, "a:b|1"),
        ({"text": "NAC", "codes": [{"system": "a:b", "code": "1"}]}, "a:b|1|NAC"),
    ],
)
def test_an_entry_is_text_or_text_with_one_code(tmp_path: Path, entry: object, text: str) -> None:
    (tmp_path / "in.ndjson").write_text(json.dumps({"conditions": [entry]}))
    (batch,) = files.batches(Source(tmp_path / "in.ndjson"), SHIPPED)
    assert batch.patients["conditions"].to_list() == [[text]]


@pytest.mark.parametrize(
    "entry",
    [
        3,
        {},
        {"codes": []},
        {"codes": [{"system": "a:b"}]},
        {"codes": [{"system": "a:b", "code": "1"}], "text": 3},
        {"codes": [{"system": "a:b", "code": "1"}], "other": "x"},
    ],
)
def test_any_other_entry_is_set_aside(tmp_path: Path, entry: object) -> None:
    document = {"conditions": [entry], "ms_symptoms_severe": 1, "replacing_ms_treatment": ""}
    (tmp_path / "in.ndjson").write_text(json.dumps(document))
    (batch,) = files.batches(Source(tmp_path / "in.ndjson"), SHIPPED)
    assert [one.split(":")[0] for one in batch.aside[0].reasons] == [
        "conditions",
        "ms_symptoms_severe",
    ]


def test_a_run_goes_on_where_it_was_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain(40).write_parquet(tmp_path / "in.parquet")
    source = Source(tmp_path / "in.parquet", size=10)
    run(Job(source, tmp_path / "whole.parquet", SHIPPED), told)
    job = Job(source, tmp_path / "out.parquet", SHIPPED)
    write: Any = running.write_part
    calls: list[str] = []

    def ended(job: Job, part: Path, *batch: Any) -> None:
        calls.append(part.name)
        if len(calls) in (2, 4):
            raise KeyboardInterrupt
        write(job, part, *batch)

    monkeypatch.setattr(running, "write_part", ended)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(job, told)
    run(job, told)
    assert calls == [f"00000{at}.parquet" for at in (0, 1, 1, 2, 2, 3)]
    assert job.target.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_parts_of_another_run_are_not_gone_on_with(tmp_path: Path) -> None:
    plain(10).write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet"), tmp_path / "out.parquet", SHIPPED)
    job.parts.mkdir()
    (job.parts / "about.json").write_text("{}")
    with pytest.raises(FrameError, match="expected parts of the same file, rules and options"):
        run(job, told)


def test_a_run_that_was_ended_while_it_put_the_parts_together_is_ended_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(10).write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet"), tmp_path / "out.parquet", SHIPPED)

    def no(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", no)
        with pytest.raises(KeyboardInterrupt):
            run(job, told)
    assert job.target.exists()
    assert run(job, told).patients == 10
    assert not job.parts.exists()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("in.txt", b"x", r"in\.txt: expected a file that ends in \.parquet, \.csv"),
        ("half.parquet", b"PAR1xx", r"half\.parquet: expected a whole Parquet file"),
        ("in.csv", b"", r"in\.csv: expected a first line with the names of the columns"),
        ("twice.csv", b"a,a\n", r"twice\.csv: expected a first line"),
        ("level.csv", b"level\nx\n", r"column level: expected no column with a name that msrisk"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FrameError, match=expected):
        run(Job(Source(tmp_path / name), tmp_path / "out.csv", SHIPPED), told)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_nothing_is_overwritten_and_every_problem_is_named(tmp_path: Path) -> None:
    for name in ("out.txt", "out.txt.aside.ndjson"):
        (tmp_path / name).write_text("kept")
    with pytest.raises(FrameError) as raised:
        run(Job(Source(tmp_path / "in.csv"), tmp_path / "out.txt", SHIPPED), told)
    said = str(raised.value)
    assert said.count("nothing is overwritten") == 2
    assert "expected a name that ends in .parquet, .csv" in said
    assert "in.csv: expected a file of patients, got none" in said
    assert (tmp_path / "out.txt").read_text() == "kept"


def test_a_disk_that_is_full_is_an_error_and_not_the_end_of_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(20).write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet", size=10), tmp_path / "out.parquet", SHIPPED)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(FrameError, match="No space left on device"):
            run(job, told)

    def broken(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("disk")

    with monkeypatch.context() as patched:
        patched.setattr(running, "summary_of", broken)
        with pytest.raises(FrameError, match="room on the disk"):
            run(job, told)
    assert run(job, told).patients == 20


def test_a_source_that_vanishes_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("supplements\nNAC\n")
    source = Source(tmp_path / "in.csv")
    (tmp_path / "in.csv").unlink()
    with pytest.raises(FrameError, match=r"in\.csv: expected a file that can be read, got No such"):
        next(files.batches(source, SHIPPED))


def test_a_cell_of_many_megabytes_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "_LONGEST", 1_000)
    text = "supplements,patient\nNAC,1\n" + "x" * 2_000 + ",2\nNAC,3\n"
    (tmp_path / "in.csv").write_text(text)
    job = Job(Source(tmp_path / "in.csv"), tmp_path / "out.csv", SHIPPED)
    run(job, told)
    assert outcome(job.target)["patient"].to_list() == [1, 3]
    assert "row: expected cells as CSV has them" in job.aside.read_text()
    (tmp_path / "long.csv").write_text("x" * 2_000 + "\n")
    with pytest.raises(FrameError, match="expected a first line"):
        run(Job(Source(tmp_path / "long.csv"), tmp_path / "a.csv", SHIPPED), told)


def test_an_error_keeps_the_parts_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(20).write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet", size=10), tmp_path / "out.parquet", SHIPPED)
    read = files.batches

    def broken(source: Source, ruleset: RuleSet) -> Iterator[Any]:
        yield next(read(source, ruleset))
        raise FrameError([])

    with monkeypatch.context() as patched:
        patched.setattr(running, "batches", broken)
        with pytest.raises(FrameError):
            run(job, told)
    assert [one.name for one in sorted(job.parts.glob("*.parquet"))] == ["000000.parquet"]
    assert run(job, told).patients == 20


def test_an_empty_file_is_screened(tmp_path: Path) -> None:
    plain(0).write_parquet(tmp_path / "in.parquet")
    job = Job(Source(tmp_path / "in.parquet"), tmp_path / "out.parquet", SHIPPED)
    assert run(job, told).patients == 0


KILLED = """
import sys
from pathlib import Path
import msrisk
from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
source, target = map(Path, sys.argv[1:])
run(Job(Source(source, size=50), target, msrisk.RuleSet.default()), lambda rows, share: None)
"""


@pytest.mark.slow
def test_ten_kills_and_a_resume_give_the_same_file(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    plain(600).write_parquet(source)

    def started(target: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", KILLED, str(source), str(tmp_path / target)]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    assert started("whole.parquet").wait() == 0
    chance = random.Random(5)  # noqa: S311  # when to end a process is no secret
    for _ in range(10):
        process = started("out.parquet")
        try:
            process.wait(chance.uniform(1, 4))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    if not (tmp_path / "out.parquet").exists() or (tmp_path / "out.parquet.parts").exists():
        assert started("out.parquet").wait() == 0
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
