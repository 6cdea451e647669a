"""Read by rule, the reports of sixty patients say nothing untrue, nothing twice, and all they hold.

Law 15, and the promises of `str(report)`. The checks stand in `problems.py`; they know neither a
layout nor these patients.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

import msrisk

from .patients import PATIENTS, patients
from .placed import unkeyed, unplaced
from .problems import (
    FORMATS,
    PARTS,
    cut_short,
    lost,
    plain,
    said_twice,
    too_long,
    unheld,
    untitled,
    without_caveat,
)

NUMBERS = range(1, PATIENTS + 1)
each_format = pytest.mark.parametrize("format_", FORMATS)
prose = pytest.mark.parametrize("format_", [one for one in FORMATS if one != "json"])
each_part = pytest.mark.parametrize("part", PARTS)


@cache
def report(number: int) -> msrisk.Report:
    return msrisk.assess(msrisk.PatientProfile.from_dict(patients()[number - 1]))


@cache
def document(number: int) -> Mapping[str, Any]:
    return report(number).to_dict()


@cache
def seen(number: int, format_: str, part: str) -> str:
    """Return what a reader of a rendering sees."""
    return plain(report(number).render(format_, part), format_)


def problems(found: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Return the patients whose reports have problems."""
    return {number: problems for number, problems in found.items() if problems}


@each_part
@prose
def test_what_speaks_to_the_patient_is_held_for_this_patient(format_: str, part: str) -> None:
    assert problems({n: unheld(seen(n, format_, part), document(n)) for n in NUMBERS}) == {}


def test_the_name_of_a_rule_is_true_of_everybody() -> None:
    assert problems({n: untitled(document(n)) for n in NUMBERS}) == {}


@prose
def test_no_finding_silence_or_caveat_is_said_twice(format_: str) -> None:
    assert (
        problems(
            {
                n: said_twice(seen(n, format_, "full"), document(n), seen(n, format_, "screen"))
                for n in NUMBERS
            }
        )
        == {}
    )


@each_format
def test_all_layers_together_lose_nothing(format_: str) -> None:
    assert problems({n: lost(seen(n, format_, "full"), document(n)) for n in NUMBERS}) == {}


@prose
def test_each_statement_stands_beside_the_passages_that_it_cites(format_: str) -> None:
    assert problems({n: unplaced(seen(n, format_, "full"), document(n)) for n in NUMBERS}) == {}


@pytest.mark.parametrize("format_", [one for one in FORMATS if one != "text"])
def test_what_a_program_reads_or_marks_up_has_the_id_of_every_rule_and_claim(format_: str) -> None:
    assert problems({n: unkeyed(seen(n, format_, "full"), document(n)) for n in NUMBERS}) == {}


def test_plain_text_has_no_id() -> None:
    for n in NUMBERS:
        ids = {one["rule"] for of in document(n)["assessments"] for one in of["caveats"]}
        assert not ids & set(report(n).render("text").split())


@each_part
@each_format
def test_nothing_is_cut_short(format_: str, part: str) -> None:
    assert problems({n: cut_short(seen(n, format_, part), document(n)) for n in NUMBERS}) == {}


@each_part
@each_format
def test_every_part_alone_has_a_caveat_with_its_source(format_: str, part: str) -> None:
    assert problems({n: without_caveat(seen(n, format_, part), document(n)) for n in NUMBERS}) == {}


def test_a_first_screen_is_short_and_names_whatever_is_grave() -> None:
    assert problems({n: too_long(seen(n, "text", "screen"), document(n)) for n in NUMBERS}) == {}


def test_the_whole_report_is_what_is_printed_and_begins_with_the_first_screen() -> None:
    for n in NUMBERS:
        full = report(n).render("text", "full")
        assert str(report(n)) == report(n).render() == full
        assert full.startswith(report(n).render("text", "screen").rstrip("\n"))
        assert json.loads(report(n).render("json")) == report(n).to_dict()
