"""The shipped names, each where it is at home, as things to write entries of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
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

_TREATING = {WordKind.TREATED, WordKind.ANY_MEDICINE}


@frozen
class Named:
    """The names of a rule set.

    Attributes:
        items: by their sort, each with its own chance of being drawn.
        names: all of them, by their letters.
        drugs: for the name of a medicine, the drugs that it is made of.
        routes: the words for a route, with its id.
        treating: the words beside an illness for a medicine that is not named.
        torn: pairs of names that together, with a blank between them, are a third.
        foods: names that among the allergies say what an allergy is to.
        ill: names of illnesses and symptoms.
        taken: names of products.

    """

    items: dict[str, tuple[Item, ...]]
    names: frozenset[str]
    drugs: dict[str, tuple[Drug, ...]]
    routes: tuple[tuple[str, str], ...]
    treating: tuple[str, ...]
    torn: tuple[tuple[Item, Item], ...]
    foods: frozenset[str]
    ill: frozenset[str]
    taken: frozenset[str]


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
        local = any(member.not_by for one in parts for member in one.classes)
        for name in (drug.name, *drug.names):
            add(sort, name, "medications")
            if local:
                add("medicine by its route", name, "medications")
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
    all_items = [item for items in found.values() for item in items]
    at_home = {plain(item.name): item for item in all_items}
    return Named(
        {sort: tuple(items) for sort, items in found.items()},
        frozenset(at_home),
        {name: tuple(some) for name, some in drugs.items()},
        tuple(routes),
        tuple(word for one in words.words if one.kind in _TREATING for word in one.words),
        tuple(_torn(at_home, {plain(word) for one in words.words for word in one.words})),
        frozenset(
            plain(item.name)
            for item in all_items
            if item.home == "allergies" and item.sort in {"allergen", "term"}
        ),
        frozenset(plain(one.name) for one in all_items if one.home in {"conditions", "symptoms"}),
        frozenset(
            plain(one.name) for one in all_items if one.home in {"medications", "supplements"}
        ),
    )


def _torn(at_home: dict[str, Item], words_beside: set[str]) -> Iterator[tuple[Item, Item]]:
    """Yield the names that are made of two, but for words that say something of another one."""
    for name in at_home:
        words = name.split()
        for cut in range(1, len(words)):
            first = at_home.get(" ".join(words[:cut]))
            second = at_home.get(" ".join(words[cut:]))
            if first and second and not words_beside & {plain(first.name), plain(second.name)}:
                yield first, second
