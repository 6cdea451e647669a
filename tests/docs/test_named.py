"""What the pages for those who change msrisk name is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from .named import dotted_names, exists, links, paths

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "architecture.md",
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_function_that_a_page_names_exists(page: Path) -> None:
    named = dotted_names(page.read_text("utf-8"))
    assert [name for name in named if not exists(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert [path for path in paths(page.read_text("utf-8")) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    found = links(page.read_text("utf-8"))
    assert [link for link in found if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["api.asess", "nonesuch.assess", "search.search.Search.nobody"])
def test_a_function_that_does_not_exist_is_noticed(name: str) -> None:
    assert dotted_names(f"see `{name}`") == [name]
    assert not exists(name)


def test_paths_and_links_are_found() -> None:
    text = "[a](docs/none.md#b), `tests/none.py::test_x`, `rules/` and [c](https://example.org)"
    assert links(text) == ["docs/none.md"]
    assert paths(text) == ["rules/", "tests/none.py"]
