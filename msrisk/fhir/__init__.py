"""Speaks FHIR R4: a record as a profile, a form to ask with, a report as resources."""

from msrisk.fhir.account import Became, Import, Line
from msrisk.fhir.adaptive import next_question
from msrisk.fhir.guidance import guidance
from msrisk.fhir.issues import detected_issues
from msrisk.fhir.questionnaire import questionnaire
from msrisk.fhir.reading import bundle_from_json, profile_from_bundle, read_bundle
from msrisk.fhir.responses import profile_from_response

__all__ = [
    "Became",
    "Import",
    "Line",
    "bundle_from_json",
    "detected_issues",
    "guidance",
    "next_question",
    "profile_from_bundle",
    "profile_from_response",
    "questionnaire",
    "read_bundle",
]
