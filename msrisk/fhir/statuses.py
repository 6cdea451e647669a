"""Holds what each status of a FHIR resource makes of what the resource tells, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

__all__ = ["INTENTS", "NOT_DONE", "OF_STATUSES", "STATUSES", "Standing", "standing_of"]


class Standing(Enum):
    """What becomes of what a resource tells."""

    CERTAIN = "certain"
    """It is so."""
    OPEN = "open"
    """It may be so."""
    OUT = "out"
    """It was never meant to be so: it is left out."""


_C, _O, _X = Standing.CERTAIN, Standing.OPEN, Standing.OUT

# Nothing that was once true is out: what was given last spring may still act.
STATUSES: Final[Mapping[str, Mapping[str, Standing]]] = {
    "MedicationRequest.status": {
        "active": _C,
        "on-hold": _O,
        "completed": _O,
        "stopped": _O,
        "unknown": _O,
        "cancelled": _X,
        "draft": _X,
        "entered-in-error": _X,
    },
    "MedicationStatement.status": {
        "active": _C,
        "intended": _O,
        "completed": _O,
        "stopped": _O,
        "on-hold": _O,
        "unknown": _O,
        "not-taken": _O,
        "entered-in-error": _X,
    },
    "MedicationAdministration.status": {
        "in-progress": _C,
        "completed": _O,
        "not-done": _O,
        "on-hold": _O,
        "stopped": _O,
        "unknown": _O,
        "entered-in-error": _X,
    },
    "MedicationDispense.status": {
        "in-progress": _C,
        "preparation": _O,
        "on-hold": _O,
        "completed": _O,
        "stopped": _O,
        "unknown": _O,
        "cancelled": _X,
        "declined": _X,
        "entered-in-error": _X,
    },
    "NutritionOrder.status": {
        "active": _C,
        "on-hold": _O,
        "completed": _O,
        "revoked": _O,
        "unknown": _O,
        "draft": _X,
        "entered-in-error": _X,
    },
    # A medicine may be out of use and taken all the same.
    "Medication.status": {"active": _C, "inactive": _C, "entered-in-error": _O},
    "Condition.clinicalStatus": {
        "active": _C,
        "recurrence": _C,
        "relapse": _C,
        "inactive": _O,
        "remission": _O,
        "resolved": _O,
    },
    "Condition.verificationStatus": {
        "confirmed": _C,
        "unconfirmed": _O,
        "provisional": _O,
        "differential": _O,
        "refuted": _X,
        "entered-in-error": _X,
    },
    "AllergyIntolerance.clinicalStatus": {"active": _C, "inactive": _O, "resolved": _O},
    "AllergyIntolerance.verificationStatus": {
        "confirmed": _C,
        "presumed": _C,
        "unconfirmed": _O,
        "refuted": _X,
        "entered-in-error": _X,
    },
    "Observation.status": {
        "final": _C,
        "amended": _C,
        "corrected": _C,
        "registered": _O,
        "preliminary": _O,
        "unknown": _O,
        "cancelled": _X,
        "entered-in-error": _X,
    },
    "List.status": {"current": _C, "retired": _O, "entered-in-error": _X},
    "Composition.status": {
        "final": _C,
        "amended": _C,
        "preliminary": _O,
        "entered-in-error": _X,
    },
}
"""Of each element that holds a status: its codes in FHIR R4, and what they make of the rest."""

INTENTS: Final[Mapping[str, Standing]] = {
    "order": _C,
    "original-order": _C,
    "reflex-order": _C,
    "filler-order": _C,
    "instance-order": _C,
    "proposal": _O,
    "plan": _O,
    "option": _O,
}
"""What the intent of a request makes of it, unless the patient reported it."""

OF_STATUSES: Final = ("http://hl7.org/fhir/", "http://terminology.hl7.org/CodeSystem/")
"""With what the addresses of HL7's systems of statuses begin."""

NOT_DONE: Final = ("doNotPerform", "wasNotTaken", "wasNotGiven", "notTaken", "notGiven", "notDone")
"""Elements of this release and earlier ones that turn the meaning of a resource around."""


def standing_of(element: str, code: str | None) -> tuple[Standing, str]:
    """Return what a status makes of its resource, and why in a clause, empty if it is certain.

    Args:
        element: resource and element, such as "Condition.clinicalStatus".
        code: the code that the record gives; None if it gives none.

    """
    table = INTENTS if element == "MedicationRequest.intent" else STATUSES[element]
    kind = element.rpartition(".")[2].removesuffix("Status")
    kind = {"clinical": "clinical status", "verification": "verification status"}.get(kind, kind)
    if code is None:
        return Standing.OPEN, f"the record gives no {kind}"
    standing = table.get(code)
    if standing is None:
        article = "an" if kind == "intent" else "a"
        return Standing.OPEN, f"the record gives {article} {kind} that FHIR R4 does not have"
    return standing, "" if standing is Standing.CERTAIN else f"the record calls it {code}"
