"""Finds out of whom a bundle speaks, and which of its resources are about that person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

from msrisk.errors import FhirError, Problem
from msrisk.fhir.bundle import Bundle, Resource
from msrisk.fhir.elements import Element
from msrisk.model.checks import kind_of

__all__ = ["Person", "Whose"]

_MOST_PLACES: Final = 10
Identifier = tuple[str, str]


class Whose(Enum):
    """About whom a resource is."""

    OURS = "ours"
    OTHER = "other"
    UNSAID = "unsaid"
    UNKNOWN = "unknown"


class Person:
    """The patient that is asked about: one Patient resource, or several that are linked.

    Attributes:
        resources: the Patient resources of the person.
        alone: whether the bundle speaks of nobody else, as far as it says.

    """

    def __init__(self, bundle: Bundle, patient: object) -> None:
        """Find the patient.

        Args:
            bundle: the bundle.
            patient: id or reference of the patient; None for the only one in the bundle.

        Raises:
            FhirError: if no patient or more than one is meant.

        """
        if patient is not None and not isinstance(patient, str):
            raise FhirError([Problem("patient", "an id or a reference", kind_of(patient))])
        self._bundle = bundle
        self._asked = patient
        groups = _groups(bundle)
        self._references = {ref for one in bundle.resources if (ref := _reference(one))}
        if patient is not None:
            self.resources = self._asked_for(patient, groups)
        elif len(groups) > 1:
            self.resources = self._of_document(groups)
        elif not groups and len(self._references) > 1:
            expected = f"which of the {len(self._references)} patients that the bundle refers to"
            raise FhirError([Problem("patient", expected, "none")])
        else:
            self.resources = groups[0] if groups else []
        ours = set(self.resources)
        self._ours = ours
        self._others = {one for group in groups for one in group} - ours
        self._linked = {(one.base, link) for one in ours for link in _links(one)}
        self._identifiers = {x for one in ours for x in _identifiers(one.element)}
        self._other_identifiers = {x for one in self._others for x in _identifiers(one.element)}
        self.alone = not self._others and (bool(ours) or len(self._references) < 2)

    def _asked_for(self, patient: str, groups: list[list[Resource]]) -> list[Resource]:
        found = self._bundle.resolve(patient) or self._bundle.resolve(f"Patient/{patient}")
        for group in groups:
            if not set(found).isdisjoint(group):
                return group
        if not groups and {patient, f"Patient/{patient}"} & self._references:
            return []
        places = _places(groups)
        got = f"none of those in it: {places}" if places else "one that it does not name"
        raise FhirError([Problem("patient", "the id of a Patient in the bundle", got)])

    def _of_document(self, groups: list[list[Resource]]) -> list[Resource]:
        """Return the patient of whom the document is, if the bundle is one."""
        found: list[list[Resource]] = []
        for one in self._bundle.of_type("Composition"):
            meant = self._bundle.resolve(_reference(one) or "", one)
            found += [group for group in groups if not set(meant).isdisjoint(group)]
        if found and all(group is found[0] for group in found):
            return found[0]
        expected = f"which of the {len(groups)} patients of the bundle: {_places(groups)}"
        raise FhirError([Problem("patient", expected, "none")])

    def whose(self, resource: Resource) -> Whose:
        """Return about whom a resource is; of several whom it names, the one it may not be."""
        told = [self._meant(one, resource) for one in _subjects(resource)]
        for whose in (Whose.OTHER, Whose.UNKNOWN, Whose.OURS):
            if whose in told:
                return Whose.UNKNOWN if len(set(told)) > 1 else whose
        return Whose.UNSAID

    def _meant(self, subject: Element, resource: Resource) -> Whose:
        """Return who is meant by a subject of a resource."""
        reference = subject.text("reference")
        if reference is None:
            told = set(_identifiers(subject))
            if not told:
                return Whose.UNKNOWN if subject.has("reference") else Whose.UNSAID
            if told & self._identifiers:
                return Whose.OURS
            return Whose.OTHER if told & self._other_identifiers else Whose.UNKNOWN
        meant = self._bundle.resolve(reference, resource)
        if (resource.base, reference) in self._linked or not self._ours.isdisjoint(meant):
            return Whose.OURS
        if not self._others.isdisjoint(meant):
            return Whose.OTHER
        if not self.resources and not self._others:
            if self._asked is None:
                return Whose.OURS
            plain = reference.partition("/_history/")[0]
            if plain in _spellings(self._asked):
                return Whose.OURS
            # The same id on a server that is not named may be the same patient.
            return Whose.UNKNOWN if plain.endswith(f"/Patient/{self._asked}") else Whose.OTHER
        return Whose.UNKNOWN


def _spellings(patient: object) -> set[str]:
    return {str(patient), f"Patient/{patient}"}


def _subjects(resource: Resource) -> list[Element]:
    """Return whom a resource names; a bare text where a reference belongs is one all the same."""
    element, found = resource.element, list[Element]()
    for name in ("subject", "patient"):
        given = element.value.get(name)
        if isinstance(given, Mapping | list | None):
            found += element.each(name)
        else:
            path = f"{element.path}.{name}"
            found.append(Element({"reference": given}, path, element.notes))
    return found


def _reference(resource: Resource) -> str | None:
    told = (one.text("reference") for one in _subjects(resource))
    return next(filter(None, told), None)


def _identifiers(element: Element) -> Iterator[Identifier]:
    for one in element.each("identifier"):
        value = one.text("value")
        if value:
            yield one.text("system") or "", value


def _links(patient: Resource) -> Iterator[str]:
    """Yield the references by which a Patient resource says that another is the same person."""
    for link in patient.element.each("link"):
        other = link.one("other")
        reference = other.text("reference") if other else None
        if reference:
            yield reference


def _groups(bundle: Bundle) -> list[list[Resource]]:
    """Return the Patient resources, those of one person together.

    A link of whatever type says that they are one person; those of one id are versions of one.
    """
    patients = list(bundle.of_type("Patient"))
    number = {one: at for at, one in enumerate(patients)}
    first = list(range(len(patients)))

    def root(at: int) -> int:
        while first[at] != at:
            first[at] = first[first[at]]
            at = first[at]
        return at

    for one in patients:
        for reference in (one.label, *_links(one)):
            for other in bundle.resolve(reference, one):
                if other in number:
                    first[root(number[other])] = root(number[one])
    groups: dict[int, list[Resource]] = {}
    for one in patients:
        groups.setdefault(root(number[one]), []).append(one)
    return list(groups.values())


def _places(groups: list[list[Resource]]) -> str:
    paths = [group[0].element.path for group in groups]
    more = f" and {len(paths) - _MOST_PLACES} more" if len(paths) > _MOST_PLACES else ""
    return ", ".join(paths[:_MOST_PLACES]) + more
