"""Screens a whole file: batch by batch, resumable after a kill, never over a file that is there.

Each batch becomes a part beside the file that is asked for. A part is there in full or not at
all, so that a run which was ended at any moment goes on where it was. At the end the parts are
put together under another name, and the name is changed as the last step.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl
from attrs import frozen

from msrisk.cohort import files
from msrisk.cohort.bulk import Records, files_of
from msrisk.cohort.changed import changed_of, proof_of, with_answers_of
from msrisk.cohort.columns import end_of
from msrisk.cohort.elsewhere import Screening, screening_by
from msrisk.cohort.entries import parts_of
from msrisk.cohort.files import ENDINGS, Aside, Batch, Source, batches
from msrisk.cohort.summary import Summary, summary_of
from msrisk.documents import profile_from_document
from msrisk.errors import FrameError, MsriskError, Problem, ProfileError
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import patient_of_profile
from msrisk.model.profile import LIST_FIELDS, NUMBER_FIELDS
from msrisk.model.rules import RuleSet

__all__ = ["Job", "run", "write_part"]

_PART: Final = "{:06}.parquet"
_RECORDS: Final = 2_000  # in a batch, as they take longer to read than rows
Tell = Callable[[int, float], None]
"""Is told how many rows were read now, and which part of all is done, from 0 to 1."""


@frozen
class Job:
    """What is to be done.

    Attributes:
        source: the patients.
        target: the file to write, which must not be there.
        ruleset: the rules.
        old: rules to compare with; None if there are none.
        complete: the lists that are complete for everybody.
        engine: what computes: polars, duckdb or spark.

    """

    source: Source
    target: Path
    ruleset: RuleSet
    old: RuleSet | None = None
    complete: tuple[str, ...] = ()
    engine: str = "polars"

    @property
    def parts(self) -> Path:
        """The folder of the parts."""
        return self._beside(".parts")

    @property
    def aside(self) -> Path:
        """The file of the rows that were set aside."""
        return self._beside(".aside.ndjson")

    @property
    def changed(self) -> Path:
        """The file of the patients of whom the rules say something else than the old ones."""
        return self._beside(".changed.csv")

    @property
    def to_call(self) -> Path:
        """The same for programs: an object a line."""
        return self._beside(".changed.ndjson")

    def _beside(self, ending: str) -> Path:
        return self.target.with_name(self.target.name + ending)

    def identity(self) -> dict[str, object]:
        """Return what must be the same for a run to go on with the parts of another."""
        path, on = self.source.path, self.source.on
        states = [(one.name, one.stat()) for one in (files_of(path) if on else self.source.files)]
        return {
            "source": path.name,
            "on": on and on.isoformat(),
            "files": [[name, state.st_size, state.st_mtime_ns] for name, state in states],
            "batch": self.source.size,
            "separator": self.source.separator,
            "rules": self.ruleset.digest,
            "packs": list(self.ruleset.packs),
            "old": self.old.digest if self.old else None,
            "complete": sorted(self.complete),
            "engine": self.engine,
        }


def run(job: Job, tell: Tell) -> Summary:
    """Screen a file, and go on with what an earlier run left.

    Returns what the patients say as a whole; `tell` is told how far it is.

    Raises:
        FrameError: if a file cannot be read or written, or is there already.

    """
    try:
        _check(job)
        _prepare(job)
        try:
            records = None
            screening = screening_by(job.engine, job.parts)
            if job.source.on is None:
                found = batches(job.source, job.ruleset)
            else:
                records = Records(job.source.path, job.source.on, job.ruleset)
                done = {int(one.stem) for one in job.parts.glob("*.parquet")}
                found = records.batches(min(job.source.size, _RECORDS), done)
            for number, batch in enumerate(found):
                part = job.parts / _PART.format(number)
                if not part.exists():
                    write_part(job, part, batch, screening)
                tell(len(batch.rows) + len(batch.aside), batch.share)
        except MsriskError:
            if not any(job.parts.glob("*.parquet")):  # nothing to go on with
                shutil.rmtree(job.parts)
            raise
        return _together(job, records)
    except sqlite3.OperationalError:
        raise FrameError([Problem(str(job.source.path), "room on the disk to sort it")]) from None
    except OSError as error:
        where = str(error.filename or job.target)
        reason = error.strerror or str(error).partition("\n")[0]  # Polars tells it in words alone
        raise FrameError([Problem(where, "a place that can be written", reason)]) from None
    except pl.exceptions.PolarsError:
        expected = "parts as this run wrote them, and room on the disk"
        raise FrameError([Problem(str(job.parts), expected)]) from None


def _check(job: Job) -> None:
    # With its parts beside it, a file is one that this run was putting together when it ended.
    written = () if job.parts.exists() else (job.target, job.aside, job.changed, job.to_call)
    problems = [
        Problem(str(path), "no file here: nothing is overwritten", "a file")
        for path in written
        if path.exists()
    ]
    if job.target.suffix.lower() not in ENDINGS:
        problems.append(Problem(str(job.target), f"a name that ends in {', '.join(ENDINGS)}"))
    if job.source.on is not None:
        problems += _none_of(job.source.path)
    elif not all(one.is_file() for one in job.source.files):
        problems.append(Problem(str(job.source.path), "a file of patients", "none"))
    if problems:
        raise FrameError(problems)


def _none_of(folder: Path) -> list[Problem]:
    try:
        files_of(folder)
    except FrameError as error:
        return list(error.problems)
    return []


def _prepare(job: Job) -> None:
    """Make the folder of the parts, or see that what is in it is of the same run."""
    about = job.parts / "about.json"
    if about.exists():
        if json.loads(about.read_text("utf-8")) != job.identity():
            expected = "parts of the same file, rules and options; or remove the folder"
            raise FrameError([Problem(str(job.parts), expected, "those of another run")])
        return
    job.parts.mkdir(exist_ok=True)
    _replace(about, [json.dumps(job.identity())])


def _replace(path: Path, lines: Iterable[str]) -> None:
    """Write a file in full or not at all."""
    made = path.with_suffix(".tmp")
    with made.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def write_part(job: Job, part: Path, batch: Batch, screening: Screening) -> None:
    """Screen a batch; what is set aside is written first, the part last."""
    patients, aside = batch.patients, list(batch.aside)
    screened = screening(patients, job.ruleset, job.complete)
    refused = _refused(patients, screened)
    if any(refused):
        keep = pl.Series([not bad for bad in refused])
        numbers = pl.Series(batch.rows).filter(~keep)
        rows = files.shown(patients.filter(~keep))
        aside += [_aside(*row, job.ruleset) for row in zip(numbers, *rows, strict=True)]
        patients, screened = patients.filter(keep), screened.filter(keep)
    if job.old is not None:
        before = screening(patients, job.old, job.complete)
        screened = with_answers_of(job.old, before, screened)
    _replace(part.with_suffix(".aside"), files.written(sorted(aside, key=lambda one: one.row)))
    made = part.with_suffix(".tmp")
    screened.write_parquet(made)
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(part)


def _refused(patients: pl.DataFrame, screened: pl.DataFrame) -> list[bool]:
    """Return which rows hold a value that no profile takes; NaN is no value, and is counted."""
    not_numbers = [
        pl.col(name).is_nan().fill_null(value=False).cast(pl.Int64)
        for name, of in patients.schema.items()
        if of.is_float() and (name.removesuffix("_to") in NUMBER_FIELDS or "_of_" in name)
    ]
    counted = pl.sum_horizontal(not_numbers) if not_numbers else pl.lit(0)
    return screened.select((pl.col("not_read") > counted).alias("bad"))["bad"].to_list()


def _aside(
    number: int, row: dict[str, object], shown: dict[str, object], ruleset: RuleSet
) -> Aside:
    """Return a row as it is shown, with what no profile takes of it, by field."""
    fields = (*LIST_FIELDS, *NUMBER_FIELDS, "denied")
    document = {name: row[name] for name in fields if row.get(name) not in (None, [])}
    try:
        profile = profile_from_document(_parts(document))
        patient_of_profile(profile, plan_of(ruleset))
    except ProfileError as error:
        return Aside(number, tuple(map(str, error.problems)), shown)
    reasons = []
    if any(row.get(end_of(name)) is not None for name in NUMBER_FIELDS):
        reasons.append("columns of a range: expected a begin, and an end that is not before it")
    if _parts(document) != document:
        reasons.append(
            "entries in JSON: expected those that an intake document has, without blanks"
        )
    if any("_of_" in name and value is not None for name, value in row.items()) or not reasons:
        expected = "doses from 0.001 mg to 100000 mg of supplements that the list names"
        reasons.append(f"dose columns: expected {expected}")
    return Aside(number, tuple(reasons), shown)


def _parts(document: Mapping[str, object]) -> dict[str, object]:
    """Return a document with the entries in JSON as what they are."""
    return {
        name: [parts_of(one) if isinstance(one, str) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in document.items()
    }


def _together(job: Job, records: Records | None) -> Summary:
    """Put the parts together under the name that was asked for, and remove them."""
    parts = sorted(job.parts.glob("*.parquet"))
    frame = pl.concat([pl.scan_parquet(one) for one in parts], how="vertical_relaxed")
    aside = _Counted(
        itertools.chain(
            files.written(records.aside()) if records else (),
            *(_lines(one.with_suffix(".aside")) for one in parts),
        )
    )
    changed = changes = None
    if job.old is not None:
        frame, to_call, by_rule = changed_of(frame, job.ruleset)
        listed = to_call.collect(engine="streaming")
        changed = len(listed)
        lines = listed.lazy().with_columns(pl.col("rules").list.join("; "))
        _publish(job.changed, lambda path: _sink(lines, path, ".csv"))
        _publish(job.to_call, lambda path: _sink(listed.lazy(), path, ".ndjson"))
        (counts,) = by_rule.collect(engine="streaming").to_dicts() or [{}]
        changes = proof_of(job.old, job.ruleset, counts)
    made = job.parts / "aside"
    _replace(made, aside)
    if aside.count:
        made.replace(job.aside)
    summary = summary_of(
        frame,
        job.ruleset,
        complete=job.complete,
        aside=aside.count,
        changed=changed,
        changes=changes,
        others=records.others if records else {},
    )
    _publish(job.target, lambda path: _sink(frame, path, job.target.suffix.lower()))
    shutil.rmtree(job.parts)
    return summary


class _Counted:
    """Lines that are counted as they pass, however many there are."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.count += 1
            yield line


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line.rstrip("\n") for line in file)


def _sink(frame: pl.LazyFrame, path: Path, ending: str) -> None:
    if ending == ".parquet":
        frame.sink_parquet(path)
    elif ending == ".csv":
        files.as_cells(frame).sink_csv(path)
    else:
        files.as_lines(frame).sink_ndjson(path)


def _publish(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then give it its name as the last step."""
    made = path.with_name(f"{path.name}.tmp")
    write(made)
    made.replace(path)
