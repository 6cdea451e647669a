"""What was edited in a rule, claim, threshold or other table, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

from attrs import fields

from msrisk.model.rules import Basis, Claim, FieldPrompt, Kind, Rule, RuleSet, Substance, Threshold
from msrisk.model.sources import Citation, Source
from msrisk.rendering.rule_words import condition_words

__all__ = ["Edit", "logic_edits", "lost_citations", "other_edits", "word_edits"]

T = TypeVar("T", Rule, Claim, Threshold)
U = TypeVar("U", Substance, Source, FieldPrompt)

_READ: Final = ("message", "action", "basis")
_NOT_READ: Final = ("question", "argument", "name", "reason", "reference", "since", "review")


class Edit(NamedTuple):
    """One edit in words; whether a person must have read it, and whether something is lost.

    What is lost matters at every level: a source, an action, or that a rule goes beyond
    its source.
    """

    says: str
    read: bool = False
    lost: bool = False


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
        if heir.kind.level is not rule.kind.level:
            yield f"its kind was {rule.kind.value}, and is {heir.kind.value}"
        if heir.applies_to != rule.applies_to:
            yield (
                f"it was about {', '.join(rule.applies_to)}, "
                f"and is about {', '.join(heir.applies_to)}"
            )
        if heir.pack != rule.pack:
            yield f"it was in the pack {rule.pack}, and is in {heir.pack}"


def word_edits(old: T, new: T, cited: Iterable[Citation] | None = None) -> Iterator[Edit]:
    """Yield what was edited in the words and citations of one thing.

    `cited` are the citations of all that stands for it, if that is more than one thing.
    """
    names = {one.name for one in fields(type(old))}
    for name in (*_READ, *_NOT_READ):
        if name in names:
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                says = f"{name}: {_text(before)} became {_text(after)}"
                yield Edit(says, name in _READ, _is_lost(name, before, after))
    yield from _other_sides(old, new)
    for citation in lost_citations(old.cites, new.cites if cited is None else cited):
        yield Edit(f"it no longer cites {_place(citation)}", lost=True)
    for citation in lost_citations(new.cites, old.cites):
        yield Edit(f"it now cites {_place(citation)}")


def _is_lost(name: str, before: object, after: object) -> bool:
    if name == "basis":
        order = list(Basis)
        return order.index(Basis(after)) < order.index(Basis(before))
    return name == "action" and not after


def _other_sides(old: object, new: object) -> Iterator[Edit]:
    """Yield what nobody loses, and what is shown in another place all the same."""
    if isinstance(old, Rule) and isinstance(new, Rule):
        # That the sources say nothing takes the place of what they said.
        silenced = (old.kind, new.kind) == (Kind.INFORM, Kind.SILENCE)
        if silenced or (old.kind is not new.kind and old.kind.level is new.kind.level):
            yield Edit(f"its kind was {old.kind.value}, and is {new.kind.value}", lost=True)
    elif isinstance(old, Claim) and isinstance(new, Claim):
        for id_ in old.disputed_by:
            if id_ not in new.disputed_by and id_ in new.qualified_by:
                yield Edit(f"{id_} disputed it, and now only qualifies it", lost=True)
        for key in ("disputed_by", "qualified_by"):
            more = set(getattr(new, key)) - {*old.disputed_by, *getattr(old, key)}
            for id_ in sorted(more):
                yield Edit(f"{key}: {id_} was added")
        if old.pack != new.pack:
            yield Edit(f"it was in the pack {old.pack}, and is in {new.pack}", lost=True)


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
