"""Copies of the small rule set, with edits."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

__all__ = ["EVIDENCE", "SMALL_RULES", "Edit", "edited"]

SMALL_RULES = Path(__file__).parent / "small_rules"
EVIDENCE = Path(__file__).parent / "small_evidence"
"""What was found beyond the leaflet of the small rule set, in a pack of its own."""


@frozen
class Edit:
    """A change of one file: `find` becomes `put`, or `add` follows, or `content` is all.

    `hexadecimal` is content as bytes; a file with none of these goes away.
    """

    file: str
    find: str | None = None
    put: str = ""
    add: str | None = None
    content: str | None = None
    hexadecimal: str | None = None

    def apply(self, root: Path) -> None:
        path = root / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.find is not None:
            text = path.read_text("utf-8")
            assert text.count(self.find) == 1, f"`{self.find}` must stand once in {self.file}"
            path.write_text(text.replace(self.find, self.put), "utf-8")
        elif self.add is not None:
            path.write_text(f"{path.read_text('utf-8')}\n{self.add}", "utf-8")
        elif self.content is not None:
            path.write_text(self.content, "utf-8")
        elif self.hexadecimal is not None:
            path.write_bytes(bytes.fromhex(self.hexadecimal))
        else:
            path.unlink()


def edited(folder: Path, edits: Iterable[Edit] = (), *, evidence: bool = False) -> Path:
    """Return a copy of the small rule set with these edits.

    It has evidence if that is asked for, or if an edit is of it.
    """
    edits = tuple(edits)
    root = folder / "rules"
    shutil.copytree(SMALL_RULES, root)
    if evidence or any(edit.file.startswith("evidence/") for edit in edits):
        shutil.copytree(EVIDENCE, root / "evidence")
        Edit("ruleset.toml", '["leaflets"]', '["leaflets", "trials"]').apply(root)
    for edit in edits:
        edit.apply(root)
    return root
