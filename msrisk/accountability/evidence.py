"""Writes the list of evidence as Markdown: what was found, where, and what was searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msrisk.accountability.examined import examined
from msrisk.accountability.text import examined_in_words, examined_summary
from msrisk.model.evidence import Item, Reference, Relation, Searched
from msrisk.model.rules import RuleSet

__all__ = ["evidence_page"]

_HEAD = """\
# Evidence beside the two texts

Written by `msrisk rules evidence > docs/evidence.md`; do not edit this page. A test compares it
with what the command would write.

The two texts that the rules began with are lay writing. This page holds what was found beyond
them: facts in msrisk's own words, what each bears on, and where it stands. They give no advice of
their own, and they are no systematic review: the search was for what bears on the statements of
the two texts, and mostly abstracts, excerpts or copies of pages were read. An item says never more
than its reference; *certainty* is how sure it is that the reference says it. How often a harm
occurs is unknown unless somebody counted it. All statements are in msrisk's own words; no sentence,
table or figure of a source is copied.
"""
_RELATIONS = {
    Relation.CORROBORATES: "says the same as",
    Relation.CONTRADICTS: "contradicts",
    Relation.QUALIFIES: "limits",
    Relation.FILLS: "fills",
}


def evidence_page(ruleset: RuleSet) -> str:
    """Return the list of evidence of a rule set."""
    references = {one.id: one for one in ruleset.references}
    parts = [
        _HEAD,
        _size(ruleset),
        *_rejected("## Searched and not found", ruleset.searched, "not found"),
        *_rejected("## Found and not used", ruleset.searched, "rejected"),
        *_incomplete(ruleset.references),
        "## What evidence makes of each rule and claim\n",
        *_examined(ruleset),
        "## The items\n",
        *(_item(one, references) for one in sorted(ruleset.evidence, key=lambda one: one.id)),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _size(ruleset: RuleSet) -> str:
    items, references = len(ruleset.evidence), len(ruleset.references)
    return f"Rule set {ruleset.version}: {items} items, {references} references.\n"


def _rejected(title: str, searched: Iterable[Searched], outcome: str) -> Iterator[str]:
    yield f"{title}\n"
    for one in searched:
        if one.outcome == outcome:
            yield f"- {_text(one.what)}{f': {_text(one.why)}' if one.why else ''}."
    yield ""


def _incomplete(references: Iterable[Reference]) -> Iterator[str]:
    yield "## References to be completed\n"
    yield "The page read did not show these parts; nothing was filled in from memory.\n"
    for one in references:
        if one.missing:
            missing = ", ".join(one.missing)
            yield f"- `{one.id}` ({_text(one.title or one.identifier)}): {missing}."
    yield ""


def _examined(ruleset: RuleSet) -> Iterator[str]:
    found = tuple(examined(ruleset))
    yield f"{examined_summary(found)}\n"
    for one in found:
        yield f"- {_text(examined_in_words(one))}."
    yield ""


def _item(item: Item, references: dict[str, Reference]) -> str:
    figures = f" Figures: {item.figures.words}." if item.figures.words else ""
    lines = [
        f"### {item.key}\n",
        f"{_text(item.statement)}{_text(figures)} Frequency: {_text(item.figures.frequency)}.\n",
    ]
    for relation, words in _RELATIONS.items():
        ids = getattr(item, relation.value)
        if ids:
            lines.append(f"- {words} {', '.join(f'`{id_}`' for id_ in ids)}")
    lines.append(f"- certainty: {item.certainty} ({_text(item.why)})")
    lines += [_reference(references[id_]) for id_ in item.references]
    return "\n".join([*lines, ""])


def _reference(one: Reference) -> str:
    note = f" ({_text(one.note)})" if one.note else ""
    change = f": {_text(one.checked.note)}" if one.checked.note else ""
    return (
        f"- {one.kind.value}: {_text(one.words)}. Read: {one.read.value}{note}; checked on "
        f"{one.checked.on} with {_text(one.checked.by)}; retraction: "
        f"{one.checked.retraction.value}{change}"
    )


def _text(text: str) -> str:
    """Return text with what Markdown would take for a mark escaped."""
    return "".join(f"\\{c}" if c in "\\`*_<>[]|" else c for c in text)
