"""Words each edit of a rule, claim, threshold or other table in a sentence.

Implements *Of what rewords, these must have been read*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple, TypeVar

from attrs import fields

from msrisk.checking.wording import reassuring_words
from msrisk.model.rules import Claim, FieldPrompt, Kind, Rule, RuleSet, Substance, Threshold
from msrisk.model.sources import Citation, Source
from msrisk.rendering.rule_words import condition_words
from msrisk.rendering.words import listed

__all__ = [
    "Edit",
    "all_clears",
    "logic_edits",
    "lost_citations",
    "other_edits",
    "place",
    "says_the_same",
    "word_edits",
]

T = TypeVar("T", Rule, Claim, Threshold, FieldPrompt)
U = TypeVar("U", Substance, Source)

# A question turns an unknown into a known; a rule rests on its argument, a number on its reason.
_READ: Final = (
    *("message", "action", "action_prescribed", "title", "effect", "do", "do_prescribed", "ask"),
    *("screen", "basis", "question", "short", "argument", "reason", "reference"),
)
_NOT_READ: Final = ("name", "since")
_SPOKEN: Final = (
    *("message", "action", "action_prescribed", "title", "effect", "do", "do_prescribed", "ask"),
    *("question", "short", "argument", "name", "reason"),
)
# Without these a patient is told less of what to do.
_TO_DO: Final = ("action", "action_prescribed", "do", "do_prescribed", "ask", "screen")
# Texts that share fewer of their words are better read whole.
_ALIKE: Final = 0.5


class Edit(NamedTuple):
    """One edit in words, and whether a person must have read it."""

    says: str
    read: bool = False


def logic_edits(rule: Rule, heirs: tuple[Rule, ...], old: RuleSet, new: RuleSet) -> Iterator[str]:
    """Yield the edits of a rule that can decide to whom it applies."""
    if not heirs:
        yield "it was removed, and no rule replaces it"
        for id_ in _twins(rule, old, new):
            yield (
                f"{id_}, which is new, has the same condition and words: if it stands for this "
                f'rule, write replaces = ["{rule.id}"] there'
            )
        return
    if [heir.id for heir in heirs] != [rule.id]:
        yield f"{rule.id} is now {listed(heir.id for heir in heirs)}"
    before, after = _when(rule, old), [_when(heir, new) for heir in heirs]
    if after != [before] * len(heirs):
        ids = [f"{heir.id} applies " if len(heirs) > 1 else "" for heir in heirs]
        now = "; ".join(f"{id_}{when}" for id_, when in zip(ids, after, strict=True))
        yield f"it applied {before}; now {now}"
    for heir in heirs:
        which = f"{heir.id}: " if len(heirs) > 1 else ""
        if heir.kind.level is not rule.kind.level:
            yield f"{which}its kind was {rule.kind.value}, and is {heir.kind.value}"
        if heir.applies_to != rule.applies_to:
            yield (
                f"{which}it was about {', '.join(rule.applies_to)}, "
                f"and is about {', '.join(heir.applies_to)}"
            )
        if heir.pack != rule.pack:
            yield f"{which}it was in the pack {rule.pack}, and is in {heir.pack}"


def _when(rule: Rule, ruleset: RuleSet) -> str:
    if rule.when is None:
        return "always"
    return f"when the patient {condition_words(rule.when, ruleset)}"


def _twins(rule: Rule, old: RuleSet, new: RuleSet) -> list[str]:
    """Return the new rules that say what a rule said, and do not name it."""
    ids = {one.id for one in old.rules}
    same = rule.when, rule.message
    return [one.id for one in new.rules if one.id not in ids and (one.when, one.message) == same]


def says_the_same(rule: Rule, heir: Rule) -> bool:
    """Return whether a patient and a clinician read the same in two rules."""
    return not any(edit.read for edit in word_edits(rule, heir))


def word_edits(old: T, *heirs: T) -> Iterator[Edit]:
    """Yield the edits of the words and citations of one thing, over all its heirs."""
    names = {one.name for one in fields(type(old))}
    for name in (*_READ, *_NOT_READ):
        if name not in names:
            continue
        before = getattr(old, name)
        after = {heir.id: getattr(heir, name) for heir in heirs}
        if any(one != before for one in after.values()):
            lost = name in _TO_DO and before and not all(after.values())
            less = ", so that less is told" if lost else ""
            yield Edit(f"{name}: {_became(before, after)}{less}", name in _READ)
        for heir in heirs:
            if after[heir.id] != before:
                yield from (Edit(says, read=True) for says in all_clears(heir, (name,)))
    for heir in heirs:
        yield from _other_sides(old, heir)
    before_, after_ = _cites(old), [citation for heir in heirs for citation in _cites(heir)]
    for citation in lost_citations(before_, after_):
        yield Edit(f"it no longer cites {place(citation)}", read=True)
    for citation in dict.fromkeys(lost_citations(after_, before_)):
        yield Edit(f"it now cites {place(citation)}")


def all_clears(one: object, names: Iterable[str] = _SPOKEN) -> Iterator[str]:
    """Yield what a reader may take for an all-clear in the words of something."""
    for name in names:
        if name in _SPOKEN:
            text = getattr(one, name, "")
            found = reassuring_words(text, claim=isinstance(one, Claim))
            if found:
                quoted = ", ".join(f"“{words}”" for words in found)
                yield f"{name} sounds like an all-clear: {quoted}"


def _became(before: object, after: dict[str, object]) -> str:
    """Return what a text was and what it is, also if several heirs stand for its rule."""
    if len(after) > 1:
        parts = (f"in {i}: {'the same' if x == before else _text(x)}" for i, x in after.items())
        return f"{_text(before)} became, {'; '.join(parts)}"
    (now,) = after.values()
    if isinstance(before, str) and isinstance(now, str):
        before, now = _marked(before, now)
    return f"{_text(before)} became {_text(now)}"


def _marked(before: str, after: str) -> tuple[str, str]:
    """Mark the words that differ, where most do not."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return before, after
    first, second = [], []
    for what, i, j, m, n in matcher.get_opcodes():
        gone, come = " ".join(old[i:j]), " ".join(new[m:n])
        first += [gone if what == "equal" else f"[-{gone}-]"] * bool(gone)
        second += [come if what == "equal" else f"{{+{come}+}}"] * bool(come)
    return " ".join(first), " ".join(second)


