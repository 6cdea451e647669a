"""Decides which names are negated, stopped, planned, doubtful or somebody else's.

Where it cannot be told to which names a qualifier belongs, it is taken to belong to all
of them: they become possible, never certain, and never vanish.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import pairwise
from operator import attrgetter
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.direction_row import tells_one_intake
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, Piece, Read
from msrisk.recognition.stretches import Once, Stretches, overlap

__all__ = ["QUALIFIERS", "left_blank", "qualifiers_of", "told_intakes"]

QUALIFIERS: Final = {
    WordKind.NEGATED: "not so",
    WordKind.NONE: "not so",
    WordKind.STOPPED: "stopped or past",
    WordKind.PLANNED: "planned",
    WordKind.OTHER_PERSON: "somebody else's",
    WordKind.DOUBTFUL: "doubtful",
}
_SAYING: Final = {*QUALIFIERS, WordKind.ALLERGY, WordKind.EXCEPT}
_START: Final = attrgetter("start")
_CLAUSE: Final = attrgetter("token.clause")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_TOOK: Final = frozenset({"took", "did take", "had", "i had"})
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


def told_intakes(read: Read) -> frozenset[int]:
    """Return where a past is that of one intake: "took 12 tablets at once", not "took it once"."""
    if read.list_field not in PRODUCT_FIELDS:
        return frozenset()
    pasts = {
        mark.start: mark.token.sentence
        for mark in read.words(WordKind.STOPPED)
        if " ".join(one.text for one in read.tokens[mark.start : mark.end]) in _TOOK
    }
    ends: dict[int, list[int]] = {}
    for one in read.tokens if pasts else ():
        ends.setdefault(one.sentence, []).extend((one.start, one.end))
    told = {
        number: tells_one_intake(read.plain[ends[number][0] : ends[number][-1]])
        for number in dict.fromkeys(pasts.values())
    }
    return frozenset(start for start, number in pasts.items() if told[number])


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
    stretches = Stretches(read.names)
    excepted, left_out = _exceptions(read, stretches)
    found.update(dict.fromkeys(left_out, "left out"))
    # What the first qualifier of a kind says of a name is all that its kind says of it.
    left: dict[tuple[bool, bool, bool | None], Once] = {}
    intakes = told_intakes(read)
    for mark in read.pieces:
        words = said.get(mark.word) if mark.word is not None else None
        if words is None or (mark.indicated and mark.word is WordKind.ALLERGY):
            continue
        if mark.start in intakes:
            continue
        allergy, denial = mark.word is WordKind.ALLERGY, mark.word in _DENIALS
        indicated, *under = _under(mark, read, stretches)
        kind = allergy, denial, indicated
        if kind not in left:
            left[kind] = Once(len(read.names))
        for name in (read.names[at] for stretch in under for at in left[kind].of(stretch)):
            wanted = indicated is None or name.indicated is indicated
            other = (allergy and name.home == ALLERGEN) or (denial and name.start in excepted)
            if wanted and not other:
                found.setdefault(name.start, words)


def _under(mark: Piece, read: Read, stretches: Stretches) -> tuple[bool | None, *tuple[range, ...]]:
    """Return the names of which a qualifier may speak, in stretches.

    Before these comes whether it speaks of those alone that are told as a reason, or of those
    alone that are not; None if of both.
    """
    token = mark.token
    inside, here = stretches.sentence(token.sentence), stretches.clause(token.clause)
    if mark.indicated:
        # "Metformin for possible diabetes" does not doubt the metformin.
        return True, here
    if not inside:
        return (None,) if _speaks_of_unknown(mark, read) else (None, stretches.all())
    if not here and mark.word in _DENIALS and _follows_unknown(mark, read):
        return (None,)  # "JCV negative, on Tysabri"
    before, behind = stretches.before(here, mark.start), stretches.behind(here, mark.start)
    # "Stopped because of flushing" says nothing of the flushing.
    after = stretches.holds_bare(behind)
    if mark.word is WordKind.NEGATED and _is_prefix(mark, read):
        return False, behind
    if before and not after:
        # Tacrolimus stopped, mycophenolate: of the first alone.
        return None, before
    earlier = stretches.before(inside, mark.start)
    if not after and token.bracket and earlier:
        # Insulin, tacrolimus (stopped): of the second alone.
        return None, stretches.clause(stretches.clause_of(earlier[-1]))
    ahead = stretches.before(stretches.behind(inside, mark.start), _turn(mark, read))
    if after and token.bracket:
        # In brackets with a name it keeps to them: metformin (stopped insulin), mycophenolate.
        ahead = overlap(ahead, stretches.brackets(token.bracket))
    if after or (mark.word in _DENIALS and _speaks_of_unknown(mark, read)):
        return None, before, ahead
    # "Tacrolimus, stopped": alone between commas, it may look either way.
    return None, earlier, ahead


def _is_prefix(mark: Piece, read: Read) -> bool:
    """Whether it denies no more than what it is joined to: "cirrhosis, non-alcoholic"."""
    return mark.end < len(read.tokens) and read.tokens[mark.end].joined


def _exceptions(read: Read, stretches: Stretches) -> tuple[set[int], set[int]]:
    """Return the names excepted from a denial ("none except insulin"), and from anything else.

    What is excepted from words that deny nothing ("all but insulin") is left out.
    """
    marks = read.words(WordKind.EXCEPT)
    if not marks:
        return set(), set()
    excepted, left_out = Once(len(read.names)), Once(len(read.names))
    found: tuple[set[int], set[int]] = set(), set()
    denials = sorted((one for kind in _DENIED for one in read.words(kind)), key=_START)
    nones = read.words(WordKind.NONE)
    for mark in marks:
        inside = stretches.sentence(mark.token.sentence)
        before, behind = stretches.before(inside, mark.start), stretches.behind(inside, mark.start)
        at = bisect_right(denials, mark.start, key=_START)
        last, following = denials[max(at - 1, 0) : at], denials[at : at + 1]
        none = nones[(first := bisect_right(nones, mark.start, key=_START)) : first + 1]
        # "No insulin except at night, metformin" denies the insulin and nothing else.
        denied = any(one.token.sentence == mark.token.sentence for one in none) or any(
            one.token.sentence == mark.token.sentence and not stretches.behind(before, one.start)
            for one in last
        )
        end = next(
            (one.start for one in following if one.token.sentence == mark.token.sentence), math.inf
        )
        left, there = (excepted, found[0]) if denied else (left_out, found[1])
        there.update(read.names[at].start for at in left.of(stretches.before(behind, end)))
    return found


def _ended(read: Read) -> set[int]:
    """Return the items that a span of years ends: "Avonex 2010-2015"."""
    return {
        token.item
        for before, token in pairwise(read.tokens)
        if token.joined and _YEAR.fullmatch(before.text) and _YEAR.fullmatch(token.text)
    }


def _speaks_of_unknown(mark: Piece, read: Read) -> bool:
    """Whether words that are not understood follow in its clause: "no side effects"."""
    at = bisect_left(read.unknown, mark.end)
    return at < len(read.unknown) and read.tokens[read.unknown[at]].clause == mark.token.clause


def _follows_unknown(mark: Piece, read: Read) -> bool:
    """Whether words that are not understood end before it in its clause."""
    at = mark.start - 1
    place = bisect_left(read.unknown, at)
    unknown = read.unknown[place : place + 1] == (at,)
    return unknown and read.tokens[at].clause == mark.token.clause


def _turn(mark: Piece, read: Read) -> float:
    """Return where a "now" ends the reach of a qualifier: "no longer on insulin, now metformin".

    Only a "now" behind a name does; for all but "stopped", in a clause of its own as well.
    """
    nows = read.words(WordKind.NOW)
    if mark.word is WordKind.OTHER_PERSON or not nows:
        return math.inf
    behind = bisect_right(read.names, mark.start, key=_START)
    first = read.names[behind].start if behind < len(read.names) else math.inf
    at = bisect_right(nows, first, key=_START)
    if mark.word is not WordKind.STOPPED:
        at = max(at, bisect_right(nows, mark.token.clause, key=_CLAUSE))
    return nows[at].start if at < len(nows) else math.inf
