"""What the examples print, as files: every example in every format and part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msrisk
from msrisk.documents import profile_from_json
from msrisk.rendering import FORMATS, PARTS

__all__ = ["FOLDER", "expected"]

FOLDER = Path(__file__).parent / "reports"
ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}
EXAMPLES = Path(__file__).parents[2] / "examples"


def expected() -> Iterator[tuple[str, str]]:
    """Yield the name of each file and what stands in it."""
    for example in sorted(EXAMPLES.glob("*.json")):
        report = msrisk.assess(profile_from_json(example.read_bytes()))
        for format_ in FORMATS:
            for part in PARTS:
                name = f"{example.stem}.{part}.{ENDINGS[format_]}"
                yield name, report.render(format_, part)
