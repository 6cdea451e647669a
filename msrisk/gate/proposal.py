"""Writes the entries for `accepted-changes.toml` that a person may sign after reading a diff."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from msrisk.diff.changes import Change, Diff, Shown, Verdict
from msrisk.documents import profile_to_document

__all__ = ["proposal"]

_WIDTH: Final = 100


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
        _list("of", items),
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


def _list(key: str, items: Iterable[str]) -> str:
    """Return a key with its items, those that fit on a line together."""
    quoted = [f"{_quoted(item)}," for item in items]
    line = f"{key} = [{' '.join(quoted).rstrip(',')}]"
    if len(line) <= _WIDTH:
        return line
    rows = [""]
    for item in quoted:
        if len(rows[-1]) + len(item) > _WIDTH:
            rows.append("")
        rows[-1] += f" {item}" if rows[-1] else f"    {item}"
    return "\n".join([f"{key} = [", *rows, "]"])


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, escapes included.
    return f"'{text}'" if '"' in text and "'" not in text else json.dumps(text, ensure_ascii=False)
