"""What only a whole rule set can get wrong, and what must not be taken for wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from msrisk.errors import RuleSetError
from msrisk.loading.structuring import plain
from msrisk.loading.validation import problems_of
from msrisk.model.conditions import (
    AgeAtLeast,
    AgeBelow,
    DailyDoseAbove,
    DailyDoseBelow,
    DosesPerDayBelow,
    WeightBelow,
)
from msrisk.model.rules import RuleSet

from .rule_files import SMALL_RULES, Edit, edited

EVERYTHING = "vocabulary/everything.toml"
MOONROOT = f"{EVERYTHING}: supplement `moonroot`"
YAWNING = f"{EVERYTHING}: symptom `yawning`"
DISEASE = f"{EVERYTHING}: condition `yawning-disease`"
SUNROOT = "substances/sunroot.toml"
TWICE = "expected names that mean nothing else in the same field"
AGE = '{ kind = "age-at-least", threshold = "grown-up-years" }'


def problems(tmp_path: Path, *edits: Edit) -> list[str]:
    """Return the lines of the error, or nothing if the rule set loads."""
    try:
        RuleSet.load(edited(tmp_path, edits))
    except RuleSetError as error:
        return str(error).splitlines()
    return []


def test_a_valid_rule_set_has_no_problem() -> None:
    rules = RuleSet.load(SMALL_RULES)
    words = rules.vocabulary
    everything = (
        *rules.rules,
        *rules.claims,
        *rules.thresholds,
        *rules.fields,
        *rules.sources,
        *rules.substances,
        *words.drug_classes,
        *words.drugs,
        *words.concepts,
        *words.terms,
        *words.words,
    )
    assert problems_of(rules, {id(one): "somewhere" for one in everything}) == []


@pytest.mark.parametrize(
    ("node", "unit"),
    [
        (AgeAtLeast, "a"),
        (AgeBelow, "a"),
        (WeightBelow, "kg"),
        (DailyDoseAbove, "mg/d"),
        (DailyDoseBelow, "mg/d"),
        (DosesPerDayBelow, "/d"),
    ],
)
def test_each_comparison_wants_a_threshold_in_its_own_unit(
    node: type, unit: str, tmp_path: Path
) -> None:
    kind = str(plain(node("x"))["kind"])
    compare = Edit(SUNROOT, AGE, f'{{ kind = "{kind}", threshold = "grown-up-years" }}')
    for other in ("a", "kg", "mg", "mg/d", "/d"):
        folder = tmp_path / other.replace("/", "-per-")
        folder.mkdir()
        found = problems(folder, compare, Edit("ruleset.toml", 'unit = "a"', f'unit = "{other}"'))
        assert len(found) == (other != unit)


def test_one_name_may_mean_two_things_in_two_fields(tmp_path: Path) -> None:
    same = Edit(EVERYTHING, 'name = "yawning disease"', 'name = "sunroot"')
    assert problems(tmp_path, same) == []


def test_a_name_may_be_given_twice_for_the_same_thing(tmp_path: Path) -> None:
    same = Edit(EVERYTHING, 'names = ["Dormalin"]', 'names = ["Dormalin", "DORMALIN", "dormal"]')
    assert problems(tmp_path, same) == []


def test_names_are_compared_as_they_are_matched(tmp_path: Path) -> None:
    same = Edit(EVERYTHING, 'name = "moonroot"', 'name = "moonroot"\nnames = ["SÚNROOT’"]')
    assert problems(tmp_path, same) == [
        f"{MOONROOT}: names: {TWICE}, got `SÚNROOT’`, also of {SUNROOT}: substance `sunroot`"
    ]


def test_a_name_that_clashes_in_one_of_its_fields_only_is_reported_too(tmp_path: Path) -> None:
    told = 'name = "yawning disease"\ntold_in = ["conditions", "symptoms"]\nnames = ["yawning"]'
    assert problems(tmp_path, Edit(EVERYTHING, 'name = "yawning disease"', told)) == [
        f"{YAWNING}: names: {TWICE}, got `yawning`, also of {DISEASE}"
    ]


def test_a_longer_way_back_to_itself_is_found_at_every_step(tmp_path: Path) -> None:
    circle = "".join(
        f'[[symptom]]\nid = "{one}"\nname = "{one}"\nwithin = ["{above}"]\n\n'
        for one, above in (("a", "b"), ("b", "c"), ("c", "a"), ("beside", "a"))
    )
    assert [
        line.partition(": within")[0] for line in problems(tmp_path, Edit(EVERYTHING, add=circle))
    ] == [f"{EVERYTHING}: symptom `{one}`" for one in "abc"]


def test_a_substance_below_another_needs_no_rules_of_its_own(tmp_path: Path) -> None:
    below = """pack = "leaflets"

