"""Finds the names of what is taken: in a resource, in a Medication that it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import define, evolve, field, frozen

from msrisk.fhir.bundle import Resource
from msrisk.fhir.concepts import Concept, concept_in, concept_of
from msrisk.fhir.context import Context
from msrisk.fhir.dosage import strength_of
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Outcome
from msrisk.fhir.statuses import Standing, standing_of

__all__ = ["Product", "products_of"]

_MOST: Final = 100
_OF_A_REFERENCE: Final = "it refers to a medicine that is not in the bundle"


@frozen
class Product:
    """A product by its name and codes, or an ingredient of one.

    Attributes:
        concept: what it is called.
        strength_mg: of an ingredient, milligrams in one piece; None if that is not said.
        inside: whether it is an ingredient of a product that has a name of its own.
        doubts: why it may be something else, in clauses.

    """

    concept: Concept
    strength_mg: float | None = None
    inside: bool = False
    doubts: tuple[str, ...] = ()


def products_of(resource: Resource, outcome: Outcome, context: Context) -> list[Product]:
    """Return what a resource says is taken; what it refers to and is not there, in remarks."""
    element = resource.element
    found: list[Product] = []
    told = concept_in(element, "medicationCodeableConcept")
    if told:
        found.append(Product(told))
    references = list(element.each("medicationReference"))
    newer = element.one("medication")
    if newer is not None:
        # The next release has both in one element.
        outcome.remarks.append("its medicine stands as in FHIR R5")
        concept = concept_in(newer, "concept") or concept_of(newer)
        found += [Product(concept)] if concept else []
        references.append(newer.one("reference") or newer)
    for reference in references:
        found += _referred(reference, outcome, context)
    if told.unknown and not found:
        outcome.remarks.append(f"it says that its medicine is not known ({told.unknown})")
    return found


@define
class _Walk:
    """A walk through what a medicine is made of, each resource once.

    Attributes:
        context: where references lead to.
        seen: the resources that were met.
        around: those inside which the walk is.
        circles: the labels of those that refer back to themselves.
        left: how many references may still be followed; below zero if there were more.

    """

    context: Context
    seen: set[int] = field(factory=set)
    around: set[int] = field(factory=set)
    circles: dict[str, None] = field(factory=dict)
    left: int = 2 * _MOST


def _referred(reference: Element, outcome: Outcome, context: Context) -> Iterator[Product]:
    to = reference.text("reference")
    meant = list(_distinct(_resolved(to, outcome.resource, context))) if to else []
    walk = _Walk(context)
    found = [one for medicine, holder in meant for one in _inside(medicine, holder, walk)]
    outcome.remarks += [f"{one} is an ingredient of itself" for one in walk.circles]
    if walk.left < 0 or len(found) > _MOST:
        outcome.doubts.append(f"of its ingredients only the first {_MOST} were read")
        del found[_MOST:]
    if len(meant) > 1:
        doubt = "it refers to what several entries have as their id"
        found = [evolve(one, doubts=(*one.doubts, doubt)) for one in found]
    if not meant and to:
        outcome.remarks.append(_OF_A_REFERENCE)
    display = reference.text("display")
    if display and not found:
        yield Product(Concept((display,)))
    elif display:
        # Beside what it refers to the display is one more name, which may contradict it.
        first = found[0].concept
        words = dict.fromkeys((*first.words, display))
        found[0] = evolve(found[0], concept=evolve(first, words=tuple(words)))
    yield from found


def _distinct(
    meant: Iterable[tuple[Resource, Resource]],
) -> Iterator[tuple[Resource, Resource]]:
    """Yield what a reference may mean, each once: several searches may bring the same along."""
    before: list[Resource] = []
    for one, holder in meant:
        if not any(one.element.same(it.element) and one.doubts == it.doubts for it in before):
            before.append(one)
            yield one, holder


def _resolved(
    reference: str, holder: Resource, context: Context
) -> Iterator[tuple[Resource, Resource]]:
    """Yield what a reference may mean, each with the resource in which it looks for its own."""
    if reference.startswith("#"):
        for one in holder.element.each("contained"):
            if one.text("id") == reference[1:]:
                yield Resource(one, one.text("resourceType") or "", "", base=holder.base), holder
    else:
        yield from ((one, one) for one in context.bundle.resolve(reference, holder))


def _inside(medicine: Resource, holder: Resource, walk: _Walk) -> Iterator[Product]:
    """Yield a Medication or Substance by its name, and its ingredients; each resource once."""
    element = medicine.element
    key = id(element.value)
    if key in walk.around:
        walk.circles[medicine.label or f"{medicine.type} {element.path}"] = None
    if key in walk.seen:
        return
    walk.seen.add(key)
    walk.around.add(key)
    doubts = [f"of the medicine that it refers to, {doubt}" for doubt in medicine.doubts]
    if medicine.type not in ("Medication", "Substance"):
        doubts.append("it refers to what is no Medication")
    elif medicine.type == "Medication" and element.has("status"):
        standing, why = standing_of("Medication.status", element.code("status"))
        if standing is not Standing.CERTAIN:
            doubts.append(f"of the medicine that it refers to, {why}")
    concept = concept_in(element, "code")
    if concept:
        yield Product(concept, doubts=tuple(doubts))
    for part in element.each("ingredient"):
        if walk.left < 0:
            break  # it is said that not all was read
        strength = strength_of(part)
        inner = concept_in(part, "itemCodeableConcept")
        item = part.one("item")
        if not inner and item is not None:
            inner = concept_in(item, "concept") or concept_of(item)
        if inner:
            yield Product(inner, strength, bool(concept), tuple(doubts))
        reference = part.one("itemReference") or (item.one("reference") if item else None)
        to = reference.text("reference") if reference else None
        walk.left -= to is not None
        if to and walk.left >= 0:
            for one, its in _resolved(to, holder, walk.context):
                for product in _inside(one, its, walk):
                    yield evolve(product, inside=bool(concept), strength_mg=strength)
        if not inner and reference is not None and (display := reference.text("display")):
            yield Product(Concept((display,)), strength, bool(concept), tuple(doubts))
    walk.around.discard(key)
