"""Checks that the changelog mentions a change of rules that can change an answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from attrs import frozen

from msrisk.diff.changes import Change, Diff, Verdict
from msrisk.errors import MsriskError, Problem

__all__ = ["Changelog"]

_STAR: Final = "★"


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
        """Return what the changelog does not say about a change of rules; empty if nothing."""
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
