"""Publishes the services: their hooks, and which parts of the record they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from msrisk.errors import ConceptError, Problem

__all__ = ["Json", "PREFETCH", "SERVICES", "Service", "TAKEN", "Wanted", "service_of", "services"]

Json = dict[str, object]
"""An object in JSON types."""


@frozen
class Wanted:
    """A part of the record that is asked for.

    Attributes:
        type: the type of the resources.
        words: what it is called on a card.
        query: the template.

    """

    type: str
    words: str
    query: str


def _search(type_: str, words: str, more: str = "") -> Wanted:
    return Wanted(type_, words, f"{type_}?patient={{{{context.patientId}}}}{more}")


# Without a status: one would hide infusions, and orders that were completed and still act.
PREFETCH: Final[Mapping[str, Wanted]] = {
    "patient": Wanted("Patient", "the patient", "Patient/{{context.patientId}}"),
    "conditions": _search("Condition", "conditions"),
    "allergies": _search("AllergyIntolerance", "allergies"),
    "medicationRequests": _search("MedicationRequest", "orders of medicines"),
    "medicationStatements": _search("MedicationStatement", "statements of medicines"),
    "medicationDispenses": _search("MedicationDispense", "dispensed medicines"),
    "medicationAdministrations": _search("MedicationAdministration", "medicines that were given"),
    "nutritionOrders": _search("NutritionOrder", "orders of nutrition"),
    "weights": _search("Observation", "body weights", "&code=http://loinc.org|29463-7"),
}
"""The parts of the record, by their keys."""

TAKEN: Final = tuple(key for key in PREFETCH if key.startswith(("medication", "nutrition")))
"""The parts in which a supplement may stand."""

_USAGE: Final = (
    "No part of the prefetch is required. A part that is left out, is null, failed, or is one "
    "page of several is not known, and a card says so wherever that keeps a check from being "
    "made. For a type of resource that the record system does not have, send an empty searchset. "
    "The answer is 412 only if there is neither an order nor any part of the record. Nothing is "
    "fetched from fhirServer. Show every card; one that is not shown cannot warn. That there is "
    "no card clears nothing: it only means that MS is not on record, or no supplement is that "
    "these rules could be asked about."
)
_DOES: Final = (
    "Says what the source texts of msrisk warn about before a person with multiple sclerosis "
    "takes a supplement, "
)


@frozen
class Service:
    """A service of CDS Hooks.

    Attributes:
        id: under which it is called.
        hook: the moment in the work of a clinician.
        title: its name.
        description: what it does, in Markdown.

    """

    id: str
    hook: str
    title: str
    description: str

    @property
    def has_orders(self) -> bool:
        """Whether its requests bring orders."""
        return self.hook != "patient-view"


SERVICES: Final = {
    one.id: one
    for one in (
        Service(
            "msrisk-patient-view",
            "patient-view",
            "Supplements in MS: on record",
            f"{_DOES}for the supplements on record.",
        ),
        Service(
            "msrisk-order-select",
            "order-select",
            "Supplements in MS: being ordered",
            f"{_DOES}when an order is chosen, of a supplement or beside one.",
        ),
        Service(
            "msrisk-order-sign",
            "order-sign",
            "Supplements in MS: before signing",
            f"{_DOES}before orders are signed. A card that was shown before is shown again.",
        ),
    )
}
"""The services, by id."""


def services() -> Json:
    """Return the body of discovery: the three services, and what they ask for."""
    return {"services": [_described(one) for one in SERVICES.values()]}


def _described(service: Service) -> Json:
    return {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "prefetch": {key: wanted.query for key, wanted in PREFETCH.items()},
        "usageRequirements": _USAGE,
        "version": "3.0.0",
    }


def service_of(id_: str) -> Service:
    """Return the service of an id.

    Raises:
        ConceptError: if there is none.

    """
    if id_ not in SERVICES:
        raise ConceptError([Problem("service", f"one of {', '.join(SERVICES)}", "another id")])
    return SERVICES[id_]
