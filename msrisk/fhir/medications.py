"""Reads what a patient takes: the five resources of medicines, and orders of nutrition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import evolve, frozen

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import Concept, concept_in, concept_of
from msrisk.fhir.context import Context
from msrisk.fhir.dates import day_span
from msrisk.fhir.denials import untimely, within
from msrisk.fhir.dosage import dosing_of, supply_of
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Nothing, Outcome
from msrisk.fhir.placing import Taken, place, strengthened
from msrisk.fhir.products import Product, products_of
from msrisk.fhir.saying import texts_in
from msrisk.fhir.statuses import INTENTS, Standing, standing_of
from msrisk.model.profile import Entry

__all__ = ["read_medication", "read_nutrition"]

_DIRECTIONS: Final = {
    "MedicationRequest": ("dosageInstruction",),
    "MedicationStatement": ("dosage",),
    "MedicationAdministration": ("dosage",),
    "MedicationDispense": ("dosageInstruction",),
}
# Words of a resource that may tell an amount, apart from its directions.
_APART: Final = ("extension", "note", "renderedDosageInstruction")
_OF_A_PERSON: Final = re.compile("(?:^|/)(?:Patient|RelatedPerson)/")
_REASONS: Final = ("reasonCode", "reasonForUseCodeableConcept", "reason")


def read_medication(resource: Resource, context: Context) -> Outcome:
    """Return what a request, statement, administration or dispense of a medicine tells."""
    outcome, element = context.begin(resource), resource.element
    type_ = resource.type
    status = element.code("status")
    planned = ""
    if type_ == "MedicationStatement" and status == "intended":
        planned = "the record calls it intended"
    else:
        outcome.heed(f"{type_}.status", status)
    reported = _is_reported(resource, context)
    if type_ == "MedicationRequest" and not reported and not outcome.out:
        planned = _planned(outcome)
    if outcome.out:
        outcome.doubts.clear()
        return outcome
    period = element.one("effectivePeriod")
    if period is not None and type_ == "MedicationStatement":
        context.heed_dates(outcome, period, "start", "end")
    elif type_ == "MedicationStatement" and element.has("effectivePeriod"):
        outcome.doubts.append("its effectivePeriod is no period")
    directions = [one for name in _DIRECTIONS[type_] for one in element.each(name)]
    if directions and all(_has_ended(one, context.on) for one in directions):
        outcome.doubts.append("the record says that its directions ended")
    dosing = dosing_of(directions)
    apart = {name: element.value[name] for name in _APART if name in element.value}
    taken = Taken(
        dosing=evolve(dosing, beside=(*dosing.beside, *texts_in(apart))),
        planned=planned,
        reported=reported or type_ == "MedicationStatement",
        supply=supply_of(element),
    )
    products = strengthened(products_of(resource, outcome, context), context)
    if not products:
        outcome.unread.append(("medications", "it names no medicine"))
    for product in products:
        _take(product, taken, outcome, context)
    for concept in _reasons(resource, context):
        if concept and context.reader.none_of(concept, "conditions") is None:
            entries = context.reader.entries(concept, "conditions", outcome)
            outcome.told += [("conditions", entry) for entry in entries]
    outcome.told += _purposes(taken.dosing.words, outcome, context)
    return outcome


def _has_ended(direction: Element, on: date) -> bool:
    """Return whether a direction is bounded by a day before."""
    timing = direction.one("timing")
    repeat = timing.one("repeat") if timing else None
    bounds = repeat.one("boundsPeriod") if repeat else None
    last = day_span(bounds.text("end") or "") if bounds else None
    return last is not None and last[1] < on


def _purposes(
    words: Iterable[str], outcome: Outcome, context: Context
) -> Iterator[tuple[str, Entry]]:
    """Yield the illnesses that directions name, which may be what the medicine is for."""
    asked = context.reader.problems - context.reader.lexicon.allergens
    for text in words:
        told = context.reader.told("medications", Entry(text))
        if told.concepts & asked:
            doubt = "; ".join((*outcome.doubts, "the directions of a medicine name it"))
            yield "conditions", Entry(text, doubt=doubt)


def _planned(outcome: Outcome) -> str:
    """Return why what is requested may not be taken yet; an intent that nobody knows is a doubt."""
    intent = outcome.resource.element.code("intent")
    standing, why = standing_of("MedicationRequest.intent", intent)
    if standing is not Standing.CERTAIN and intent not in INTENTS:
        outcome.doubts.append(why)
        return ""
    return why


def _is_reported(resource: Resource, context: Context) -> bool:
    """Return whether a request writes down what the patient or another says is taken."""
    element = resource.element
    if element.flag("reportedBoolean") is True or element.has("reportedReference"):
        return True
    for requester in element.each("requester"):
        reference = requester.text("reference") or ""
        types = {one.type for one in context.bundle.resolve(reference, resource)}
        types.add(requester.text("type") or "")
        if _OF_A_PERSON.search(reference) or not types.isdisjoint(("Patient", "RelatedPerson")):
            return True
    return False


def _reasons(resource: Resource, context: Context) -> Iterator[Concept]:
    """Yield why it is taken, unless that stands in an entry of its own."""
    element = resource.element
    for name in _REASONS:
        for one in element.each(name):
            yield concept_of(one)
    for one in element.each("reasonReference"):
        to, display = one.text("reference") or "", one.text("display")
        if to.startswith("#"):
            inside = (held for held in element.each("contained") if held.text("id") == to[1:])
            yield from (concept_in(held, "code") for held in inside)
        elif display and not context.bundle.resolve(to, resource):
            yield Concept((display,))


def _take(product: Product, taken: Taken, outcome: Outcome, context: Context) -> None:
    """Take in a product, or that there is none."""
    reader = context.reader
    before = list(outcome.doubts)
    outcome.doubts += product.doubts
    kind = reader.none_of(product.concept, "medications")
    against = within(kind, outcome)[1] if kind else ""
    if kind is None:
        place(product, taken, outcome, context)
    elif against or taken.planned:
        why = against or taken.planned
        outcome.unread.append(("medications", f"it says that there are none, and {why}"))
    elif late := untimely("medications", outcome.resource, context.on):
        outcome.remarks.append(f"it says that there are none, and {late}")
    else:
        said = reader.entries(product.concept, "medications", outcome)
        outcome.nothing.append(Nothing("medications", kind, said[0]))
    outcome.doubts[:] = [*before, *(d for d in product.doubts if d not in before)]


@frozen
class _Fed:
    """A product of an order of nutrition, and its directions."""

    concept: Concept
    directions: Element


def read_nutrition(resource: Resource, context: Context) -> Outcome:
    """Return what a NutritionOrder tells: supplements, and formulas that are fed."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("NutritionOrder.status", element.code("status"))
    if outcome.out:
        outcome.doubts.clear()
        return outcome
    planned = _planned(outcome)
    fed = list(_fed(element))
    for one in fed:
        dosing = dosing_of([one.directions])
        taken = Taken(dosing=dosing, planned=planned, reported=True)
        place(Product(one.concept), taken, outcome, context)
    if not fed:
        outcome.unread.append(("supplements", "it names no product"))
    return outcome


def _fed(element: Element) -> Iterator[_Fed]:
    for one in element.each("supplement"):
        yield from _named(one, "type", "productName")
    for one in element.each("enteralFormula"):
        yield from _named(one, "baseFormulaType", "baseFormulaProductName")
        yield from _named(one, "additiveType", "additiveProductName")


def _named(element: Element, type_: str, name: str) -> Iterator[_Fed]:
    concept, product = concept_in(element, type_), element.text(name)
    if product and product.casefold() not in {word.casefold() for word in concept.words}:
        concept = Concept((product, *concept.words), concept.codes)
    if concept:
        yield _Fed(concept, element)
