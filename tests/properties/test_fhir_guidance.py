"""The laws of a report in FHIR: nothing is lost, nothing stands alone, whatever was typed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk.errors import FhirError
from msrisk.fhir import detected_issues, guidance, profile_from_response
from msrisk.model.profile import PatientProfile
from msrisk.model.rules import RuleSet
from msrisk.testing import profiles, rule_sets
from tests.fhir.filling import response
from tests.fhir.other_reader import lost
from tests.properties.test_fhir_forms import Filled, forms

pytestmark = pytest.mark.slow


@st.composite
def reports(draw: st.DrawFn) -> msrisk.Report:
    """Return a report of the shipped rules or of others."""
    ruleset = RuleSet.default() if draw(st.booleans()) else draw(rule_sets())
    profile: PatientProfile = draw(profiles(ruleset))
    return msrisk.assess(profile, ruleset=ruleset)


@given(reports())
def test_law_18_another_reader_finds_every_finding_question_and_caveat(
    report: msrisk.Report,
) -> None:
    assert lost(report, guidance(report)) == []


@given(reports())
def test_law_1_every_issue_has_a_caveat_with_its_source(report: msrisk.Report) -> None:
    messages = [one.message for one in report.caveats]
    for issue in detected_issues(report):
        contained: Any = issue["contained"]
        assert any(message in str(issue["detail"]) for message in messages)
        assert str(issue["detail"]).count("Source: ") == 2
        assert contained[0]["relatedArtifact"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=5), inside),
    max_leaves=4,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place inside a value: where it is, and by which key."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from places(value[key])


@given(forms(), st.data())
def test_a_response_with_something_else_in_a_place_is_read_or_refused(
    filled: Filled, data: st.DataObject
) -> None:
    spoilt = copy.deepcopy(response(filled.answers, filled.products, filled.ruleset))
    inside, key = data.draw(st.sampled_from(list(places(spoilt))))
    inside[key] = data.draw(JUNK)
    with suppress(FhirError):
        profile = profile_from_response(spoilt, ruleset=filled.ruleset)
        assert isinstance(profile, PatientProfile)
