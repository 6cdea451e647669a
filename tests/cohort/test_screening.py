"""What `screen` and `recognise` take, refuse, keep and say."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import msrisk
import msrisk.cohort
from msrisk.cohort import entries
from msrisk.cohort.columns import columns_of, wanted_columns
from msrisk.cohort.engines import held_of, read_rows
from msrisk.cohort.numbered import NumberedLists
from msrisk.cohort.reading import Lists, told
from msrisk.cohort.saying import said_of
from msrisk.errors import FrameError, RuleSetWithdrawnError
from msrisk.evaluation.planning import plan_of
from msrisk.keeping import KEPT, keep, kept
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet
from tests.cohort.frames import (
    ENGINES,
    KEY,
    answers,
    of_duckdb,
    polars_eager,
    polars_lazy,
    relation_of,
    schema_of,
    table,
)
from tests.cohort.made import patients
from tests.cohort.rows import Row, differences, empty_row

SHIPPED = RuleSet.default()
screen = msrisk.cohort.screen


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


def rows(number: int = 200, seed: int = 1) -> list[Row]:
    return patients(number, random.Random(seed))  # noqa: S311  # made-up patients are no secret


def one(**told: Any) -> Row:
    """Return the answers about one patient."""
    frame = table([{**empty_row(SHIPPED), **told}], SHIPPED)
    return screen(frame).to_dicts()[0]


AMOUNTS = (
    "alpha lipoic acid 600 mg daily",
    "takes alpha lipoic acid 600 mg daily",
    "takes alpha lipoic acid 3 g daily",
    "takes Thiogamma 3 g daily",
    "planning Thiogamma 6 g daily",
    "Thiogamma 6 g daily",
    "stopped Thiogamma 6 g daily",
    "R-ALA 600 mg twice daily",
)


def test_what_was_started_and_what_is_planned_are_added_up_as_assess_does() -> None:
    made = [
        {**empty_row(SHIPPED), "supplements": list(two), "age_years": 40.0}
        for two in (*combinations(AMOUNTS, 2), (AMOUNTS[3],) * 2)
    ]
    screened = screen(table(made, SHIPPED), complete=["supplements"]).to_dicts()
    for answered, row in zip(screened, made, strict=True):
        assert differences(answered, row, SHIPPED, ["supplements"]) == {}, row
    assert {one["ala-overdose-taken"] for one in screened} == {True, False, None}


def test_every_row_gets_what_assess_says() -> None:
    made = rows(600)
    screened = screen(table(made, SHIPPED), complete=["symptoms"]).to_dicts()
    for answered, row in zip(screened, made, strict=True):
        assert differences(answered, row, SHIPPED, ["symptoms"]) == {}, row


@pytest.mark.parametrize("engine", [name for name in ENGINES if name not in ("Polars", "DuckDB")])
def test_what_lies_in_memory_gets_the_same_in_the_kind_of_its_owner(engine: str) -> None:
    frame = table(rows(50), SHIPPED)
    given = frame.columns
    by_polars = list(answers(polars_eager(frame, screen), given))
    assert list(answers(ENGINES[engine](frame, screen), given)) == by_polars


@pytest.mark.slow
def test_duckdb_gets_the_same_as_polars() -> None:
    frame = table(rows(200), SHIPPED)
    by_polars = list(answers(polars_eager(frame, screen), frame.columns))
    assert list(answers(of_duckdb(frame, screen), frame.columns)) == by_polars


def test_duckdb_stays_lazy_and_answers_a_small_frame() -> None:
    row = {
        **empty_row(SHIPPED),
        "supplements": ["ALA", "ALA", "alpha lipoic acid for diabetes"],
        "denied": ["diabetes"],
    }
    row |= {"conditions": ["diabetes"], "dose_mg_of_alpha_lipoic_acid": 300.0}
    frame = table([row], SHIPPED).select(KEY, "supplements", "conditions", "denied", r"^dose_mg.*$")
    relation = screen(relation_of(frame))
    assert type(relation).__name__ == "DuckDBPyRelation"
    (answered,) = relation.to_arrow_table().to_pylist()
    assert differences(answered, row, SHIPPED) == {}


def test_lazy_polars_stays_lazy_and_keeps_every_column_and_row() -> None:
    frame = table(rows(20), SHIPPED).with_columns(pl.lit("x").alias("note"))
    lazy = screen(frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    done = lazy.collect()
    assert done.select(frame.columns).equals(frame)
    streamed = answers(polars_lazy(frame, screen), frame.columns)
    assert list(streamed) == list(answers(done.to_dicts(), frame.columns))


def test_pandas_keeps_its_index_and_its_own_columns() -> None:
    frame = pd.DataFrame(
        {"supplements": [["alpha lipoic acid"], None], "age_years": [70, None], "x": ["a", "b"]},
        index=["first", "second"],
    )
    screened = screen(frame)
    assert list(screened.index) == ["first", "second"]
    assert list(screened["x"]) == ["a", "b"]
    assert list(screened["ala-older-adult"]) == [True, False]


def test_a_frame_without_a_column_that_is_read_is_answered() -> None:
    frame = pa.table({"x": [1, 2]})
    assert screen(frame)["worst_case"].to_pylist() == ["urgent", "urgent"]
    assert screen(pl.DataFrame({"x": [1, 2]}))["level"].to_list() == ["undetermined"] * 2


def test_a_frame_without_rows_is_answered() -> None:
    frame = table([], SHIPPED)
    screened = screen(frame)
    assert len(screened) == 0
    assert {"level", "ala-diabetes"} <= set(screened.columns)


def test_nan_and_numbers_that_nobody_has_are_unknown_and_counted() -> None:
    ala = ["alpha lipoic acid"]
    for number in (math.nan, math.inf, -3.0, 1e9):
        answered = one(supplements=ala, age_years=number)
        assert answered["ala-older-adult"] is None
        assert answered["not_read"] == 1
    assert one(supplements=ala, age_years=70.0)["ala-older-adult"] is True


def test_an_empty_list_is_unknown_and_counted() -> None:
    answered = one(supplements=["alpha lipoic acid"], conditions=[], medications=[])
    assert answered["ala-diabetes"] is None
    assert answered["empty_lists"] == 2
    assert one(supplements=[])["worst_case"] == "urgent"


def test_none_closes_a_list_that_nobody_called_complete() -> None:
    assert one(supplements=["alpha lipoic acid"], conditions=["none"])["ala-diabetes"] is False


@pytest.mark.parametrize("entry", [None, " ", "x" * 10_001, "a\x00b"])
def test_an_entry_that_cannot_be_read_may_be_anything_and_is_counted(entry: str | None) -> None:
    answered = one(
        supplements=["alpha lipoic acid"], conditions=["asthma", entry], conditions_complete=True
    )
    assert answered["ala-diabetes"] is None
    assert answered["not_read"] == 1
    assert answered["unrecognised"] == 1


def test_a_denied_name_that_is_not_known_closes_nothing_and_is_counted() -> None:
    answered = one(supplements=["alpha lipoic acid"], denied=["diabetes", "qwrtzl"])
    assert answered["ala-diabetes"] is False
    assert answered["not_read"] == 1
    assert answered["level"] == "undetermined"


def test_a_dose_of_a_supplement_that_is_not_listed_is_never_passed_over() -> None:
    answered = one(supplements=["none"], dose_mg_of_alpha_lipoic_acid=600.0)
    assert (answered["worst_case"], answered["not_read"]) == ("urgent", 1)
    answered = one(supplements=["vitamin D"], taking_alpha_lipoic_acid=True)
    assert (answered["worst_case"], answered["not_read"]) == ("urgent", 1)
    assert one(supplements=["none"], taking_alpha_lipoic_acid=False)["not_read"] == 0


def test_dose_columns_are_read_with_the_entry_that_names_the_substance() -> None:
    answered = one(
        supplements=["ALA product", "alpha lipoic acid"],
        dose_mg_of_alpha_lipoic_acid=900.0,
        times_per_day_of_alpha_lipoic_acid=2.0,
    )
    assert answered["ala-daily-dose-above-studied"] is True


def test_columns_of_the_wrong_type_are_refused_all_at_once() -> None:
    frame = pl.DataFrame(
        {"supplements": ["ALA"], "age_years": ["70"], "denied": [[1]], "level": [1]}
    )
    with pytest.raises(FrameError) as raised:
        screen(frame)
    said = str(raised.value)
    assert "column supplements: expected a list of text" in said
    assert "column age_years: expected a number or null, got text" in said
    assert "column denied: expected a list of text" in said
    assert "column level: expected no column with a name that msrisk adds" in said


@pytest.mark.parametrize("name", ["Not_Read", "LEVEL"])
def test_a_column_that_sql_takes_for_one_that_is_added_is_refused(name: str) -> None:
    """DuckDB would show the caller's own column under both names."""
    frame = pl.DataFrame({"supplements": [["NAC"]], name: [7]})
    with pytest.raises(FrameError, match=f"column {name}: expected no column with a name"):
        screen(duckdb.from_arrow(frame.to_arrow()))
    assert screen(frame)[name].to_list() == [7]


