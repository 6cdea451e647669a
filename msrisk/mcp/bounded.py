"""Makes an answer within a time: one that takes longer is left behind, and not waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

__all__ = ["MOST", "TooLongError", "within"]

MOST: Final = 4
"""How many answers may be under way at once, those that were left behind among them."""

_FREE: Final = threading.BoundedSemaphore(MOST)

T = TypeVar("T")


class TooLongError(Exception):
    """An answer did not come in time, or could not be begun."""


async def within(seconds: float, made: Callable[[], T]) -> T:
    """Return what a function makes, if it does so in time.

    It runs in a thread of its own, which nobody can end, but which does not keep the process
    from ending. So that a client cannot start more and more of them, only `MOST` run at once.

    Args:
        seconds: how long it may take.
        made: the function; what it raises is raised here.

    Raises:
        TooLongError: if it takes longer, or as many as may be are under way.

    """
    if not _FREE.acquire(blocking=False):
        raise TooLongError
    found: Future[T] = Future()
    found.set_running_or_notify_cancel()

    def run() -> None:
        try:
            found.set_result(made())
        except Exception as error:  # noqa: BLE001  # it is raised where the answer is waited for
            found.set_exception(error)
        finally:
            _FREE.release()

    threading.Thread(target=run, daemon=True).start()
    try:
        return await asyncio.wait_for(asyncio.wrap_future(found), seconds)
    except TimeoutError:
        raise TooLongError from None
