"""Finds international names as other languages spell them: "metformina", "métoprolol".

An international nonproprietary name ends otherwise in French, Spanish, Portuguese, Italian,
German and Latin, and in German the salt is joined to it: "Levothyroxinnatrium". A word is
looked up here only if it is not known otherwise, and only against the preferred names of
medicines: among brand names an ending tells two medicines apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from msrisk.model.concepts import Fixed
from msrisk.model.later import Later
from msrisk.recognition.characters import split_name

__all__ = ["Spellings", "key_of", "spelled_otherwise", "without_salt"]

# Shorter words are too many different things: "Ovula", "Clara".
_FEWEST_LETTERS: Final = 7
_WORD: Final = re.compile(r"[a-z]+")
_LATIN: Final = re.compile(r"(?:um|us)$")
_VOWEL: Final = re.compile(r"[aeo]$")
# Dutch and the southern languages write a sound as it is said: "mycofenolaat", "metotrexato".
_SOUNDS: Final = (("ph", "f"), ("th", "t"), ("y", "i"))
# Chloride, bromide and iodide are not among them: behind a metal they are the medicine.
_JOINED_SALT: Final = re.compile(
    r"(?:dinatrium|natrium|kalium|dikalium|calcium|hydrochloride?|dihydrochloride?|hydrobromide?"
    r"|maleate?|hydrogenmaleate?|fumarate?|hemifumarate?|hydrogenfumarate?|tartrate?"
    r"|hydrogentartrate?|succinate?|citrate?|dihydrogencitrate?|sul[fp]h?ate?|hemisulfate?"
    r"|besilate?|mesilate?|tosilate?|acetate?|diacetate?|phosphate?|dihydrogenphosphate?"
    r"|valerate?|dipropionate?|propionate?|furoate?|enant?h?ate?|undecanoate?|decanoate?|palmitate?"
    r"|embonate?|pamoate?|oxalate?|lactate?|nitrate?|mofetil|medoxomil|cilexetil|axetil|pivoxil"
    r"|etexilate?|disoproxil|monohydrate?|dihydrate?|trihydrate?|hemihydrate?|hydrate?)$"
)
# How all of these end, so that few words are searched.
_SALT_ENDS: Final = ("ium", "id", "ide", "at", "ate", "il")
# "Salbutamoli sulfas", "neostigmini bromidum", "diclofenaci natricum".
# Not the trinitrate of glycerol, which is another medicine than glycerol.
_LATIN_SALT: Final = re.compile(
    r"(?:acet|benzo|besil|(?:hydrogeno)?citr|fumar|glucon|lact|lactobion|(?:hydrogeno)?male|mesil"
    r"|nitr|oxal|palmit|pamo|embon|phosph|(?:di)?propion|stear|succin|(?:hydrogeno|mono)?sulf"
    r"|(?:hydrogeno)?tartr|tosil|valer)as|(?:di)?(?:hydro)?(?:brom|chlor)idum|natricum|kalicum"
)


def key_of(word: str, *, genitive: bool = False) -> str | None:
    """Return what the spellings of one international name share; None for a word too short.

    Args:
        word: one word, normalised.
        genitive: whether a Latin salt follows, so that a final -i is an ending.

    """
    if len(word) < _FEWEST_LETTERS or not _WORD.fullmatch(word):
        return None
    word = word.replace("aat", "at")  # as Dutch has it
    if genitive and word.endswith("i"):
        return word[:-1]
    return _VOWEL.sub("", _LATIN.sub("", word))


def without_salt(word: str) -> str | None:
    """Return a name without the salt that German and Dutch join to it; None if there is none."""
    word = word.replace("aat", "at")
    stem = _JOINED_SALT.sub("", word) if word.endswith(_SALT_ENDS) else word
    return stem if stem != word else None


# One function a type, because attrs reads the types of a converter.
def _frozen_names(names: Mapping[str, str]) -> Mapping[str, str]:
    return Fixed(names)


def _frozen_groups(groups: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    return Fixed(groups)


@frozen
class Spellings(Later):
    """Preferred names of medicines by what their spellings share.

    Attributes:
        names: for each key, the one preferred name that has it.
        collisions: for each key that several preferred names have, those names; a word with
            such a key is none of them.

    """

    names: Mapping[str, str] = field(converter=_frozen_names)
    collisions: Mapping[str, tuple[str, ...]] = field(converter=_frozen_groups)

    def name_of(self, word: str, behind: str = "") -> str | None:
        """Return the preferred name that a word spells otherwise; None if there is none.

        Args:
            word: one word, normalised, that is not known otherwise.
            behind: the word behind it, as a Latin salt takes a genitive.

        """
        for one in _read_as(word, genitive=_LATIN_SALT.fullmatch(behind) is not None):
            if one in self.names:
                return self.names[one]
        return None


def _read_as(word: str, *, genitive: bool) -> Iterator[str]:
    key = key_of(word, genitive=genitive)
    if key is not None:
        yield key
    stem = without_salt(word)
    bare = key_of(stem) if stem is not None else None
    if bare is not None:
        yield bare


def _as_said(word: str) -> set[str]:
    """Return a name as it is, and with each sound written as it is said or not."""
    found = {word}
    for written, said in _SOUNDS:
        found |= {one.replace(written, said) for one in found}
    return found


def spelled_otherwise(names: Iterable[str]) -> Spellings:
    """Return the spellings of the preferred names of medicines that are one word.

    Args:
        names: preferred names; those of several words have no other spelling here.

    """
    shared: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        words = split_name(name)
        for one in _as_said(words[0]) if len(words) == 1 else ():
            key = key_of(one)
            if key is not None:
                shared[key].add(name)
    return Spellings(
        {key: name for key, (name, *others) in shared.items() if not others},
        {key: tuple(sorted(group)) for key, group in shared.items() if len(group) > 1},
    )
