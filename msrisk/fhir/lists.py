"""Reads of lists and sections of documents why they are empty, and what they name alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.codes import LIST_CODES
from msrisk.fhir.concepts import Concept, concept_in
from msrisk.fhir.context import Context
from msrisk.fhir.denials import untimely
from msrisk.fhir.dosage import Dosing
from msrisk.fhir.elements import Element
from msrisk.fhir.outcomes import Nothing, Outcome
from msrisk.fhir.placing import Taken, place
from msrisk.fhir.products import Product
from msrisk.fhir.wording import fields_of

__all__ = ["read_composition", "read_list"]

_DEEPEST: Final = 16
_MOST: Final = 10_000
_FEW: Final = 5
_REASONS: Final = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
# All that an empty list may hold, and a section. A note, a focus or an entry says more.
_NAMES: Final = (
    "resourceType id meta language text contained extension identifier status mode title code "
    "subject encounter date source author orderedBy emptyReason"
)
_PLAIN: Final = frozenset(_NAMES.split())
_NARROWER: Final = re.compile(
    r"\b(?:past|resolved|inactive|former|discharge|stopped|new)\b", re.IGNORECASE
)
_NARROWER_ALLERGIES: Final = re.compile(
    rf"drug|medic|food|environ|{_NARROWER.pattern}", re.IGNORECASE
)


def read_list(resource: Resource, context: Context) -> Outcome:
    """Return what a List says of itself; what it holds stands in entries of its own."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("List.status", element.code("status"))
    if not outcome.out:
        _emptiness(element, outcome, context)
        items = (one.one("item") or one for one in element.each("entry"))
        _names_only(element, items, outcome, context)
    return _ended(outcome, "it lists what stands in other entries")


def read_composition(resource: Resource, context: Context) -> Outcome:
    """Return what the sections of a document say of themselves."""
    outcome, element = context.begin(resource), resource.element
    outcome.heed("Composition.status", element.code("status"))
    if not outcome.out:
        for section in _sections(element, outcome):
            _emptiness(section, outcome, context)
            _names_only(section, section.each("entry"), outcome, context)
    return _ended(outcome, "its sections refer to what stands in other entries")


def _ended(outcome: Outcome, says: str) -> Outcome:
    if not (outcome.nothing or outcome.unread or outcome.told or outcome.out):
        outcome.ignored = True
        outcome.remarks.append(says)
    return outcome


def _sections(composition: Element, outcome: Outcome) -> Iterator[Element]:
    waiting = [(one, 1) for one in composition.each("section")]
    for _ in range(_MOST):
        if not waiting:
            return
        section, depth = waiting.pop()
        yield section
        if depth == _DEEPEST and section.has("section"):
            break
        waiting += [(one, depth + 1) for one in section.each("section")]
    fields = dict.fromkeys(LIST_CODES.values())
    outcome.unread += [(field, "it has more sections than are read") for field in fields]


def _emptiness(element: Element, outcome: Outcome, context: Context) -> None:
    """Take in why a list is empty; only “nilknown” says that there is nothing."""
    if not element.has("emptyReason"):
        return
    fields = fields_of(element)
    if len(fields) != 1:
        outcome.remarks.append("it is empty, and does not say by a code what it lists")
        return
    (field,) = fields
    against = _against(element, field, outcome)
    if against:
        outcome.unread.append((field, against))
    elif late := untimely(field, outcome.resource, context.on):
        outcome.remarks.append(f"the list says that it is empty, and {late}")
    else:
        outcome.nothing.append(Nothing(field, "all"))


def _against(element: Element, field: str, outcome: Outcome) -> str:
    """Return why an empty list does not say that there is nothing; "" if it does."""
    given = element.value.get("emptyReason")
    reason = Element(given, "", []) if isinstance(given, Mapping) else None
    said = [(one.text("system") or _REASONS, one.code("code")) for one in _codings(reason)]
    if not said or any(one != (_REASONS, "nilknown") for one in said):
        codes = ", ".join(str(code) for _, code in said[:_FEW]) or "no code"
        return f"the list is empty ({codes})"
    mode = element.code("mode")
    more = [name for name in element.value if element.has(name) and name not in _PLAIN]
    if more:
        return f"the list says that it is empty, and holds more ({', '.join(sorted(more)[:_FEW])})"
    if outcome.doubts or outcome.resource.element.notes:
        return "the list says that it is empty, and is in doubt"
    if mode not in (None, "working", "snapshot"):
        return "the list says that it is empty, and is one of changes"
    titles = [element.text("title") or "", *concept_in(element, "code").words]
    narrower = _NARROWER if field != "allergies" else _NARROWER_ALLERGIES
    if any(map(narrower.search, titles)):
        return "the list says that it is empty, and its title speaks of a part of it"
    return ""


def _codings(concept: Element | None) -> Iterator[Element]:
    return concept.each("coding") if concept else iter(())


def _names_only(
    element: Element, items: Iterable[Element], outcome: Outcome, context: Context
) -> None:
    """Take in what a list names and does not refer to, or refers to and the bundle lacks."""
    fields = sorted(fields_of(element))
    inside = {one.text("id") for one in outcome.resource.element.each("contained")}
    for item in items:
        name, reference = item.text("display"), item.text("reference") or ""
        if context.bundle.resolve(reference, outcome.resource):
            continue
        if name is None:
            if reference.removeprefix("#") not in inside:
                outcome.unread += [(field, "it lists what is not there") for field in fields]
            continue
        if not fields:
            why = "a list names what has no entry, and does not say by a code of what it is"
            outcome.unread += [(field, why) for field in dict.fromkeys(LIST_CODES.values())]
        before = list(outcome.doubts)
        outcome.doubts.append("a list has its name, and nothing more of it")
        for field in fields:
            if field == "medications":
                taken = Taken(Dosing(), planned="", reported=True)
                place(Product(Concept((name,))), taken, outcome, context)
            else:
                said = context.reader.entries(Concept((name,)), field, outcome)
                outcome.told += [(field, entry) for entry in said]
        outcome.doubts[:] = before
