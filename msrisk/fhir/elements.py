"""Reads elements of a FHIR resource: what has the wrong type is noted and passed over."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, cast

from msrisk.model.checks import LINE_ENDS, MOST_IN_AN_ENTRY, UNSEEN, kind_of

__all__ = ["Element", "cleaned"]

_KEPT: Final = frozenset(LINE_ENDS + UNSEEN)
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def cleaned(text: str) -> str:
    """Return a text without what no entry may hold, cut to the length that one may have."""
    text = text[:MOST_IN_AN_ENTRY]
    if not text.isprintable():
        text = "".join(
            char if char in _KEPT or unicodedata.category(char) not in _HIDDEN else " "
            for char in text
        )
    bare = text.strip()
    return bare if bare.strip(LINE_ENDS + UNSEEN + " ") else ""


class Element:
    """A JSON object of a bundle.

    Attributes:
        value: the object.
        path: where it stands, from the top of the bundle.
        notes: what was wrong in it, in clauses; shared with the resource that it is part of.

    """

    __slots__ = ("notes", "path", "value")

    def __init__(self, value: Mapping[str, object], path: str, notes: list[str]) -> None:
        """Take in an object as JSON gave it."""
        self.value = value
        self.path = path
        self.notes = notes

    def has(self, name: str) -> bool:
        """Return whether there is anything of this name; an empty list or object is nothing."""
        value = self.value.get(name)
        return value is not None and value not in ([], {}, "")

    def same(self, other: Element) -> bool:
        """Return whether two elements hold the same, as far as that can be seen."""
        try:
            return bool(self.value == other.value)
        except RecursionError:
            return False

    def text(self, name: str) -> str | None:
        """Return a text; None if there is none, or nothing in it that can be seen."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self._note(name, "text", value)
            return None
        return cleaned(value) or None

    def code(self, name: str) -> str | None:
        """Return a code in small letters, or the code of a concept of one coding or more.

        Several codings that differ give no code; earlier releases had text in place of a
        concept.
        """
        value = self.value.get(name)
        if isinstance(value, Mapping | list):
            codes: set[str] = set()
            for concept in self.each(name):
                told = [one.text("code") or one.text("display") for one in concept.each("coding")]
                told = told if any(told) else [concept.text("text")]
                codes.update(code.casefold() for code in told if code)
            if len(codes) > 1:
                self.notes.append(f"{name} has codes that differ")
                return ""
            return next(iter(codes), None)
        text = self.text(name)
        return text.casefold() if text else None

    def beside(self, name: str) -> tuple[set[str], set[str]]:
        """Return what stands beside a code: its words, as codes are written, and its systems.

        A code that is a bare text has neither.
        """
        value = self.value.get(name)
        if not isinstance(value, Mapping | list):
            return set(), set()
        codings = [one for concept in self.each(name) for one in concept.each("coding")]
        words = [concept.text("text") for concept in self.each(name)]
        words += [one.text("display") for one in codings]
        said = {"-".join(text.casefold().replace("-", " ").split()) for text in words if text}
        return said, {system for one in codings if (system := one.text("system"))}

    def flag(self, name: str) -> bool | None:
        """Return a yes or no."""
        value = self.value.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._note(name, "true or false", value)
        return None

    def number(self, name: str) -> float | None:
        """Return a number that is finite."""
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._note(name, "a number", value)
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self._note(name, "a number that is finite", value)
            return None
        return number

    def one(self, name: str) -> Element | None:
        """Return the object of this name; the first of a list of them, and that is noted."""
        found = self.each(name)
        first = next(found, None)
        if first is not None and next(found, None) is not None:
            self.notes.append(f"{self.path}.{name} has several where FHIR R4 has one")
        return first

    def each(self, name: str) -> Iterator[Element]:
        """Yield the objects in a list; an object in place of a list is read as one of one."""
        value = self.value.get(name)
        if value is None:
            return
        path = f"{self.path}.{name}"
        if isinstance(value, Mapping):
            yield Element(cast("Mapping[str, object]", value), path, self.notes)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield Element(item, f"{path}[{at}]", self.notes)
                else:
                    self._note(f"{name}[{at}]", "an object", item)
        else:
            self._note(name, "an object or a list", value)

    def texts(self, name: str) -> Iterator[str]:
        """Yield the texts in a list; a text in place of a list is read as one of one."""
        value = self.value.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and (text := cleaned(item)):
                yield text

    def absent(self, name: str = "") -> str | None:
        """Return why an element is absent, if an extension says so; without a name, this one."""
        of = self.one(f"_{name}") if name else self
        for extension in of.each("extension") if of else ():
            if extension.text("url") == _ABSENT:
                return extension.text("valueCode")
        return None

    def _note(self, name: str, expected: str, got: object) -> None:
        self.notes.append(f"{self.path}.{name} is {kind_of(got)} where FHIR R4 has {expected}")
