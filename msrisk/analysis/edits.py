"""What was edited in a rule, claim, threshold or other table, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

from attrs import fields

from msrisk.model.rules import Claim, FieldPrompt, Rule, RuleSet, Substance, Threshold
from msrisk.model.sources import Citation, Source
from msrisk.rendering.rule_words import condition_words

__all__ = ["Edit", "logic_edits", "lost_citations", "other_edits", "word_edits"]

T = TypeVar("T", Rule, Claim, Threshold)
U = TypeVar("U", Substance, Source, FieldPrompt)

_READ: Final = ("message", "action", "basis")
_NOT_READ: Final = ("question", "argument", "name", "reason", "reference", "since", "review")


class Edit(NamedTuple):
    """One edit in words; whether a person must have read it, and whether a source is lost."""

    says: str
    read: bool = False
    source: bool = False


def logic_edits(rule: Rule, heirs: tuple[Rule, ...], old: RuleSet, new: RuleSet) -> Iterator[str]:
    """Yield what was edited in a rule that can decide to whom it applies."""
    if not heirs:
        yield "it was removed, and no rule replaces it"
        return
    if [heir.id for heir in heirs] != [rule.id]:
        yield f"it is replaced by {', '.join(heir.id for heir in heirs)}"
    for heir in heirs:
        before = condition_words(rule.when, old) if rule.when is not None else "always"
        after = condition_words(heir.when, new) if heir.when is not None else "always"
        if before != after:
            yield f"it applied when the patient {before}; now when the patient {after}"
        if heir.kind is not rule.kind:
            yield f"its kind was {rule.kind.value}, and is {heir.kind.value}"
        if heir.applies_to != rule.applies_to:
            yield (
                f"it was about {', '.join(rule.applies_to)}, "
                f"and is about {', '.join(heir.applies_to)}"
            )
        if heir.pack != rule.pack:
            yield f"it was in the pack {rule.pack}, and is in {heir.pack}"


def word_edits(old: T, new: T) -> Iterator[Edit]:
    """Yield what was edited in the words and citations of something that kept its id."""
    names = {one.name for one in fields(type(old))}
    for name in (*_READ, *_NOT_READ):
        if name in names:
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                yield Edit(f"{name}: {_text(before)} became {_text(after)}", name in _READ)
    for citation in lost_citations(old.cites, new.cites):
        yield Edit(f"it no longer cites {_place(citation)}", source=True)
    for citation in lost_citations(new.cites, old.cites):
        yield Edit(f"it now cites {_place(citation)}")


def lost_citations(old: Iterable[Citation], new: Iterable[Citation]) -> Iterator[Citation]:
    """Yield, passage by passage, what is cited in the first and not in the second."""
    there = {one for citation in new for one in _single(citation)}
    for citation in old:
        for one in _single(citation):
            if one not in there:
                yield one


def _single(citation: Citation) -> Iterator[Citation]:
    if citation.whole:
        yield citation
    for n in citation.passages:
        yield Citation(citation.source, (n,))


def _place(citation: Citation) -> str:
    if citation.whole:
        return f"{citation.source} as a whole ({citation.reason})"
    return f"passage {citation.passages[0]} of {citation.source}"


def other_edits(old: U, new: U) -> Iterator[str]:
    """Yield which keys of a table differ, for what no rule reads."""
    for one in fields(type(old)):
        if getattr(old, one.name) != getattr(new, one.name):
            yield f"its {one.name} changed"


def _text(value: object) -> str:
    shown = getattr(value, "value", value)
    role, on = getattr(value, "role", None), getattr(value, "on", "")
    if role is not None:
        shown = f"{role} {on}".strip()
    return f"“{shown}”" if shown else "nothing"
