"""A folder of FHIR Bulk Data: each record is read as `read_bundle` reads it, and none is lost."""

from __future__ import annotations

import json
import logging
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

import msrisk
import msrisk.cohort
from msrisk.cohort import bulk, running
from msrisk.cohort.bulk import Records
from msrisk.cohort.files import Source
from msrisk.cohort.running import Job, run
from msrisk.cohort.summary_words import to_html, to_text
from msrisk.errors import FrameError
from msrisk.fhir import read_bundle
from msrisk.model.rules import RuleSet
from tests.cohort.rows import expected
from tests.fhir.records import resource
from tests.fhir.strategy import records
from tests.unit.cli_runs import run as run_cli

SHIPPED = RuleSet.default()
ON = date(2026, 12, 1)
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


def told(rows: int, share: float) -> None:
    """Be told how far it is, and say nothing."""


def person(id_: str, **more: object) -> Json:
    return {"resourceType": "Patient", "id": id_, "birthDate": "1950-06-01", **more}


def of(id_: str, **given: Any) -> Json:
    """Return a resource of a patient."""
    made = resource(given)
    return {**made, "patient" if "patient" in made else "subject": {"reference": f"Patient/{id_}"}}


def taken(id_: str, name: str = "alpha lipoic acid 600 mg") -> Json:
    return of(id_, resourceType="MedicationStatement", of=name)


def written(folder: Path, **files: Sequence[object]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, lines in files.items():
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        (folder / f"{name}.ndjson").write_text("\n".join(texts) + "\n", "utf-8")
    return folder


def rows_of(folder: Path, size: int = 100) -> list[Json]:
    read = Records(folder, ON, SHIPPED)
    return [row for batch in read.batches(size) for row in batch.patients.to_dicts()]


@pytest.mark.slow
@settings(max_examples=25)
@given(records())
def test_a_record_from_files_says_what_its_bundle_says(resources: list[Json]) -> None:
    ours = [
        one
        for one in resources
        if (one.get("subject") or one.get("patient")) == {"reference": "Patient/me"}
    ]
    lines = [person("me"), *ours, taken("me"), taken("another", "NAC")]
    with tempfile.TemporaryDirectory() as folder:
        (row, *others) = sorted(
            rows_of(written(Path(folder), all=lines)), key=lambda one: one["patient"] != "me"
        )
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in lines[:-1]]}
    report = msrisk.assess(read_bundle(bundle, on=ON).profile)
    (screened,) = msrisk.cohort.screen(pl.DataFrame([row], schema=bulk.SCHEMA)).to_dicts()
    wanted = expected(report, SHIPPED)
    assert {name: screened[name] for name in wanted} == wanted
    assert [one["patient"] for one in others] == ["another"]


def test_resources_of_one_patient_come_together_from_all_files(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        a=[taken("1"), person("2"), "", taken("2", "NAC")],
        b=[person("1"), of("1", resourceType="Condition", of="type 2 diabetes")],
    )
    first, second = rows_of(folder, 1)
    assert first["conditions"] == ["type 2 diabetes"]
    assert (first["patient"], first["age_years"], first["record_read"]) == ("1", 76.0, 3)
    assert second["supplements"] == ['{"name":"NAC","taking":true}']


def test_a_medicine_is_found_where_an_order_refers_to_it(tmp_path: Path) -> None:
    refer = {"reference": "http://a.example/fhir/Medication/x"}
    inner = {"itemReference": {"reference": "Medication/y"}}
    folder = written(
        tmp_path,
        all=[
            {"resourceType": "Medication", "id": "x", "ingredient": [inner, inner]},
            {"resourceType": "Medication", "id": "y", "code": {"text": "tacrolimus"}},
            of("1", resourceType="MedicationRequest", of=None, medicationReference=refer),
        ],
    )
    (row,) = rows_of(folder)
    assert row["medications"] == ["tacrolimus"]


def test_patients_that_are_linked_are_one(tmp_path: Path) -> None:
    link = [{"other": {"reference": "Patient/1"}, "type": "seealso"}, "no link"]
    folder = written(
        tmp_path,
        all=[
            person("3", link=[{"other": {"reference": "Patient/2"}}]),
            person("2", link=link),
            taken("1"),
            of("3", resourceType="Condition", of="type 2 diabetes"),
        ],
    )
    (row,) = rows_of(folder)
    assert (row["patient"], row["conditions"]) == ("1", ["type 2 diabetes"])
    assert len(row["supplements"]) == 1


NONE_KNOWN = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{broken", "no JSON object, or too long"),
        ("[]", "no JSON object, or too long"),
        ('{"a": 1, "a": 2}', "no JSON object, or too long"),
        ({**taken("1"), "subject": {"reference": "Group/1"}}, "MedicationStatement"),
        ({**taken("1"), "subject": {"display": "somebody"}}, "MedicationStatement"),
        ({"resourceType": "Patient"}, "Patient"),
        ({"resourceType": "OperationOutcome"}, "OperationOutcome"),
        ({"resourceType": "5"}, "of another type"),
        ({"resourceType": "condition"}, "of another type"),
        ({"resourceType": []}, "of another type"),
        ({"a": 1}, "of another type"),
    ],
)
def test_a_line_that_could_be_anybodys_leaves_no_list_whole(
    tmp_path: Path, line: object, what: str
) -> None:
    none = of("1", resourceType="AllergyIntolerance", of=NONE_KNOWN)
    whole = written(tmp_path / "whole", all=[none, {"resourceType": "Organization"}])
    read = Records(whole, ON, SHIPPED)
    assert read.others == {"other resources": 1}
    assert rows_of(whole)[0]["allergies"] == ["none"]
    partly = written(tmp_path / "partly", all=[none, line])
    assert Records(partly, ON, SHIPPED).others == {what: 1}
    assert rows_of(partly)[0]["allergies"] is None


