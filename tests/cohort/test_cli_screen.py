"""`msrisk screen` on the command line, and what it prints."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

import msrisk.cohort
from msrisk.cli.screen import time_of
from msrisk.cohort import elsewhere
from msrisk.cohort.changed import UNTOUCHED, OfChange
from msrisk.cohort.files import Source, batches
from msrisk.cohort.summary import Ends, OfRule, Summary, Unknown, summary_of
from msrisk.cohort.summary_words import to_html, to_text
from msrisk.model.rules import RuleSet
from tests.cohort.frames import KEY
from tests.cohort.made import plain
from tests.unit.cli_runs import run as run_cli

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


def test_the_command_prints_a_summary_in_each_format(tmp_path: Path, capsys: Capture) -> None:
    plain(50).write_parquet(tmp_path / "in.parquet")
    source = str(tmp_path / "in.parquet")
    code, out, _ = run_cli(capsys, "screen", source, str(tmp_path / "a.csv"), "--changed", "rules")
    assert code == 0
    assert "50 patients screened by the rules" in out
    assert f"Columns that are kept, and that no rule reads: {KEY}." in out
    assert "URGENT: a sign of an emergency" in out
    assert "Neither a count nor a 0 means that there is nothing to fear." in out
    assert "Source: " in out
    assert "Another answer than by the earlier rules: 0 patients." in out
    assert re.search(
        r"^ +[1-9]\d+  rules are as before, and so is what they say here$", out, re.MULTILINE
    )
    code, out, _ = run_cli(capsys, "screen", source, str(tmp_path / "b.csv"), "--format", "json")
    assert json.loads(out)["schema"] == "msrisk-screen/1"
    code, out, _ = run_cli(capsys, "screen", source, str(tmp_path / "c.csv"), "--format", "html")
    assert out.count("<svg ") == 3
    assert "Source: " in out
    assert "<script" not in out


def test_the_command_names_every_problem(tmp_path: Path, capsys: Capture) -> None:
    code, out, err = run_cli(
        capsys, "screen", "no.csv", str(tmp_path / "a.csv"), "--rules", "no", "--changed", "no"
    )
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2


def test_the_command_uses_the_packs_that_are_named(tmp_path: Path, capsys: Capture) -> None:
    plain(3).write_parquet(tmp_path / "in.parquet")
    said = {}
    for pack in ("texts", "nowhere"):
        target = str(tmp_path / f"{pack}.csv")
        source = str(tmp_path / "in.parquet")
        options = ("--packs", pack, "--format", "json")
        said[pack] = run_cli(capsys, "screen", source, target, *options)
    assert json.loads(said["texts"][1])["digest"] == RuleSet.default().only(["texts"]).digest
    code, out, err = said["nowhere"]
    assert (code, out) == (2, "")
    assert "nowhere" in err or "packs" in err


def test_without_polars_the_command_says_what_to_install(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msrisk.cohort.files", None)
    code, _, err = run_cli(capsys, "screen", "a.csv", "b.csv")
    assert (code, err) == (
        2,
        'msrisk screen: expected Polars, by pip install "msrisk[cohort]", got none\n',
    )


def test_without_polars_the_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.startswith("msrisk.cohort")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(ImportError, match=r'pip install "msrisk\[cohort\]"'):
        __import__("msrisk.cohort")


def test_duckdb_screens_a_file_to_the_same_file(tmp_path: Path, capsys: Capture) -> None:
    columns = [KEY, "supplements", "age_years"]
    frame = plain(8).select(columns).with_columns(pl.lit([{"a": 1}]).alias("kept as it is"))
    frame.write_parquet(tmp_path / "in.parquet")
    source = str(tmp_path / "in.parquet")
    said = {}
    for engine in ("polars", "duckdb"):
        target = str(tmp_path / f"{engine}.parquet")
        said[engine] = run_cli(
            capsys, "screen", source, target, "--engine", engine, "--changed", "rules"
        )
    assert said["duckdb"] == said["polars"]
    assert said["duckdb"][0] == 0
    made = [(tmp_path / f"{engine}.parquet").read_bytes() for engine in said]
    assert made[0] == made[1]
    code, out, err = run_cli(capsys, "screen", source, source, "--engine", "duckdb")
    assert (code, out) == (2, "")
    assert "nothing is overwritten" in err


def test_an_engine_that_is_not_installed_is_named(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    plain(1).write_parquet(tmp_path / "in.parquet")
    source, target = str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet")
    code, _, err = run_cli(capsys, "screen", source, target, "--engine", "spark")
    assert (code, err) == (2, "--engine spark: expected pyspark and Java, installed, got none\n")
    assert [one.name for one in tmp_path.iterdir()] == ["in.parquet"]


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path, capsys: Capture) -> None:
    frame = plain(6)
    (tmp_path / "in").mkdir()
    frame[:4].write_parquet(tmp_path / "in" / "a.parquet")
    frame[4:].write_parquet(tmp_path / "in" / "b.parquet")
    code, _, _ = run_cli(capsys, "screen", str(tmp_path / "in"), str(tmp_path / "out.parquet"))
    assert code == 0
    assert pl.read_parquet(tmp_path / "out.parquet").equals(msrisk.cohort.screen(frame))


def test_a_terminal_is_shown_how_far_it_is(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain(10).write_parquet(tmp_path / "in.parquet")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, _, err = run_cli(capsys, "screen", str(tmp_path / "in.parquet"), str(tmp_path / "a.csv"))
    assert code == 0
    assert "10 patients, " in err
    assert "100%, 0 s left" in err


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (61, "1 min 01 s"), (3_900, "1 h 05 min")]
)
def test_the_time_left_is_told_in_words(seconds: float, words: str) -> None:
    assert time_of(seconds) == words


def test_spark_screens_each_batch_in_its_own_session(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that stands in for Spark: `make test-engines` runs the real one."""
    plain(3).write_parquet(tmp_path / "in.parquet")

    class Session:
        builder: Any
        catalog = SimpleNamespace(clearCache=lambda: None)

        def config(self, *_: str) -> Session:
            return self

        def getOrCreate(self) -> Any:  # noqa: N802  # as Spark has it
            return self

        @property
        def read(self) -> Any:
            # Rows have no order there.
            return SimpleNamespace(
                parquet=lambda path: SimpleNamespace(cache=pl.read_parquet(path).reverse)
            )

    def screened(frame: pl.DataFrame, **options: Any) -> Any:
        done = real(frame, **options)

        def write(where: str) -> None:
            Path(where).mkdir()
            done.write_parquet(Path(where) / "part-0.parquet")

        return SimpleNamespace(write=SimpleNamespace(parquet=write))

    Session.builder = Session()
    real: Any = msrisk.cohort.screen
    monkeypatch.setattr(elsewhere, "screen", screened)
    monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=Session))
    source, target = str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet")
    code, out, err = run_cli(capsys, "screen", source, target, "--engine", "spark")
    assert (code, err) == (0, "")
    assert "3 patients screened" in out
    assert pl.read_parquet(target).equals(real(plain(3)))


