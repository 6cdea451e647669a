"""Names the systems, extensions and addresses of FHIR resources, and which rules answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msrisk.fhir.codes import DATA_ABSENT
from msrisk.model.rules import RuleSet

__all__ = [
    "ACT_CODE",
    "ANSWER",
    "CONCEPT",
    "EXTENSION",
    "ITEM_CONTROL",
    "Json",
    "LIBRARY_TYPE",
    "LOINC",
    "OWN",
    "QUESTION",
    "QUESTIONNAIRE",
    "RULE",
    "RULES",
    "YES_NO",
    "is_of_ruleset",
    "ruleset_extensions",
    "ruleset_told",
]

Json = dict[str, object]
"""A resource, or a part of one, in JSON types."""

YES_NO: Final = "http://terminology.hl7.org/CodeSystem/v2-0136"
"""Y and N; with "asked-unknown" they are HL7's set of answers yes, no and don't know."""

ANSWER: Final = "urn:msrisk:answer"
"""The answer "none" to a list."""

CONCEPT: Final = "urn:msrisk:concept"
"""The ids of what the rules speak of."""

OWN: Final = (YES_NO, DATA_ABSENT, ANSWER, CONCEPT)
"""The systems of the codes that the form offers; none of them names a thing by itself."""

EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
"""With what the addresses of HL7's extensions begin."""

ITEM_CONTROL: Final = "http://hl7.org/fhir/questionnaire-item-control"

QUESTIONNAIRE: Final = "urn:msrisk:questionnaire"

ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

LIBRARY_TYPE: Final = "http://terminology.hl7.org/CodeSystem/library-type"

LOINC: Final = "http://loinc.org"

RULES: Final = "urn:msrisk:rules"

RULE: Final = "urn:msrisk:rule"
"""The ids of rules."""

QUESTION: Final = "urn:msrisk:question"
"""The extension of a data requirement that says what is to be asked, and for which rules."""

_RULESET: Final = "urn:msrisk:ruleset:"


def ruleset_told(ruleset: RuleSet) -> Json:
    """Return which rules answered, of which day, and whether they still may."""
    return {
        "version": ruleset.version,
        **({"released": ruleset.released} if ruleset.released else {}),
        "digest": ruleset.digest,
        "clinically_reviewed": ruleset.clinically_reviewed,
        "withdrawn": ruleset.withdrawn is not None,
    }


def ruleset_extensions(told: Mapping[str, object]) -> list[Json]:
    """Return which rules answered as extensions of a resource.

    Args:
        told: what `ruleset_told` returns.

    """
    return [
        {
            "url": f"{_RULESET}{key}",
            "valueBoolean" if isinstance(value, bool) else "valueString": value,
        }
        for key, value in told.items()
    ]


def is_of_ruleset(extension: object) -> bool:
    """Return whether an extension is one that says which rules answered."""
    return isinstance(extension, Mapping) and str(extension.get("url")).startswith(_RULESET)
