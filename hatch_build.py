"""Puts the rules as they are kept into a wheel, if the builder asks for them.

They make the first call after an installation as fast as every other, also where nothing may be
written; and the wheel several times as large. So they are left out unless `MSRISK_KEPT_RULES=1`
is set while the wheel is built.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASKED_BY = "MSRISK_KEPT_RULES"


class KeptRules(BuildHookInterface):
    """Loads the rules of the checkout and writes what came of it beside the rules."""

    def initialize(self, version: str, build_data: dict[str, dict[str, str]]) -> None:
        """Add the file to the wheel; an editable installation reads the checkout."""
        if version == "editable" or os.environ.get(ASKED_BY) != "1":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from msrisk.compiled import SHIPPED, compiled

        self._folder = TemporaryDirectory()
        written = Path(self._folder.name) / SHIPPED.name
        written.write_bytes(compiled(root / "rules"))
        build_data["force_include"][str(written)] = f"msrisk/{SHIPPED.name}"

    def finalize(self, version: str, build_data: dict[str, object], artifact_path: str) -> None:
        """Remove what was written for the wheel."""
        del version, build_data, artifact_path
        if hasattr(self, "_folder"):
            self._folder.cleanup()
