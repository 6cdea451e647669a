"""Reads the rules of an earlier commit from git, and finds rule files that git ignores."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from attrs import frozen

from msrisk.errors import MsriskError, Problem
from msrisk.gate.folders import load_rules
from msrisk.loading import load_cases
from msrisk.model.cases import Case
from msrisk.model.rules import RuleSet

__all__ = ["Base", "NO_BASE", "base_of", "ignored_files"]

NO_BASE: Final = "none"
"""What `--base` is when the rules are new, so that there is nothing to compare them with."""

_AHEAD: Final = (
    "has changes of these rules that are not here. Below they are seen backwards: take them in "
    "first (rebase), then read and sign."
)

# Set while a hook runs, for the repository and the index of the commit that is being made.
_OF_A_HOOK: Final = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"}


@frozen
class Base:
    """The commit that rules are compared with: its name and its rules, or why it has none.

    `cases` are its worked patients; `note` is for whoever reads the comparison.
    """

    name: str
    rules: RuleSet | None = None
    cases: tuple[Case, ...] = ()
    missing: str = ""
    note: str = ""


def base_of(folder: Path, base: str, was: str | None) -> Base:
    """Return what the rules in a folder are compared with.

    Raises:
        MsriskError: if git cannot say, or the rule set does not load.

    """
    if not folder.is_dir():
        raise MsriskError([Problem(str(folder), "a folder with a rule set")])
    if base == NO_BASE:
        return Base(NO_BASE)
    prefix = _git(
        folder, Problem(str(folder), "a folder in a git repository"), "rev-parse", "--show-prefix"
    )
    then = PurePosixPath(prefix if was is None else was)
    if then.is_absolute() or ".." in then.parts:
        raise MsriskError([Problem("--was", "a path from the top of the repository")])
    every = Problem(str(folder), "a repository that git can read")
    if not _git(folder, every, "rev-list", "--max-count=1", "--all"):
        return Base(base, missing="the repository has no commit")
    name, commit = _commit(folder, base)
    # Files are written from the folder on in which git runs.
    top = folder if was is None else Path(_git(folder, every, "rev-parse", "--show-toplevel"))
    with TemporaryDirectory() as scratch:
        # Not `git archive`, which leaves out what an attribute tells it to leave out.
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        _git(top, every, "read-tree", "--no-sparse-checkout", commit, **index)
        to = f"--prefix={scratch}/files/"
        _git(top, every, "checkout-index", "--all", to, **index)
        before = Path(scratch) / "files" / then
        if not (before / "ruleset.toml").is_file():
            return Base(name, missing=f"{name} has no rules in {then}")
        rules = load_rules(str(before), f"{name}:{then}")
        cases = load_cases(before)
    # A branch without any commit has no HEAD.
    only = ("rev-list", "--max-count=1", "--ignore-missing", commit, "^HEAD", "--", f":/{then}")
    note = f"{name} {_AHEAD}" if _git(folder, every, *only) else ""
    return Base(name, rules, cases, note=note)


def ignored_files(folder: Path) -> list[str]:
    """Return the rule files that were compared and that git keeps out of every commit."""
    every = Problem(str(folder), "a repository that git can read")
    of_git = ("ls-files", "--others", "--ignored", "--exclude-standard", "--", "*.toml")
    return _git(folder, every, *of_git).splitlines()


def _commit(folder: Path, base: str) -> tuple[str, str]:
    """Return a commit and what it is called: a branch may be known as that of a server only."""
    which = Problem(
        "--base", "a commit that is here, such as main or HEAD^; a shallow clone has few"
    )
    verify = ("rev-parse", "--verify", "--end-of-options")
    try:
        return base, _git(folder, which, *verify, f"{base}^{{commit}}")
    except MsriskError:
        if not re.fullmatch(r"\w[\w./-]*", base):
            raise
    commit = _git(folder, which, *verify, f"refs/remotes/origin/{base}^{{commit}}")
    return f"origin/{base}", commit


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
