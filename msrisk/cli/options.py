"""Lists what the options of the commands can be set to, so that no other command is imported."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACCOUNTABILITY_FORMATS",
    "BOOK_FORMATS",
    "CHECK_FORMATS",
    "DIFF_FORMATS",
    "INSTALL",
    "INSTALL_WEB",
    "NO_BASE",
    "SERVED",
    "SIGNATURES",
]

ACCOUNTABILITY_FORMATS: Final = ("text", "json", "html")
"""How the table of all passages can be written."""

BOOK_FORMATS: Final = ("markdown", "html")
"""How a rule set can be written as a book."""

CHECK_FORMATS: Final = ("text", "json")
"""How remarks can be written."""

DIFF_FORMATS: Final = ("text", "markdown", "json")
"""How a diff can be written, and the answer of the gate."""

NO_BASE: Final = "none"
"""What `--base` is when the rules are new, as in `gate.git`."""

SIGNATURES: Final = "accepted-changes.toml"
"""The file of a rule set in which changes are signed, as in `gate.signatures`."""

INSTALL: Final = "pip install 'msrisk[cli]'"
"""What installs the library that draws on the terminal."""

INSTALL_WEB: Final = "pip install 'msrisk[web]'"
"""What installs the libraries that answer over HTTP."""

SERVED: Final = {
    name: f"MSRISK_{name.upper()}" for name in ("host", "port", "prefix", "feedback", "public")
}
"""The variable of the environment that stands for each option of `msrisk serve`."""
