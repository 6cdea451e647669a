"""A report is made as it is read, and nobody who reads it can tell."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

import msrisk
from msrisk.model.results import Report

PROFILE = msrisk.PatientProfile(
    supplements=["alpha lipoic acid 600 mg"], medications=["metformin", "ocrelizumab"], age_years=70
)


def all_of(report: Report) -> dict[str, object]:
    return {one.name: getattr(report, one.name) for one in attrs.fields(Report)}


def test_a_report_is_equal_to_one_of_which_everything_was_read() -> None:
    read = msrisk.assess(PROFILE)
    whole = Report(**all_of(read))  # type: ignore[arg-type]  # each part under its own name
    fresh = msrisk.assess(PROFILE)
    assert fresh == whole
    assert hash(fresh) == hash(whole)


def test_a_part_is_made_once() -> None:
    report = msrisk.assess(PROFILE)
    assert report.assessments is report.assessments
    assert report.summary is report.summary


def test_a_report_that_nobody_read_is_pickled_and_copied_whole() -> None:
    report = msrisk.assess(PROFILE)
    assert pickle.loads(pickle.dumps(msrisk.assess(PROFILE))) == report  # noqa: S301  # made here
    assert copy.deepcopy(msrisk.assess(PROFILE)) == report
    assert attrs.evolve(msrisk.assess(PROFILE)) == report


def test_no_part_of_a_report_can_be_set() -> None:
    report = msrisk.assess(PROFILE)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        report.headline = "all clear"  # type: ignore[misc]  # that it is refused is the point


@pytest.mark.parametrize("name", ["assesments", "_secret", "risk"])
def test_a_name_that_a_report_does_not_have_is_an_error(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(msrisk.assess(PROFILE), name)


def test_eight_threads_that_read_one_report_see_the_same() -> None:
    report = msrisk.assess(PROFILE)
    whole = all_of(msrisk.assess(PROFILE))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(all_of, [report] * 16)) == [whole] * 16


def test_names_that_look_alike_are_found_when_somebody_asks_and_nobody_can_tell() -> None:
    read = msrisk.recognise("predniso1one", "medication")
    assert "prednisolone" in read.suggestions
    fields = {one.name: getattr(read, one.name) for one in attrs.fields(type(read))}
    whole = type(read)(**fields)
    fresh = [msrisk.recognise("predniso1one", "medication") for _ in range(4)]
    assert fresh[0] == whole
    assert hash(fresh[1]) == hash(whole)
    assert pickle.loads(pickle.dumps(fresh[2])) == whole  # noqa: S301  # our own
    assert attrs.evolve(fresh[3], reason="").suggestions == whole.suggestions
