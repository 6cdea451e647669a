"""Decides which name of an entry a route or direction belongs to.

A route goes to the name that it can belong to. Where two could take it, it is certain of
neither: it may be said of each. Directions go to the product of their item.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import inf
from operator import attrgetter
from typing import Final

from attrs import frozen

from msrisk.model.concepts import WordKind
from msrisk.recognition.direction_glance import NAME, OTHER
from msrisk.recognition.forms import LOCAL, OUTSIDE, by_mouth, whole_body
from msrisk.recognition.items import BETWEEN, Token
from msrisk.recognition.pieces import PRODUCT_FIELDS, Piece, Read

__all__ = ["Place", "Wording", "is_kind_of", "is_same", "places_of", "worded", "wordings_of"]

_NOWHERE: Final[frozenset[str]] = frozenset()
_START: Final = attrgetter("start")
# Signs that may stand between two parts of one product.
_JOINS: Final = frozenset("+&/")
# Behind directions this says whether it is taken, and nothing of how much.
_STARTED: Final = re.compile(
    r"\b(?:(?:already )?started(?: already)?|not (?:yet )?started(?: yet)?)[\s.)]*$",
    re.IGNORECASE,
)
_JOINING_WORDS: Final = frozenset({"and", "well", "with", "plus", "und", "mit", "et", "con"})


@frozen
class Place:
    """The routes that are said of a name, and those that may be said of it."""

    said: frozenset[str] = _NOWHERE
    perhaps: frozenset[str] = _NOWHERE

    def beside(self, other: Place | None) -> Place:
        """Return the place of a name that has another one as well."""
        if other is None:
            return self
        said = self.said | other.said
        perhaps = self.perhaps | other.perhaps
        return Place(perhaps=said | perhaps) if perhaps else Place(said)


@frozen
class Wording:
    """The products that directions belong to, and where their words stand in the text."""

    products: tuple[Piece, ...]
    start: int
    end: int

    def is_one(self, read: Read) -> bool:
        """Whether they are directions of one thing, not of "lipoic acid with biotin"."""
        first, *others = self.products
        return all(is_same(first, piece) for piece in others) and not any(
            token.text in BETWEEN
            for piece in self.products
            for token in read.tokens[piece.start : piece.end]
        )


def places_of(read: Read) -> dict[int, Place]:
    """Return the routes of each name that has any, by where the name starts."""
    if WordKind.ROUTE not in read.said:
        return {}
    # "Prednisolone (not the eye drops)": of it nobody says that it goes into the eye.
    denied = {
        (mark.token.clause, at)
        for kind in (WordKind.NEGATED, WordKind.NONE)
        for mark in read.words(kind)
        for at in (mark.end, mark.end + 1)
    }
    routes = [
        piece
        for piece in read.words(WordKind.ROUTE)
        if not (piece.indicated or (piece.token.clause, piece.start) in denied)
    ]
    if not routes:
        return {}
    by_item: dict[int, list[Piece]] = {}
    for piece in routes:
        by_item.setdefault(piece.token.item, []).append(piece)
    names: dict[int, list[Piece]] = {}
    for piece in read.names:
        if not piece.indicated:
            # "Cold and Sinus cream": a name over an "and" stands in both items.
            for item in {piece.token.item, read.tokens[piece.end - 1].item}:
                names.setdefault(item, []).append(piece)
    found: dict[int, Place] = {}
    between = _Between(read)
    for item, there in names.items():
        said = by_item.get(item, [])
        for start, place in _in_item(there, said, read, between) if said else ():
            found[start] = place.beside(found.get(start))
    named = [piece for piece in read.names if not piece.indicated]
    for one, other in pairwise(named):
        if one.start not in found and _may_share(one, other, read):
            other_place = found.get(other.start, Place())
            found[one.start] = Place(perhaps=other_place.said | other_place.perhaps)
    # Of one product, what is said anywhere is perhaps said of each of its names.
    if len({piece.meaning.named for piece in named}) == 1:
        everywhere = frozenset(piece.meaning.route for piece in routes)
        for piece in named:
            place = found.get(piece.start, Place())
            found[piece.start] = Place(place.said, everywhere)
    local = {start for start, place in found.items() if place.said and place.said <= LOCAL}
    if local and not whole_body(read.plain, _stretches(read)):
        local = set(_by_mouth(local, found, read, routes))
    for start in local:
        found[start] = Place(perhaps=found[start].said | found[start].perhaps)
    return found


def _by_mouth(
    local: set[int], found: dict[int, Place], read: Read, routes: Sequence[Piece]
) -> Iterator[int]:
    """Yield the names beside a local form whose dose is one that tablets have."""
    last = {one.meaning.route: one.token.start for one in routes}
    for piece in read.names:
        said = found[piece.start].said if piece.start in local else frozenset()
        if said and said <= OUTSIDE:
            form = max(last.get(route, 0) for route in said)
            if by_mouth(read.plain, read.tokens[piece.end - 1].end, form):
                yield piece.start


def _stretches(read: Read) -> Iterator[tuple[int, int]]:
    """Yield where each name stands in the text."""
    for piece in read.names:
        yield read.tokens[piece.start].start, read.tokens[piece.end - 1].end


class _Between:
    """What stands between two tokens of an entry, counted once for all that ask."""

    def __init__(self, read: Read) -> None:
        tokens = range(len(read.tokens))
        # Before each token, how many stand that measure, and how many may begin a product.
        self._amounts = [0, *accumulate(_is_amount(read, at) for at in tokens)]
        self._cuts = [0, *accumulate(_may_cut(read, at) for at in tokens)]

    def measured(self, start: int, end: int) -> bool:
        """Whether an amount stands between, so that what follows is another product."""
        return start < end and self._amounts[start] < self._amounts[end]

    def cut(self, start: int, end: int) -> bool:
        """Whether a dash, a stroke or "with" stands between, so that it may be two products."""
        return start <= end and self._cuts[start] < self._cuts[end + 1]


def _in_item(
    names: Sequence[Piece], routes: Sequence[Piece], read: Read, between: _Between
) -> Iterator[tuple[int, Place]]:
    """Yield the place of each name of one item that routes stand in."""
    groups = [[names[0]]]
    for before, name in pairwise(names):
        if is_same(before, name) or not between.measured(before.end, name.start):
            groups[-1].append(name)
        else:
            groups.append([name])
    said: list[set[str]] = [set() for _ in groups]
    perhaps: list[set[str]] = [set() for _ in groups]
    for route in routes:
        begun = bisect_left(groups, route.start, key=lambda group: group[0].start)
        at = max(begun - 1, 0)
        goes_on = at + 1 < len(groups) and begun > 0
        near = bisect_left(groups[at], route.start, key=_START)
        end = groups[at][near - 1].end
        if goes_on and near and between.measured(end, route.start):
            perhaps[at].add(route.meaning.route)
            perhaps[at + 1].add(route.meaning.route)
        elif near and between.cut(end, route.start):
            perhaps[at].add(route.meaning.route)
        elif not begun and between.cut(route.end, groups[0][0].start):
            # "Ice cream / prednisone" need not be a cream of it.
            perhaps[at].add(route.meaning.route)
        else:
            said[at].add(route.meaning.route)
    for at, group in enumerate(groups):
        one = all(is_same(group[0], name) for name in group[1:])
        apart = _apart(group, routes, read, between) if one and not perhaps[at] else frozenset()
        for name in group:
            if one and not perhaps[at] and name.start not in apart:
                yield name.start, Place(frozenset(said[at]))
            else:
                yield name.start, Place(perhaps=frozenset(said[at] | perhaps[at]))


def _apart(
    group: Sequence[Piece], routes: Sequence[Piece], read: Read, between: _Between
) -> frozenset[int]:
    """Return the names of which routes may be those of another product, which bears the same name.

    They may behind a stroke, a colon or an amount, and between two names: "prednisone cream
    prednisone 5 mg". In brackets, or with a percentage behind it, the second name is of the
    same product.
    """
    cut = bare = -1  # the last name behind a stroke or a colon, and the last outside of brackets
    for name in group[1:]:
        cut = name.start if _is_cut_off(read, name.start) else cut
        bare = name.start if name.token.bracket == 0 else bare
    at = bisect_right(routes, group[0].start, key=_START)
    first = routes[at].start if at < len(routes) else inf
    return frozenset(
        name.start
        for name in group
        if not name.combined
        and (
            cut > name.start
            or between.measured(name.end, bare)
            or (first < name.start and not _explains(read, name))
        )
    )


def _is_cut_off(read: Read, at: int) -> bool:
    """Whether a stroke or a colon stands before a token."""
    end = read.tokens[at - 1].end
    return read.tokens[at].stroke or read.plain[end : read.tokens[at].start].rstrip().endswith(":")


def _explains(read: Read, name: Piece) -> bool:
    """Whether brackets or a percentage say that a name is of the product before it."""
    return name.token.bracket > 0 or any(
        _is_percentage(read, at) for at in (name.end - 1, name.end)
    )


def is_same(one: Piece, other: Piece) -> bool:
    """Whether two names may name one product: "alpha lipoic acid (ALA)"."""
    ours = {*one.meaning.named, *one.meaning.possible}
    theirs = {*other.meaning.named, *other.meaning.possible}
    return not ours.isdisjoint(theirs) or any(
        is_kind_of(a, b) or is_kind_of(b, a) for a in ours for b in theirs
    )


def is_kind_of(one: str, other: str) -> bool:
    """Whether an id is that of a kind of another medicine: insulin-glargine of insulin."""
    return set(one.split("-")) > set(other.split("-"))


def _measured(read: Read, start: int, end: int) -> bool:
    """Whether an amount stands between, so that what follows is another product."""
    return any(_is_amount(read, at) for at in range(start, end))


def _is_amount(read: Read, at: int) -> bool:
    return read.tokens[at].number and not _is_percentage(read, at)


def _is_percentage(read: Read, at: int) -> bool:
    if at >= len(read.tokens) or not read.tokens[at].number:
        return False
    behind = read.tokens[at + 1].start if at + 1 < len(read.tokens) else len(read.plain)
    return read.plain[read.tokens[at].end : behind].lstrip()[:1] == "%"


def _may_cut(read: Read, at: int) -> bool:
    """Whether a dash, a stroke or "with" stands before a token or is one."""
    token = read.tokens[at]
    return token.soft and (
        token.text in BETWEEN or read.plain[read.tokens[at - 1].end : token.start].strip(" %") != ""
    )


def _may_share(one: Piece, other: Piece, read: Read) -> bool:
    """Whether what is said of the second of two names may be said of the first too.

    It may in "dexamethasone and neomycin eye drops", not in "prednisone 5 mg and timolol
    eye drops".
    """
    if one.token.item == other.token.item or one.token.sentence != other.token.sentence:
        return False
    first = read.tokens[other.start]
    between = read.plain[read.tokens[one.end - 1].end : first.start]
    joined = not _JOINS.isdisjoint(between) or any(
        token.text in _JOINING_WORDS for token in read.tokens[one.end : other.start]
    )
    if not joined or _measured(read, one.end, other.start):
        return False
    return len({token.item for token in read.tokens[one.start : other.start + 1]}) == 2


def wordings_of(read: Read) -> list[Wording]:
    """Return the directions of each product of an entry, in their order.

    An item that names no product goes on with the directions of the one before it.
    """
    products: dict[int, list[Piece]] = {}
    for piece in read.names:
        if piece.home in PRODUCT_FIELDS and not piece.indicated:
            products.setdefault(piece.token.item, []).append(piece)
    starts: list[tuple[int, tuple[Piece, ...]]] = []
    seen = -1
    for token in read.tokens:
        if token.item != seen:
            seen = token.item
            if seen in products and (starts == [] or not starts[-1][1]):
                starts = [(0, tuple(products[seen]))]
            elif seen in products:
                starts.append((_begin(token, products[seen][0], read), tuple(products[seen])))
    if not starts:
        return []
    ends = [start for start, _ in starts[1:]] + [len(read.plain)]
    return [Wording(pieces, start, end) for (start, pieces), end in zip(starts, ends, strict=True)]


def _begin(first: Token, product: Piece, read: Read) -> int:
    """Return where the directions of an item begin that has begun with those of another product.

    "And 300 mg at night with biotin": what stands before the "with" is said of what came before.
    """
    at = product.start
    while read.tokens[at].start > first.start and not read.tokens[at].soft:
        at -= 1
    return read.tokens[at].start


def worded(read: Read, wording: Wording) -> str:
    """Return the words of directions, with what they name replaced."""
    words: list[str] = []
    at = wording.start
    begin = bisect_left(read.names, at, key=lambda piece: piece.token.start)
    for number in range(begin, len(read.names)):
        piece = read.names[number]
        if piece.token.start >= wording.end:
            break
        # "NAC 600" is a name as well, and its number an amount all the same.
        end_of = piece.end - read.tokens[piece.end - 1].number
        first, last = read.tokens[piece.start].start, read.tokens[end_of - 1].end
        if wording.start <= first and last <= wording.end:
            is_product = piece.home in PRODUCT_FIELDS and not piece.indicated
            words += [read.plain[at:first], NAME if is_product else OTHER]
            at = last
    found = "".join((*words, read.plain[at : wording.end]))
    started = _STARTED.search(found)
    if started is None:
        return found.strip()
    end = started.start()
    while end and (found[end - 1].isspace() or found[end - 1] in ",;.(-"):
        end -= 1
    return found[:end].strip()