def test_a_name_that_two_columns_have_is_refused() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["key", "key"])
    with pytest.raises(FrameError, match="expected each name of a column once"):
        screen(frame)


def test_a_yes_no_column_of_numbers_or_dates_is_refused() -> None:
    frame = pl.DataFrame({"ms_symptoms_severe": [1], "replacing_ms_treatment": [b"x"]})
    with pytest.raises(FrameError, match=r"got numbers\n.*got Binary"):
        screen(frame)


def test_values_of_several_types_in_a_column_of_pandas_are_refused() -> None:
    frame = pd.DataFrame({"supplements": [["ALA"], "NAC", 3]}, dtype=object)
    with pytest.raises(FrameError, match="column supplements: expected values of one type"):
        screen(frame)


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(FrameError, match="frame: expected a frame of Polars"):
        screen([1, 2])
    with pytest.raises(FrameError, match="complete: expected a list of names among supplements"):
        screen(pl.DataFrame({"x": [1]}), complete=["denied"])
    with pytest.raises(FrameError, match="complete: expected a list of names"):
        screen(pl.DataFrame({"x": [1]}), complete="medications")


def test_rules_that_were_withdrawn_answer_for_nobody() -> None:
    from attrs import evolve

    from msrisk.model.rules import Withdrawal

    withdrawn = evolve(SHIPPED, withdrawn=Withdrawal("2026-11-01", "made up"))
    with pytest.raises(RuleSetWithdrawnError):
        screen(pl.DataFrame({"x": [1]}), ruleset=withdrawn)


