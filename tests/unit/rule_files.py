"""Copies of the small rule set, with edits."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen

__all__ = ["SMALL_RULES", "Edit", "edited"]

SMALL_RULES = Path(__file__).parent / "small_rules"


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


def edited(folder: Path, edits: Iterable[Edit] = ()) -> Path:
    """Return a copy of the small rule set with these edits."""
    root = folder / "rules"
    shutil.copytree(SMALL_RULES, root)
    for edit in edits:
        edit.apply(root)
    return root