def test_a_line_that_is_too_long_is_not_read_and_the_next_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_LONGEST", 400)
    folder = written(tmp_path, all=[person("1", text="x" * 1000), taken("2")])
    read = Records(folder, ON, SHIPPED)
    assert read.others == {"no JSON object, or too long": 1}
    assert [row["patient"] for row in rows_of(folder)] == ["2"]
    (aside,) = read.aside()
    assert len(str(aside.patient)) == 400


def test_each_line_that_may_be_anybodys_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    nobodys = {"resourceType": "Condition", "id": "x", "code": {"text": "diabetes"}}
    folder = written(tmp_path / "in", a=[person("1"), "", "{broken"], b=[nobodys, taken("1")])
    job = Job(Source(folder, on=ON), tmp_path / "out.parquet", SHIPPED)
    assert run(job, told).aside == 2
    object_ = "line: expected one JSON object of at most 16 MB"
    whose = "line: expected a resource that says of which patient it is"
    assert [json.loads(line) for line in job.aside.read_text("utf-8").splitlines()] == [
        {"file": "a.ndjson", "row": 3, "reasons": [object_], "patient": "{broken"},
        {"file": "b.ndjson", "row": 1, "reasons": [whose], "patient": json.dumps(nobodys)},
    ]


def test_a_folder_is_screened_and_its_account_is_in_the_summary(tmp_path: Path) -> None:
    lines = [person("1"), taken("1"), {"resourceType": "Organization"}, "{broken", "{broken"]
    lines.append(of("1", resourceType="Encounter"))
    source = Source(written(tmp_path / "in", all=lines), on=ON)
    job = Job(source, tmp_path / "out.parquet", SHIPPED)
    summary = run(job, told)
    assert summary.records is not None
    assert summary.records.others == (("no JSON object, or too long", 2), ("other resources", 1))
    assert ("Encounter: msrisk does not look at such an entry", 1) in summary.records.not_read
    said = to_text(summary)
    assert "Of 4 entries of their records 2 tell something." in said
    assert "2 lines are of no patient, and NOT read: no JSON object, or too long." in said
    assert "1 line is of no patient, and NOT read: other resources." in said
    assert "        1  Encounter: msrisk does not look at such an entry" in said
    assert "<td>Encounter: msrisk does not look at such an entry</td>" in to_html(summary)


def test_a_run_that_was_ended_goes_on_and_reads_no_record_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "in", all=[taken(f"{at}") for at in range(5)])
    whole = Job(Source(folder, size=2, on=ON), tmp_path / "whole.ndjson", SHIPPED)
    run(whole, told)
    job = Job(Source(folder, size=2, on=ON), tmp_path / "out.ndjson", SHIPPED)

    class EndedError(Exception):
        pass

    def ended(rows: int, share: float) -> None:
        if rows and share > 0.5:
            raise EndedError

    with pytest.raises(EndedError):
        run(job, ended)
    read: list[str] = []

    def counted(bundle: Any, **more: Any) -> Any:
        read.append(more["patient"])
        return read_bundle(bundle, **more)

    monkeypatch.setattr(bulk, "read_bundle", counted)
    run(job, told)
    assert read == ["Patient/4"]
    assert job.target.read_bytes() == whole.target.read_bytes()


def test_a_record_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", all=[taken("1"), taken("2")])
    read = Records(folder, ON, SHIPPED)
    (folder / "all.ndjson").write_text("[]" + " " * 2000)
    (batch,) = read.batches(10)
    expected_ = "record: expected files that nobody changes meanwhile, got others"
    assert [one.patient for one in batch.aside] == [{"patient": "1"}, {"patient": "2"}]
    assert expected_ in batch.aside[0].reasons


def test_a_folder_without_such_files_and_a_full_disk_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(tmp_path, on=ON)
    with pytest.raises(FrameError, match=r"files that end in \.ndjson, of FHIR Bulk Data"):
        run(Job(source, tmp_path / "out.csv", SHIPPED), told)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError

    written(tmp_path, all=[taken("1")])
    monkeypatch.setattr(running, "Records", full)
    with pytest.raises(FrameError, match="expected room on the disk to sort it"):
        run(Job(source, tmp_path / "out.csv", SHIPPED), told)


def test_the_command_reads_a_folder_as_of_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "in", all=[person("1"), taken("1")])
    target = tmp_path / "out.csv"
    code, _, err = run_cli(capsys, "screen", str(folder), str(target), "--on", "soon")
    assert (code, err) == (2, "--on: expected a day such as 2026-01-31, got something else\n")
    code, out, _ = run_cli(capsys, "screen", str(folder), str(target), "--on", "1990-06-01")
    assert code == 0
    assert "Of 2 entries of their records 2 tell something." in out
    assert pl.read_csv(target)["age_years"].to_list() == [40.0]
