"""Tells which cautions apply before a person with multiple sclerosis takes a supplement.

Unknown is not no, nothing is dropped, no bare all-clear, every statement has a source.
"""

from msrisk import errors
from msrisk.api import assess, recognise
from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.profile import NONE_REPORTED, Code, Entries, Entry, PatientProfile, Supplement
from msrisk.model.results import (
    Assessment,
    Caveat,
    DisputedClaim,
    Finding,
    Level,
    OpenQuestion,
    Report,
    Silence,
)
from msrisk.model.rules import Policy, RuleSet

__all__ = [
    "ANYTHING",
    "Assessment",
    "Caveat",
    "Code",
    "DisputedClaim",
    "Entries",
    "Entry",
    "Finding",
    "Level",
    "NONE_REPORTED",
    "OpenQuestion",
    "PatientProfile",
    "Policy",
    "Recognition",
    "Report",
    "RuleSet",
    "Silence",
    "Supplement",
    "assess",
    "errors",
    "recognise",
]
