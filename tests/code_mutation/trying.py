"""Tries a change of the code by the tests that are quick and know it, and writes no file.

A process collects the tests once. For each change a child of it gives the functions that differ
their new code, forgets all that was made by the old one, and runs the tests until one fails. What
a change of a table or of a decorator made while msrisk was imported is in no function: such a
change is tried in a child that imports all of msrisk anew.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import _lru_cache_wrapper, partial
from importlib.abc import SourceLoader
from importlib.machinery import SourceFileLoader
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from attrs import frozen

from tests.code_mutation.changes import Change

__all__ = ["TESTS", "Outcome", "functions_changed", "try_all"]


def _unit(names: str) -> tuple[str, ...]:
    return tuple(f"tests/unit/test_{name}.py" for name in names.split())


_MODEL: Final = _unit("truth_and_quantities")
_EVALUATION: Final = (
    *_unit("deciding evaluation asked_not_known asking doubt evidence denied next_question"),
    "tests/spec/test_semantics.py",
)
_RECOGNITION: Final = (
    *_unit("recognition_spec"),
    "tests/spec/test_directions.py",
    *_unit("spelling doses named_products recognition"),
)
_OTHERS: Final = (
    *_unit(
        "rendering rendering_screen offered_words rule_words later replies show summary"
        " validation keeping"
    ),
    "tests/corpus/test_readings.py",
    "tests/golden/test_golden.py",
    "tests/held_back/test_entries.py",
)
_BITS: Final = ("tests/properties/test_bits.py",)
# By how a path begins: first the tests of just that, then those of what builds on it.
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "msrisk/evaluation": (*_EVALUATION, *_OTHERS, *_BITS),
    "msrisk/recognition": (*_RECOGNITION, *_EVALUATION, *_OTHERS),
    "msrisk/model": (*_MODEL, *_EVALUATION, *_RECOGNITION, *_OTHERS, *_BITS),
}
# No unchanged test needs a quarter of so many seconds of the processor.
_SECONDS: Final = 15
_ARGUMENTS: Final = ("-x", "-s", "-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=")


@frozen
class Outcome:
    """What became of a change: the test that failed, or "" if none did; and the seconds."""

    change: Change
    caught_by: str
    seconds: float


def _tests_of(change: Change) -> tuple[str, ...]:
    return next(tests for area, tests in TESTS.items() if change.file.startswith(area))


def try_all(root: Path, changes: Sequence[Change], tell: Callable[[Outcome], None]) -> None:
    """Try each change: first those that msrisk is imported anew for, then the others."""
    apart = [one for one in changes if functions_changed(root, one) is None]
    for change in apart:
        tell(_in_child(change, partial(_imported_anew, root, change)))
    together = [one for one in changes if one not in apart]
    if together:
        tests = dict.fromkeys(path for one in together for path in _tests_of(one))
        pytest.main([*_ARGUMENTS, *tests], [_Together(root, together, tell)])


def _in_child(change: Change, run: Callable[[], str]) -> Outcome:
    """Run something in a child, which returns what caught the change."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        _limit()
        try:
            os.write(theirs, run().encode())
        except BaseException as error:  # noqa: BLE001  # whatever a change raises, it is caught
            os.write(theirs, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as said:
        caught_by = said.read()
    _, status, used = os.wait4(child, 0)
    took_long = "takes too long" if status else ""
    return Outcome(change, caught_by or took_long, used.ru_utime + used.ru_stime)


def _limit() -> None:
    """Let this process end when it has used so many seconds from now on."""
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)


class _Watched:
    """A plugin that limits each test, and tells the first that fails."""

    failed = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        _limit()
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


