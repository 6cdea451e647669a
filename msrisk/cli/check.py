"""Runs `msrisk rules check`, which prints the remarks of all checks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import asdict, frozen

from msrisk.api import shipped_rules
from msrisk.checking import Remark, remarks_on, unsigned_rules
from msrisk.cli.layout import Answer, block, cases_of, or_problems, ruleset_of
from msrisk.documents.writing import json_text
from msrisk.errors import MsriskError, Problem
from msrisk.model.rules import RuleSet
from msrisk.rendering.words import plural

__all__ = ["Checked", "check"]


_YEARS: Final = 2


@frozen
class Checked:
    """What was checked, and what is to be said of it.

    Attributes:
        folder: the rule set's, as it was named; None for the rules of the package.
        ruleset: the rules in it.
        remarks: all that the checks say.

    """

    folder: str | None
    ruleset: RuleSet
    remarks: list[Remark]


def check(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules check`: the remarks on a rule set; exit code 1 if there are any."""
    problems: list[Problem] = []
    if arguments.folder is not None:
        if arguments.rules is not None:
            problems.append(Problem("DIR", "one folder to check, in place of --rules", "both"))
        arguments.rules = arguments.folder
    ruleset = or_problems(problems, lambda: ruleset_of(arguments))
    cases = or_problems(problems, lambda: cases_of(arguments))
    before = arguments.against
    old = or_problems(problems, lambda: RuleSet.load(before)) if before is not None else None
    if ruleset is None or cases is None or problems:
        raise MsriskError(problems)
    remarks = remarks_on(ruleset, cases, old)
    checked = Checked(arguments.rules, ruleset, remarks)
    return _FORMATS[arguments.format](checked), int(bool(remarks))


def _text(checked: Checked) -> str:
    ruleset, remarks = checked.ruleset, checked.remarks
    blocks = [
        block(one.where, [("check", one.check), ("says", one.says), ("expected", one.expected)])
        for one in remarks
    ]
    unread = _unread(checked.folder)
    of_package = "the rules of the package" + (", because no folder was named" if unread else "")
    end = block(
        f"{ruleset.name}, version {ruleset.version}: {plural(len(remarks), 'remark')}",
        [
            ("read", of_package if checked.folder is None else _called(checked.folder)),
            *(
                ("not read", f"{_called(folder)}; `msrisk rules check {folder}` would")
                for folder in unread
            ),
            (
                "signed",
                f"nobody has signed {unsigned_rules(ruleset)} of {len(ruleset.rules)} rules",
            ),
            *_old(ruleset),
            ("note", "no check can tell whether a rule is right: read it beside what it cites"),
        ],
    )
    return "\n".join([*blocks, end])


def _old(ruleset: RuleSet) -> Iterator[tuple[str, str]]:
    """Yield what was not looked at for long; never a remark, so that no day fails a check."""
    old = older(ruleset)
    if old:
        said = f"last looked at over {_YEARS} years ago: {', '.join(old)}"
        yield "old", f"{plural(len(old), 'reference')} {said}"


def older(ruleset: RuleSet) -> list[str]:
    """Return the ids of the references that were last looked at over two years ago."""
    today = datetime.now(UTC).date()
    return [one.id for one in ruleset.references if one.checked.older_than(_YEARS, today)]


def _called(folder: str) -> str:
    return f"the folder {folder} ({Path(folder).resolve()})"


def _unread(folder: str | None) -> list[str]:
    """Return the rule sets that a reader may believe were checked, and were not."""
    read = (shipped_rules() if folder is None else Path(folder)).resolve()
    return [
        near
        for near in (".", "rules")
        if Path(near, "ruleset.toml").is_file() and Path(near).resolve() != read
    ]


def _json(checked: Checked) -> str:
    ruleset = checked.ruleset
    document = {
        "schema": "msrisk-check/1",
        "folder": checked.folder,
        "ruleset": {
            "name": ruleset.name,
            "version": ruleset.version,
            "digest": ruleset.digest,
            "rules": len(ruleset.rules),
            "unsigned": unsigned_rules(ruleset),
        },
        "remarks": [asdict(one) for one in checked.remarks],
        "old": older(ruleset),
    }
    return json_text(document)


_FORMATS: Final[Mapping[str, Callable[[Checked], str]]] = {"text": _text, "json": _json}
