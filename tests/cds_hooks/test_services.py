"""Discovery says which services there are and which parts of the record they ask for."""

from __future__ import annotations

import re

import pytest

from msrisk.cds_hooks import respond, services
from msrisk.cds_hooks.services import PREFETCH, SERVICES, TAKEN
from msrisk.errors import ConceptError
from tests.cds_hooks.specification import empty_parts


def test_there_is_a_service_for_each_of_three_hooks() -> None:
    found = services()["services"]
    assert isinstance(found, list)
    assert [one["hook"] for one in found] == ["patient-view", "order-select", "order-sign"]
    assert len({one["id"] for one in found}) == 3
    assert [one["id"] for one in found] == list(SERVICES)


def test_each_service_has_what_the_specification_requires_and_nothing_empty() -> None:
    assert empty_parts(services()) == []
    for one in services()["services"]:  # type: ignore[attr-defined]  # the test above says that it is a list
        assert {"hook", "description", "id", "title", "prefetch", "usageRequirements"} <= set(one)
        assert re.fullmatch(r"3\.0\.\d+", one["version"])
        assert "clears nothing" in one["usageRequirements"]


@pytest.mark.parametrize("key", PREFETCH)
def test_a_template_uses_only_what_version_two_lets_any_record_system_do(key: str) -> None:
    query = PREFETCH[key].query
    assert re.fullmatch(
        r"Patient/\{\{context\.patientId\}\}|[A-Z]\w+\?patient=\{\{context\.patientId\}\}(&code=\S+)?",
        query,
    )
    # A status would hide infusions; a count would make one page of several.
    assert "status" not in query
    assert "_count" not in query


def test_a_supplement_may_stand_in_each_of_five_types() -> None:
    assert {PREFETCH[key].type for key in TAKEN} == {
        "MedicationRequest",
        "MedicationStatement",
        "MedicationDispense",
        "MedicationAdministration",
        "NutritionOrder",
    }


def test_another_service_is_an_error_that_names_these() -> None:
    with pytest.raises(ConceptError, match="msrisk-patient-view, msrisk-order-select"):
        respond("other", {})
