"""Finds entries that recognition reads alike, so that only one of them is read.

Implements *Names that are read alike are read once*, docs/analysis.md. Thousands of new names
are therefore read as a few.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules
from typing import Final

from msrisk import recognition
from msrisk.model.concepts import WordKind
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.characters import normalised
from msrisk.recognition.direction_words import STEMS
from msrisk.recognition.lexicon import Lexicon
from msrisk.search.pair import ChangedName, PairedEntry, RuleSetPair, Seen

__all__ = ["SameReading"]

_PLAIN: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_UNKNOWN: Final = "?"
# Fewer names are read sooner than all the words that they might be made of.
_MANY: Final = 300

Does = tuple[tuple[WordKind | None, str] | None, ...]
"""What a word does in each field, and the route that it names."""


class SameReading:
    """Reads one of several entries that both rule sets surely read alike."""

    def __init__(self, pair: RuleSetPair) -> None:
        self.pair = pair
        self._entries: dict[Seen, PairedEntry] = {}
        self._changed_sorts: dict[str, tuple[PairedEntry, ...]] = {}

    @cached_property
    def _words(self) -> Sequence[Mapping[str, Does]]:
        return [_words(side.lexicon) for side in self.pair.sides]

    def named(self, field: str, text: str) -> PairedEntry:
        """Return an entry that both rule sets cannot tell apart from this text."""
        words = normalised(text)
        if not _PLAIN.fullmatch(words):
            return self.pair.named(field, text)
        key = field, *(self._read(side, field, tuple(words.split())) for side in (0, 1))
        if key not in self._entries:
            self._entries[key] = self.pair.named(field, text)
        return self._entries[key]

    def of(self, changed: ChangedName) -> PairedEntry:
        """Return an entry that rules cannot tell apart from a changed name, word or code."""
        if changed.system or len(self.pair.changed) < _MANY:
            return self.pair.entry_of(changed)
        return self.named(changed.field, changed.name)

    def changed_representatives(self, field: str) -> tuple[PairedEntry, ...]:
        """Return one entry of each sort among the names that the rule sets read differently."""
        if field not in self._changed_sorts:
            found: dict[Seen, PairedEntry] = {}
            for one in self.pair.changed:
                if one.field == field:
                    entry = self.of(one)
                    found.setdefault(self.pair.seen(entry), entry)
            self._changed_sorts[field] = tuple(found.values())
        return self._changed_sorts[field]

    def _read(self, side: int, field: str, words: tuple[str, ...]) -> object:
        """Return all by which a rule set's recognition can tell an entry from others."""
        here = self.pair.sides[side]
        lexicon = here.lexicon
        if any(one + other in lexicon.tokens for one, other in pairwise(words)):
            return words  # two that may be one name
        name = here.of_name(field, words)
        if name is not None:
            return name
        read: list[object] = []
        for word, behind in zip(words, (*words[1:], ""), strict=True):
            if word in _of_code() or word.startswith(STEMS):
                read.append(word)
            elif word in lexicon.tokens:
                read.append(self._words[side].get(word, word))
            elif lexicon.spelled(field, word, behind) is not None:
                return words
            else:
                read.append(_UNKNOWN)
        return tuple(read)


@cache
def _of_code() -> frozenset[str]:
    """Return the words that recognition knows without a vocabulary, and perhaps some more."""
    names = [one.name for one in iter_modules(recognition.__path__)]
    modules = [import_module(f"{recognition.__name__}.{name}") for name in names]
    constants = [value for module in modules for value in vars(module).values()]
    listed = [one for one in constants if isinstance(one, set | frozenset | tuple | Mapping)]
    return frozenset({"other", "x"}.union(w for one in listed for w in one if isinstance(w, str)))


def _words(lexicon: Lexicon) -> Mapping[str, Does]:
    """Return what each word does, of those that name nothing and are part of no longer name."""
    listed = [lexicon.names(field) for field in LIST_FIELDS]
    longer = {word for names in listed for tokens in names if len(tokens) > 1 for word in tokens}
    alone = {tokens[0] for names in listed for tokens in names if len(tokens) == 1} - longer
    found: dict[str, Does] = {}
    for word in alone:
        meanings = [names.get((word,)) for names in listed]
        if not any(meaning and meaning.is_name for meaning in meanings):
            found[word] = tuple(None if one is None else (one.word, one.route) for one in meanings)
    return found
