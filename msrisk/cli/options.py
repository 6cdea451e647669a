"""Lists the options of the commands and what they can be set to, so that none is imported."""

from __future__ import annotations

import argparse
from typing import Final

from msrisk.cli.layout import width

__all__ = [
    "ACCOUNTABILITY_FORMATS",
    "BOOK_FORMATS",
    "CHECK_FORMATS",
    "CROSSREF",
    "DIFF_FORMATS",
    "ENGINES",
    "Help",
    "INSTALL",
    "INSTALL_COHORT",
    "INSTALL_MCP",
    "INSTALL_WEB",
    "NO_BASE",
    "PUBMED",
    "RawHelp",
    "SCREEN_FORMATS",
    "SERVED",
    "SIGNATURES",
    "TIMEOUT",
    "add_ask",
    "add_diff",
    "add_screen",
]


class Help(argparse.HelpFormatter):
    """Lays out help in the width of all else.

    Each option that is added asks for one; to look for the width by itself, it would first
    import what compresses files.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=width() - 2)


class RawHelp(Help, argparse.RawDescriptionHelpFormatter):
    """Lays out help with an example that keeps its lines."""


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

CROSSREF: Final = "https://api.crossref.org"
"""Where Crossref answers."""

PUBMED: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
"""Where PubMed answers."""

TIMEOUT: Final = 20.0
"""How many seconds to wait for each answer of theirs."""

INSTALL: Final = "pip install 'msrisk[cli]'"
"""What installs the library that draws on the terminal."""

INSTALL_WEB: Final = "pip install 'msrisk[web]'"
"""What installs the libraries that answer over HTTP."""

INSTALL_MCP: Final = "pip install 'msrisk[mcp]'"
"""What installs the library that speaks the Model Context Protocol."""

SERVED: Final = {
    name: f"MSRISK_{name.upper()}"
    for name in (
        "host",
        "port",
        "prefix",
        "feedback",
        "public",
        "audience",
        "client",
        "embedders",
        "workers",
        "within",
    )
}
"""The variable of the environment that stands for each option of `msrisk serve`."""

ENGINES: Final = ("polars", "duckdb", "spark")
"""What can screen a file of patients."""

SCREEN_FORMATS: Final = ("text", "json", "html")
"""How the summary of screened patients can be written."""

INSTALL_COHORT: Final = 'pip install "msrisk[cohort]"'
"""What installs what screens many patients."""


def add_screen(parser: argparse.ArgumentParser) -> None:
    """Add the options of `msrisk screen`."""
    parser.add_argument(
        "source",
        metavar="IN",
        help="file of patients, a row or line each; or a folder of FHIR Bulk Data, .ndjson files",
    )
    parser.add_argument("target", metavar="OUT", help="file to write, which is not there yet")
    parser.add_argument(
        "--complete",
        metavar="FIELD",
        action="append",
        default=[],
        help="a list that is complete for every patient, so proves absence; may be repeated",
    )
    parser.add_argument(
        "--separator",
        metavar="SIGN",
        default=";",
        help="between the entries of a list in a cell of a CSV file; default: ;",
    )
    parser.add_argument(
        "--on",
        metavar="DATE",
        help="read the records of a folder as of this day, such as 2026-01-31; else today",
    )
    parser.add_argument(
        "--changed", metavar="OLD_RULES", help="a folder of earlier rules to compare with"
    )
    parser.add_argument(
        "--packs",
        metavar="PACK",
        action="append",
        help="a rule pack to use, such as texts; may be repeated; all of the rule set if left out",
    )
    parser.add_argument("--engine", choices=ENGINES, default="polars", help="default: polars")
    parser.add_argument(
        "--format", choices=SCREEN_FORMATS, default="text", help="of the summary; default: text"
    )


def add_ask(parser: argparse.ArgumentParser) -> None:
    """Add the options of `msrisk ask`."""
    parser.add_argument(
        "--load", metavar="FILE", help="go on from the answers in this intake document"
    )
    parser.add_argument(
        "--save",
        metavar="FILE",
        help="write the answers as an intake document, also after Ctrl-C; a file that is there "
        "already is replaced only if it is the one of --load",
    )


def add_diff(parser: argparse.ArgumentParser) -> None:
    """Add the options that `rules diff` and `rules gate` share."""
    parser.add_argument(
        "--patients", metavar="DIR", help="write each patient that shows a change into this folder"
    )
    parser.add_argument(
        "--changelog",
        metavar="FILE",
        help="exit 1 too unless the new version has a section here once the rules are others, "
        "with a star if an answer can change",
    )
