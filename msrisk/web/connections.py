"""Cuts off clients that take too long to ask or to listen; for the server of `msrisk serve`."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

__all__ = ["Connection", "LONGEST_SECONDS"]

LONGEST_SECONDS: Final = 30.0
"""Within how many seconds a connection has to go on to another request, or be cut off."""


class Connection(H11Protocol):
    """A connection that is cut off if no request begins on it for too long.

    It holds for those that send nothing, that send a header a byte a second, and that read an
    answer a byte a second. Bodies have a limit of their own.
    """

    def connection_made(  # type: ignore[override]  # as in the class above
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to look after the connection."""
        super().connection_made(transport)
        self._wait(None)

    def _wait(self, before: RequestResponseCycle | None) -> None:
        self.loop.call_later(LONGEST_SECONDS, self._look, before)

    def _look(self, before: RequestResponseCycle | None) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is before:
            # Not closed: that would wait until the client has read what was sent.
            self.transport.abort()
        else:
            self._wait(self.cycle)
