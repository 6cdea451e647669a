"""One converter: nothing is coerced, guessed or passed over, and every problem has a path."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from attrs import evolve, frozen
from cattrs.errors import StructureHandlerNotFoundError
from hypothesis import given
from hypothesis import strategies as st

from msrisk.loading.structuring import key_text, plain, structure, unknown
from msrisk.model import conditions
from msrisk.model.conditions import Condition
from msrisk.model.quantities import Unit
from msrisk.model.rules import Rule, RuleSet
from msrisk.model.sources import Citation

from .rule_files import SMALL_RULES

RULES = RuleSet.load(SMALL_RULES)


@frozen
class Sample:
    """One field of each kind that the converter knows."""

    text: str
    number: int | float
    count: int
    yes: bool
    unit: Unit
    words: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    free: Mapping[str, object]
    cites: tuple[Citation, ...]
    maybe: str | None = None
    note: str = ""


GOOD: dict[str, object] = {
    "text": "a",
    "number": 1.5,
    "count": 2,
    "yes": False,
    "unit": "kg",
    "words": ["a", "b"],
    "lists": {"a": ["b"]},
    "free": {"a": [1, {"b": None}]},
    "cites": [{"source": "leaflet", "passages": [1]}],
}


def problems(value: object, type_: type[object] = Sample) -> list[str]:
    built, found = structure(value, type_, "here")
    assert (built is None) is bool(found)
    return [str(problem) for problem in found]


def test_what_is_right_is_built() -> None:
    built, found = structure(GOOD, Sample, "here")
    assert found == []
    assert built == Sample(
        text="a",
        number=1.5,
        count=2,
        yes=False,
        unit=Unit.KG,
        words=("a", "b"),
        lists={"a": ("b",)},
        free={"a": [1, {"b": None}]},
        cites=(Citation("leaflet", (1,)),),
    )


def test_a_number_keeps_being_whole_or_not() -> None:
    whole, _ = structure({**GOOD, "number": 3}, Sample, "here")
    assert whole is not None
    assert type(whole.number) is int


def test_what_may_be_left_out_may_be_given() -> None:
    built, _ = structure({**GOOD, "maybe": "", "note": ""}, Sample, "here")
    assert built is not None
    assert (built.maybe, built.note) == ("", "")


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("text", 1, "text: expected text, got a number"),
        ("text", None, "text: expected text, got nothing"),
        ("text", " ", "text: expected some words, got blank text"),
        ("number", "3", "number: expected a number, got text"),
        ("number", True, "number: expected a number, got true or false"),
        ("number", float("nan"), "number: expected a number, got nan or infinity"),
        ("number", float("-inf"), "number: expected a number, got nan or infinity"),
        ("count", 3.0, "count: expected a whole number, got a number"),
        ("count", True, "count: expected a whole number, got true or false"),
        ("count", "3", "count: expected a whole number, got text"),
        ("yes", 0, "yes: expected true or false, got a number"),
        ("yes", "false", "yes: expected true or false, got text"),
        ("unit", "KG", "unit: expected one of /d, a, kg, mg, mg/d, got an unknown word"),
        ("unit", 1, "unit: expected one of /d, a, kg, mg, mg/d, got a number"),
        ("words", "a", "words: expected a list, got text"),
        ("words", ["a", ""], "words[1]: expected some words, got blank text"),
        ("words", ["a", 1], "words[1]: expected text, got a number"),
        ("lists", ["a"], "lists: expected a table, got a list"),
        ("lists", {"a": "b"}, "lists.a: expected a list, got text"),
        ("lists", {"a": ["b", 1]}, "lists.a[1]: expected text, got a number"),
        ("lists", {"a\n": 1}, "lists.'a\\n': expected a list, got a number"),
        ("free", 1, "free: expected a table, got a number"),
        ("cites", {"source": "a"}, "cites: expected a list, got a table"),
        ("cites", ["leaflet"], "cites[0]: expected a table, got text"),
        ("maybe", 1, "maybe: expected text, got a number"),
        ("note", 1, "note: expected text, got a number"),
    ],
)
def test_nothing_is_coerced(key: str, value: object, problem: str) -> None:
    assert problems({**GOOD, key: value}) == [f"here: {problem}"]


@pytest.mark.parametrize("hidden", ["\n", "\t", "\x00", "\x7f", "\u200b", "\u202e", "\u2028"])
def test_text_is_one_line_of_what_can_be_seen(hidden: str) -> None:
    expected = "one line of visible text, got a line break or a character that cannot be seen"
    assert problems({**GOOD, "note": f"a{hidden}b"}) == [f"here: note: expected {expected}"]


def test_every_problem_of_a_table_is_reported_with_its_path() -> None:
    value = {**GOOD, "text": 1, "lists": {"a": 1, "b": [2, 3]}, "cites": [{}, {"sauce": "a"}]}
    keys = "one of the keys evidence, passages, reason, source, whole"
    either = "the id of a source, or of an item of `evidence` alone"
    assert problems(value) == [
        "here: text: expected text, got a number",
        "here: lists.a: expected a list, got a number",
        "here: lists.b[0]: expected text, got a number",
        "here: lists.b[1]: expected text, got a number",
        f"here: cites[0].source: expected {either}",
        f"here: cites[1].sauce: expected {keys}, got an unknown key",
    ]


def test_a_misspelt_key_is_told_once_and_before_what_is_missing() -> None:
    value = {**GOOD, "cites": [{"soure": "a"}, {"soure": "a", "hole": True}]}
    keys = "one of the keys evidence, passages, reason, source, whole"
    found = [
        f"here: cites[0].soure: expected {keys}, got an unknown key (did you mean `source`?)",
        f"here: cites[1].hole: expected {keys}, got an unknown key (did you mean `whole`?)",
        f"here: cites[1].soure: expected {keys}, got an unknown key (did you mean `source`?)",
    ]
    assert problems(value) == found


def test_a_part_that_refuses_its_content_says_so_at_its_path() -> None:
    assert problems({**GOOD, "cites": [{"source": "a", "whole": True}]}) == [
        "here: cites[0].reason: expected why the whole text is cited"
    ]


def test_what_is_no_table_at_all_is_a_problem_of_its_place() -> None:
    assert problems(["a"]) == ["here: expected a table, got a list"]


def test_what_lies_too_deep_is_not_followed() -> None:
    deep: object = "a"
    for _ in range(50):
        deep = [deep]
    expected = "here: expected at most 40 tables and lists inside each other"
    assert problems({**GOOD, "free": {"a": deep}}) == [expected]


def test_a_mistake_in_the_model_is_not_taken_for_one_of_the_file() -> None:
    with pytest.raises(StructureHandlerNotFoundError):
        structure("a", object, "here")


def test_a_key_is_suggested_only_when_it_is_spelt_almost_so() -> None:
    keys = ["message", "question"]
    assert unknown("key", "mesage", keys) == "an unknown key (did you mean `message`?)"
    assert unknown("key", "severity", keys) == "an unknown key"


def test_a_key_is_shown_as_one_visible_word() -> None:
    assert key_text("größe") == "größe"
    assert key_text("a\nb") == "'a\\nb'"


TERMS = st.sampled_from(["alpha", "beta"])
NODES = st.one_of(
    *(
        st.builds(one, TERMS)
        for one in (
            conditions.Takes,
            conditions.TakesSupplement,
            conditions.HasCondition,
            conditions.AllergicTo,
            conditions.ReportsSymptom,
            conditions.AgeAtLeast,
            conditions.AgeBelow,
            conditions.WeightBelow,
            conditions.DailyDoseAbove,
            conditions.DailyDoseTakenAbove,
            conditions.DailyDoseBelow,
            conditions.DosesPerDayBelow,
            conditions.States,
        )
    ),
    st.builds(conditions.HasConditionBeyond, st.lists(TERMS, max_size=2).map(tuple)),
    st.sampled_from(
        [
            conditions.TakesAnyMedication(),
            conditions.TakesOtherSupplement(),
            conditions.Taking(),
        ]
    ),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    NODES,
    lambda inner: (
        st.builds(conditions.All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(conditions.Any, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_written_out_reads_as_itself(condition: Condition) -> None:
    rule = evolve(RULES.rule("sunroot-sleeper"), when=condition)
    table = as_lists(plain(rule))
    assert structure(table, Rule, "here") == (rule, [])


def as_lists(value: object) -> object:
    """Return plain data with lists for tuples and without None, as a file would hold it."""
    if isinstance(value, dict):
        return {key: as_lists(one) for key, one in value.items() if one is not None}
    return [as_lists(one) for one in value] if isinstance(value, list | tuple) else value
