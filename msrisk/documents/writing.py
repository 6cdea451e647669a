"""Writes a document as JSON text, the same way for every document."""

from __future__ import annotations

import json

__all__ = ["json_text"]


def json_text(document: object) -> str:
    """Return a document as JSON text with a line end, byte for byte the same for equal documents.

    Raises:
        ValueError: for a number that JSON has no word for, such as infinity.

    """
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
