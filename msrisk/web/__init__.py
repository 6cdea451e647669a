"""Serves CDS Hooks, a JSON API and the intake page over HTTP, as an ASGI application.

It needs `msrisk[web]`. The page is `msrisk.web.page`, which can be had without a server too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msrisk.web.application import app
    from msrisk.web.tokens import Tokens

__all__ = ["Tokens", "app"]

_MODULES = {"Tokens": "msrisk.web.tokens", "app": "msrisk.web.application"}


def __getattr__(name: str) -> object:
    """Import the server when it is asked for: the page alone works where there is none."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