def test_packs_choose_the_rules() -> None:
    assert len(screen(pl.DataFrame({"x": [1]}), packs=["texts"])) == 1
    with pytest.raises(msrisk.errors.ConceptError):
        screen(pl.DataFrame({"x": [1]}), packs=["none of these"])


@pytest.mark.parametrize("given", [[[], []], [[None], []], [None, []]])
def test_lists_that_all_hold_nothing_are_unknown(given: list[Any]) -> None:
    found = screen(pl.DataFrame({"supplements": given}))
    assert found["worst_case"].to_list() == ["urgent", "urgent"]
    assert found["empty_lists"].sum() == given.count([])


def test_a_frame_that_was_turned_round_is_screened_alike() -> None:
    """Polars then forgets what a list would hold that is null in every row."""
    frame = table([one(supplements=["NAC"]), one(supplements=["zinc"])], SHIPPED)
    assert screen(frame.reverse()).equals(screen(frame).reverse())


def test_entries_that_differ_in_a_dose_alone_are_cleared_up_once_whatever_was_denied() -> None:
    """One has a doubtful dose, and both tell what was denied; a report lists them as one."""
    text = "alpha lipoic acid 900 mg for diabetes"
    row = empty_row(SHIPPED)
    row["supplements"] = [f'{{"name":"{text}","dose_mg":{dose}}}' for dose in (300, 900)]
    row["denied"] = ["diabetes"]
    frame = table([row], SHIPPED).select(KEY, "supplements", "denied")
    for screened in (polars_eager, of_duckdb):
        (answered,) = screened(frame, screen)
        assert differences(answered, row, SHIPPED) == {}


