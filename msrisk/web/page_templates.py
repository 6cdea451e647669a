"""Reads the templates of the intake page, and the style and the script that stand beside it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from msrisk.rendering.html import STYLE
from msrisk.rendering.words import clean
from msrisk.web.page_words import FILES

__all__ = ["files", "template", "version"]


@cache
def version() -> str:
    """Return what changes with the files beside the page, so that no browser keeps old ones."""
    return sha256("".join(files().values()).encode()).hexdigest()[:8]


def files() -> dict[str, str]:
    """Return the files that stand beside the page, by name."""
    style = (FILES / "page.css").read_text("utf-8")
    return {
        "page.css": f"{STYLE.lstrip()}\n{style}",
        "page.js": (FILES / "page.js").read_text("utf-8"),
    }


def template(view: str) -> Template:
    """Return the template of one kind of page, in which all that is put in is escaped."""
    return _templates().get_template(f"{view}.html.j2")


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FILES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clean"] = clean
    return made
