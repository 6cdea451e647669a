"""Gathers the words and codes of a resource, wherever they stand in it."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final

from attrs import frozen

from msrisk.fhir.codes import ABSENT, system_of
from msrisk.fhir.elements import cleaned
from msrisk.fhir.walking import NOBODY_ELSE, objects
from msrisk.model.checks import MOST_IN_AN_ENTRY
from msrisk.model.profile import Code, Entry

__all__ = ["Said", "pieces", "said_in", "texts_in"]

# Elements whose texts are codes, addresses, dates and numbers.
_NAMES: Final = (
    "resourceType id reference url uri system version fullUrl status use language type kind "
    "category criticality severity intent priority mode unit comparator contentType hash "
    "profile source birthDate lastUpdated versionId implicitRules xmlns"
)
_NO_WORDS: Final = frozenset(_NAMES.split())
# What holds names and numbers of people and papers, and nothing that a patient has or takes.
_APART: Final = frozenset(("meta", "identifier", "telecom", "address", "photo", "signature"))
_PEOPLE: Final = (
    *("FamilyMemberHistory", "HealthcareService", "Location", "Organization", "Patient"),
    *("Person", "Practitioner", "PractitionerRole", "RelatedPerson"),
)
# Elements that hold words, as they stand in directions, notes and extensions.
_WORDS: Final = (
    *("text", "display", "valueString", "valueMarkdown", "valueCode", "renderedDosageInstruction"),
)
_TAG: Final = re.compile(r"<[^>]*>")
# Tags that stand inside a word or a line, and words that stand inside a tag.
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|big|code|em|i|q|small|span|strong|sub|sup|tt|u)\b[^>]*>"
)
_IN_A_TAG: Final = re.compile(r"<[^>]*\b(?:alt|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')[^>]*>")
_ENDS: Final = re.compile(r"[\r\n|•]+|(?<=[.;!?])\s+")
_IS_WORDS: Final = re.compile(r"(?!https?://|urn:)(?=.*[^\W\d_]{2})", re.DOTALL)
_MOST_IN_A_CODE: Final = 1_000
_PAPERS: Final = ("ttachment", "presentedForm")


@frozen
class Said:
    """A text or a code of a resource, and where it stands.

    Attributes:
        top: the element of the resource in which it stands.
        name: the element that holds it; "" for the resource.
        key: its own name in that element; "coding" for a code of a concept without words.
        entry: the text or the code; None for a paper that cannot be read.

    """

    top: str
    name: str
    key: str
    entry: Entry | None


def said_in(resource: Mapping[str, object]) -> Iterator[Said]:
    """Yield each text and code of a resource, in pieces, as far as they may tell something.

    Addresses, dates, statuses and the names of people are none of them.
    """
    for top, value in resource.items():
        if top in _APART:
            continue
        inside = value
        if top == "contained" and isinstance(value, list):
            inside = [one for one in value if not _is_of_people(one)]
        table: Mapping[str, object] = {top: inside}
        held = isinstance(inside, Mapping | list)
        for name, one in objects(table, apart=_APART) if held else [("", table)]:
            paper = "contentType" in one or name.endswith(_PAPERS)
            if paper:
                yield from (Said(top, name, "", entry) for entry in _papers(one))
            yield from (Said(top, name, "", entry) for entry in _coded(one))
            yield from (Said(top, name, "coding", entry) for entry in _bare(one))
            for key, told in one.items():
                if not (key in _NO_WORDS or (key == "display" and name in NOBODY_ELSE)):
                    texts = [] if _is_code(key, one) or (paper and key == "data") else _texts(told)
                    yield from (
                        Said(top, name, key, Entry(text)) for each in texts for text in pieces(each)
                    )


def texts_in(value: object) -> Iterator[str]:
    """Yield what a value says in words, and the quantities in it as words: "1800 mg"."""
    for _, one in objects(value):
        for key in _WORDS:
            yield from filter(None, map(cleaned, _texts(one.get(key))))
        number, unit = one.get("value"), one.get("unit") or one.get("code")
        if isinstance(number, int | float) and isinstance(unit, str):
            yield cleaned(f"{number} {unit}")


def pieces(text: object) -> Iterator[str]:
    """Yield the lines and sentences of a text or a narrative, without its tags."""
    if isinstance(text, str) and _IS_WORDS.match(text):
        shown = _INLINE.sub("", _IN_A_TAG.sub(r"\n\1\2\n", text)) if "<" in text else text
        for piece in _ENDS.split(unescape(_TAG.sub("\n", shown))):
            for at in range(0, len(piece), MOST_IN_AN_ENTRY):
                plain = cleaned(piece[at : at + MOST_IN_AN_ENTRY])
                if _IS_WORDS.match(plain):
                    yield plain


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one


def _is_of_people(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("resourceType") in _PEOPLE


def _is_code(key: str, one: Mapping[str, object]) -> bool:
    """Return whether a text is a code of a system; that of none is a word at most."""
    return key == "code" and isinstance(one.get("system"), str)


def _coded(one: Mapping[str, object]) -> Iterator[Entry]:
    system, code = one.get("system"), one.get("code")
    if isinstance(system, str) and isinstance(code, str):
        known, plain = cleaned(system_of(system)), cleaned(code)
        if (
            known
            and plain
            and max(len(known), len(plain)) <= _MOST_IN_A_CODE
            and known not in ABSENT
        ):
            yield Entry(None, (Code(known, plain),))


def _bare(concept: Mapping[str, object]) -> Iterator[Entry]:
    """Yield the codes of a concept that has no words."""
    coding = concept.get("coding")
    if isinstance(coding, list):
        tables = [one for one in coding if isinstance(one, Mapping)]
        if not any(map(_has_words, (concept, *tables))):
            yield from (entry for one in tables for entry in _coded(one))


def _has_words(one: Mapping[str, object]) -> bool:
    return any(isinstance(told, str) and told for told in (one.get("text"), one.get("display")))


def _papers(one: Mapping[str, object]) -> Iterator[Entry | None]:
    """Yield what stands in a paper that is attached as text; None if that cannot be read."""
    type_, data = one.get("contentType"), one.get("data")
    if isinstance(type_, str) and type_.startswith("text/") and isinstance(data, str):
        try:
            text = b64decode(data).decode()
        except ValueError:
            yield None
        else:
            yield from map(Entry, pieces(text))
    else:
        yield None
