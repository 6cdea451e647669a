"""Reads and describes the JSON documents: the intake of a patient, and the schema of each."""

from msrisk.documents.intake import (
    begun_from_json,
    item_to_document,
    profile_from_document,
    profile_from_json,
    profile_to_document,
)
from msrisk.documents.schema import SCHEMAS, schema_of

__all__ = [
    "SCHEMAS",
    "begun_from_json",
    "item_to_document",
    "profile_from_document",
    "profile_from_json",
    "profile_to_document",
    "schema_of",
]
