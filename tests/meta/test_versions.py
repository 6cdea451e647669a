"""What is told of a version is told everywhere alike."""

from __future__ import annotations

import re
from pathlib import Path

import msrisk


def test_the_day_of_the_rules_is_that_of_their_section_in_the_changelog(
    ruleset: msrisk.RuleSet, root: Path
) -> None:
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    days = dict(re.findall(r"\n### \[(\d{4}\.\d+)\] - (\S+)\n", changelog))
    assert days[ruleset.version] == ruleset.released