def _imported_anew(root: Path, change: Change) -> str:
    """Import msrisk with a change and run the tests; nothing of it was imported before."""
    path, of_file = str(root / change.file), SourceFileLoader.get_code

    def get_code(self: SourceLoader, fullname: str) -> CodeType | None:
        if self.get_filename(fullname) == path:
            return compile(change.code, path, "exec")
        return of_file(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]  # in this child only
    from msrisk import compiled
    from msrisk.recognition import lexicon_of

    # What is kept on disk was made by the unchanged code: only the rules are taken from there.
    vars(compiled)["lexicon_of"] = _Unkept(lexicon_of)
    for tests in (_tests_of(change)[:1], _tests_of(change)[1:]):
        watched = _Watched()
        code = pytest.main([*_ARGUMENTS, *tests], [watched])
        if code:
            return watched.failed or f"pytest ends with {code}"
    return ""


@frozen
class _Unkept:
    """Builds what it wraps, and remembers nothing that is given to it."""

    build: Callable[[Any], Any]

    def __call__(self, ruleset: object) -> object:
        return self.build(ruleset)

    def keep(self, ruleset: object, value: object) -> None:
        """Do not."""


class _Together:
    """A plugin that runs the tests that were collected once for each change."""

    def __init__(
        self, root: Path, changes: Sequence[Change], tell: Callable[[Outcome], None]
    ) -> None:
        self._root = root
        self._changes = changes
        self._tell = tell

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        from msrisk.api import default_ruleset
        from msrisk.recognition import lexicon_of

        items: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            items.setdefault(item.nodeid.partition("::")[0], []).append(item)
        lexicon_of(default_ruleset())
        objects = gc.get_objects()
        functions = [one for one in objects if isinstance(one, FunctionType)]
        # The rules themselves are data, and none of what is changed has made them.
        caches = [
            one
            for one in objects
            if isinstance(one, _lru_cache_wrapper)
            and one.__module__.startswith("msrisk.")
            and one is not default_ruleset
        ]
        gc.freeze()

        def run(change: Change) -> str:
            changed = functions_changed(self._root, change) or {}
            path = str(self._root / change.file)
            for one in functions:
                if one.__code__.co_filename == path and one.__code__.co_qualname in changed:
                    one.__code__ = changed[one.__code__.co_qualname]
            for cache in caches:
                cache.cache_clear()
            if not change.file.startswith("msrisk/evaluation"):
                lexicon_of._built.clear()  # noqa: SLF001  # to forget is no business of msrisk
            watched = _Watched()
            session.config.pluginmanager.register(watched)
            todo = [item for tests in _tests_of(change) for item in items[tests]]
            for item, following in zip(todo, [*todo[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if watched.failed:
                    break
            return watched.failed

        for change in self._changes:
            self._tell(_in_child(change, partial(run, change)))
        return True


def functions_changed(root: Path, change: Change) -> dict[str, CodeType] | None:
    """Return the code of the functions that differ, by name; None if something else does."""
    path = root / change.file
    old = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    found: dict[str, CodeType] = {}
    try:
        for code in _differing(old, compile(change.code, str(path), "exec")):
            if code.co_qualname in found:
                return None
            found[code.co_qualname] = code
    except (LookupError, SyntaxError):
        return None
    return found


def _differing(old: CodeType, new: CodeType) -> Iterator[CodeType]:
    """Yield the functions of a body that differ.

    Raises:
        LookupError: if the body itself does.

    """
    if old.co_flags & CO_OPTIMIZED:
        if old.co_freevars != new.co_freevars:
            raise LookupError
        if old != new:
            yield new
        return
    if _plain(old) != _plain(new):
        raise LookupError
    for one, other in zip(_parts(old), _parts(new), strict=True):
        yield from _differing(one, other)


def _plain(body: CodeType) -> tuple[object, ...]:
    constants = [repr(one) for one in body.co_consts if not isinstance(one, CodeType)]
    return body.co_code, body.co_names, constants, [one.co_name for one in _parts(body)]


def _parts(body: CodeType) -> Iterable[CodeType]:
    return [one for one in body.co_consts if isinstance(one, CodeType)]
