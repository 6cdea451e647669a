"""A screened frame says of each patient what `assess` says, on every engine."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlframe.duckdb import DuckDBSession

import msrisk.cohort
from msrisk.model.profile import LIST_FIELDS
from msrisk.model.rules import RuleSet
from msrisk.testing import rule_sets
from tests.cohort import made
from tests.cohort.frames import ENGINES, KEY, of_session, table
from tests.cohort.rows import Row, differences, empty_row, rows

pytestmark = pytest.mark.slow

# Each example is a dozen patients, and takes too long to look for a smaller one.
MANY = settings(
    max_examples=25,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.getLogger("msrisk.cohort").disabled = True
    yield
    logging.getLogger("msrisk.cohort").disabled = False


def assert_as_assessed(
    patients: Sequence[Row], ruleset: RuleSet, complete: Sequence[str], engine: str
) -> None:
    frame = table(patients, ruleset)
    screened = ENGINES[engine](
        frame, lambda one: msrisk.cohort.screen(one, ruleset=ruleset, complete=complete)
    )
    for answered, row in zip(screened, patients, strict=True):
        assert differences(answered, row, ruleset, complete) == {}


def some(ruleset: RuleSet) -> st.SearchStrategy[list[Row]]:
    return st.lists(rows(ruleset), min_size=8, max_size=16)


def test_sqlframe_says_the_same_as_assess() -> None:
    """The interface of Spark without Java: it writes all of it as one query for DuckDB."""
    shipped = RuleSet.default()
    patients = made.patients(40, random.Random(2))  # noqa: S311  # made-up patients are no secret
    columns = [KEY, "supplements", "medications", "age_years"]
    told = [{**empty_row(shipped), **{name: row[name] for name in columns[1:]}} for row in patients]
    screened = of_session(DuckDBSession())(
        table(told, shipped).select(columns), msrisk.cohort.screen
    )
    for answered, row in zip(screened, told, strict=True):
        assert differences(answered, row, shipped) == {}


COMPLETE = st.sets(st.sampled_from(LIST_FIELDS), max_size=2).map(sorted)


@MANY
@given(st.data())
def test_the_shipped_rules_say_the_same_of_a_frame_as_of_each_patient(data: st.DataObject) -> None:
    shipped = RuleSet.default()
    assert_as_assessed(data.draw(some(shipped)), shipped, data.draw(COMPLETE), "Polars")


@MANY
@given(st.data())
def test_made_up_rules_say_the_same_of_a_frame_as_of_each_patient(data: st.DataObject) -> None:
    ruleset = data.draw(rule_sets())
    assert_as_assessed(data.draw(some(ruleset)), ruleset, data.draw(COMPLETE), "Polars")


@pytest.mark.parametrize("engine", ENGINES)
@settings(MANY, max_examples=5)
@given(st.data())
def test_each_engine_says_the_same_as_assess(engine: str, data: st.DataObject) -> None:
    ruleset = data.draw(rule_sets())
    assert_as_assessed(data.draw(some(ruleset)), ruleset, data.draw(COMPLETE), engine)
