"""Says who may show the intake page in a frame, and has it tell them when an intake is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msrisk.errors import ConceptError, Problem

__all__ = ["ancestors", "checked", "telling"]

_ORIGIN: Final = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]{1,5})?")


def checked(embedders: Sequence[str]) -> tuple[str, ...]:
    """Return the origins of the pages that may show this one in a frame, if they are some.

    An origin is what a browser calls so: no path, and none for all of a domain. The answers of
    a patient are told to these pages, so each has to be named.

    Raises:
        ConceptError: if one of them is no origin.

    """
    given = (embedders,) if isinstance(embedders, str) else tuple(embedders)
    wrong = [
        Problem(f"embedders[{place}]", "an origin such as https://clinic.example", "another text")
        for place, one in enumerate(given)
        if not _ORIGIN.fullmatch(one)
    ]
    if wrong:
        raise ConceptError(wrong)
    return given


def ancestors(embedders: Sequence[str]) -> str:
    """Return the directive of a policy that says who may show a page in a frame."""
    return " ".join(("frame-ancestors", *(embedders or ("'none'",))))


def telling(page: str, embedders: Sequence[str]) -> str:
    """Return a page whose script tells those who may show it when an intake is done.

    Args:
        page: a whole document of HTML, as `page.respond` returns it.
        embedders: the origins, checked before.

    """
    if not embedders:
        return page
    return page.replace("<script ", f'<script data-embedders="{" ".join(embedders)}" ', 1)
