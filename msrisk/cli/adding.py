"""Adds the options of those commands that have many."""

from __future__ import annotations

import argparse

__all__ = [
    "add_ask_options",
    "add_diff_options",
    "add_record_options",
    "add_serve_options",
]


def add_record_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which a record is read."""
    parser.add_argument(
        "--from",
        dest="origin",
        choices=["intake", "fhir"],
        default="intake",
        help="what FILE is: an intake document, or a Bundle of FHIR R4; default: intake",
    )
    parser.add_argument(
        "--on",
        metavar="DATE",
        help="read the record as of this day, such as 2026-01-31; else today",
    )
    parser.add_argument(
        "--patient", metavar="ID", help="whose report, where the record speaks of several people"
    )
    parser.add_argument(
        "--account",
        action="store_true",
        help="print what became of each entry of the record, too",
    )


def add_serve_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which the service is run."""
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen; default: 127.0.0.1")
    parser.add_argument("--port", metavar="NUMBER", help="0 for any that is free; default: 8000")
    parser.add_argument("--prefix", metavar="PATH", help="what all addresses begin with")
    parser.add_argument("--feedback", metavar="FILE", help="append the feedback on cards here")
    parser.add_argument(
        "--public",
        action="store_true",
        help="listen at an address that other machines reach, too",
    )


def add_ask_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which answers are kept."""
    parser.add_argument(
        "--load", metavar="FILE", help="go on from the answers in this intake document"
    )
    parser.add_argument(
        "--save",
        metavar="FILE",
        help="write the answers as an intake document, also after Ctrl-C; a file that is there "
        "already is replaced only if it is the one of --load",
    )


def add_diff_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of what compares rules."""
    parser.add_argument(
        "--patients", metavar="DIR", help="write each patient that shows a change into this folder"
    )
    parser.add_argument(
        "--changelog",
        metavar="FILE",
        help="exit 1 too unless the new version has a section here once the rules are others, "
        "with a star if an answer can change",
    )
