"""The command `rules gate`: what is asked of a change of rules that are kept in git."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msrisk.analysis import Change, Diff, compare
from msrisk.analysis.accepted import load_accepted, unsigned
from msrisk.analysis.outline import diff_outline
from msrisk.checking import Remark
from msrisk.cli.check import remarks_on, unsigned_rules
from msrisk.cli.diff import load, prose, save, unstarred
from msrisk.cli.layout import Answer, or_problems
from msrisk.errors import MsriskError, Problem
from msrisk.loading import load_cases
from msrisk.model.rules import RuleSet
from msrisk.rendering.outline import Line, Point, Section
from msrisk.rendering.words import plural

__all__ = ["FORMATS", "gate"]

FORMATS: Final = ("text", "markdown")
"""How the answer can be written."""

# Set while a hook runs, for the repository and the index of the commit that is being made.
_OF_A_HOOK: Final = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"}


def gate(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules gate`: check a rule set, and compare it with an earlier commit's."""
    problems: list[Problem] = []
    folder = Path(arguments.folder)
    new = or_problems(problems, lambda: load(arguments.folder))
    cases = or_problems(problems, lambda: load_cases(folder))
    signed = or_problems(problems, lambda: load_accepted(folder))
    old = or_problems(problems, lambda: _before(folder, arguments.base))
    if new is None or cases is None or signed is None or problems:
        raise MsriskError(problems)
    remarks = remarks_on(new, cases, old)
    found = Diff(new, new, ()) if old is None else compare(old, new)
    open_ = unsigned(found, signed)
    missing = unstarred(found, arguments.changelog) if arguments.changelog else ""
    if arguments.patients:
        save(found, Path(arguments.patients))
    compared = (
        Section(f"Compared with {arguments.base}: no rule set in this folder then, so with nothing")
        if old is None
        else diff_outline(found, open_)
    )
    outline = Section(
        f"{arguments.folder} compared with {arguments.base}",
        notes=tuple(_to_do(remarks, open_, missing)),
        sections=(_remarks(new, remarks), compared),
    )
    text = prose(outline, found, open_, markdown=arguments.format == "markdown")
    return text, int(bool(remarks or open_ or missing))


def _to_do(remarks: list[Remark], open_: tuple[Change, ...], missing: str) -> list[str]:
    to_do = [
        f"To be mended: {plural(len(remarks), 'remark')}." if remarks else "",
        f"To be read and signed by a person: {plural(len(open_), 'change')}." if open_ else "",
        missing,
    ]
    said = list(filter(None, to_do))
    return said or ["No remark, and nothing waits for a signature. Neither makes a rule right."]


def _remarks(ruleset: RuleSet, remarks: list[Remark]) -> Section:
    return Section(
        f"Check of {ruleset.name}, version {ruleset.version}: {plural(len(remarks), 'remark')}",
        notes=(f"Nobody has signed {unsigned_rules(ruleset)} of {len(ruleset.rules)} rules.",),
        points=tuple(
            Point(one.where, (Line(one.check, one.says), Line("Expected", one.expected)))
            for one in remarks
        ),
    )


def _before(folder: Path, base: str) -> RuleSet | None:
    """Return the rule set that a folder held at a commit; None if it held none.

    Raises:
        MsriskError: if git cannot say, or the rule set does not load.

    """
    if not folder.is_dir():
        raise MsriskError([Problem(str(folder), "a folder with a rule set")])
    prefix = _git(
        folder, Problem(str(folder), "a folder in a git repository"), "rev-parse", "--show-prefix"
    )
    every = Problem(str(folder), "a repository that git can read")
    if not _git(folder, every, "rev-list", "--max-count=1", "--all"):
        return None
    which = Problem(
        "--base", "a commit that is here, such as main or HEAD^; a shallow clone has few"
    )
    commit = _git(folder, which, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}")
    with TemporaryDirectory() as scratch:
        # Not `git archive`, which leaves out what an attribute tells it to leave out.
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        _git(folder, every, "read-tree", "--no-sparse-checkout", commit, **index)
        to = f"--prefix={scratch}/files/"
        _git(folder, every, "checkout-index", "--all", to, **index)
        before = Path(scratch) / "files" / prefix
        if not (before / "ruleset.toml").is_file():
            return None
        return load(str(before), f"{base}:{prefix}".rstrip("/"))


def _git(folder: Path, problem: Problem, *arguments: str, **more: str) -> str:
    """Return what a git command prints in a folder; raise the problem if it fails."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        done = subprocess.run(  # noqa: S603  # no shell, and a commit is resolved before it is used
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # the git that its user runs
            env={**kept, **more, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise MsriskError([Problem("git", "the program of this name, to read a commit")]) from None
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:]
        raise MsriskError([Problem(problem.where, problem.expected, *said)])
    return done.stdout.removesuffix("\n")
