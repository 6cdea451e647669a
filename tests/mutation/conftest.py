"""Says at the end of a test run how many weakenings of the rules were caught, and by what."""

from __future__ import annotations

import pytest

from tests.mutation.catch import Caught
from tests.mutation.run import counts, summary

RESULTS = pytest.StashKey[list[Caught]]()


@pytest.fixture(scope="session")
def results(pytestconfig: pytest.Config) -> list[Caught]:
    """Return the list to which every mutant that was tried is added."""
    return pytestconfig.stash.setdefault(RESULTS, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    found = config.stash.get(RESULTS, [])
    if found:
        terminalreporter.section("rule mutation")
        for line in (*counts(found), summary(found)):
            terminalreporter.write_line(line)
