"""Describes the commands that show a rule set from another side than rule by rule."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from msrisk.cli import options
from msrisk.cli.layout import Answer

__all__ = ["Runs", "add_other_sides"]

_READ: Final = "exit code: 0 it was printed; 2 the rules could not be read."


class Runs(Protocol):
    """The functions of a module of commands."""

    def __getattr__(self, name: str) -> Callable[[argparse.Namespace], Answer]: ...


def add_other_sides(
    inner: argparse._SubParsersAction[argparse.ArgumentParser],
    command: Callable[..., argparse.ArgumentParser],
    with_rules: argparse.ArgumentParser,
    runs: Mapping[str, Runs],
) -> None:
    """Add what prints the rule set from another side, and what looks its references up."""
    command(
        inner,
        "digest",
        runs["book"].digest,
        "print the version and the digest of the rule set on one line",
        f"example: msrisk rules digest\n\n{_READ}",
        with_rules,
    )
    command(
        inner,
        "evidence",
        runs["evidence"].evidence,
        "print what was found beyond the texts, and what was searched, as Markdown",
        f"example: msrisk rules evidence > docs/evidence.md\n\n{_READ}",
        with_rules,
    )
    made = command(
        inner,
        "retractions",
        runs["evidence"].retractions,
        "look up in Crossref and PubMed whether references were retracted or corrected",
        "example: msrisk rules retractions\n\n"
        "For maintainers: it asks two services on the net about each reference, and changes\n"
        "nothing. A look-up that fails is not checked, which is not clean.\n\n"
        "exit code: 0 nothing is new; 1 a reference is retracted or corrected, and the rules\n"
        "do not show it, or nothing could be looked up; 2 the rules could not be read.",
        with_rules,
    )
    made.add_argument(
        "--crossref", metavar="URL", default=options.CROSSREF, help=f"default: {options.CROSSREF}"
    )
    made.add_argument(
        "--pubmed", metavar="URL", default=options.PUBMED, help=f"default: {options.PUBMED}"
    )
    made.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=options.TIMEOUT,
        help=f"for each answer; default: {options.TIMEOUT:g}",
    )
