"""Runs `msrisk rules gate`, which says whether a change of rules in git may pass."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from msrisk.cli.diff import prose
from msrisk.cli.layout import Answer, or_problems
from msrisk.cli.progress import progress
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.gate.changelog import Changelog
from msrisk.gate.folders import load_rules, save_patients
from msrisk.gate.git import NO_BASE, base_of, ignored_files
from msrisk.gate.signatures import load_signatures
from msrisk.gate.verdict import gate_result
from msrisk.loading import load_cases

__all__ = ["gate"]


def gate(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules gate`: check a rule set, and compare it with an earlier commit's."""
    with progress() as doing:
        return _gate(arguments, doing)


def _gate(arguments: argparse.Namespace, doing: Callable[[str], object]) -> Answer:
    doing("reading the rules of now and of the commit")
    problems: list[Problem] = []
    folder = Path(arguments.folder)
    new = or_problems(problems, lambda: load_rules(arguments.folder))
    cases = or_problems(problems, lambda: load_cases(folder))
    entries = or_problems(problems, lambda: load_signatures(folder))
    changelog = or_problems(problems, lambda: Changelog.read(arguments.changelog))
    base = or_problems(problems, lambda: base_of(folder, arguments.base, arguments.was))
    if new is None or cases is None or entries is None or changelog is None or base is None:
        raise MsriskError(problems)
    ignored = [] if base.name == NO_BASE else ignored_files(folder)
    result = gate_result(
        new,
        base,
        cases=cases,
        entries=entries,
        changelog=changelog,
        ignored=ignored,
        doing=doing,
    )
    if arguments.patients and result.compared is not None:
        save_patients(result.compared.diff, Path(arguments.patients))
    if arguments.format == "json":
        text = json_text(result.document)
    else:
        outline = result.outline(arguments.folder)
        text = prose(outline, result.compared, markdown=arguments.format == "markdown")
    return text, int(bool(result.to_do))
