"""Runs `msrisk rules diff`, which prints what a change of rules does to patients."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msrisk.cli.layout import Answer, or_problems, width
from msrisk.cli.progress import progress
from msrisk.diff import Diff, compare
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.gate.changelog import Changelog
from msrisk.gate.folders import load_rules, save_patients
from msrisk.gate.proposal import proposal
from msrisk.gate.signatures import FILE, load_signatures
from msrisk.gate.verdict import DiffResult, diff_result
from msrisk.loading import load_cases
from msrisk.rendering.markdown import section_markdown
from msrisk.rendering.plain import section_text
from msrisk.rendering.shape import Section

__all__ = ["diff", "prose"]

_SAME: Final = "OLD and NEW are the same folder: nothing is compared."


def diff(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules diff`: exit 1 while a change waits for a person's signature."""
    with progress() as doing:
        return _diff(arguments, doing)


def _diff(arguments: argparse.Namespace, doing: Callable[[str], object]) -> Answer:
    doing("reading both rule sets")
    problems: list[Problem] = []
    old = or_problems(problems, lambda: load_rules(arguments.old))
    new = or_problems(problems, lambda: load_rules(arguments.new))
    before = or_problems(problems, lambda: load_cases(Path(arguments.old)))
    after = or_problems(problems, lambda: load_cases(Path(arguments.new)))
    entries = or_problems(problems, lambda: load_signatures(Path(arguments.new)))
    changelog = or_problems(problems, lambda: Changelog.read(arguments.changelog))
    if (
        (old is None or new is None)
        or (before is None or after is None)
        or (entries is None or changelog is None)
    ):
        raise MsriskError(problems)
    same = Path(arguments.old).resolve() == Path(arguments.new).resolve()
    if same:
        found = Diff(old, new, (), (_SAME,))
    else:
        found = compare(old, new, worked=(before, after), doing=doing)
    result = diff_result(found, entries, changelog)
    if arguments.patients:
        save_patients(found, Path(arguments.patients))
    if arguments.format == "json":
        text = json_text(result.document)
    else:
        shown = result.outline
        folders = f"Before: {arguments.old}. Now: {arguments.new}."
        notes = (folders, *shown.notes, *result.signatures.incomplete, result.changelog)
        outline = Section(_SAME) if same else shown._replace(notes=tuple(filter(None, notes)))
        text = prose(outline, result, markdown=arguments.format == "markdown")
    return text, int(bool(result.to_do))


def prose(outline: Section, result: DiffResult | None, *, markdown: bool) -> str:
    """Return an outline, and behind it the entries that a diff still needs."""
    text = section_markdown(outline) if markdown else section_text(outline, width=width())
    if result is not None and result.signatures.absent:
        sign = proposal(result.diff, result.signatures.absent)
        text += (
            f"\nOnce a person has read this and agrees, add to {FILE} of the new\nrules, with "
            "reason, role and day:\n\n"
        )
        text += f"```toml\n{sign}```\n" if markdown else sign
    return text
