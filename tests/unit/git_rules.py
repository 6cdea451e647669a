"""A git repository with a rule set that has no remarks."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .rule_files import Edit, edited

__all__ = [
    "CHANGELOG",
    "NEW_NAME",
    "NEW_VERSION",
    "OTHER_MESSAGE",
    "commit",
    "git",
    "mended",
    "repository",
    "signed",
]

CHANGELOG = "# Changelog\n\n## [2]\n- ★ Dormalot is dormal.\n"

NEW_NAME = Edit(
    "vocabulary/everything.toml",
    find='names = ["Dormalin"]',
    put='names = ["Dormalin", "Dormalot"]',
)
NEW_VERSION = Edit("ruleset.toml", find='version = "1"', put='version = "2"')
OTHER_MESSAGE = Edit(
    "substances/sunroot.toml",
    find='message = "You may sleep through the day."',
    put='message = "You may sleep by day."',
)

_CASE = """
[[case]]
id = "{outcome}"
says = "Somebody who takes sunroot."
rule = "sunroot-sleeper"
outcome = "{outcome}"
level = "{level}"
worst_case = "{worst}"
findings = {findings}
open_questions = {open}
[case.intake]
supplements = [{{ name = "sunroot", dose_mg = 10, times_per_day = 1 }}]
{known}
"""
_CASES = "".join(
    _CASE.format(
        outcome=outcome, level=level, worst=worst, findings=findings, open=open_, known=known
    )
    for outcome, level, worst, findings, open_, known in (
        ("finding", "caution", "caution", ["sunroot-sleeper"], [], "age_years = 30"),
        ("open", "undetermined", "caution", [], ["sunroot-sleeper"], ""),
        ("none", "no-finding", "no-finding", [], [], 'age_years = 12\nmedications = "none"'),
    )
)
_MENDED = (
    Edit(
        "substances/sunroot.toml",
        find='message = "The leaflet says that nobody was ever harmed."',
        put='message = "The leaflet says that nobody was ever harmed, but it also warns."',
    ),
    Edit("ruleset.toml", find='"nowhere"', put='"a leaflet that anybody can read"'),
    Edit(
        "vocabulary/everything.toml", find='source = "made up"', put='source = "all made up here"'
    ),
    Edit(
        "substances/sunroot.toml",
        find='  { kind = "age-at-least", threshold = "grown-up-years" },',
        put='  { kind = "age-at-least", threshold = "grown-up-years" },\n'
        '  { kind = "daily-dose-above", threshold = "most-a-day" },',
    ),
    Edit("cases/all.toml", content=_CASES),
)


def git(folder: Path, *arguments: str) -> str:
    """Run a git command as somebody, whatever the machine's own settings are."""
    somebody = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    never = ("-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main")
    command = ("git", *somebody, *never, *arguments)
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    """Commit everything in a folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Change the rules")


def mended(folder: Path) -> Path:
    """Return the small rules, changed so that the check has no remark."""
    return edited(folder, _MENDED)


def repository(folder: Path) -> Path:
    """Return the rules in a repository with one commit of them."""
    rules = mended(folder)
    git(folder, "init", "--quiet")
    commit(folder)
    return rules


def signed(answer: str) -> str:
    """Return the signature that an answer proposes, with what a person has to fill in."""
    text = answer[answer.index("[[accepted]]") :].removesuffix("```\n")
    for key, value in (
        ("reason", "the leaflet names it so, and nothing else has this name"),
        ("reviewed_by", "pharmacist"),
        ("on", "2026-01-31"),
    ):
        text = text.replace(f'{key} = ""', f'{key} = "{value}"')
    return text
