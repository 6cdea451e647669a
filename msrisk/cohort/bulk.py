"""Reads a folder of FHIR Bulk Data into frames of patients, one record at a time.

The files are read once to write down where each resource stands and of whom it is, in a temporary
database on the disk; then each record is put together from there. In memory are one record, one
batch of rows, and the ids of patients that are linked with others.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import polars as pl

from msrisk.cohort.columns import end_of
from msrisk.cohort.entries import text_of
from msrisk.cohort.files import Aside, Batch
from msrisk.errors import FhirError, FrameError, Problem
from msrisk.fhir import Became, Import, bundle_from_json, read_bundle
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS, Entries, NoneReported
from msrisk.model.rules import RuleSet

__all__ = ["NOT_READ", "READ", "Records", "SCHEMA", "TOLD", "files_of"]

TOLD: Final = "record_entries"
"""The column of how many entries a record has."""

READ: Final = "record_read"
"""The column of how many of them tell something."""

NOT_READ: Final = "record_not_read"
"""The column of why others do not, each reason once, with the type of the resource."""

_LONGEST: Final = 2**24
_PATIENT: Final = re.compile(r"(?:^|/)Patient/([A-Za-z0-9.\-]{1,200})(?:/_history/[^/]*)?$")
_ID: Final = re.compile(r"[A-Za-z0-9.\-]{1,200}")
_MEDICINE: Final = re.compile(rb'"reference"\s*:\s*"(?:[^"]*/)?Medication/([A-Za-z0-9.\-]{1,200})')
# Without a patient, these are nobody's. All else could be anybody's: then no list of the export is
# whole. What of that is counted by its type is what a record is read from.
_OF_NOBODY: Final = frozenset((
    "Appointment", "AuditEvent", "CodeSystem", "Coverage", "Device", "Endpoint", "Group",
    "HealthcareService", "InsurancePlan", "Library", "Location", "Measure", "Medication",
    "Organization", "OrganizationAffiliation", "Person", "Practitioner", "PractitionerRole",
    "Provenance", "Questionnaire", "ResearchSubject", "Schedule", "Slot", "StructureDefinition",
    "Substance", "ValueSet",
))  # fmt: skip
_COUNTED: Final = frozenset((
    "AllergyIntolerance", "Bundle", "Composition", "Condition", "List", "MedicationAdministration",
    "MedicationDispense", "MedicationRequest", "MedicationStatement", "NutritionOrder",
    "Observation", "OperationOutcome", "Patient",
))  # fmt: skip
_NO_OBJECT: Final = "no JSON object, or too long"
_ONE_OBJECT: Final = f"expected one JSON object of at most {_LONGEST // 2**20} MB"
_OF_SOMEBODY: Final = "expected a resource that says of which patient it is"
_PARTIAL: Final = {"resource": {"resourceType": "OperationOutcome"}}
SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "patient": pl.String(),
    **dict.fromkeys(LIST_FIELDS, pl.List(pl.String())),
    **dict.fromkeys((f"{name}_complete" for name in LIST_FIELDS), pl.Boolean()),
    **dict.fromkeys((*NUMBER_FIELDS, *map(end_of, NUMBER_FIELDS)), pl.Float64()),
    TOLD: pl.Int64(),
    READ: pl.Int64(),
    NOT_READ: pl.List(pl.String()),
}
"""The columns of a record, with their types."""


class _Place(NamedTuple):
    """Where a line stands: the number of its file, the place in it and the size, in bytes."""

    file: int
    at: int
    size: int


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder of Bulk Data, in the order of their names.

    Raises:
        FrameError: if there is none.

    """
    found = sorted(one for one in folder.glob("*.ndjson") if one.is_file())
    if not found:
        raise FrameError([Problem(str(folder), "files that end in .ndjson, of FHIR Bulk Data")])
    return found


