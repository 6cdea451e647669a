"""Reads FHIR R4: a record as a profile."""

from msrisk.fhir.account import Became, Import, Line
from msrisk.fhir.reading import bundle_from_json, profile_from_bundle, read_bundle

__all__ = ["Became", "Import", "Line", "bundle_from_json", "profile_from_bundle", "read_bundle"]
