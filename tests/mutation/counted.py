"""Says at the end of a test run how many weakenings of the rules were caught, and by what."""

from __future__ import annotations

import pytest

from tests.mutation.catch import Caught, Outcome
from tests.mutation.mutants import Mutant
from tests.mutation.run import counts, summary

# What a test records, because the process that tells has tried nothing itself.
PROPERTY = "weakenings"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what became of the weakenings that all processes have tried."""
    found = [
        Caught(Mutant(kind, what, lambda rules: rules), Outcome(outcome), "")
        for report in terminalreporter.stats.get("passed", ())
        for name, some in report.user_properties
        if name == PROPERTY and report.when == "call"
        for kind, what, outcome in some
    ]
    if found:
        terminalreporter.section("rule mutation")
        for line in (*counts(found), summary(found)):
            terminalreporter.write_line(line)
