"""The OpenAPI document says what the JSON API takes and answers."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from msrisk.web.openapi import openapi
from tests.web.client import client, told
from tests.web.test_api import NEXT, STARTED

CALLS = [
    ("get", "/api/rules", "/api/rules", None),
    ("get", "/api/rules/{id}", "/api/rules/ala-older-adult", None),
    ("get", "/health", "/health", None),
    ("get", "/ready", "/ready", None),
    ("post", "/api/assess", "/api/assess", told("ordinary.json")),
    ("post", "/api/assess/fhir", "/api/assess/fhir", {"bundle": told("fhir/record.json")}),
    ("post", "/api/next-question", "/api/next-question", told("ordinary.json")),
    ("post", "/api/next-question", "/api/next-question", {}),
    ("post", NEXT, NEXT, STARTED),
    ("post", "/api/recognise", "/api/recognise", {"kind": "allergy", "text": "milk"}),
    ("post", "/api/recognise", "/api/recognise", {"kind": "condition", "text": "glimmering"}),
]


def schema_at(document: dict[str, Any], reference: Any) -> dict[str, Any]:
    """Return a schema with all that it refers to."""
    return {**reference, "components": document["components"]}


@pytest.mark.parametrize(("method", "pattern", "address", "body"), CALLS, ids=str)
def test_an_answer_is_as_described(method: str, pattern: str, address: str, body: Any) -> None:
    document: dict[str, Any] = client().get("/api/openapi.json").json()
    described = document["paths"][pattern][method]
    if body is not None:
        taken = described["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(schema_at(document, taken)).validate(body)
    answer = client().request(method, address, json=body)
    content = described["responses"][str(answer.status_code)]["content"]
    schema = content[answer.headers["content-type"]]["schema"]
    jsonschema.Draft202012Validator(schema_at(document, schema)).validate(answer.json())


def test_a_problem_is_as_described() -> None:
    document: dict[str, Any] = client().get("/api/openapi.json").json()
    responses = document["paths"]["/api/assess"]["post"]["responses"]
    schema = responses["400"]["content"]["application/problem+json"]["schema"]
    answer = client().post("/api/assess", json={"x": 1}).json()
    jsonschema.Draft202012Validator(schema_at(document, schema)).validate(answer)


def test_every_reference_leads_somewhere() -> None:
    document = openapi()
    schemas: Any = document["components"]

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [ref for one in value.values() for ref in references(one)]
        return [ref for one in value for ref in references(one)] if isinstance(value, list) else []

    found = set(references(document))
    assert len(found) > 20
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in schemas["schemas"], reference


def test_the_document_names_what_all_addresses_begin_with() -> None:
    assert "servers" not in openapi()
    found = client(prefix="/msrisk").get("/msrisk/api/openapi.json").json()
    assert found["servers"] == [{"url": "/msrisk"}]


def test_the_document_names_the_rules_in_use() -> None:
    found = client().get("/api/openapi.json").json()
    assert found["x-msrisk-ruleset"] == client().get("/health").json()["ruleset"]
