"""Finds what an entry may be, in words that are understood, for a person to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from msrisk.model.concepts import ANYTHING, Recognition
from msrisk.model.hierarchy import hierarchy_of
from msrisk.model.profile import Entry
from msrisk.model.results import Unrecognised
from msrisk.model.rules import RuleSet
from msrisk.recognition import recognise_entry
from msrisk.recognition.profile import KINDS

__all__ = ["offered"]

_KINDS: Final = {field: kind for kind, field in KINDS.items()}
_MOST: Final = 3
_UNKNOWN: Final = "not understood"
_BARE: Final = ("name", _UNKNOWN)


def offered(entry: Unrecognised, ruleset: RuleSet) -> tuple[str, ...]:
    """Return at most three ways to say what an entry may be.

    They are the entry with names that look alike in place of what was not understood, or, where
    a name means several things, with each of them in its place. Each is recognised, so whoever
    takes one is not asked what it is once more, and tells what the entry tells for certain.
    """
    if entry.text is None:
        return ()
    kind = _KINDS[entry.field]
    found = recognise_entry(Entry(entry.text), kind, ruleset, suggest=False)
    said, names = _unknown(found), [*_known(entry.suggestions, kind, ruleset)]
    if not entry.suggestions:
        said, names = found.name or "", _meanings(found, ruleset)
    ways = (_put(name, said, found, ruleset) for name in names)
    return tuple(dict.fromkeys(filter(None, ways)))[:_MOST]


def _unknown(found: Recognition) -> str:
    """Return the first words that were not understood."""
    runs = groupby(found.read, lambda one: one.role == _UNKNOWN)
    return next((" ".join(one.words for one in run) for unknown, run in runs if unknown), "")


def _known(names: Sequence[str], kind: str, ruleset: RuleSet) -> Iterator[str]:
    """Yield names that look alike; for one that means several things, each of these."""
    for name in names:
        found = recognise_entry(Entry(name), kind, ruleset, suggest=False)
        yield from [name] if found.status == "recognised" else _meanings(found, ruleset)


def _meanings(found: Recognition, ruleset: RuleSet) -> list[str]:
    """Return what an entry may be, if that is a few things."""
    if found.possible is ANYTHING:
        return []
    hierarchy = hierarchy_of(ruleset)
    covered = {one.id for one in ruleset.substances}
    ids = hierarchy.most_specific(found.possible - found.unnamed)
    # What rules speak of stands first: to press it by mistake warns too much, not too little.
    ids = tuple(sorted(ids, key=lambda id_: id_ not in covered))
    return [hierarchy.names[id_] for id_ in ids] if len(ids) <= _MOST else []


def _put(name: str, said: str, found: Recognition, ruleset: RuleSet) -> str | None:
    """Return an entry with a name in place of what was said, or else the name alone.

    The name alone is better where the entry is nothing but names: parts of one stand apart.
    """
    pattern = r"\W+".join(map(re.escape, said.split()))
    text = found.text or ""
    whole = re.sub(rf"(?<!\w){pattern}(?!\w)", lambda _: name, text, count=1, flags=re.IGNORECASE)
    bare = all(one.role in _BARE for one in found.read)
    for words in (name, whole) if bare else (whole, name):
        told = recognise_entry(Entry(words), found.kind, ruleset, suggest=False)
        if told.status == "recognised" and told.named >= found.named:
            return words
    return None
