"""Screens up to ten million patients as a stream, recognises entries and reads records: draws.

Run it with `python -m benchmarks.many > docs/cohort-scaling.svg`; a number behind it leaves out
greater ones. It takes some minutes, and 1 GB in the folder for temporary files. Each size is a
process of its own, and its time is processor time, so that a busy machine disturbs little.
"""

from __future__ import annotations

import json
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

import msrisk.cohort
from benchmarks.scaling import Curve, page
from benchmarks.timing import ROOT, memory
from examples.many_patients import CONDITIONS, MEDICATIONS, SUPPLEMENTS, patients
from msrisk.model.rules import RuleSet

__all__ = ["entries", "records", "rows"]

_PER_FILE: Final = 100_000
_ROWS: Final = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
_ENTRIES: Final = (1_000, 10_000, 25_000, 50_000)
_RECORDS: Final = (500, 2_000, 8_000)
_ON: Final = date(2026, 1, 31)


def rows(count: int, folder: Path) -> None:
    """Screen so many patients from Parquet to Parquet, as a stream."""
    source = folder / "patients.parquet"
    frame = pl.concat([pl.scan_parquet(source)] * (count // _PER_FILE))
    read_as = msrisk.cohort.recognise(pl.scan_parquet(source))
    msrisk.cohort.screen(frame, recognised=read_as).sink_parquet(folder / "out.parquet")


def entries(count: int, _: Path) -> None:
    """Recognise so many distinct entries."""
    chance = random.Random(4)  # noqa: S311  # made-up entries are no secret
    of = {
        "medications": MEDICATIONS,
        "conditions": CONDITIONS,
        "supplements": [name for some in SUPPLEMENTS for name in some],
    }
    after = ("mg", "tablets", "once daily", "x", "nocte", "since 2019", "(see letter)")
    told: dict[str, list[list[str]]] = {field: [] for field in of}
    for at in range(count):
        field = chance.choice(list(of))
        told[field].append([f"{chance.choice(of[field])} {at} {chance.choice(after)}"])
    for field, lists in told.items():
        msrisk.cohort.recognise(pl.DataFrame({field: lists}))


def records(count: int, folder: Path) -> None:
    """Read so many records of ten resources each."""
    chance = random.Random(5)  # noqa: S311  # made-up records are no secret
    with (folder / f"{count}.ndjson").open("w", encoding="utf-8") as file:
        for at in range(count):
            file.write(
                _line("Patient", id=f"P{at}", birthDate=f"{chance.randint(1930, 2005)}-05-06")
            )
            subject = {"reference": f"Patient/P{at}"}
            for number in range(9):
                type_ = ("MedicationStatement", "Condition", "Encounter")[number % 3]
                words = chance.choice(CONDITIONS if type_ == "Condition" else MEDICATIONS)
                named = "code" if type_ == "Condition" else "medicationCodeableConcept"
                file.write(
                    _line(type_, subject=subject, status="active", **{named: {"text": words}})
                )
    read = msrisk.cohort.Records(folder, _ON, RuleSet.default())
    for _ in read.batches(2_000):
        pass


def _line(type_: str, **more: object) -> str:
    return json.dumps({"resourceType": type_, **more}) + "\n"


_JOBS: Final[Mapping[str, Callable[[int, Path], None]]] = {
    "rows": rows,
    "entries": entries,
    "records": records,
}


def _measured(job: str, count: int) -> tuple[float, float]:
    """Return the processor time of a job in seconds and its memory in MB, in another process."""
    with tempfile.TemporaryDirectory() as folder:
        if job == "rows":  # made here, where nobody measures memory
            patients(_PER_FILE).write_parquet(Path(folder) / "patients.parquet")
        command = [sys.executable, "-m", "benchmarks.many", job, str(count), folder]
        done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)  # noqa: S603  # our own code
    seconds, memory = json.loads(done.stdout)
    sys.stderr.write(f"{job} {count:,}: {seconds:.1f} s, {memory:,.0f} MB\n")
    return seconds, memory


def main(arguments: list[str]) -> int:
    """Print the drawing; or, with a job, a number and a folder, time and memory of that."""
    if len(arguments) > 1:
        job, count, folder = arguments
        logging.getLogger("msrisk.cohort").disabled = True
        RuleSet.default()
        began = time.process_time()
        _JOBS[job](int(count), Path(folder))
        took = time.process_time() - began
        print(json.dumps([took, memory()]))  # noqa: T201  # for the parent
        return 0
    most = int(arguments[0]) if arguments else max(_ROWS)
    of_rows = [(count, *_measured("rows", count)) for count in _ROWS if count <= most]
    drawn = [
        Curve("Rows screened, streamed", "rows", [(n, s) for n, s, _ in of_rows], "s"),
        Curve("Memory meanwhile", "rows", [(n, mb) for n, _, mb in of_rows], "MB"),
        Curve("Distinct entries recognised", "entries", _of("entries", _ENTRIES), "s"),
        Curve("FHIR records read", "records", _of("records", _RECORDS), "s"),
    ]
    for line in page(drawn):
        print(line)  # noqa: T201  # a drawing
    return 0


def _of(job: str, counts: tuple[int, ...]) -> list[tuple[int, float]]:
    return [(count, _measured(job, count)[0]) for count in counts]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