class Records:
    """The records of a folder of FHIR Bulk Data.

    Attributes:
        patients: how many people it is about; Patient resources that are linked are one.
        others: how many lines belong to no patient, each with what they are. Of those that could
            be anybody's, none is passed over in silence: while there is one, no list of any
            record is taken as complete, nor as none.

    """

    def __init__(self, folder: Path, on: date, ruleset: RuleSet) -> None:
        """Look through all files once, and write down whose each resource is.

        Args:
            folder: with files that end in `.ndjson`, one resource of FHIR R4 a line.
            on: the day as of which the records are read.
            ruleset: whose vocabulary tells medicines from supplements.

        Raises:
            FrameError: if there are no such files.
            OSError: if one cannot be read.

        """
        self._on = on
        self._ruleset = ruleset
        self._files = files_of(folder)
        self._root: dict[str, str] = {}
        self.others: Counter[str] = Counter()
        self._partial = False
        # Without a name, the database is a file that nobody else sees and that goes with it.
        self._index = sqlite3.connect("", isolation_level=None)
        for step in (
            "pragma journal_mode = off",
            "pragma synchronous = off",
            "create table line (patient, file, at, size)",
            "create table medicine (id, file, at, size)",
            "create table aside (row, file, at, size, why)",
            "begin",
        ):
            self._index.execute(step)
        for number, path in enumerate(self._files):
            with path.open("rb") as file:
                for row, place, line in _lines(file, number):
                    self._take(row, place, line)
        self._index.executemany(
            "update line set patient = ? where patient = ?",
            [(self._first(one), one) for one in self._root],
        )
        self._index.execute("create index of_patient on line (patient, file, at)")
        self._index.execute("create index of_medicine on medicine (id)")
        self._index.execute("commit")
        self._same: dict[str, list[str]] = {}
        for one in self._root:
            self._same.setdefault(self._first(one), []).append(one)
        count = self._index.execute("select count(distinct patient) from line")
        self.patients: int = count.fetchone()[0]

    def _take(self, row: int, place: _Place, line: bytes | None) -> None:
        """Write down whose a line is, or that nobody can tell."""
        try:
            resource = bundle_from_json(line) if line is not None else None
        except FhirError:
            resource = None
        if not isinstance(resource, dict):
            self._set_aside(row, place, _NO_OBJECT, f"line: {_ONE_OBJECT}")
            return
        given, id_ = resource.get("resourceType"), resource.get("id")
        type_ = given if isinstance(given, str) else ""
        named = isinstance(id_, str) and _ID.fullmatch(id_) is not None
        of = id_ if type_ == "Patient" and named else _patient_of(resource)
        if of is not None:
            self._index.execute("insert into line values (?, ?, ?, ?)", (of, *place))
            if type_ == "Patient":
                self._link(of, resource)
        elif type_ == "Medication" and named:
            self._index.execute("insert into medicine values (?, ?, ?, ?)", (id_, *place))
        else:
            if type_ in _OF_NOBODY:
                self.others["other resources"] += 1
                return
            counted = type_ if type_ in _COUNTED else "of another type"
            self._set_aside(row, place, counted, f"line: {_OF_SOMEBODY}")

    def _set_aside(self, row: int, place: _Place, counted: str, why: str) -> None:
        """Write down a line that may tell something of anybody."""
        self._partial = True
        self.others[counted] += 1
        self._index.execute("insert into aside values (?, ?, ?, ?, ?)", (row, *place, why))

    def aside(self) -> Iterator[Aside]:
        """Yield each line that may tell something of anybody, so that no list is whole."""
        for row, number, at, size, why in self._index.execute("select * from aside"):
            path = self._files[number]
            with path.open("rb") as file:
                line = _line(_Place(0, at, min(size, _LONGEST)), [file])
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            yield Aside(row, (why,), text, path.name)

    def _link(self, of: str, patient: Mapping[str, object]) -> None:
        """Take the patients for one whom a Patient resource says to be the same."""
        links = patient.get("link")
        for link in links if isinstance(links, list) else ():
            other = _reference(link.get("other")) if isinstance(link, dict) else None
            if other is not None:
                one, two = sorted((self._first(of), self._first(other)))
                self._root[two] = one
                self._root.setdefault(one, one)

    def _first(self, patient: str) -> str:
        """Return the id that stands for all of one person."""
        while (other := self._root.get(patient, patient)) != patient:
            patient = other
        return patient

    def batches(self, size: int, skip: Collection[int] = ()) -> Iterator[Batch]:
        """Yield the records as rows, in the order of the ids, so many at a time.

        The rows of a batch whose number is in `skip` are not read.
        """
        told = self._index.execute("select * from line order by patient, file, at")
        people = enumerate(groupby(told, key=lambda row: str(row[0])), 1)
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("rb")) for path in self._files]
            for number in range(max(1, -(-self.patients // size))):
                rows: list[int] = []
                read: list[dict[str, object]] = []
                aside: list[Aside] = []
                for row, (patient, lines) in islice(people, size):
                    if number in skip:
                        rows.append(row)
                        continue
                    places = [_Place(*line[1:]) for line in lines]
                    try:
                        read.append(_row(patient, self._record(patient, places, files)))
                        rows.append(row)
                    except FhirError as error:
                        reasons = tuple(map(str, error.problems))
                        aside.append(Aside(row, reasons, {"patient": patient}))
                share = min(1.0, (number + 1) * size / max(1, self.patients))
                frame = pl.DataFrame(read, schema=dict(SCHEMA))
                yield Batch(rows, frame, aside, share)

    def _record(self, patient: str, places: list[_Place], files: Sequence[BinaryIO]) -> Import:
        """Return what the record of a patient tells."""
        lines = [_line(place, files) for place in places]
        seen: set[str] = set()
        for line in lines:  # which grows while medicines name others
            for found in _MEDICINE.findall(line):
                id_ = found.decode()
                if id_ not in seen:
                    seen.add(id_)
                    query = "select file, at, size from medicine where id = ?"
                    held = self._index.execute(query, (id_,))
                    lines += [_line(_Place(*place), files) for place in held]
        resources = list(map(_resource, lines))
        here = {one.get("id") for one in resources if one.get("resourceType") == "Patient"}
        same = {patient, *self._same.get(patient, ())}
        resources += [{"resourceType": "Patient", "id": id_} for id_ in sorted(same - here)]
        entries: list[object] = [{"resource": one} for one in resources]
        bundle = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [*entries, _PARTIAL] if self._partial else entries,
        }
        return read_bundle(bundle, on=self._on, patient=f"Patient/{patient}", ruleset=self._ruleset)


def _lines(file: BinaryIO, number: int) -> Iterator[tuple[int, _Place, bytes | None]]:
    """Yield each line that is not blank, from 1, with its place; None if it is too long."""
    at = row = 0
    while line := file.readline(_LONGEST):
        row += 1
        size = len(line)
        while len(line) == _LONGEST and not line.endswith(b"\n"):
            line = file.readline(_LONGEST)
            size += len(line)
        if line.strip():
            yield row, _Place(number, at, size), line if size <= _LONGEST else None
        at += size


def _line(place: _Place, files: Sequence[BinaryIO]) -> bytes:
    files[place.file].seek(place.at)
    return files[place.file].read(place.size)


def _resource(line: bytes) -> dict[str, object]:
    found = bundle_from_json(line)
    if not isinstance(found, dict):
        raise FhirError([Problem("record", "files that nobody changes meanwhile", "others")])
    return found


def _patient_of(resource: Mapping[str, object]) -> str | None:
    """Return the id of the patient that a resource is of."""
    return _reference(resource.get("subject") or resource.get("patient"))


def _reference(value: object) -> str | None:
    """Return the id of the patient to whom a reference leads."""
    reference = value.get("reference") if isinstance(value, dict) else None
    found = _PATIENT.search(reference) if isinstance(reference, str) else None
    return found[1] if found else None


def _row(patient: str, read: Import) -> dict[str, object]:
    """Return a record as a row of a frame."""
    row: dict[str, object] = {"patient": patient}
    for name in LIST_FIELDS:
        value = getattr(read.profile, name)
        if isinstance(value, NoneReported):
            row[name] = ["none"]
        elif isinstance(value, Entries):
            row[name] = [text_of(item) for item in value.items]
            row[f"{name}_complete"] = value.complete
    for name in NUMBER_FIELDS:
        value = getattr(read.profile, name)
        row[name], row[end_of(name)] = value if isinstance(value, tuple) else (value, None)
    silent = [one for one in read.account if one.became in (Became.LEFT_OUT, Became.NOT_READ)]
    row[TOLD] = len(read.account)
    row[READ] = len(read.account) - len(silent)
    row[NOT_READ] = list(
        dict.fromkeys(
            f"{one.resource.partition('/')[0] or 'record'}: {why}"
            for one in silent
            for why in one.why
        )
    )
    return row
