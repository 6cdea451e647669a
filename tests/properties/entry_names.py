"""The shipped names, each where it is at home, as things to write entries of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from attrs import frozen

from msrisk.model.concepts import Drug, WordKind
from msrisk.model.rules import RuleSet

__all__ = ["Item", "Named", "named", "plain"]


@frozen
class Item:
    """One thing named in an entry, where it is at home, and what is written behind it."""

    name: str
    home: str
    sort: str
    tail: str = ""

    @property
    def text(self) -> str:
        """The item as it is written."""
        return f"{self.name} {self.tail}" if self.tail else self.name


def plain(text: str) -> str:
    """Return a text by its letters and signs alone: no case, width, accents or more blanks."""
    narrow = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(one for one in narrow if not unicodedata.combining(one))
    return " ".join(bare.split())


# After such a word an illness is what is to be prevented: the one place where it says nothing.
_PREVENTS = re.compile(r"prevent|prophyla|\brisk\b", re.IGNORECASE)


@frozen
class Named:
    """The names of a rule set, by their sort; the id of a drug with classes beside its names."""

    items: dict[str, tuple[Item, ...]]
    names: frozenset[str]
    drugs: dict[str, tuple[Drug, ...]]
    routes: tuple[tuple[str, str], ...]


@cache
def named(ruleset: RuleSet) -> Named:
    """Return the names of a rule set, each sort with its own chance of being drawn."""
    words = ruleset.vocabulary
    found: dict[str, dict[Item, None]] = {}
    drugs: dict[str, list[Drug]] = {}

    def add(sort: str, name: str, home: str) -> None:
        if not _PREVENTS.search(name):
            found.setdefault(sort, {})[Item(name, home, sort)] = None

    by_id = {one.id: one for one in words.drugs}
    for drug in words.drugs:
        parts = [by_id[one] for one in drug.ingredients] or [drug]
        sort = "medicine of a class" if any(one.classes for one in parts) else "medicine"
        for name in (drug.name, *drug.names):
            add(sort, name, "medications")
            drugs.setdefault(name, []).extend(parts)
    for class_ in words.drug_classes:
        for name in (class_.name, *class_.names):
            add("class", name, "medications")
    for substance in ruleset.substances:
        for name in (substance.name, *substance.names):
            add("substance", name, "supplements")
    for concept in words.concepts:
        for name in (concept.name, *concept.names):
            for home in concept.told_in:
                add(concept.kind.value, name, home)
    for term in words.terms:
        for name in term.names:
            for home in term.fields:
                add("term", name, home)
    routes = [
        (word, one.id) for one in words.words if one.kind is WordKind.ROUTE for word in one.words
    ]
    all_names = (item.name for items in found.values() for item in items)
    return Named(
        {sort: tuple(items) for sort, items in found.items()},
        frozenset(plain(name) for name in all_names),
        {name: tuple(some) for name, some in drugs.items()},
        tuple(routes),
    )