def test_a_file_with_semicolons_between_its_columns_is_refused(
    tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "a.csv").write_text("supplements;medications\nALA;none\n")
    code, _, err = run_cli(capsys, "screen", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert code == 2
    assert "expected commas between the columns, got semicolons or tabs" in err


def summary(**told: Any) -> Summary:
    """Return what nothing says as a whole, and this."""
    nothing: dict[str, Any] = {"ruleset": "1", "digest": "x", "patients": 1, "aside": 0}
    nothing |= {"changed": None, "ends": (Ends("no-finding", "no-finding", 1),), "substances": ()}
    nothing |= {
        "missing": (),
        "kept": (),
        "changes": None,
        "rules": (),
        "unknown": (),
        "unread": (),
        "unread_names": 0,
        "not_read": 0,
    }
    return Summary(**{**nothing, "empty_lists": 0, "caveats": (("Ask.", "A text"),), **told})


def test_a_summary_says_that_nothing_is_open_and_clears_nothing() -> None:
    said = to_text(summary())
    assert "nothing is open" in said
    assert "1  NO FINDING: no warning of the texts fits what is told, which clears nothing." in said
    assert "Ask. Source: A text." in said
    assert "could still be" not in said
    assert to_html(summary(unknown=(Unknown("age_years", 1, 0, 0),))).count("<svg ") == 1


def test_the_picture_tells_apart_rules_of_several_substances_and_who_could_still_be_what() -> None:
    rule = OfRule("one", "urgent", "signs of an allergy", ("NAC",), 2, 1234)
    long = OfRule("two", "caution", "a reason that is " * 9, ("alpha lipoic acid",), 0, 1)
    ends = (Ends("caution", "urgent", 5), Ends("urgent", "urgent", 3))
    said = to_html(summary(rules=(rule, long), ends=ends))
    assert ">NAC: signs of an allergy<" in said
    assert ">2 + 1,234<" in said
    assert re.search(r">alpha lipoic acid: a reason.*…<", said)
    assert ">3 + 5<" in said
    assert "by its columns level and worst_case" in said


def test_rows_that_were_set_aside_are_told_before_anything_is_to_be_done() -> None:
    said = to_html(summary(aside=2, kept=("key",)))
    assert said.index("NOT screened") < said.index("<table>") < said.index("About the file")


def test_patients_whose_supplements_nobody_asked_for_are_to_be_asked_for_them_first() -> None:
    screened = msrisk.cohort.screen(pl.DataFrame({KEY: [1, 2], "medications": [["none"]] * 2}))
    said = to_text(summary_of(screened.lazy(), RuleSet.default()))
    first = said[said.index("Ask first") :].splitlines()[1]
    assert "which supplements they take" in first
    assert "could be CAUTION or worse: 2 patients" in first


def test_a_summary_says_what_was_set_aside_and_what_is_empty() -> None:
    said = to_text(summary(aside=1, empty_lists=2, not_read=3, changed=1, missing=("age_years",)))
    assert "Nobody was asked, as no column tells it: age_years." in said
    assert "1 row was set aside and NOT screened: mend it first." in said
    assert "Lists that are empty, neither “none” nor an answer: 2." in said
    assert "Not read, and unknown therefore: 3 (NaN, blank)." in said
    assert "1 patient get another answer" not in said
    assert "Another answer than by the earlier rules: 1 patient." in said
    assert "2 rows were set aside and NOT screened: mend them first." in to_text(summary(aside=2))


def test_a_summary_says_what_became_of_each_rule_and_of_the_rest() -> None:
    rules = [("one", UNTOUCHED, 0), ("two", UNTOUCHED, 1200), ("three", "weakens", 0)]
    changes = [OfChange("rule", *of) for of in rules]
    changes += [OfChange("name", f"name {at}", "settles", None) for at in range(14)]
    for write in (to_text, to_html):
        said = write(summary(changed=1200, changes=tuple(changes)))
        for line in (
            "two: not changed itself; a name or a threshold was",
            "three: weakens",
            "rules are as before, and so is what they say here",
            "name name 11: settles",
            "2 other changes, which `msrisk rules diff` lists",
        ):
            assert line in said
        assert "name 12" not in said
        assert "1,200" in said


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_a_text_file_tells_which_part_of_it_is_read(tmp_path: Path, ending: str) -> None:
    lines = ["patient", *map(str, range(3))] if ending == "csv" else ['{"patient": 1}'] * 3
    (tmp_path / f"in.{ending}").write_text("\n".join(lines))
    shares = [
        one.share for one in batches(Source(tmp_path / f"in.{ending}", size=2), RuleSet.default())
    ]
    assert shares == [1.0, 1.0]  # so short a file is read at once
