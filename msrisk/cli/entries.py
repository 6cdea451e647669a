"""Finds each entry of a folder of rules by the names that people use, and says where it stands."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from msrisk.loading import Placed, placed_in
from msrisk.model.concepts import (
    CODE_SYSTEMS,
    Concept,
    ConceptKind,
    Confusable,
    Drug,
    DrugClass,
    Recognition,
    Term,
    Words,
    WordsRead,
)
from msrisk.model.profile import PRODUCT_FIELDS, Code
from msrisk.model.rules import Substance
from msrisk.recognition import KINDS
from msrisk.recognition.characters import split_name

__all__ = ["Entries"]

_NAMED: Final = (Concept, Drug, DrugClass, Substance)
_ALIKE: Final = 0.75


class Entries:
    """Every entry of a folder of rules with its place, to be looked up by id, name or word."""

    def __init__(self, root: Path) -> None:
        self._all = placed_in(root)

    @cached_property
    def _named(self) -> Mapping[tuple[str, ...], list[Placed]]:
        """What each name stands for, as recognition compares names."""
        named: defaultdict[tuple[str, ...], list[Placed]] = defaultdict(list)
        for one in self._all:
            for words in dict.fromkeys(map(split_name, _names(one.made))):
                named[words].append(one)
        return named

    def called(self, asked: str) -> list[Placed]:
        """Return what has this id or name, what the word means most before all else."""
        words = split_name(asked)
        found = [one for one in self._all if _id(one.made) == asked]
        found += [one for one in self._named.get(words, ()) if one not in found]
        return sorted(found, key=lambda one: _distance(one.made, asked))

    def near(self, asked: str) -> list[str]:
        """Return at most three ids or names that look like what was asked for."""
        names = {
            name.casefold(): name
            for one in self._all
            for name in (*_names(one.made), _id(one.made))
            if name
        }
        alike = difflib.get_close_matches(asked.casefold(), names, n=3, cutoff=_ALIKE)
        return [names[name] for name in alike]

    def used_by(
        self, found: Recognition, codes: Iterable[tuple[Code, Recognition]]
    ) -> list[Placed]:
        """Return the entries of the vocabulary by which an entry of a patient was read."""
        used = [one for part in found.read for one in self._read_as(part, KINDS[found.kind])]
        used += [
            one for code, alone in codes for one in self._all if _is_named(one.made, code, alone)
        ]
        return list({id(one): one for one in used}.values())

    def _read_as(self, part: WordsRead, field: str) -> list[Placed]:
        """Return the entries that gave some words their role and meaning."""
        spelt = self._named.get(tuple(part.words.split()), [])
        if part.role != "name":
            return [
                one
                for one in spelt
                if isinstance(one.made, Words)
                and one.made.kind.value == part.role
                and field in one.made.fields
            ]
        meant = [one for one in spelt if _preferred(one.made) == part.meaning]
        # A name that a rule has read is in no entry as it was spelt.
        meant = meant or [one for one in self._all if _preferred(one.made) == part.meaning]
        return [one for one in meant if field in _told_in(one.made)] or meant


def _is_named(made: object, code: Code, alone: Recognition) -> bool:
    """Whether an entry is what a code by itself was taken for."""
    if isinstance(made, _NAMED):
        return made.id in alone.named
    if not isinstance(made, Term | Words):
        return False
    begins = any(
        CODE_SYSTEMS[system] == code.system and _plain(code.code).startswith(_plain(listed))
        for system, all_listed in made.codes.items()
        for listed in all_listed
    )
    # Of two beginnings of a code the longer one is meant: the name tells which it was.
    return begins and (isinstance(made, Words) or made.names[0] in str(alone.name))


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()


def _distance(made: object, asked: str) -> int:
    """Return how far a thing is from what was asked for: its own id, a name, or a part of lists.

    An allergen has the names of all that it is a group of.
    """
    if _id(made) == asked and not isinstance(made, Words):
        return 0
    if isinstance(made, _NAMED):
        group = isinstance(made, Concept) and made.kind is ConceptKind.ALLERGEN
        return 1 if split_name(made.name) == split_name(asked) else 2 + group
    return 4 if isinstance(made, Term) else 5


def _id(made: object) -> str | None:
    return getattr(made, "id", None) or None


def _names(made: object) -> Iterator[str]:
    if isinstance(made, _NAMED):
        yield made.name
    if isinstance(made, (*_NAMED, Term, Confusable)):
        yield from made.names
    elif isinstance(made, Words):
        yield from made.words


def _told_in(made: object) -> Sequence[str]:
    """Return the fields of the profile in which a thing is named."""
    if isinstance(made, Term):
        return made.fields
    return made.told_in if isinstance(made, Concept | Substance) else PRODUCT_FIELDS


def _preferred(made: object) -> str:
    """Return the name by which a reading tells that an entry was meant."""
    if isinstance(made, _NAMED):
        return made.name
    return made.names[0] if isinstance(made, Term) else ""
