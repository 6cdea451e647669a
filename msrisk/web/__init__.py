"""Serves CDS Hooks and a JSON API over HTTP, as an ASGI application; needs `msrisk[web]`."""

from msrisk.web.application import app

__all__ = ["app"]
