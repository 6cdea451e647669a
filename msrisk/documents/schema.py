"""Publishes the JSON Schema of each document that msrisk reads or writes."""

from __future__ import annotations

import json
from typing import Final, cast

__all__ = ["SCHEMAS", "schema_of"]

SCHEMAS: Final = ("intake", "report", "accountability", "check", "diff", "gate")
"""The documents that have one: what is read of a patient, and what each command prints."""


def schema_of(name: str) -> dict[str, object]:
    """Return the JSON Schema of a document, by its name in `SCHEMAS`.

    That of the gate holds those of the check and the comparison, which its document repeats.
    """
    from importlib import resources  # takes longer than the rest of a short run

    file = resources.files("msrisk").joinpath("documents", "schemas", f"{name}.json")
    found = cast("dict[str, object]", json.loads(file.read_text("utf-8")))
    if name == "gate":
        return {**found, "$defs": {part: schema_of(part) for part in ("check", "diff")}}
    return found
