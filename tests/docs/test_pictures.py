"""The pictures of the intake page: each is shown in its document, and each one shown is there."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_document_of_the_page_shows_every_picture_and_no_other() -> None:
    shown = re.findall(r"\(page/([\w-]+\.png)\)", (DOCS / "page.md").read_text("utf-8"))
    assert sorted(set(shown)) == sorted(path.name for path in (DOCS / "page").iterdir())