def test_what_was_recognised_can_be_kept_checked_and_given_back() -> None:
    frame = table(rows(40), SHIPPED)
    seen: list[tuple[int, int]] = []
    keep(KEPT)
    kept = msrisk.cohort.recognise(frame, progress=lambda done, of: seen.append((done, of)))
    assert all(done == of for done, of in seen)
    assert sum(of for _, of in seen) >= 40
    assert set(kept["field"]) <= {*LIST_FIELDS, "denied"}
    assert kept.filter(pl.col("entry") == "Ocrevus")["status"].to_list() == ["recognised"]
    assert kept["patients"].min() == 1
    assert screen(frame, recognised=kept.to_arrow()).equals(screen(frame))
    for other in (pl.DataFrame({"x": [1]}), "text"):
        with pytest.raises(FrameError, match="recognised: expected the table that `recognise`"):
            screen(frame, recognised=other)


def test_an_entry_that_is_not_in_the_kept_table_may_be_anything() -> None:
    frame = table([{**empty_row(SHIPPED), "supplements": ["NAC"]}], SHIPPED)
    kept = msrisk.cohort.recognise(frame).clear()
    assert screen(frame, recognised=kept)["worst_case"].to_list() == ["urgent"]


def test_missing_columns_are_named_once(caplog: pytest.LogCaptureFixture) -> None:
    from msrisk.cohort import columns

    logging.getLogger("msrisk.cohort").disabled = False
    columns.say_once.cache_clear()
    frame = pl.DataFrame({"medicatons": [["x"]], "supplements": [["NAC"]], "patient": [1]})
    with caplog.at_level(logging.WARNING):
        screen(frame)
        screen(frame)
    missing, kept = (record.getMessage() for record in caplog.records)
    assert missing.startswith("no column for, so not asked of anybody: medications, conditions")
    assert kept == "kept and not read: medicatons (did you mean `medications`?), patient"


def test_the_schema_of_the_tests_is_that_of_the_rules() -> None:
    from msrisk.cohort.columns import wanted_columns

    assert {*schema_of(SHIPPED)} - {KEY} == wanted_columns(SHIPPED)


def test_a_batch_of_rows_is_read_in_its_order() -> None:
    """Polars calls this from threads of its own, where no test sees it."""
    frame = table(rows(60, seed=4), SHIPPED)
    held = held_of(frame, wanted_columns(SHIPPED))
    columns = columns_of(held.frame.collect_schema(), SHIPPED)
    found = entries.givens(msrisk.cohort.recognise(frame))
    said = said_of(entries.read(found, SHIPPED, None), plan_of(SHIPPED), columns.products)
    codes = Lists(said, columns, held.make).codes()
    read = read_rows(frame, columns, NumberedLists(said, columns), codes).struct.unnest()
    named = told("supplements", "names_n_acetylcysteine")
    assert read[named].to_list() == [
        any("NAC" in one for one in row or ()) for row in frame["supplements"].to_list()
    ]
    assert len(read.columns) == len(codes)


def test_a_rule_set_that_asks_nothing_but_age_is_answered() -> None:
    from attrs import evolve

    young = evolve(
        SHIPPED, rules=tuple(r for r in SHIPPED.rules if not r.when or r.id == "ala-older-adult")
    )
    answered = screen(table(rows(5), SHIPPED).drop("denied"), ruleset=young)
    assert "ala-diabetes" not in answered.columns


def test_no_entry_of_a_frame_stays_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real: Any = vars(entries)["fact_of"]

    def counted(field: str, item: Any, ruleset: RuleSet, **options: Any) -> Any:
        asked.append(item.text)
        return real(field, item, ruleset, **options)

    monkeypatch.setattr(entries, "fact_of", counted)
    frame = pl.DataFrame({"medications": [["metformin"], ["metformin", "zzqfoobar"]]})
    keep(KEPT)
    before = kept()
    msrisk.cohort.screen(frame)
    msrisk.cohort.screen(frame)
    assert (len(asked), kept() - before) == (2, 2)
    keep(0)
    assert kept() == 0
    msrisk.cohort.screen(frame)
    msrisk.cohort.screen(frame)
    assert (len(asked), kept()) == (6, 0)
    keep(KEPT)
