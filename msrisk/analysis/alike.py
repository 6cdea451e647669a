"""Entries that recognition cannot tell apart, found without reading each of them.

An entry of nothing but letters and spaces is read as its words are known: one that is
listed, as what it stands for; any other, by which of its words the vocabulary has, and
what those do. Thousands of new names are therefore read as a few.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from msrisk.analysis.entries import Both, Changed, Key, Probe
from msrisk.model.concepts import WordKind
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.characters import normalised
from msrisk.recognition.items import BETWEEN
from msrisk.recognition.lexicon import Lexicon, Meaning

__all__ = ["Alike"]

_PLAIN: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
# What recognition knows without a vocabulary.
_KNOWN: Final = {*BETWEEN, "other", "x"}
_UNKNOWN: Final = "?"
# Fewer names are read sooner than all the words that they might be made of.
_MANY: Final = 300

Does = tuple[tuple[WordKind | None, str] | None, ...]
"""What a word does in each field, and the route that it tells."""


class Alike:
    """The entries of two rule sets, those that both surely read alike as one."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self._probes: dict[Key, Probe] = {}
        self._of_meanings: dict[tuple[int, int], Key] = {}
        self._changed_sorts: dict[str, tuple[Probe, ...]] = {}

    @cached_property
    def _words(self) -> Sequence[Mapping[str, Does]]:
        return [_words(side.lexicon) for side in self.both.sides]

    def named(self, field: str, text: str) -> Probe:
        """Return an entry of which the rules of both rule sets see what they see of a text."""
        words = normalised(text)
        if not _PLAIN.fullmatch(words):
            return self.both.named(field, text)
        key = field, *(self._read(side, field, tuple(words.split())) for side in (0, 1))
        if key not in self._probes:
            self._probes[key] = self.both.named(field, text)
        return self._probes[key]

    def of(self, changed: Changed) -> Probe:
        """Return an entry of which rules see what they see of a changed name, word or code."""
        if changed.system or len(self.both.changed) < _MANY:
            return self.both.entry_of(changed)
        return self.named(changed.field, changed.name)

    def changed_sorts(self, field: str) -> tuple[Probe, ...]:
        """Return one entry of each sort among the names that the rule sets read differently."""
        if field not in self._changed_sorts:
            found: dict[Key, Probe] = {}
            for one in self.both.changed:
                if one.field == field:
                    probe = self.of(one)
                    found.setdefault(self.both.key(probe), probe)
            self._changed_sorts[field] = tuple(found.values())
        return self._changed_sorts[field]

    def _read(self, side: int, field: str, words: tuple[str, ...]) -> object:
        """Return all by which a rule set's recognition can tell an entry from others."""
        lexicon = self.both.sides[side].lexicon
        meaning = lexicon.names(field).get(words)
        if meaning is not None and meaning.is_name:
            known_as = side, id(meaning)  # the lexicon keeps it as long as this is asked
            if known_as not in self._of_meanings:
                self._of_meanings[known_as] = self._seen(side, meaning)
            return self._of_meanings[known_as]
        if any(one + other in lexicon.tokens for one, other in pairwise(words)):
            return words  # two that may be one name
        known = self._words[side]
        return tuple(
            word
            if word in _KNOWN
            else known.get(word, word)
            if word in lexicon.tokens
            else _UNKNOWN
            for word in words
        )

    def _seen(self, side: int, meaning: Meaning) -> Key:
        """Return what recognition hands on of the meaning of a name that stands alone."""
        here, ids = self.both.sides[side], {*meaning.named, *meaning.possible}
        return (
            *here.of_meaning(meaning),
            here.tested.intersection(meaning.named),
            here.lexicon.classes.isdisjoint(meaning.concepts),
            here.lexicon.products.isdisjoint(ids),
        )


def _words(lexicon: Lexicon) -> Mapping[str, Does]:
    """Return what each word does that names nothing and is part of nothing longer."""
    listed = [lexicon.names(field) for field in LIST_FIELDS]
    longer = {word for names in listed for tokens in names if len(tokens) > 1 for word in tokens}
    alone = {tokens[0] for names in listed for tokens in names if len(tokens) == 1} - longer
    found: dict[str, Does] = {}
    for word in alone:
        meanings = [names.get((word,)) for names in listed]
        if not any(meaning and meaning.is_name for meaning in meanings):
            found[word] = tuple(None if one is None else (one.word, one.route) for one in meanings)
    return found
