"""Serves CDS Hooks and a JSON API over HTTP, as an ASGI application; needs `msrisk[web]`."""

from msrisk.web.application import app
from msrisk.web.tokens import Tokens

__all__ = ["Tokens", "app"]
