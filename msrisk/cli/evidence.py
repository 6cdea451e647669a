"""Runs `msrisk rules evidence` and `msrisk rules retractions`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from msrisk.accountability.evidence import evidence_page
from msrisk.cli.layout import Answer, block, ruleset_of
from msrisk.cli.retractions import Lookup, look_up
from msrisk.model.evidence import Reference, Retraction

__all__ = ["evidence", "retractions"]


def evidence(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules evidence`: what was found beyond the texts, as Markdown."""
    return evidence_page(ruleset_of(arguments)), 0


def retractions(arguments: argparse.Namespace) -> Answer:
    """`msrisk rules retractions`: looks up each reference.

    The exit code is 1 if one has changed, or if none at all could be looked up.
    """
    ruleset = ruleset_of(arguments)
    lookup = Lookup(arguments.crossref, arguments.pubmed, arguments.timeout)
    today = datetime.now(UTC).date().isoformat()
    blocks, changed, failed = [], 0, 0
    for one in ruleset.references:
        found, note = look_up(one, lookup)
        changed += found in _CHANGED and _news(one, found, note)
        failed += found is Retraction.NOT_CHECKED
        if found is not Retraction.NONE_FOUND:
            said = [("result", found.value), ("says", note)]
            blocks.append(block(f"reference `{one.id}`: {one.identifier}", said))
    end = block(
        f"{ruleset.name}, version {ruleset.version}: {len(ruleset.references)} references",
        [
            ("looked up", f"on {today}; {failed} could not be, which does not make them clean"),
            ("changed", f"{changed} not as the rules have it"),
            ("to do", "write result, day and note under `checked` of each; nothing was changed"),
        ],
    )
    unseen = 0 < failed == len(ruleset.references)
    return "\n".join([*blocks, end]), int(changed > 0 or unseen)


_CHANGED = (Retraction.CORRECTED, Retraction.RETRACTED)


def _news(one: Reference, found: Retraction, note: str) -> bool:
    """Return whether the rules do not show yet what was found."""
    return (one.checked.retraction, one.checked.note) != (found, note)
