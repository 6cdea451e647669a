"""What holds for the whole test run: no skips, and the source texts only where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import msrisk

# The source texts belong to their authors and are not in the repository.
collect_ignore = [] if "MSRISK_TEXTS" in os.environ else ["texts"]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which a test was skipped: what is not run is not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the directory of the project."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def ruleset() -> msrisk.RuleSet:
    """Return the shipped rule set."""
    return msrisk.RuleSet.default()
