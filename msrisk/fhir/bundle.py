"""Takes a bundle apart: its resources, how they refer to each other, and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from attrs import define, field

from msrisk.errors import FhirError, Problem
from msrisk.fhir.account import Became, Line
from msrisk.fhir.elements import Element
from msrisk.fhir.walking import is_modified, referred
from msrisk.model.checks import kind_of

__all__ = ["Bundle", "MODIFIED", "MOST_RESOURCES", "Resource"]

MOST_RESOURCES: Final = 200_000
"""More resources than this are refused."""

MODIFIED: Final = "an extension changes its meaning"
"""The doubt of what holds a `modifierExtension` anywhere: nobody knows what it changes."""

_DEEPEST: Final = 16
_ADDRESS: Final = re.compile(
    r"(?:(?:https?://)?(.*)/)?([A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,200})(?:/_history/[^/]*)?", re.DOTALL
)
# Links by which a server says that there are further pages, or that there were earlier ones.
_PAGES: Final = ("next", "previous", "prev")
# And those which say so where they are not the address of this page.
_ENDS: Final = ("first", "last")
# All that a bundle has in FHIR R4, and an entry; what else there is may hold more of the record.
_OF_BUNDLES: Final = (
    "resourceType id meta implicitRules language identifier type timestamp total link entry "
    "signature extension modifierExtension"
)
_OF_ENTRIES: Final = "id extension modifierExtension link fullUrl resource search request response"
_KNOWN: Final = {"bundle": frozenset(_OF_BUNDLES.split()), "entry": frozenset(_OF_ENTRIES.split())}

# The types that are read, in small letters; and what they are called in other releases.
_TYPES: Final = {
    name.casefold(): name
    for name in (
        "AllergyIntolerance",
        "Bundle",
        "Composition",
        "Condition",
        "List",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "NutritionOrder",
        "Observation",
        "OperationOutcome",
        "Patient",
    )
} | {
    "medicationorder": "MedicationRequest",
    "medicationprescription": "MedicationRequest",
    "medicationusage": "MedicationStatement",
}


_INSIDE: Final = (
    "AllergyIntolerance",
    "Condition",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "NutritionOrder",
)


@define(eq=False)
class Resource:
    """One resource of a bundle.

    Attributes:
        element: the resource.
        type: its type, "" if it has none.
        label: its type and id.
        doubts: why all that it tells is only possible, in clauses; may be added to.
        base: address of the server that its `fullUrl` names, "" if none.
        made: when the bundle was made, as it is written; "" if that is not said.
        twin: another of the same id that says the same, earlier in the bundle.

    """

    element: Element
    type: str
    label: str
    doubts: list[str] = field(factory=list)
    base: str = ""
    made: str = ""
    twin: Resource | None = None

    @property
    def first(self) -> Resource:
        """Return the first entry that says the same under the same id; itself, if that is it."""
        one = self
        while one.twin is not None:
            one = one.twin
        return one


class Bundle:
    """The resources of a bundle, found by their references.

    Attributes:
        resources: every resource, in order; those of a bundle inside the bundle in its place.
        lines: of each part that is no resource, what became of it.
        partial: why the bundle does not hold all that the record does, in clauses; nothing
            in such a bundle proves absence.

    """

    def __init__(self, document: object) -> None:
        """Take a bundle apart.

        Raises:
            FhirError: if it is no bundle, or too large.

        """
        if not isinstance(document, Mapping):
            raise FhirError([Problem("bundle", "a FHIR Bundle, in braces", kind_of(document))])
        top = Element(cast("Mapping[str, object]", document), "", [])
        if top.text("resourceType") != "Bundle":
            got = "another resource" if top.has("resourceType") else "none"
            raise FhirError([Problem("bundle.resourceType", "“Bundle”", got)])
        if top.has("entry") and not isinstance(document.get("entry"), list):
            raise FhirError([Problem("bundle.entry", "a list", kind_of(document.get("entry")))])
        self.resources: list[Resource] = []
        self.lines: list[Line] = []
        self.partial: list[str] = []
        self._by_key: dict[str, list[Resource]] = {}
        self._servers: set[str] | None = None
        self._take(top, 0)
        self._doubt_twins()

    def _take(self, bundle: Element, depth: int) -> None:
        """Take in the entries of a bundle, and of those inside it."""
        prefix = f"{bundle.path}." if bundle.path else ""
        kind = bundle.code("type")
        doubts = [_HISTORY] if kind == "history" else []
        if bundle.has("modifierExtension"):
            doubts.append(_ENTRY_MODIFIED)
        self._take_links(bundle, prefix)
        made = bundle.text("timestamp") or ""
        matches = 0
        for entry in bundle.each("entry"):
            if len(self.resources) + len(self.lines) >= MOST_RESOURCES:
                expected = f"at most {MOST_RESOURCES} entries"
                raise FhirError([Problem("bundle.entry", expected, "more")])
            self._take_answer(entry)
            self._take_unknown(entry, "entry", entry.path)
            mode = (entry.one("search") or entry).code("mode")
            matches += mode not in ("include", "outcome")
            held = entry.one("resource")
            if held is None:
                self._partly(entry.path.removeprefix("."), "the entry has no resource")
            else:
                self._take_resource(entry, held, doubts, made, depth)
        total = bundle.number("total")
        if total is not None and total > matches:
            self._partly(f"{prefix}total", "the search found more than the bundle holds")
        elif total is not None and (total < 0 or total != int(total)):
            self._partly(f"{prefix}total", "it is no number of entries")
        self._take_unknown(bundle, "bundle", bundle.path or "bundle")
        for note in bundle.notes:
            self._partly(bundle.path or "bundle", note.removeprefix("."))
        bundle.notes.clear()

    def _take_resource(
        self, entry: Element, held: Element, doubts: list[str], made: str, depth: int
    ) -> None:
        """Take in the resource of an entry, with why all that it tells is only possible."""
        element = Element(held.value, held.path.removeprefix("."), [])
        given, id_ = element.text("resourceType") or "", element.text("id")
        type_ = _TYPES.get(given.casefold(), given)
        label = f"{given}/{id_}" if id_ else given
        if type_ == "Bundle" and depth < _DEEPEST:
            inside = "its entries are read as those of this bundle"
            self.lines.append(Line(element.path, label, Became.NOT_READ, why=(inside,)))
            self._take(element, depth + 1)
            return
        url = entry.text("fullUrl") or ""
        base, tail = _address(url)
        one = Resource(element, type_, label, list(doubts), base, made)
        method = (entry.one("request") or entry).code("method")
        around = {key: value for key, value in entry.value.items() if key != "resource"}
        for is_so, doubt in (
            (type_ != given, "its type is none of FHIR R4"),
            (element.has("implicitRules"), "it follows rules that are not known (implicitRules)"),
            (is_modified(element.value), MODIFIED),
            (is_modified(around), _ENTRY_MODIFIED),
            (method == "delete", "the bundle asks to delete it"),
        ):
            if is_so and doubt not in one.doubts:
                one.doubts.append(doubt)
        if not type_:
            self.partial.append("an entry has a resource of no type")
        elif _is_cut(element):
            self.partial.append("an entry is there in part only, says its meta")
        elif type_ == "OperationOutcome":
            self.partial.append("a search failed or was not complete (OperationOutcome)")
        self.resources.append(one)
        self._take_contained(one)
        for key in {_plain(url), f"{given}/{id_}" if given and id_ else "", tail} - {""}:
            self._by_key.setdefault(key, []).append(one)

    def _take_unknown(self, element: Element, of: str, path: str) -> None:
        """Note that a bundle or an entry holds what FHIR R4 does not have there."""
        names = (name.removeprefix("_") for name in element.value if element.has(name))
        if any(name not in _KNOWN[of] for name in names):
            self._partly(path.removeprefix("."), f"it holds what no {of} of FHIR R4 has")

    def _take_answer(self, entry: Element) -> None:
        """Note what a server says of one of several requests that it answers at once."""
        answer = entry.one("response")
        status = (answer.text("status") if answer else None) or "2"
        if not status.startswith("2") or (answer and answer.has("outcome")):
            self._partly(entry.path.removeprefix("."), "the server says that a request failed")

    def _take_contained(self, holder: Resource) -> None:
        """Take in what stands inside another resource, and tells something by itself."""
        for inner in holder.element.each("contained"):
            type_ = inner.text("resourceType") or ""
            if type_ in _INSIDE:
                doubts = [*holder.doubts, "it stands inside another entry"]
                resource = Element(inner.value, inner.path, [])
                label = f"{holder.label}#{type_}"
                inside = Resource(resource, type_, label, doubts, holder.base, holder.made)
                self.resources.append(inside)

    def _take_links(self, bundle: Element, prefix: str) -> None:
        if _is_cut(bundle):
            self._partly(f"{prefix}meta", "the bundle is there in part only")
        if bundle.has("implicitRules"):
            self._partly(f"{prefix}implicitRules", "the bundle follows rules that are not known")
        links = [(link.code("relation"), link) for link in bundle.each("link")]
        here = {link.text("url") for relation, link in links if relation == "self"}
        for relation, link in links:
            elsewhere = relation in _ENDS and link.text("url") not in here
            if relation in _PAGES or elsewhere:
                path = link.path.removeprefix(".")
                self._partly(path, "the bundle is one page of several")

    def _partly(self, path: str, why: str) -> None:
        self.partial.append(why)
        self.lines.append(Line(path, "", Became.NOT_READ, why=(why,)))

    def _doubt_twins(self) -> None:
        """Doubt the resources that have one id and differ: nobody says which is right.

        Those that say the same are one.
        """
        for same in self._by_key.values():
            bases = {one.base for one in same}
            servers = bases - {""}
            for base in servers or bases:
                twins = [one for one in same if one.base in ("", base)]
                if not all(_say_the_same(twins[0], one) for one in twins[1:]):
                    for one in twins:
                        if _TWINS not in one.doubts:
                            one.doubts.append(_TWINS)
                    continue
                # What does not say of which of several servers it is may be of any of them.
                sure = [one for one in twins if one.base == base or len(servers) < _SEVERAL]
                for one in sure[1:]:
                    one.twin = sure[0]

    def resolve(self, reference: str, holder: Resource | None = None) -> list[Resource]:
        """Return the resources that a reference may mean; those of another server are not meant.

        Args:
            reference: relative to a server, or with its address.
            holder: the resource that refers; None if none does.

        """
        base, tail = _address(reference)
        if not tail:
            return self._by_key.get(_plain(reference), [])
        found = self._by_key.get(tail, [])
        base = base or (holder.base if holder else "")
        if not base:
            return found
        # An entry that does not say of which server it is may be of the only one that there is.
        lone = [one for one in found if not one.base]
        return [one for one in found if one.base == base] or (
            lone if lone and self._bases() <= {base} else []
        )

    def _bases(self) -> set[str]:
        """Return the servers that the bundle speaks of."""
        if self._servers is None:
            self._servers = {one.base for one in self.resources}
            for one in self.resources:
                for _, reference, _ in referred(one.element.value):
                    self._servers.add(_address(reference)[0])
            self._servers.discard("")
        return self._servers

    def of_type(self, type_: str) -> Iterator[Resource]:
        """Yield the resources of a type."""
        return (one for one in self.resources if one.type == type_)


_CUT: Final = ("subsetted", "redacted", "masked")
_HISTORY: Final = "the bundle is a history, which holds what was changed later"
_ENTRY_MODIFIED: Final = "an extension changes the meaning of its entry"
_TWINS: Final = "another entry has the same id and says something else"
_SEVERAL: Final = 2


def _say_the_same(one: Resource, other: Resource) -> bool:
    """Return whether two resources hold the same, whatever version of it a server gave."""
    told, its = (
        Element({k: v for k, v in it.element.value.items() if k != "meta"}, "", [])
        for it in (one, other)
    )
    return told.same(its)


def _is_cut(element: Element) -> bool:
    """Return whether a server says that it left something out of a resource, or hid it."""
    return any(
        (one.code("code") or "") in _CUT
        for meta in element.each("meta")
        for name in ("tag", "security")
        for one in meta.each(name)
    )


def _plain(url: str) -> str:
    """Return an address without its scheme and version; of a urn, letters count as small ones."""
    plain = url.partition("|")[0]
    if plain[:4].casefold() == "urn:":
        return plain.casefold()
    return plain.removeprefix("https://").removeprefix("http://")


def _address(reference: str) -> tuple[str, str]:
    """Return the server that a reference names, and type and id; "" for what it does not name."""
    found = _ADDRESS.fullmatch(reference.partition("|")[0])
    return (found[1] or "", found[2]) if found else ("", "")
