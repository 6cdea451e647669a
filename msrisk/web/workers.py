"""Has requests answered in other processes, which are ended if they take too long.

So a request that takes minutes, whatever is in it, keeps nobody else waiting, and its client is
told in time that nothing was checked. A thread could not be ended.
"""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final, Protocol

from attrs import define, field, frozen
from starlette.concurrency import run_in_threadpool

from msrisk.model.rules import RuleSet
from msrisk.web.logs import log_to_stderr
from msrisk.web.work import Call, Fault, Outcome, outcome_of

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

__all__ = ["Answering", "Here", "Workers", "work"]

# On every system, and with threads about: a process that begins anew, not a copy of this one.
_PROCESSES: Final = multiprocessing.get_context("spawn")
_TO_START: Final = 60.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Answering(Protocol):
    """What has calls answered."""

    async def outcome(self, call: Call) -> Outcome:
        """Return what comes of a call."""

    def start(self) -> None:
        """Get ready, so that the first call is answered as quickly as the others."""

    def is_ready(self) -> bool:
        """Return whether a call that comes now is answered at once."""

    def end(self) -> None:
        """Leave nothing behind."""


@frozen
class Here:
    """Threads of this process, for as long as an answer takes."""

    ruleset: RuleSet

    async def outcome(self, call: Call) -> Outcome:
        """Return what comes of a call."""
        return await run_in_threadpool(outcome_of, call, self.ruleset)

    def start(self) -> None:
        """Do nothing: the process is there."""

    def is_ready(self) -> bool:
        """Return true: the process is there."""
        return True

    def end(self) -> None:
        """Do nothing: the process is not ours to end."""


class Workers:
    """Some processes, each with one call at a time."""

    def __init__(self, ruleset: RuleSet, count: int, seconds: float) -> None:
        """Begin with none that runs.

        Args:
            ruleset: the rules, which are those of each process too.
            count: how many processes.
            seconds: within how many seconds a call has to be answered; and for how many it may
                wait for a process before.

        """
        self._seconds = seconds
        self._all = [_Worker(ruleset) for _ in range(count)]
        self._idle = list(self._all)
        self._free = asyncio.Semaphore(count)
        # Before those of `multiprocessing`, which would wait for what does not listen to signals.
        atexit.register(self.end)

    async def outcome(self, call: Call) -> Outcome:
        """Return what comes of a call."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            why = f"other requests kept msrisk busy for {self._seconds:g} seconds"
            return Fault(503, why, "Busy")
        worker = self._idle.pop()
        try:
            return await run_in_threadpool(worker.outcome, call, self._seconds)
        finally:
            # One that has to start again comes last.
            self._idle.insert(len(self._idle) if worker.ready else 0, worker)
            self._free.release()

    def start(self) -> None:
        """Start the processes; each is waited for by the first call that it is to answer."""
        for one in self._all:
            one.start()

    def is_ready(self) -> bool:
        """Return whether one of the processes has begun."""
        return any(one.has_begun() for one in self._all)

    def end(self) -> None:
        """End the processes."""
        atexit.unregister(self.end)
        for one in self._all:
            one.end()


@define
class _Worker:
    """A process that is started when it is needed, and again when it was ended.

    Attributes:
        ruleset: the rules.
        sends: whether they have to be sent, which takes longer, since they are not those that
            ship with the package. A digest does not tell whether rules were withdrawn, nor
            which packs of them are used.
        running: the process and the line to it, once it is started.
        ready: whether the process was heard of.

    """

    ruleset: RuleSet
    sends: bool = field(init=False)
    running: tuple[SpawnProcess, Connection] | None = field(default=None, init=False)
    ready: bool = field(default=False, init=False)

    @sends.default
    def _is_other(self) -> bool:
        return self.ruleset is not RuleSet.default()

    def outcome(self, call: Call, seconds: float) -> Outcome:
        """Return what comes of a call; if it is not answered in time, end the process."""
        try:
            line = self._ready()
            line.send(call)
            if line.poll(seconds):
                found: Outcome = line.recv()
                return found
        except (EOFError, OSError):
            self.end()
            return Fault(503, "the process that was to answer was ended", "Ended")
        self.end()
        self.start()
        return Fault(503, f"it took longer than {seconds:g} seconds", "TooLong")

    def start(self) -> Connection:
        """Start the process, unless it runs; return the line to it."""
        if self.running is not None:
            process, line = self.running
            if process.is_alive():
                return line
            self.end()
        line, theirs = _PROCESSES.Pipe()
        sent = self.ruleset if self.sends else None
        process = _PROCESSES.Process(target=work, args=(theirs, sent), daemon=True)
        with _no_signals():
            process.start()
        theirs.close()
        self.running = process, line
        return line

    def has_begun(self) -> bool:
        """Return whether the process runs and was heard of, or can be."""
        if self.ready or self.running is None:
            return self.ready
        try:
            return self.running[1].poll()
        except (EOFError, OSError):
            return False  # it is ended while somebody asks

    def _ready(self) -> Connection:
        """Return the line to a process that has the same rules.

        Raises:
            EOFError, OSError: if it was ended, or does not start.

        """
        line = self.start()
        while not self.ready:
            if not line.poll(_TO_START):
                raise EOFError
            self.ready = line.recv() == self.ruleset.digest
            if not self.ready:
                # The package was replaced while this process ran.
                self.end()
                self.sends = True
                line = self.start()
        return line

    def end(self) -> None:
        """End the process; there is nothing in it that would be lost."""
        if self.running is not None:
            process, line = self.running
            process.kill()
            process.join()
            line.close()
        self.running, self.ready = None, False


@contextmanager
def _no_signals() -> Iterator[None]:
    """Start a process to which Ctrl-C means nothing: the same keys reach all of a terminal."""
    masked = getattr(signal, "pthread_sigmask", None)
    if masked is None:
        yield  # `work` says the same, a moment later
        return
    resource_tracker.ensure_running()  # which lets signals through again
    before = masked(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        masked(signal.SIG_SETMASK, before)


def work(line: Connection, ruleset: RuleSet | None) -> None:
    """Answer what comes on a line, until it ends.

    Args:
        line: to the process that asks.
        ruleset: the rules; those that ship with the package if None.

    """
    # Who asks decides when it is over: what was begun is answered.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    log_to_stderr()
    rules = RuleSet.default() if ruleset is None else ruleset
    with suppress(EOFError, OSError):
        line.send(rules.digest)
        while True:
            line.send(outcome_of(line.recv(), rules))
