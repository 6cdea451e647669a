"""A million entries by chance, each tried with laws 11 to 14.

What the properties of `tests/properties/test_entries.py` try a few thousand times is tried
here as often as asked. A seed tries the same examples whatever the number of jobs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from multiprocessing import get_context
from typing import Final, TextIO, TypeVar

from attrs import define, field, frozen

from msrisk.api import default_ruleset
from tests.properties.entry_laws import Failure, assessed, recognised
from tests.properties.entry_reader import Reader
from tests.properties.entry_words import Example, drawn

__all__ = ["Found", "Task", "hunt", "main", "tasks", "tried"]

T = TypeVar("T")
Judge = Callable[[Reader, Example], Failure | None]

JUDGES: Final[dict[str, Judge]] = {"recognise": recognised, "assess": assessed}
SIZES: Final = {"recognise": 2_000, "assess": 200}
EVERY_SECONDS: Final = 15


@frozen
class Task:
    """Some examples to try: on which level, from which seed, and how many."""

    level: str
    seed: str
    size: int


@define
class Found:
    """What was found: how many failures of each kind, and the shortest few of each."""

    shown: int
    tried: int = 0
    counts: Counter[tuple[int, str, str]] = field(factory=Counter)
    few: dict[tuple[int, str, str], dict[str, Failure]] = field(factory=dict)

    def add(self, failure: Failure) -> None:
        """Count a failure, and keep it if it is among the shortest of its kind."""
        kind = "refused" if failure.lost[0].startswith("refused") else failure.kind
        key = (failure.law, failure.level, kind)
        self.counts[key] += 1
        self._keep(key, [failure])

    def take(self, other: Found) -> None:
        """Add what was found elsewhere."""
        self.tried += other.tried
        self.counts += other.counts
        for key, failures in other.few.items():
            self._keep(key, failures.values())

    def _keep(self, key: tuple[int, str, str], failures: Iterable[Failure]) -> None:
        kept = self.few.setdefault(key, {})
        kept |= {f"{one.field}: {one.text}": one for one in failures}
        if len(kept) > self.shown:
            short = sorted(kept, key=lambda text: (len(text), text))[: self.shown]
            self.few[key] = {text: kept[text] for text in short}

    def lines(self) -> Iterator[str]:
        """Yield each kind with its failures, the most frequent kind of a law first."""
        for key in sorted(self.counts, key=lambda one: (*one[:2], -self.counts[one], one[2])):
            law, level, kind = key
            yield f"law {law} on {level}, {kind}: {self.counts[key]} failures, such as"
            for one in self.few[key].values():
                lost = ", ".join(one.lost)
                yield f"    {one.field}: {one.text!r}  loses {lost}  (told by {one.than})"


@cache
def _reader() -> Reader:
    return Reader(default_ruleset())


def _choosing(seed: str) -> Callable[[Sequence[T]], T]:
    return random.Random(seed).choice  # noqa: S311  # chance is all that is asked of it


def tried(task: Task, shown: int, reader: Reader | None = None) -> Found:
    """Return what the examples of a task show."""
    reading = reader or _reader()
    found, choose, judge = Found(shown, task.size), _choosing(task.seed), JUDGES[task.level]
    for _ in range(task.size):
        failure = judge(reading, drawn(choose, reading.ruleset))
        if failure is not None:
            found.add(failure)
    return found


def tasks(level: str, count: int, seed: int) -> Iterator[Task]:
    """Yield the tasks that together try so many examples."""
    for start in range(0, count, SIZES[level]):
        yield Task(level, f"{seed} {level} {start}", min(SIZES[level], count - start))


def _tried(of: tuple[Task, int]) -> Found:
    return tried(*of)


def hunt(todo: Sequence[Task], jobs: int, shown: int, progress: TextIO) -> Found:
    """Return what all tasks show, with a line of progress now and then."""
    found, start = Found(shown), time.monotonic()
    last, count = start, sum(one.size for one in todo)
    # Spawned, so that a job begins as any run of the program does, on every system.
    with get_context("spawn").Pool(jobs) as pool:
        for one in pool.imap(_tried, [(task, shown) for task in todo]):
            found.take(one)
            now = time.monotonic()
            if now - last > EVERY_SECONDS or found.tried == count:
                last = now
                failures = sum(found.counts.values())
                said = f"{found.tried} of {count} tried in {now - start:.0f} s"
                progress.write(f"{said}: {failures} failures of {len(found.counts)} kinds\n")
                progress.flush()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the laws on entries by chance; 1 if one of them is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.hunt", description=main.__doc__)
    parser.add_argument("--recognise", type=int, default=1_000_000, help="examples of reading")
    parser.add_argument("--assess", type=int, default=10_000, help="examples of assessing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--shown", type=int, default=3, help="failures shown of each kind")
    given = parser.parse_args(arguments)
    todo = [
        *tasks("recognise", given.recognise, given.seed),
        *tasks("assess", given.assess, given.seed),
    ]
    found = hunt(todo, given.jobs, given.shown, sys.stderr)
    for line in found.lines():
        sys.stdout.write(f"{line}\n")
    failures = sum(found.counts.values())
    kinds = f"{failures} failures of {len(found.counts)} kinds"
    sys.stdout.write(f"laws 11 to 14: {kinds} in {found.tried} examples\n")
    return int(failures > 0)
