"""Finds what rules ask about in words and codes that are not read, and speak against "none"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msrisk.fhir.bundle import Resource
from msrisk.fhir.codes import LIST_CODES, system_of
from msrisk.fhir.concepts import Concept, Reader, concept_of
from msrisk.fhir.elements import Element
from msrisk.fhir.measured import is_of_medicine
from msrisk.fhir.saying import Said, pieces
from msrisk.fhir.walking import objects
from msrisk.model.concepts import ANYTHING
from msrisk.model.profile import Entry

__all__ = ["answered", "fields_of", "narrated", "told_by"]

_ALL: Final = ("allergies", "conditions", "medications")
_NAMES: Final = "it is not read, and names what rules ask about"
_PAPER: Final = "it holds a paper that cannot be read"
_NARRATIVE: Final = "its narrative says more than that there is nothing"
_NO_ANSWER: Final = "it is not read, and may tell of them"

# Beside what is taken, food is no more than what it is taken with.
_TAKEN: Final = (
    *("Medication", "MedicationAdministration", "MedicationDispense", "MedicationRequest"),
    *("MedicationStatement",),
)
# Elements that name what was asked about or looked at, by the types that have them.
_ASKING: Final[Mapping[str, tuple[str, ...]]] = {
    "Composition": ("entry",),
    "List": ("item",),
    "Observation": ("code", "coding", "category"),
}
_PRINTED: Final = ("AllergyIntolerance", "Composition", "DocumentReference", "List")
# Elements of which a code without words may name what somebody has or takes, and cannot eat.
_TELLING: Final = re.compile(r"(?<!empty)reason|diagnos|product", re.IGNORECASE)
_FORBIDDEN: Final = ("allergyIntolerance", "excludeFoodModifier")
_OF_ALLERGY: Final = re.compile(
    r"allerg|intoleran|hypersensitiv|anaphyla|\bige\b|\brast\b", re.IGNORECASE
)
# What is printed above a list and beside its entries, whatever they are. “Food allergies” and
# “allergy” may be one of the entries.
_HEADING: Final = re.compile(
    r"(?:(?:active|adverse|alerts?|allergens?|allergies|allergyintolerance|and|category|clinical|"
    r"code|conditions?|confirmed|criticality|current|date|documents?|drugs?|environmental|"
    r"generated|histor(?:y|ies)|intolerances|lists?|medications?|medicines?|names?|narrative|of|"
    r"or|other|problems?|reactions|records?|resources?|risks?|sections?|severity|status|"
    r"substances?|summary|the|type|use|verification)\b|[\W\d_])*",
    re.IGNORECASE,
)
_YES: Final = ("yes", "true", "y", "positive", "present")
_NOTHING: Final = ("nil", "none", "none known", "nil known", "no known")


def told_by(
    resource: Resource, said: Iterable[Said], reader: Reader, *, unseen: bool
) -> Iterator[tuple[str, str]]:
    """Yield the lists of which words and codes of a resource tell something, and why.

    Args:
        resource: the resource.
        said: its words and codes that are not read.
        reader: the vocabulary.
        unseen: whether nothing else of it is read.

    """
    asking = not any(_says_yes(one) for _, one in objects(resource.element.value))
    for one in said:
        why = _NAMES if unseen else f"its {one.top} is not read, and names what rules ask about"
        if one.entry is None:
            yield from ((field, _PAPER) for field in _ALL)
            continue
        asked = one.name in _ASKING.get(resource.type, ())
        asks, text = asked and asking, None if asked else one.entry.text
        if text and any(_denies(text, field, reader) for field in _ALL):
            continue
        taken = resource.type in _TAKEN
        if not (one.top == "reaction" and _is_symptom(one.entry, reader)):
            named = _named(one.entry, reader, asks=asks, taken=taken)
            yield from ((field, why) for field in named)
        if _forbids(one, resource.type):
            yield "allergies", why
        if _is_bare(one, reader):
            yield from ((field, why) for field in ("conditions", "medications"))


def _says_yes(one: Mapping[str, object]) -> bool:
    """Return whether an Observation may answer with yes, so that what it asks is so."""
    concept = one.get("valueCodeableConcept")
    words = concept_of(Element(concept, "", [])).words if isinstance(concept, Mapping) else ()
    return one.get("valueBoolean") is not None or any(word.casefold() in _YES for word in words)


def _named(entry: Entry, reader: Reader, *, asks: bool, taken: bool) -> Iterator[str]:
    """Yield the lists of which rules ask about what an entry names.

    A question (`asks`) names what it asks about, which is less: only an illness counts, and a
    medicine that the body does not have of itself.
    """
    lexicon = reader.lexicon
    of = {field: "medications" if taken else field for field in _ALL}
    told = reader.told(of["conditions"], entry)
    named = told.concepts if asks else reader.named(of["conditions"], entry)
    if named & reader.problems:
        yield "conditions"
    if reader.named(of["allergies"], entry) & lexicon.foods & lexicon.asked:
        yield "allergies"
    medicines = reader.named("medications", entry) & (lexicon.classes | lexicon.substances)
    if medicines and (not asks or is_of_medicine(entry, reader)):
        yield "medications"


def _is_symptom(entry: Entry, reader: Reader) -> bool:
    """Return whether what is told of a reaction names nothing else for certain."""
    told = (reader.told(field, entry).concepts for field in ("conditions", "medications"))
    return not frozenset().union(*told) & (reader.lexicon.matters - reader.lexicon.symptoms)


def _forbids(said: Said, type_: str) -> bool:
    """Return whether something speaks of what is not borne, and is no heading."""
    text = said.entry.text if said.entry else None
    if said.top not in _FORBIDDEN:
        if not text or not _OF_ALLERGY.search(text):
            return False
        if type_ in _PRINTED and _HEADING.fullmatch(text):
            return False
        if type_ == "AllergyIntolerance" and said.top == "reaction" and said.name != "note":
            return False
    return True


def _denies(text: str, field: str, reader: Reader) -> bool:
    """Return whether a text, and what it says in brackets, says that there is nothing."""
    parts = filter(None, (part.strip(" .") for part in re.split(r"[()\[\]]", text)))
    return all(reader.none_of(Concept((part,)), field) is not None for part in parts)


def _is_bare(said: Said, reader: Reader) -> bool:
    """Return whether it is a code without words, not known, where something is told."""
    if said.entry is None or said.key != "coding" or not _TELLING.search(f"{said.top} {said.name}"):
        return False
    return all(
        reader.told(field, said.entry).possible is ANYTHING
        for field in ("conditions", "medications")
    )


def narrated(resource: Resource, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the lists of which a narrative says more than that there is nothing.

    That of a list or a section counts, if a code says of what it is.
    """
    if resource.type not in ("Composition", "List"):
        return
    for _, one in objects(resource.element.value):
        element = Element(one, "", [])
        fields, narrative = fields_of(element), element.one("text")
        if not fields or narrative is None:
            continue
        told = list(pieces(narrative.value.get("div")))
        for field in fields:
            if not all(_is_silent(piece, field, reader) for piece in told):
                yield field, _NARRATIVE


def _is_silent(text: str, field: str, reader: Reader) -> bool:
    if _HEADING.fullmatch(text) or text.casefold().strip(" .:") in _NOTHING:
        return True
    return _denies(text, field, reader)


def fields_of(element: Element) -> set[str]:
    """Return the fields of which a list or a section is, by its code."""
    concept = element.one("code")
    return {
        field
        for one in (concept.each("coding") if concept else ())
        if (field := LIST_CODES.get((system_of(one.text("system") or ""), one.text("code") or "")))
    }


def answered(resource: Resource, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the lists of which the value of an Observation tells, or may tell."""
    if resource.type != "Observation":
        return
    for name, one in objects(resource.element.value):
        said = Element(one, "", []).text("valueString")
        concept = Concept((said,)) if said else None
        if name == "valueCodeableConcept":
            concept = concept_of(Element(one, "", []))
        if concept is None:
            continue
        entries = [*map(Entry, concept.words), *(Entry(None, (code,)) for code in concept.codes)]
        if all(reader.told("conditions", entry).possible is ANYTHING for entry in entries):
            yield "conditions", _NO_ANSWER
        for entry in entries:
            named = _named(entry, reader, asks=False, taken=False)
            yield from ((field, _NAMES) for field in named)