[substance]
id = "sunroot-tea"
name = "sunroot tea"
source = "made up"
within = ["sunroot"]
"""
    assert problems(tmp_path, Edit("substances/sunroot-tea.toml", content=below)) == []


def test_a_supplement_may_be_a_case_of_a_covered_substance(tmp_path: Path) -> None:
    within = Edit(EVERYTHING, 'name = "moonroot"', 'name = "moonroot"\nwithin = ["sunroot"]')
    assert problems(tmp_path, within) == []


def test_a_term_may_be_anything(tmp_path: Path) -> None:
    edit = Edit(EVERYTHING, '["sunroot", "moonroot"]', '["anything"]')
    assert problems(tmp_path, edit) == []


def test_a_route_has_an_id_by_which_memberships_name_it(tmp_path: Path) -> None:
    edits = (
        Edit(EVERYTHING, add='[[words]]\nkind = "route"\nid = "skin"\nwords = ["cream"]\n'),
        Edit(EVERYTHING, 'why = "its package says so"', 'why = "so it is", not_by = ["skin"]'),
    )
    assert problems(tmp_path, *edits) == []


def test_the_whole_is_not_judged_while_a_part_cannot_be_read(tmp_path: Path) -> None:
    """Otherwise a broken rule would be reported again as a passage that nothing cites."""
    broken = Edit(SUNROOT, 'basis = "stated"', "")
    expected = f"{SUNROOT}: rule `sunroot-sleeper`: basis: expected a value, got nothing"
    assert problems(tmp_path, broken) == [expected]


def test_an_unknown_parent_of_a_substance_is_reported_and_nothing_breaks(tmp_path: Path) -> None:
    edits = (
        Edit(SUNROOT, 'name = "sunroot"', 'name = "sunroot"\nwithin = ["root"]'),
        Edit("substances/every.toml"),
    )
    assert problems(tmp_path, *edits) == [
        f"{SUNROOT}: substance `sunroot`: within: expected the id of a substance, got `root`",
        f"{SUNROOT}: substance `sunroot`: expected at least one caveat, got none",
        "substances/every.toml: expected a scope caveat that applies to every, got none",
    ]


@pytest.mark.parametrize("prefix", ["C", "X10", "X10.1", "X101"])
def test_a_code_of_icd_10_may_be_a_chapter_a_category_or_below_it(
    prefix: str, tmp_path: Path
) -> None:
    assert problems(tmp_path, Edit(EVERYTHING, '["X10.1"]', f'["{prefix}"]')) == []


@pytest.mark.parametrize("prefix", ["Q", "Q05", "Q05C", "Q05CA", "Q05CA01"])
def test_a_class_may_be_any_level_of_the_atc_classification(prefix: str, tmp_path: Path) -> None:
    assert problems(tmp_path, Edit(EVERYTHING, '["Q05C"]', f'["{prefix}"]')) == []


@pytest.mark.parametrize("code", ["340", "V22", "571.2", "250.00", "14"])
def test_a_code_of_icd_9_may_be_of_any_level(code: str, tmp_path: Path) -> None:
    why = 'why = "there are two roots"'
    edit = Edit(EVERYTHING, why, why + f'\ncodes = {{ icd_9_cm = ["{code}"] }}')
    assert problems(tmp_path, edit) == []


@pytest.mark.parametrize("code", ["1", "34.04", "E849", "2500", "v22"])
def test_a_code_of_icd_9_is_of_a_diagnosis_and_has_its_point(code: str, tmp_path: Path) -> None:
    why = 'why = "there are two roots"'
    edit = Edit(EVERYTHING, why, why + f'\ncodes = {{ icd_9_cm = ["{code}"] }}')
    expected = "expected ICD-9-CM codes such as 250.0"
    assert problems(tmp_path, edit) == [f"{EVERYTHING}: term `root`: codes.icd_9_cm: {expected}"]


def test_the_codes_of_an_ambiguous_word_are_checked_as_those_of_a_condition(
    tmp_path: Path,
) -> None:
    why = 'why = "there are two roots"'
    edit = Edit(EVERYTHING, why, why + '\ncodes = { icd_10_cm = ["11.9"] }')
    assert problems(tmp_path, edit) == [
        f"{EVERYTHING}: term `root`: codes.icd_10_cm: expected ICD-10 codes such as E11.9"
    ]
