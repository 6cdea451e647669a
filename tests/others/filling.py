"""Sheets of answers: what a person does on the form, and the intake document with the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

import msrisk
from msrisk.errors import MsriskError
from msrisk.fhir import profile_from_response, questionnaire

__all__ = ["SHEETS", "Sheet", "differences"]

Step = tuple[str, str, str]
"""What is done, in which row, and the label or the words."""

ALONE: Final = ("ms_symptoms_severe", "replacing_ms_treatment")
"""The questions that stand in no group."""

NO_CONDITION: Final = (
    "breast-feeding",
    "planned-operation",
    "kidney-disease",
    "cancer",
    "cancer-treatment",
    "bleeding-disorder",
    "alcohol-dependence",
    "thiamine-deficiency",
)
NO_ALLERGY: Final = ("alpha-lipoic-acid", "milk-protein", "glutathione-precursor")
NO_SIGN: Final = ("difficulty-breathing", "face-or-throat-swelling")
NO_SYMPTOM: Final = ("itching", "swelling", "fainting")


@frozen
class Sheet:
    """A sheet of answers.

    Attributes:
        name: of the sheet.
        named: the label that is chosen for each thing asked by name.
        does: the other steps; a row is a link, with its numbers behind it in a group that
            repeats.
        document: the intake document with the same answers.

    """

    name: str
    named: Mapping[str, str]
    does: Sequence[Step]
    document: Mapping[str, object] = field(factory=dict)

    def steps(self) -> list[Step]:
        """Return what is done on the form, with the ids of its rows."""
        version = questionnaire()["version"]
        chosen = [("choose", f"named/{concept}", label) for concept, label in self.named.items()]
        return [
            (action, f"msrisk-{version}:{_numbered(row)}", what)
            for action, row, what in [*chosen, *self.does]
        ]


def _numbered(row: str) -> str:
    """Return a row with the numbers that LHC-Forms puts behind it, one a group that it is in."""
    if row[-1].isdigit():
        return row
    return f"{row}/1" if row in ALONE else f"{row}/1/1"


def differences(sheet: Sheet, response: Any) -> Iterator[str]:
    """Yield in what the report on a response differs from that on the intake document."""
    try:
        profile = profile_from_response(response)
    except MsriskError as error:
        yield f"{error}; {json.dumps(response)}"
        return
    mine = msrisk.assess(profile).to_dict()
    other = msrisk.assess(msrisk.PatientProfile.from_dict(sheet.document)).to_dict()
    for key, value in other.items():
        if mine[key] != value:
            yield f"{key}: {json.dumps(mine[key])[:500]} in place of {json.dumps(value)[:500]}"


PRODUCT: Final = "supplements/product"

SHEETS: Final = (
    Sheet(
        "all of it",
        {
            **dict.fromkeys((*NO_SIGN, *NO_CONDITION, *NO_ALLERGY, *NO_SYMPTOM), "No"),
            "pregnancy": "Don't know",
            "hives": "Yes",
        },
        (
            ("choose", "supplements/any", "Yes"),
            ("write", f"{PRODUCT}/name/1/1/1", "NAC"),
            ("choose", f"{PRODUCT}/taking/1/1/1", "Yes"),
            ("write", f"{PRODUCT}/dose_mg/1/1/1", "600"),
            ("write", f"{PRODUCT}/times_per_day/1/1/1", "2"),
            ("more", PRODUCT, "Supplement"),
            ("pick", f"{PRODUCT}/name/1/2/1", "alpha lipoic acid"),
            ("choose", f"{PRODUCT}/taking/1/2/1", "No"),
            ("write", f"{PRODUCT}/daily_dose_mg/1/2/1", "1200"),
            ("choose", "supplements/complete", "Yes"),
            ("enter", "medications/names", "Prograf"),
            ("write", "medications/names", "Synthroid 50 mcg"),
            ("choose", "medications/complete", "Yes"),
            ("pick", "conditions/names", "diabetes"),
            ("enter", "conditions/names", "asthma"),
            ("choose", "conditions/complete", "Yes"),
            ("pick", "allergies/names", "None"),
            ("write", "symptoms/names", "headache"),
            ("choose", "symptoms/complete", "Yes"),
            ("write", "age_years/number", "66"),
            ("more", "age_years/number", "How old are you?"),
            ("write", "age_years/number/1/2", "67"),
            ("write", "weight_kg/number", "49.5"),
            ("choose", "ms_symptoms_severe", "No"),
            ("choose", "replacing_ms_treatment", "Don't know"),
        ),
        {
            "supplements": [
                {"name": "NAC", "taking": True, "dose_mg": 600, "times_per_day": 2},
                {"name": "alpha lipoic acid", "taking": False, "daily_dose_mg": 1200},
            ],
            "medications": ["Prograf", "Synthroid 50 mcg"],
            "conditions": {"entries": ["diabetes", "asthma"], "complete": False},
            "allergies": "none",
            "symptoms": ["headache", "hives"],
            "age_years": [66, 67],
            "weight_kg": 49.5,
            "ms_symptoms_severe": False,
            "replacing_ms_treatment": "unknown",
            "denied": [*NO_SIGN, *NO_CONDITION, *NO_ALLERGY, *NO_SYMPTOM],
        },
    ),
    Sheet(
        "a few, and none beside a name",
        {"milk-protein": "No"},
        (
            ("write", f"{PRODUCT}/name/1/1/1", "glutathione"),
            ("pick", "medications/names", "None"),
            ("write", "medications/names", "tacrolimus 1 mg BD"),
            ("choose", "medications/complete", "Yes"),
            ("pick", "conditions/names", "None"),
            ("pick", "symptoms/names", "Don't know"),
            ("choose", "weight_kg/unknown", "Don't know"),
        ),
        {
            "supplements": {"entries": ["glutathione"], "complete": False},
            "medications": {"entries": ["tacrolimus 1 mg BD"], "complete": False},
            "conditions": "unknown",
            "symptoms": "unknown",
            "weight_kg": "unknown",
            "denied": ["milk-protein"],
        },
    ),
    Sheet("nothing", {}, (), {}),
    Sheet(
        "no supplement",
        dict.fromkeys(("pregnancy", *NO_CONDITION), "No"),
        (
            ("choose", "supplements/any", "No"),
            ("pick", "medications/names", "None"),
            ("pick", "conditions/names", "None"),
        ),
        {
            "supplements": "none",
            "medications": "none",
            "conditions": "none",
            "denied": ["pregnancy", *NO_CONDITION],
        },
    ),
)
"""What is filled in, in a browser."""
