"""The strategies that msrisk publishes, and what they say when Hypothesis is missing."""

from __future__ import annotations

import importlib
import json
import sys

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import msrisk
from msrisk import testing
from msrisk.model.profile import LIST_FIELDS


@given(st.data())
def test_entries_of_every_list_field_are_drawn_from_the_shipped_names(data: st.DataObject) -> None:
    for field in LIST_FIELDS:
        entry = data.draw(testing.entries(field))
        assert isinstance(entry, msrisk.Supplement if field == "supplements" else msrisk.Entry)


@given(st.data())
def test_profiles_can_be_drawn_for_rules_that_know_no_name(data: st.DataObject) -> None:
    shipped = msrisk.RuleSet.default()
    bare = evolve(shipped.vocabulary, drug_classes=(), drugs=(), concepts=(), terms=(), words=())
    ruleset = evolve(shipped, vocabulary=bare, substances=(), rules=(), claims=())
    assert isinstance(data.draw(testing.profiles(ruleset)), msrisk.PatientProfile)


@given(testing.intake_documents())
def test_every_intake_document_of_the_strategy_is_answered(document: dict[str, object]) -> None:
    """What `msrisk.testing` calls valid is valid, also after a way through JSON."""
    again = json.loads(json.dumps(document))
    profile = msrisk.PatientProfile.from_dict(again)
    assert msrisk.assess(profile).to_dict()["schema"] == "msrisk-report/2"


def test_without_hypothesis_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ImportError, match=r"msrisk\[testing\]"):
        importlib.reload(testing)


def test_anything_holds_every_concept() -> None:
    assert "systemic-corticosteroid" in msrisk.ANYTHING
    assert repr(msrisk.ANYTHING) == "ANYTHING"
