"""What holds for the whole test run.

No skips, the source texts only where they are, and Hypothesis with one of three settings:
"ci", small and the same every time; "long" and "draft", on demand.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import Phase, settings

import msrisk

# Most of the time goes into reading the words of each new rule set: hence not more examples.
settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None)
settings.register_profile("long", max_examples=5_000, deadline=None, print_blob=True)
# A first look while writing a property: it stops at the first example, however large.
settings.register_profile("draft", phases=[Phase.explicit, Phase.generate], deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# It has to be known to the process that tells of a run, which collects no test itself.
pytest_plugins = ["tests.mutation.counted"]

# Into a pipe the command line writes as many columns as COLUMNS says; the tests expect 80.
os.environ.pop("COLUMNS", None)

# The source texts belong to their authors and are not in the repository.
collect_ignore = [] if "MSRISK_TEXTS" in os.environ else ["texts"]
# A service that runs needs more than the packages of the other tests; `make test-service` has it.
collect_ignore += [] if "MSRISK_SERVICE" in os.environ else ["service"]
# A browser does, too; `make test-page` has it.
collect_ignore += [] if "MSRISK_PAGE" in os.environ else ["page"]


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
