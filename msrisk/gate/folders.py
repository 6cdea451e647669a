"""Loads the folder of rules that changed, and writes the patients who show the changes."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import evolve

from msrisk.diff.changes import Diff
from msrisk.documents import profile_to_document
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.model.rules import RuleSet

__all__ = ["load_rules", "save_patients"]


def load_rules(path: str, name: str = "") -> RuleSet:
    """Return the rule set of a directory, which problems call by this name or by its path."""
    try:
        return RuleSet.load(path)
    except MsriskError as error:
        called = name or path
        whole = str(Path(path).absolute())
        problems = [
            p if p.where.startswith(whole) else evolve(p, where=f"{called}: {p.where}")
            for p in error.problems
        ]
    raise MsriskError(problems)


def save_patients(diff: Diff, folder: Path) -> None:
    """Write each patient that shows a change as an intake document."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, change in enumerate(diff.changes, 1):
            if change.shown is not None:
                name = re.sub(r"[^a-z0-9]+", "-", change.id.casefold()).strip("-")
                document = profile_to_document(change.shown.profile)
                path = folder / f"{number:03}-{change.verdict.value}-{name[:60]}.json"
                text = json_text(document)
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MsriskError([Problem(str(folder), "a folder to write patients into")]) from error
