"""The command `rules gate`: what is asked of a change of rules that are kept in git."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from attrs import asdict, evolve, frozen

from msrisk.checking import Remark
from msrisk.cli.check import remarks_on, unsigned_rules
from msrisk.cli.diff import Changelog, Judged, judge, load, prose, save
from msrisk.cli.layout import Answer, or_problems
from msrisk.diff import compare
from msrisk.errors import MsriskError, Problem
from msrisk.gate.signatures import load_accepted
from msrisk.loading import load_cases
from msrisk.model.rules import RuleSet
from msrisk.rendering.shape import Line, Point, Section
from msrisk.rendering.words import plural

__all__ = ["FORMATS", "NO_BASE", "gate"]

FORMATS: Final = ("text", "markdown", "json")
"""How the answer can be written."""

NO_BASE: Final = "none"
"""What `--base` is when the rules are new, so that there is nothing to compare them with."""

_ADVICE: Final = (
    f"If these rules are new, say so with --base {NO_BASE}; if they were moved, name their folder "
    "of then with --was."
)
_AHEAD: Final = (
    "has changes of these rules that are not here. Below they are seen backwards: take them in "
    "first (rebase), then read and sign."
)

# Set while a hook runs, for the repository and the index of the commit that is being made.
_OF_A_HOOK: Final = {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"}


@frozen
class _Base:
    """What the rules are compared with: its name, and its rules; or why it has none.

    `note` is for whoever reads the comparison.
    """

    name: str
    rules: RuleSet | None = None
    missing: str = ""
    note: str = ""


def gate(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules gate`: check a rule set, and compare it with an earlier commit's."""
    problems: list[Problem] = []
    folder = Path(arguments.folder)
    new = or_problems(problems, lambda: load(arguments.folder))
    cases = or_problems(problems, lambda: load_cases(folder))
    entries = or_problems(problems, lambda: load_accepted(folder))
    changelog = or_problems(problems, lambda: Changelog.read(arguments.changelog))
    base = or_problems(problems, lambda: _base(folder, arguments.base, arguments.was))
    if new is None or cases is None or entries is None or changelog is None or base is None:
        raise MsriskError(problems)
    ignored = [] if base.name == NO_BASE else _ignored(folder)
    remarks = remarks_on(new, cases, base.rules)
    judged = None
    if base.rules is not None:
        found = compare(base.rules, new)
        found = evolve(found, notes=(*filter(None, [base.note]), *found.notes))
        judged = judge(found, entries, changelog)
    if arguments.patients and judged is not None:
        save(judged.found, Path(arguments.patients))
    to_do = [
        *([f"Nothing was compared: {base.missing}. {_ADVICE}"] if base.missing else []),
        *([f"To be mended: {plural(len(remarks), 'remark')}."] if remarks else []),
        *(judged.to_do if judged is not None else []),
        *(f"git ignores {name}, so no commit will have it." for name in ignored),
    ]
    if arguments.format == "json":
        document = _document(base, new, to_do, remarks, judged)
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n", int(bool(to_do))
    checked = _remarks(new, remarks)
    outline = (
        _alone(arguments.folder, base, to_do, checked)
        if judged is None
        else Section(
            f"{arguments.folder} compared with {base.name}",
            notes=tuple(to_do)
            or ("No remark, and nothing waits for a signature. Neither makes a rule right.",),
            sections=(checked, judged.outline),
        )
    )
    text = prose(outline, judged, markdown=arguments.format == "markdown")
    return text, int(bool(to_do))


def _alone(folder: str, base: _Base, to_do: list[str], checked: Section) -> Section:
    """Return the answer about rules that were compared with nothing."""
    if base.missing:
        title, said = f"Nothing was compared: {base.missing}", (_ADVICE, *to_do[1:])
    else:
        title, said = (
            f"{folder} compared with nothing",
            (*to_do,) or ("No remark, which does not make a rule right.",),
        )
    return Section(title, notes=said, sections=(checked,))


def _document(
    base: _Base, new: RuleSet, to_do: list[str], remarks: list[Remark], judged: Judged | None
) -> dict[str, object]:
    return {
        "schema": "msrisk-gate/1",
        "passed": not to_do,
        "to_do": to_do,
        "base": base.name,
        "ruleset": {"name": new.name, "version": new.version, "digest": new.digest},
        "remarks": [asdict(one) for one in remarks],
        "diff": None if judged is None else judged.document,
    }


def _remarks(ruleset: RuleSet, remarks: list[Remark]) -> Section:
    return Section(
        f"Check of {ruleset.name}, version {ruleset.version}: {plural(len(remarks), 'remark')}",
        notes=(f"Nobody has signed {unsigned_rules(ruleset)} of {len(ruleset.rules)} rules.",),
        points=tuple(
            Point(one.where, (Line(one.check, one.says), Line("Expected", one.expected)))
            for one in remarks
        ),
    )


def _base(folder: Path, base: str, was: str | None) -> _Base:
    """Return what the rules in a folder are compared with.

    Raises:
        MsriskError: if git cannot say, or the rule set does not load.

    """
    if not folder.is_dir():
        raise MsriskError([Problem(str(folder), "a folder with a rule set")])
    if base == NO_BASE:
        return _Base(NO_BASE)
    prefix = _git(
        folder, Problem(str(folder), "a folder in a git repository"), "rev-parse", "--show-prefix"
    )
    then = PurePosixPath(prefix if was is None else was)
    if then.is_absolute() or ".." in then.parts:
        raise MsriskError([Problem("--was", "a path from the top of the repository")])
    every = Problem(str(folder), "a repository that git can read")
    if not _git(folder, every, "rev-list", "--max-count=1", "--all"):
        return _Base(base, missing="the repository has no commit")
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
            return _Base(name, missing=f"{name} has no rules in {then}")
        rules = load(str(before), f"{name}:{then}")
    # A branch without any commit has no HEAD.
    only = ("rev-list", "--max-count=1", "--ignore-missing", commit, "^HEAD", "--", f":/{then}")
    note = f"{name} {_AHEAD}" if _git(folder, every, *only) else ""
    return _Base(name, rules, note=note)


def _ignored(folder: Path) -> list[str]:
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
