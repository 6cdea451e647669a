"""The page on how long msrisk takes holds what other programs than its own measured."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_section_on_many_patients_is_the_one_that_the_page_is_made_with() -> None:
    page = (ROOT / "docs" / "performance.md").read_text("utf-8")
    section = (ROOT / "benchmarks" / "many-patients.md").read_text("utf-8")
    assert section.startswith("## Many patients\n")
    assert page.endswith(f"\n\n{section}")
