"""The command `rules diff`: what a change of rules does to patients."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from msrisk.cli.layout import Answer, or_problems, width
from msrisk.diff import Change, Diff, Verdict, compare
from msrisk.errors import MsriskError, Problem
from msrisk.gate.page import diff_document, diff_outline
from msrisk.gate.signatures import (
    FILE,
    Accepted,
    Signatures,
    load_accepted,
    proposal,
    signatures,
)
from msrisk.intake import profile_to_document
from msrisk.model.rules import RuleSet
from msrisk.rendering.markdown import section_markdown
from msrisk.rendering.plain import section_text
from msrisk.rendering.shape import Section
from msrisk.rendering.words import plural

__all__ = ["Changelog", "FORMATS", "Judged", "diff", "judge", "load", "prose", "save"]

FORMATS: Final = ("text", "markdown", "json")
"""How a diff can be written."""

_STAR: Final = "★"
_SAME: Final = "OLD and NEW are the same folder: nothing is compared."


@frozen
class Changelog:
    """A changelog as it was read; without a name if none is asked for."""

    name: str = ""
    text: str = ""

    @classmethod
    def read(cls, name: str | None) -> Changelog:
        """Return the changelog of this name, or none.

        Raises:
            MsriskError: if it cannot be read.

        """
        if name is None:
            return cls()
        try:
            return cls(name, Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise MsriskError([Problem(name, "a readable changelog")]) from error

    def lacks(self, found: Diff) -> str:
        """Return what it does not say of a change of rules, in words; empty if nothing."""
        version = found.new.version
        if not self.name or found.old.digest == found.new.digest:
            return ""
        if found.old.version == version:
            return f"{self.name}: expected a section for a new version, not [{version}] once more"
        section = re.search(
            rf"^#+ \[{re.escape(version)}\].*?(?=^#+ \[|\Z)", self.text, re.MULTILINE | re.DOTALL
        )
        if section is None:
            return f"{self.name}: expected a section [{version}], because the rules are others now"
        if _STAR in section.group() or not any(map(_can_change_an_answer, found.changes)):
            return ""
        return (
            f"{self.name}: expected an entry with {_STAR} under [{version}], because the answer "
            "for an unchanged patient can change"
        )


def _can_change_an_answer(change: Change) -> bool:
    if change.verdict is Verdict.REWORDS:
        return change.gated
    return change.verdict is not Verdict.EQUIVALENT


@frozen
class Judged:
    """A diff, and what is left to do about it.

    Attributes:
        found: all changes.
        signatures: who has signed for them.
        changelog: what the changelog lacks, in words; empty if nothing, None if none was named.

    """

    found: Diff
    signatures: Signatures
    changelog: str | None

    @property
    def to_do(self) -> list[str]:
        """What keeps the change from passing, a sentence each."""
        waiting = len(self.signatures.waiting)
        sign = f"To be read and signed by a person: {plural(waiting, 'change')}."
        return [
            *([sign] if waiting else []),
            *self.signatures.incomplete,
            *filter(None, [self.changelog]),
        ]

    @property
    def outline(self) -> Section:
        """The diff for people."""
        return diff_outline(self.found, self.signatures.waiting, self.signatures.words())

    @property
    def document(self) -> dict[str, object]:
        """The diff for programs."""
        return diff_document(
            self.found, self.signatures, changelog=self.changelog, passed=not self.to_do
        )


def judge(found: Diff, entries: Iterable[Accepted], changelog: Changelog) -> Judged:
    """Return what is left to do about a diff, beside what was signed and written of it.

    Raises:
        RuleSetError: if a patient in a signature cannot be read, or loses nothing.

    """
    signed = signatures(found, entries, datetime.now(UTC).date())
    return Judged(found, signed, changelog.lacks(found) if changelog.name else None)


def diff(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules diff`: exit 1 while a change waits for a person's signature."""
    problems: list[Problem] = []
    old = or_problems(problems, lambda: load(arguments.old))
    new = or_problems(problems, lambda: load(arguments.new))
    entries = or_problems(problems, lambda: load_accepted(Path(arguments.new)))
    changelog = or_problems(problems, lambda: Changelog.read(arguments.changelog))
    if old is None or new is None or entries is None or changelog is None:
        raise MsriskError(problems)
    same = Path(arguments.old).resolve() == Path(arguments.new).resolve()
    judged = judge(Diff(old, new, (), (_SAME,)) if same else compare(old, new), entries, changelog)
    if arguments.patients:
        save(judged.found, Path(arguments.patients))
    if arguments.format == "json":
        text = json.dumps(judged.document, indent=2, ensure_ascii=False) + "\n"
    else:
        shown = judged.outline
        folders = f"Before: {arguments.old}. Now: {arguments.new}."
        notes = (folders, *shown.notes, *judged.signatures.incomplete, judged.changelog)
        outline = Section(_SAME) if same else shown._replace(notes=tuple(filter(None, notes)))
        text = prose(outline, judged, markdown=arguments.format == "markdown")
    return text, int(bool(judged.to_do))


def load(path: str, name: str = "") -> RuleSet:
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


def prose(outline: Section, judged: Judged | None, *, markdown: bool) -> str:
    """Return an outline, and behind it the entries that a diff still needs."""
    text = section_markdown(outline) if markdown else section_text(outline, width=width())
    if judged is not None and judged.signatures.absent:
        sign = proposal(judged.found, judged.signatures.absent)
        text += (
            f"\nOnce a person has read this and agrees, add to {FILE} of the new\nrules, with "
            "reason, role and day:\n\n"
        )
        text += f"```toml\n{sign}```\n" if markdown else sign
    return text


def save(found: Diff, folder: Path) -> None:
    """Write each patient that shows a change as an intake document."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, change in enumerate(found.changes, 1):
            if change.shown is not None:
                name = re.sub(r"[^a-z0-9]+", "-", change.id.casefold()).strip("-")
                document = profile_to_document(change.shown.profile)
                path = folder / f"{number:03}-{change.verdict.value}-{name[:60]}.json"
                text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MsriskError([Problem(str(folder), "a folder to write patients into")]) from error
