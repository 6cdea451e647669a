"""Reads of lists and sections of documents why they are empty, and what they name alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.codes import LIST_CODES, system_of
from msrisk.fhir.concepts import Concept
from msrisk.fhir.context import Context
from msrisk.fhir.dosage import Dosing
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Nothing, Outcome
from msrisk.fhir.placing import Taken, place
from msrisk.fhir.products import Product

__all__ = ["read_composition", "read_list"]

_DEEPEST: Final = 16
_MOST: Final = 10_000


def read_list(resource: Resource, context: Context) -> Outcome:
    """Return what a List says of itself; what it holds stands in entries of its own."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("List.status", element.code("status"))
    if not outcome.out:
        if element.code("mode") == "changes":
            outcome.doubts.append("it lists changes only")
        _emptiness(element, outcome)
        items = (one.one("item") for one in element.each("entry"))
        _names_only(element, filter(None, items), outcome, context)
    return _ended(outcome, "it lists what stands in other entries")


def read_composition(resource: Resource, context: Context) -> Outcome:
    """Return what the sections of a document say of themselves."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("Composition.status", element.code("status"))
    if not outcome.out:
        for section in _sections(element):
            _emptiness(section, outcome)
            _names_only(section, section.each("entry"), outcome, context)
    return _ended(outcome, "its sections refer to what stands in other entries")


def _ended(outcome: Outcome, says: str) -> Outcome:
    if not (outcome.nothing or outcome.unread or outcome.told or outcome.out):
        outcome.ignored = True
        outcome.remarks.append(says)
    return outcome


def _sections(composition: Element) -> Iterator[Element]:
    waiting = [(one, 1) for one in composition.each("section")]
    for _ in range(_MOST):
        if not waiting:
            return
        section, depth = waiting.pop()
        yield section
        if depth < _DEEPEST:
            waiting += [(one, depth + 1) for one in section.each("section")]


def _emptiness(element: Element, outcome: Outcome) -> None:
    """Take in why a list is empty; only “nilknown” says that there is nothing."""
    if not element.has("emptyReason"):
        return
    reason = element.code("emptyReason")
    fields = _fields(element)
    if len(fields) != 1:
        outcome.remarks.append("it is empty, and does not say by a code what it lists")
        return
    (field,) = fields
    if reason != "nilknown":
        outcome.unread.append((field, f"the list is empty ({reason or 'no reason'})"))
    elif element.has("entry") or element.has("section"):
        outcome.unread.append((field, "the list says that it is empty, and is not"))
    elif outcome.doubts or element.has("modifierExtension"):
        outcome.unread.append((field, "the list says that it is empty, and is in doubt"))
    else:
        outcome.nothing.append(Nothing(field, "all"))


def _fields(element: Element) -> set[str]:
    """Return the fields of which a list or a section is, by its code."""
    concept = element.one("code")
    return {
        field
        for one in (concept.each("coding") if concept else ())
        if (field := LIST_CODES.get((system_of(one.text("system") or ""), one.text("code") or "")))
    }


def _names_only(
    element: Element, items: Iterable[Element], outcome: Outcome, context: Context
) -> None:
    """Take in what a list names and does not refer to, or refers to and the bundle lacks."""
    fields = _fields(element)
    for item in items:
        name = item.text("display")
        if name is None or context.bundle.resolve(item.text("reference") or ""):
            continue
        before = list(outcome.doubts)
        outcome.doubts.append("a list has its name, and nothing more of it")
        for field in sorted(fields):
            if field == "medications":
                taken = Taken(Dosing(), planned="", reported=True)
                place(Product(Concept((name,))), taken, outcome, context)
            else:
                said = context.reader.entries(Concept((name,)), field, outcome)
                outcome.told += [(field, entry) for entry in said]
        outcome.doubts[:] = before
