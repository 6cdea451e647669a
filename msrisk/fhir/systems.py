"""Names the systems of codes, the extensions and the addresses that FHIR resources use."""

from __future__ import annotations

from typing import Final

from msrisk.fhir.codes import DATA_ABSENT

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
