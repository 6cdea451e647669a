"""The small rule set over a made-up text that is at hand, and variants with a flaw."""

from __future__ import annotations

import hashlib

from attrs import evolve

from msrisk.model.rules import RuleSet

from .rule_files import SMALL_RULES

__all__ = ["FILES", "NAME", "RULES", "TEXT", "over", "with_contexts"]

NAME = "leaflet.txt"
SENTENCES = ("# A leaflé & <b>more</b>", "It may tire you.", "It hurt nobody.", "Take one.")
TEXT = "# A leaflé & <b>more</b>\n\nIt may tire you. It hurt nobody.\n\n  * Take one.\n"
FILES = {NAME: TEXT.encode()}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def over(text: str) -> RuleSet:
    """Return the small rule set as taken from this text, which holds its four sentences."""
    ruleset = RuleSet.load(SMALL_RULES)
    (source,) = ruleset.sources
    starts = [text.index(sentence) for sentence in SENTENCES]
    passages = tuple(
        evolve(p, start=start, end=start + len(sentence), sha256=sha256(sentence))
        for p, start, sentence in zip(source.passages, starts, SENTENCES, strict=True)
    )
    changed = evolve(source, file_sha256=sha256(text), passage=passages)
    return evolve(ruleset, sources=(changed,))


RULES = over(TEXT)


def with_contexts(*contexts: str | None) -> RuleSet:
    """Return the rule set with these contexts, whether or not a loader would take them."""
    (source,) = RULES.sources
    passages = tuple(
        evolve(p, context=context) for p, context in zip(source.passages, contexts, strict=True)
    )
    return evolve(RULES, sources=(evolve(source, passage=passages),))
