"""Changes that a person has signed for: the file `accepted-changes.toml` of a rule set."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from msrisk.analysis.results import Change, Diff, Shown, Verdict
from msrisk.api import assess
from msrisk.errors import MsriskError, Problem, RuleSetError
from msrisk.intake import profile_from_json, profile_to_document
from msrisk.structuring import structure

__all__ = ["Accepted", "FILE", "load_accepted", "proposal", "unsigned"]

FILE: Final = "accepted-changes.toml"
"""Name of the file, in the directory of the new rules."""

_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
_VERDICTS: Final = tuple(verdict.value for verdict in Verdict)


@frozen
class Accepted:
    """That a person has read changes of one kind from one rule set to another, and agrees.

    Attributes:
        change: the verdict that was signed for, such as "weakens".
        of: ids of rules, claims and thresholds, or the names, that are concerned.
        old: digest of the rules before.
        new: digest of the rules after; any further edit makes the signature void.
        reason: why it is meant.
        reviewed_by: who signed, by role.
        on: the day, as YYYY-MM-DD.
        patient: the patient whose answer it lowers, as an intake document; empty where
            nobody's is.

    """

    change: str
    of: tuple[str, ...]
    old: str
    new: str
    reason: str
    reviewed_by: str
    on: str
    patient: str = ""

    def __attrs_post_init__(self) -> None:
        checks = [
            ("change", f"one of {', '.join(_VERDICTS)}", self.change in _VERDICTS),
            ("of", "ids of rules, or names, that it is about", bool(self.of)),
            ("old", "sha256: and 64 hexadecimal digits", bool(_DIGEST.fullmatch(self.old))),
            ("new", "sha256: and 64 hexadecimal digits", bool(_DIGEST.fullmatch(self.new))),
            ("reason", "some words", bool(self.reason.strip())),
            ("reviewed_by", "a role", bool(self.reviewed_by.strip())),
            ("on", "a day as YYYY-MM-DD", _is_date(self.on)),
        ]
        problems = [Problem(where, expected) for where, expected, right in checks if not right]
        if self.change == Verdict.WEAKENS.value and not self.patient:
            problems.append(Problem("patient", "the patient whose answer it lowers", "nothing"))
        if problems:
            raise RuleSetError(problems)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@frozen
class _File:
    accepted: tuple[Accepted, ...] = field(default=())


def load_accepted(root: Path) -> tuple[Accepted, ...]:
    """Return what was signed in a rule set's directory; nothing if there is no such file.

    Raises:
        RuleSetError: with every problem, by entry and key.

    """
    path = root / FILE
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleSetError([Problem(FILE, "a readable TOML file", "something else")]) from error
    built, problems = structure(content, _File, FILE)
    if built is None:
        raise RuleSetError(problems)
    return built.accepted


def unsigned(diff: Diff, accepted: Iterable[Accepted]) -> tuple[Change, ...]:
    """Return the changes that may not pass yet, because nobody has signed for them.

    Raises:
        RuleSetError: if a patient in a signature cannot be read, or loses nothing.

    """
    here = [one for one in accepted if (one.old, one.new) == (diff.old.digest, diff.new.digest)]
    problems = [problem for one in here for problem in _patient_problems(one, diff)]
    if problems:
        raise RuleSetError(problems)
    signed = {(one.change, item) for one in here for item in one.of}
    return tuple(
        change
        for change in diff.changes
        if change.gated and not signed.issuperset((change.verdict.value, i) for i in change.items)
    )


def _patient_problems(accepted: Accepted, diff: Diff) -> Iterator[Problem]:
    if not accepted.patient:
        return
    where = f"{FILE}: {', '.join(accepted.of[:3])}: patient"
    try:
        profile = profile_from_json(accepted.patient)
    except MsriskError as error:
        yield from (Problem(f"{where}: {p.where}", p.expected, p.got) for p in error.problems)
        return
    # One that was withdrawn does not answer, and is compared all the same.
    rules = [evolve(one, withdrawn=None) for one in (diff.old, diff.new)]
    before, after = (assess(profile, ruleset=one) for one in rules)
    if before.to_dict() == {**after.to_dict(), "ruleset": before.to_dict()["ruleset"]}:
        yield Problem(where, "a patient whose answer differs", "one whose answer does not")


def proposal(diff: Diff, changes: Iterable[Change]) -> str:
    """Return the text to add to the file once a person agrees; reason, role and day are open."""
    groups: dict[tuple[Verdict, Shown | str | None], list[Change]] = {}
    for change in changes:
        # Many names at once are signed for together; what weakens, patient by patient.
        alone = None if change.names else change.id
        what = change.shown if change.verdict is Verdict.WEAKENS else alone
        groups.setdefault((change.verdict, what), []).append(change)
    return "\n".join(_entry(verdict, of, diff) for (verdict, _), of in groups.items())


def _entry(verdict: Verdict, changes: list[Change], diff: Diff) -> str:
    items = dict.fromkeys(item for change in changes for item in change.items)
    shown = next((change.shown for change in changes if change.shown is not None), None)
    lines = [
        "[[accepted]]",
        f"change = {_quoted(verdict.value)}",
        f"of = [{', '.join(map(_quoted, items))}]",
        f"old = {_quoted(diff.old.digest)}",
        f"new = {_quoted(diff.new.digest)}",
        'reason = ""',
        'reviewed_by = ""',
        'on = ""',
    ]
    if shown is not None:
        document = json.dumps(profile_to_document(shown.profile), ensure_ascii=False)
        lines.append(f"patient = {_quoted(document)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, escapes included.
    return f"'{text}'" if '"' in text and "'" not in text else json.dumps(text, ensure_ascii=False)
