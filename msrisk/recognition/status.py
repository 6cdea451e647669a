"""Decides which names are negated, stopped, planned, doubtful or somebody else's.

Where it cannot be told to which names a qualifier belongs, it is taken to belong to all
of them: they become possible, never certain, and never vanish.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, Piece, Read

__all__ = ["QUALIFIERS", "left_blank", "qualifiers_of"]

QUALIFIERS: Final = {
    WordKind.NEGATED: "not so",
    WordKind.NONE: "not so",
    WordKind.STOPPED: "stopped or past",
    WordKind.PLANNED: "planned",
    WordKind.OTHER_PERSON: "somebody else's",
    WordKind.DOUBTFUL: "doubtful",
}
_SAYING: Final = {*QUALIFIERS, WordKind.ALLERGY, WordKind.EXCEPT}
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DENIALS: Final = {WordKind.NEGATED, WordKind.NONE}
_DENIED: Final = (
    WordKind.NEGATED,
    WordKind.NONE,
    WordKind.NO_DRUG_ALLERGY,
    WordKind.NO_FOOD_ALLERGY,
)


def qualifiers_of(read: Read) -> dict[int, str]:
    """Return, by the start of each name that stands under a qualifier, which one that is."""
    found: dict[int, str] = {}
    if not _SAYING.isdisjoint(read.said):
        _by_words(read, found)
    if WordKind.UNSAID in read.said:
        found |= dict.fromkeys(left_blank(read).values(), "not known") | found
    ended = _ended(read) if "-" in read.plain else ()
    for name in read.names:
        if name.token.item in ended:
            found.setdefault(name.start, QUALIFIERS[WordKind.STOPPED])
        if name.partial:
            found.setdefault(name.start, "part of words that are not understood")
    return found


def left_blank(read: Read) -> dict[int, int]:
    """Return the names that a form prints with "unknown", by where that word stands.

    "Diabetes: unknown" says so of the diabetes, "cause: unknown" of nothing that is named.
    """
    ends = {name.end: name.start for name in read.names}
    return {
        mark.start: ends[mark.start]
        for mark in read.words(WordKind.UNSAID)
        if mark.start in ends
        and read.plain[read.tokens[mark.start - 1].end : mark.token.start].strip() in {":", "="}
    }


def _by_words(read: Read, found: dict[int, str]) -> None:
    """Add the names under a qualifier that words tell."""
    said: Mapping[WordKind, str] = QUALIFIERS
    if read.list_field == "supplements":
        # To plan a supplement is what msrisk is asked about; it is assessed as such.
        said = {kind: words for kind, words in said.items() if kind is not WordKind.PLANNED}
    if read.list_field in PRODUCT_FIELDS:
        said = {**said, WordKind.ALLERGY: "what the patient is allergic to"}
    excepted, left_out = _exceptions(read)
    found.update(dict.fromkeys(left_out, "left out"))
    by_sentence: dict[int, list[Piece]] = {}
    for name in read.names:
        by_sentence.setdefault(name.token.sentence, []).append(name)
    for mark in read.pieces:
        words = said.get(mark.word) if mark.word is not None else None
        if words is None or (mark.indicated and mark.word is WordKind.ALLERGY):
            continue
        for name in _under(mark, by_sentence.get(mark.token.sentence, []), read):
            if mark.word is WordKind.ALLERGY and name.home == ALLERGEN:
                continue
            if mark.word not in _DENIALS or name.start not in excepted:
                found.setdefault(name.start, words)


def _under(mark: Piece, inside: Sequence[Piece], read: Read) -> Sequence[Piece]:
    """Return the names of which a qualifier may speak, among them those inside its sentence."""
    if mark.indicated:
        # "Metformin for possible diabetes" does not doubt the metformin.
        return [n for n in inside if n.indicated and n.token.clause == mark.token.clause]
    if not inside:
        return [] if _speaks_of_unknown(mark, read) else read.names
    here = [name for name in inside if name.token.clause == mark.token.clause]
    if not here and mark.word in _DENIALS and _follows_unknown(mark, read):
        return []  # "JCV negative, on Tysabri"
    before = [name for name in here if name.start < mark.start]
    # "Stopped because of flushing" says nothing of the flushing.
    after = [name for name in here if name.start > mark.start and not name.indicated]
    if mark.word is WordKind.NEGATED and _is_prefix(mark, read):
        return after
    if before and not after:
        # Tacrolimus stopped, mycophenolate: of the first alone.
        return before
    earlier = [name for name in inside if name.start < mark.start]
    if not after and mark.token.bracket and earlier:
        # Insulin, tacrolimus (stopped): of the second alone.
        near = max(name.token.clause for name in earlier)
        return [name for name in earlier if name.token.clause == near]
    # In brackets with a name it keeps to them: metformin (stopped insulin), mycophenolate.
    within = mark.token.bracket if after else 0
    turn = _turn(mark, read)
    ahead = [
        name
        for name in inside
        if mark.start < name.start < turn and (not within or name.token.bracket == within)
    ]
    if after or (mark.word in _DENIALS and _speaks_of_unknown(mark, read)):
        return [*before, *ahead]
    # "Tacrolimus, stopped": alone between commas, it may look either way.
    return [*earlier, *ahead]


def _is_prefix(mark: Piece, read: Read) -> bool:
    """Whether it denies no more than what it is joined to: "cirrhosis, non-alcoholic"."""
    return mark.end < len(read.tokens) and read.tokens[mark.end].joined


def _exceptions(read: Read) -> tuple[set[int], set[int]]:
    """Return the names excepted from a denial ("none except insulin"), and from anything else.

    What is excepted from words that deny nothing ("all but insulin") is left out.
    """
    excepted: set[int] = set()
    left_out: set[int] = set()
    for mark in read.words(WordKind.EXCEPT):
        inside = [n for n in read.names if n.token.sentence == mark.token.sentence]
        denials = [
            piece
            for kind in _DENIED
            for piece in read.words(kind)
            if piece.token.sentence == mark.token.sentence
        ]
        end = min((one.start for one in denials if one.start > mark.start), default=math.inf)
        # "No insulin except at night, metformin" denies the insulin and nothing else.
        denied = any(
            one.word is WordKind.NONE
            if one.start > mark.start
            else not any(one.start < name.start < mark.start for name in inside)
            for one in denials
        )
        behind = {name.start for name in inside if mark.start < name.start < end}
        (excepted if denied else left_out).update(behind)
    return excepted, left_out


def _ended(read: Read) -> set[int]:
    """Return the items that a span of years ends: "Avonex 2010-2015"."""
    return {
        token.item
        for before, token in pairwise(read.tokens)
        if token.joined and _YEAR.fullmatch(before.text) and _YEAR.fullmatch(token.text)
    }


def _speaks_of_unknown(mark: Piece, read: Read) -> bool:
    """Whether words that are not understood follow in its clause: "no side effects"."""
    return any(
        at >= mark.end and read.tokens[at].clause == mark.token.clause for at in read.unknown
    )


def _follows_unknown(mark: Piece, read: Read) -> bool:
    """Whether words that are not understood end before it in its clause."""
    at = mark.start - 1
    return at in read.unknown and read.tokens[at].clause == mark.token.clause


def _turn(mark: Piece, read: Read) -> float:
    """Return where a "now" ends the reach of a qualifier: "no longer on insulin, now metformin".

    Only a "now" behind a name does; for all but "stopped", in a clause of its own as well.
    """
    if mark.word is WordKind.OTHER_PERSON:
        return math.inf
    behind = bisect_right(read.names, mark.start, key=lambda name: name.start)
    first = read.names[behind].start if behind < len(read.names) else math.inf
    return min(
        (
            now.start
            for now in read.words(WordKind.NOW)
            if now.start > first
            and (now.token.clause != mark.token.clause or mark.word is WordKind.STOPPED)
        ),
        default=math.inf,
    )
