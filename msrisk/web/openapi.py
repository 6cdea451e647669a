"""Describes the JSON API as an OpenAPI document, with the schemas of the documents inside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, cast

from msrisk.documents import SCHEMAS, schema_of

__all__ = ["RULESET", "openapi"]

Json = dict[str, object]

RULESET: Final = "x-msrisk-ruleset"
"""What names the rules in use in this document, and in a JSON Schema that the service gives."""

_TEXT: Final[Json] = {"type": "string"}
_WORDS: Final[Json] = {"type": "array", "items": _TEXT}
_RULESET: Final[Json] = {
    "description": "Which rules answered, and whether they still may.",
    "type": "object",
    "required": ["version", "digest", "clinically_reviewed", "withdrawn"],
    "properties": {
        "version": _TEXT,
        "released": {"description": "The day of this version.", **_TEXT, "format": "date"},
        "digest": _TEXT,
        "clinically_reviewed": {"type": "boolean"},
        "withdrawn": {"type": "boolean"},
    },
}
_ANSWER: Final[Json] = {
    "complete": {
        "description": "Whether all that the rules ask is answered. It clears nothing.",
        "type": "boolean",
    },
    "not_checked": {
        "description": "What was not checked, and why; never empty.",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["what", "why"],
            "properties": {"what": _TEXT, "why": _TEXT},
        },
    },
    "ruleset": {"$ref": "#/components/schemas/Ruleset"},
}
_REPORT: Final[Json] = {
    **_ANSWER,
    "screen": {"description": "The first screen, to be shown as it is.", **_TEXT},
    "report": {"$ref": "#/components/schemas/Report"},
}
_LEVEL: Final[Json] = {
    "enum": ["no-finding", "inform", "undetermined", "caution", "contraindicated", "urgent"]
}
_RULE: Final[Json] = {"id": _TEXT, "kind": _TEXT, "title": _TEXT}


def _object(properties: Json, optional: tuple[str, ...] = (), *, open_: bool = True) -> Json:
    required = [key for key in properties if key not in optional]
    made: Json = {"type": "object", "properties": properties}
    made |= {"required": required} if required else {}
    return made if open_ else {**made, "additionalProperties": False}


_SCHEMAS: Final[Mapping[str, Json]] = {
    "Ruleset": _RULESET,
    "Assessed": _object(_REPORT),
    "RecordAssessed": _object(
        {
            **_REPORT,
            "on": {"type": "string", "format": "date"},
            "account": {
                "description": "What became of each entry of the record.",
                "type": "array",
                "items": _object(
                    {
                        "path": _TEXT,
                        "resource": _TEXT,
                        "became": _TEXT,
                        "read_as": _WORDS,
                        "why": _WORDS,
                    }
                ),
            },
        }
    ),
    "NextQuestion": _object(
        {
            **_ANSWER,
            "level": _LEVEL,
            "worst_case": _LEVEL,
            "question": {
                "description": "The best question that is open; null if none is left.",
                "anyOf": [
                    _object({"field": _TEXT, "question": _TEXT, "why": _TEXT}),
                    {"type": "null"},
                ],
            },
            "open": {"type": "integer", "minimum": 0},
        }
    ),
    "Recognised": _object(
        {
            **_ANSWER,
            "status": {"enum": ["recognised", "unrecognised", "ambiguous"]},
            "name": {"type": ["string", "null"]},
            "concepts": _WORDS,
            "possible": {
                "description": "What else it may be.",
                "anyOf": [{"const": "anything"}, _WORDS],
            },
            "suggestions": {"description": "For a person to confirm.", **_WORDS},
        }
    ),
    "Record": _object(
        {
            "bundle": {"description": "A Bundle of FHIR R4.", "type": "object"},
            "on": {"description": "The day as of which it is read.", **_TEXT, "format": "date"},
            "patient": {"description": "Whose report, if it speaks of several.", **_TEXT},
        },
        ("on", "patient"),
        open_=False,
    ),
    "Entry": _object(
        {
            "kind": {"enum": ["medication", "condition", "allergy", "symptom", "supplement"]},
            "text": {"description": "As it was typed.", "type": ["string", "null"]},
            "codes": {
                "type": "array",
                "items": _object({"system": _TEXT, "code": _TEXT}, open_=False),
            },
        },
        ("text", "codes"),
        open_=False,
    ),
    "Asked": {
        "description": "A QuestionnaireResponse of FHIR R4 with a contained Questionnaire that is "
        "derived from urn:msrisk:questionnaire, or Parameters that hold one.",
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"enum": ["QuestionnaireResponse", "Parameters"]}},
    },
    "Outcome": _object({"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array"}}),
    "Rules": _object(
        {
            "ruleset": {"$ref": "#/components/schemas/Ruleset"},
            "rules": {"type": "array", "items": _object(_RULE)},
        }
    ),
    "Rule": _object(
        {
            **_RULE,
            "ruleset": {"$ref": "#/components/schemas/Ruleset"},
            "lines": {"type": "array", "items": _object({"label": _TEXT, "text": _TEXT})},
        }
    ),
    "Health": _object({"status": _TEXT, "ruleset": {"$ref": "#/components/schemas/Ruleset"}}),
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "ruleset": {"$ref": "#/components/schemas/Ruleset"},
            "problems": {
                "type": "array",
                "items": _object({"where": _TEXT, "expected": _TEXT, "got": _TEXT}),
            },
        }
    ),
}

# Address, what it does, what it takes, what it answers.
_POSTS: Final = (
    ("/api/assess", "Report on the patient of an intake document", "Intake", "Assessed"),
    ("/api/assess/fhir", "Report on the patient of a FHIR bundle", "Record", "RecordAssessed"),
    ("/api/next-question", "Tell the best question that is open", "Intake", "NextQuestion"),
    ("/api/recognise", "Tell what an entry is taken for", "Entry", "Recognised"),
)
_FHIR: Final = "application/fhir+json"
_GETS: Final = (
    ("/api/rules", "List the rules", "Rules", ""),
    ("/api/rules/{id}", "Show all of a rule", "Rule", "id"),
    ("/api/schemas/{name}", "Give the JSON Schema of a document", "", "name"),
    ("/health", "Say that the process runs, and with which rules", "Health", ""),
    ("/ready", "Say whether the rules may answer", "Health", ""),
)


def openapi(root: str = "") -> Json:
    """Return the OpenAPI document, of version 3.1.

    Args:
        root: what all addresses begin with.

    """
    document = _document()
    return {**document, "servers": [{"url": root}]} if root else dict(document)


@cache
def _document() -> Json:
    paths: dict[str, Json] = {}
    refused = ("400", "404", "408", "413", "415", "503")
    for address, does, takes, answers in _POSTS:
        paths[address] = {
            "post": {
                **_described(does, answers, refused),
                "requestBody": {"required": True, "content": _json(takes)},
            }
        }
    why = {"description": "Why nothing was asked", "content": _json("Outcome", _FHIR)}
    asked = {"description": "The next question", "content": _json("Asked", _FHIR)}
    paths["/api/fhir/Questionnaire/$next-question"] = {
        "post": {
            "summary": "Add the next question to a form (SDC)",
            "responses": {"200": asked, **dict.fromkeys(refused, why)},
            "requestBody": {"required": True, "content": _json("Asked") | _json("Asked", _FHIR)},
        }
    }
    for address, does, answers, parameter in _GETS:
        failing = ("404",) if parameter else ("503",) if address == "/ready" else ()
        paths[address] = {"get": _described(does, answers, failing)}
        if parameter:
            schema = {"enum": list(SCHEMAS)} if parameter == "name" else _TEXT
            found = {"name": parameter, "in": "path", "required": True, "schema": schema}
            paths[address]["parameters"] = [found]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "msrisk",
            "version": "1",
            "description": "What source texts warn about before a person with multiple sclerosis "
            "takes a supplement. Neither an answer nor a missing one means that there is nothing "
            "to fear.",
        },
        "paths": paths,
        "components": {"schemas": {**_SCHEMAS, **_lifted("Intake"), **_lifted("Report")}},
    }


def _json(name: str, kind: str = "application/json") -> Json:
    schema: Json = {"$ref": f"#/components/schemas/{name}"} if name else {"type": "object"}
    return {kind: {"schema": schema}}


def _described(does: str, answers: str, failing: tuple[str, ...]) -> Json:
    kind = "application/json" if answers else "application/schema+json"
    problems = {
        status: {
            "description": "Why nothing was checked",
            "content": _json("Health")
            if answers == "Health"
            else _json("Problem", "application/problem+json"),
        }
        for status in failing
    }
    good = {"description": does, "content": _json(answers, kind)}
    return {"summary": does, "responses": {"200": good, **problems}}


def _lifted(name: str) -> Json:
    """Return the schema of a document, its definitions beside it and referred to there."""
    schema = schema_of(name.lower())
    parts = cast("Json", schema.pop("$defs", {}))
    for key in ("$schema", "$id"):
        schema.pop(key)

    def moved(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: _there(one, name) if key == "$ref" else moved(one)
                for key, one in value.items()
            }
        return [moved(one) for one in value] if isinstance(value, list) else value

    named = {name: schema, **{f"{name}.{key}": part for key, part in parts.items()}}
    return {key: moved(part) for key, part in named.items()}


def _there(reference: object, name: str) -> str:
    return str(reference).replace("#/$defs/", f"#/components/schemas/{name}.")
