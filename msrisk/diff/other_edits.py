"""Words the edits that no change mentions.

Implements *No edit goes unnamed* of *The verdicts*, docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from attrs import AttrsInstance, fields

from msrisk.model.concepts import Term, Words
from msrisk.model.evidence import Searched
from msrisk.model.rules import RuleSet

__all__ = ["otherwise"]

T = TypeVar("T", bound=AttrsInstance)

_MOST: Final = 40
_WHOLE: Final = ("added", "removed", "edited")
# Changes tell its other keys wherever they differ.
_RULE: Final = ("replaces",)


def otherwise(old: RuleSet, new: RuleSet) -> Iterator[str]:
    """Yield the keys that were edited in each table, unless a change tells it."""
    before, after = old.vocabulary, new.vocabulary
    yield from _table("drug_class", before.drug_classes, after.drug_classes, _id)
    yield from _table("drug", before.drugs, after.drugs, _id)
    for kind in dict.fromkeys(one.kind for one in (*before.concepts, *after.concepts)):
        there, here = (
            [one for one in vocabulary.concepts if one.kind is kind]
            for vocabulary in (before, after)
        )
        yield from _table(kind.value, there, here, _id)
    yield from _table("term", before.terms, after.terms, _of_term)
    yield from _table("words", before.words, after.words, _of_words)
    yield from _table("rule", old.rules, new.rules, _id, _RULE)
    yield from _table("retired", old.retired, new.retired, _id)
    yield from _table("searched", old.searched, new.searched, _of_search)
    if old.name != new.name:
        yield f"name of the rule set: “{old.name}” became “{new.name}”"
    added = sorted(set(new.packs) - set(old.packs))
    if added:
        yield f"packs: {', '.join(added)} added"


def _id(one: object) -> str:
    return str(getattr(one, "id", ""))


def _of_term(term: Term) -> str:
    return term.names[0]


def _of_search(searched: Searched) -> str:
    return searched.what


def _of_words(words: Words) -> str:
    return " ".join(filter(None, (words.kind.value, words.id, words.about)))


def _table(
    table: str,
    old: Iterable[T],
    new: Iterable[T],
    name: Callable[[T], str],
    only: tuple[str, ...] = (),
) -> Iterator[str]:
    """Yield a sentence for each key that differs, with the entries in which it does."""
    before, after = _by_name(old, name), _by_name(new, name)
    found: dict[str, list[str]] = {}
    for id_ in dict.fromkeys((*before, *after)):
        there, here = before.get(id_, []), after.get(id_, [])
        if len(there) == len(here) == 1:
            for one in fields(type(here[0])):
                if getattr(there[0], one.name) != getattr(here[0], one.name):
                    found.setdefault(one.name, []).append(id_)
        elif not there or not here:
            found.setdefault("added" if here else "removed", []).append(id_)
        elif any(there.count(one) != here.count(one) for one in (*there, *here)):
            found.setdefault("edited", []).append(id_)
    for key, ids in found.items():
        if not only or key in only:
            more = f" and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
            what = key if key in _WHOLE else f"`{key}` edited"
            yield f"{table}: {what}: {', '.join(ids[:_MOST])}{more}"


def _by_name(entries: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for one in entries:
        found.setdefault(name(one), []).append(one)
    return found