def _other_sides(old: object, new: object) -> Iterator[Edit]:
    """Yield edits by which nobody loses a text, but the text plays another part."""
    if isinstance(old, Rule) and isinstance(new, Rule):
        # That the sources say nothing takes the place of what they said.
        silenced = (old.kind, new.kind) == (Kind.INFORM, Kind.SILENCE)
        if silenced or (old.kind is not new.kind and old.kind.level is new.kind.level):
            yield Edit(f"its kind was {old.kind.value}, and is {new.kind.value}", read=True)
    elif isinstance(old, Claim) and isinstance(new, Claim):
        for id_ in old.disputed_by:
            if id_ not in new.disputed_by and id_ in new.qualified_by:
                yield Edit(f"{id_} disputed it, and now only qualifies it", read=True)
        for key in ("disputed_by", "qualified_by"):
            more = set(getattr(new, key)) - {*old.disputed_by, *getattr(old, key)}
            for id_ in sorted(more):
                yield Edit(f"{key}: {id_} was added")
        if old.pack != new.pack:
            yield Edit(f"it was in the pack {old.pack}, and is in {new.pack}", read=True)


def _cites(one: Rule | Claim | Threshold | FieldPrompt) -> tuple[Citation, ...]:
    return () if isinstance(one, FieldPrompt) else one.cites


def lost_citations(old: Iterable[Citation], new: Iterable[Citation]) -> Iterator[Citation]:
    """Yield, passage by passage, what is cited in the first and not in the second."""
    there = {one for citation in new for one in _single(citation)}
    for citation in old:
        for one in _single(citation):
            if one not in there:
                yield one


def _single(citation: Citation) -> Iterator[Citation]:
    if citation.whole or citation.evidence:
        yield citation
    for n in citation.passages:
        yield Citation(citation.source, (n,))


def place(citation: Citation) -> str:
    """Return where a citation of one passage, of a whole source, or of evidence points."""
    if citation.evidence:
        return f"evidence {citation.evidence}"
    if citation.whole:
        return f"{citation.source} as a whole ({citation.reason})"
    return f"passage {', '.join(map(str, citation.passages))} of {citation.source}"


def other_edits(old: U, new: U) -> Iterator[str]:
    """Yield which keys differ in a table that no rule reads."""
    for one in fields(type(old)):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if before != after:
            yield f"its {one.name}{_other(before, after)}"


def _other(before: object, after: object) -> str:
    if isinstance(before, str):
        return f": {_text(before)} became {_text(after)}"
    was, is_ = _texts(before), _texts(after)
    if was is None or is_ is None:
        return " changed"
    gone = [f"no longer {one}" for one in was if one not in is_]
    more = [f"now also {one}" for one in is_ if one not in was]
    return f": {', '.join([*gone, *more]) or 'in another order'}"


def _texts(value: object) -> list[str] | None:
    """Return a list of texts; None for any other value."""
    parts = value if isinstance(value, tuple) else (None,)
    texts = [one for one in parts if isinstance(one, str)]
    return texts if len(texts) == len(parts) else None


def _text(value: object) -> str:
    shown = getattr(value, "value", value)
    return f"“{shown}”" if shown else "nothing"
