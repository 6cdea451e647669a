"""Holds the codes that mean something to the reader of a record: systems, absence, units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msrisk.model.concepts import CODE_SYSTEMS

__all__ = [
    "ABSENT",
    "DATA_ABSENT",
    "LIST_CODES",
    "MASSES_MG",
    "NONE_KNOWN",
    "NO_INFORMATION",
    "PER_DAY",
    "RETIRED_NONE",
    "STANDARD",
    "UCUM",
    "WEIGHTS_KG",
    "WEIGHT_CODES",
    "system_of",
]

_SNOMED: Final = CODE_SYSTEMS["snomed"]
_LOINC: Final = "http://loinc.org"
_IPS: Final = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
UCUM: Final = "http://unitsofmeasure.org"
"""URI of the Unified Code for Units of Measure."""

DATA_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
"""URI of the code system of reasons for which data are absent."""

ABSENT: Final = (DATA_ABSENT, "http://terminology.hl7.org/CodeSystem/v3-NullFlavor")
"""Code systems that say nothing but that something is not told."""

# Other ways in which exporters write the systems that the vocabulary knows.
_ALIASES: Final[Mapping[str, str]] = {
    "snomed.info/sct": "snomed",
    "snomed": "snomed",
    "snomed ct": "snomed",
    "snomed-ct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "hl7.org/fhir/sid/icd-9-cm": "icd_9_cm",
    "hl7.org/fhir/sid/icd-9-cm/diagnosis": "icd_9_cm",
    "icd-9-cm": "icd_9_cm",
    "icd9cm": "icd_9_cm",
    "icd-9": "icd_9_cm",
    "icd9": "icd_9_cm",
    "urn:oid:2.16.840.1.113883.6.103": "icd_9_cm",
    "hl7.org/fhir/sid/icd-10-cm": "icd_10_cm",
    "icd-10-cm": "icd_10_cm",
    "icd10cm": "icd_10_cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd_10_cm",
    "hl7.org/fhir/sid/icd-10": "icd_10",
    "icd-10": "icd_10",
    "icd10": "icd_10",
    "urn:oid:2.16.840.1.113883.6.3": "icd_10",
    # Editions of single countries share the categories of three characters with WHO's.
    "fhir.de/codesystem/bfarm/icd-10-gm": "icd_10",
    "fhir.de/codesystem/dimdi/icd-10-gm": "icd_10",
    "icd-10-gm": "icd_10",
    "hl7.org/fhir/sid/icd-10-gm": "icd_10",
    "hl7.org/fhir/sid/icd-10-de": "icd_10",
    "hl7.org/fhir/sid/icd-10-nl": "icd_10",
    "hl7.org/fhir/sid/icd-10-se": "icd_10",
    "hl7.org/fhir/sid/icd-10-am": "icd_10",
    "hl7.org/fhir/sid/icd-10-ca": "icd_10",
    "whocc.no/atc": "atc",
    "whocc.no/atc_ddd_index": "atc",
    "fhir.de/codesystem/bfarm/atc": "atc",
    "atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
}


def system_of(uri: str) -> str:
    """Return the URI by which msrisk knows a code system, however an exporter writes it."""
    plain = uri.casefold().rstrip("/").removeprefix("https://").removeprefix("http://")
    plain = plain.removeprefix("www.").partition("|")[0]
    if plain.startswith("snomed.info/sct"):
        return _SNOMED
    key = _ALIASES.get(plain)
    return CODE_SYSTEMS[key] if key else uri


NONE_KNOWN: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    (_SNOMED, "716186003"): ("allergies", "all"),
    (_SNOMED, "409137002"): ("allergies", "medicines"),
    (_SNOMED, "429625007"): ("allergies", "foods"),
    (_SNOMED, "428607008"): ("allergies", "environment"),
    (_SNOMED, "787481004"): ("medications", "all"),
    (_SNOMED, "160245001"): ("conditions", "all"),
    (_IPS, "no-known-allergies"): ("allergies", "all"),
    (_IPS, "no-known-medication-allergies"): ("allergies", "medicines"),
    (_IPS, "no-known-food-allergies"): ("allergies", "foods"),
    (_IPS, "no-known-environmental-allergies"): ("allergies", "environment"),
    (_IPS, "no-known-medications"): ("medications", "all"),
    (_IPS, "no-known-problems"): ("conditions", "all"),
}
"""Codes that say that there is nothing: the list that they speak of, and of what in it.

Sources: the International Patient Summary and its map to SNOMED CT; C-CDA on FHIR. The retired
SNOMED CT code 160244002 is not among them: it never said of what it speaks.
"""

RETIRED_NONE: Final = (_SNOMED, "160244002")
"""The retired “no known allergies” of SNOMED CT: it closes nothing, and its words may."""

STANDARD: Final = frozenset((*CODE_SYSTEMS.values(), _IPS))
"""The systems of which msrisk knows codes: an unknown one of theirs may name anything."""

NO_INFORMATION: Final = {
    (_IPS, code) for code in ("no-allergy-info", "no-medication-info", "no-problem-info")
}
"""Codes that say that nothing is known."""

LIST_CODES: Final[Mapping[tuple[str, str], str]] = {
    (_LOINC, "48765-2"): "allergies",
    (_LOINC, "10160-0"): "medications",
    (_LOINC, "11450-4"): "conditions",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "allergies"): "allergies",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "medications"): "medications",
    ("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "problems"): "conditions",
}
"""Codes of whole lists, and sections of documents, by the field that they speak of."""

WEIGHT_CODES: Final = {
    (_LOINC, code) for code in ("29463-7", "3141-9", "3142-7", "8335-2", "8350-1", "8351-9")
} | {(_SNOMED, "27113001")}
"""Codes of the body weight: FHIR's value set of the vital sign, and SNOMED CT's."""

WEIGHTS_KG: Final = {"kg": 1.0, "g": 0.001, "[lb_av]": 0.45359237}
"""Kilograms of each unit of weight, by its UCUM code."""

MASSES_MG: Final = {"mg": 1.0, "g": 1000.0, "ug": 0.001, "mcg": 0.001, "µg": 0.001, "μg": 0.001}
"""Milligrams of each unit of a dose, by its UCUM code or the sign that is printed for it."""

PER_DAY: Final = {
    "QD": 1.0,
    "DAILY": 1.0,
    "AM": 1.0,
    "PM": 1.0,
    "BED": 1.0,
    "BID": 2.0,
    "TID": 3.0,
    "QID": 4.0,
    "QOD": 0.5,
    "Q1H": 24.0,
    "Q2H": 12.0,
    "Q3H": 8.0,
    "Q4H": 6.0,
    "Q6H": 4.0,
    "Q8H": 3.0,
    "Q12H": 2.0,
    "Q24H": 1.0,
    "WK": 1 / 7,
    "MO": 1 / 30.4,
}
"""How many times a day each code of timing says."""
