"""Tells which cautions apply before a person with multiple sclerosis takes a supplement.

Unknown is not no, nothing is dropped, no bare all-clear, every statement has a source.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from msrisk import errors
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

if TYPE_CHECKING:
    from msrisk import cds_hooks as cds_hooks
    from msrisk import cohort as cohort
    from msrisk import fhir as fhir
    from msrisk import mcp as mcp
    from msrisk import testing as testing
    from msrisk import web as web
    from msrisk.api import assess, recognise
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


_DOORS = ("cds_hooks", "cohort", "fhir", "mcp", "testing", "web")


def __getattr__(name: str) -> object:
    """Import what is more than half of msrisk, or a way in of its own, when it is asked for."""
    if name in _DOORS:
        return import_module(f"msrisk.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from msrisk.api import assess, recognise
    from msrisk.model.rules import Policy, RuleSet

    globals().update(assess=assess, recognise=recognise, Policy=Policy, RuleSet=RuleSet)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_DOORS})
