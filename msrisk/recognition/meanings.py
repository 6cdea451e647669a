"""Joins the meanings of several names: what the entry certainly is, and what it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from msrisk.model.concepts import ANYTHING, MemberBasis, Possible, Recognition, closure
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import NAMED, Meaning

__all__ = ["Named", "minus", "read_meanings", "union"]


@frozen
class Named:
    """A meaning, and what is said of it.

    Attributes:
        meaning: what the name or code stands for.
        routes: by which it is said to be taken.
        beside: routes that are said elsewhere in the entry, perhaps of this.
        item: number of the thing listed that it is part of.
        bracket: number of the brackets that it stands in: "steroid (prednisolone)" is one thing;
            of an ambiguous term behind brackets, less than 0, their number.
        directs: whether it is made of words of directions, "infusion every 6 months", which
            beside the name of a product say how that is given.

    """

    meaning: Meaning
    routes: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    item: int = 0
    bracket: int = 0
    directs: bool = False


_NOTHING: Final = Recognition(None, "")


def read_meanings(given: Iterable[Named], lexicon: Lexicon) -> Recognition:
    """Return what names or codes, each with the routes said of it, certainly and possibly are."""
    all_ = list(given)
    if not all_:
        return _NOTHING
    settled = _settled(all_, lexicon)
    concepts: set[str] = set()
    possible: Possible = frozenset()
    heard: set[str] = set()
    why: dict[str, tuple[str, str]] = {}
    reasons: list[str] = []
    names: list[str] = []
    for one in all_:
        meaning = one.meaning
        own = meaning.concepts
        concepts |= own
        for id_ in own:
            why.setdefault(id_, (NAMED, f"named “{meaning.name}”"))
        # Of an ambiguous term, a name beside it says which thing it is, or a further one.
        beside = settled.get(one.item, {})
        said = frozenset[str]().union(*beside.values())
        # A class is told by a member, anything else by one of the things that it may be.
        may_be = meaning.concepts & lexicon.classes or frozenset(meaning.possible)
        leaves_open = bool(meaning.possible) and said.isdisjoint(may_be)
        if leaves_open or not meaning.possible:
            names.append(meaning.name)
        # "Steroid (prednisolone)" is one thing; "immunosuppressant tacrolimus" may be two.
        here = max(one.bracket, 0)
        apart = (
            ids
            for bracket, ids in beside.items()
            if max(bracket, 0) != here and not 0 < bracket <= -one.bracket
        )
        directs = one.directs and not said.isdisjoint(lexicon.products)
        same = directs or any(not ids.isdisjoint(may_be) for ids in apart)
        if meaning.possible and not same:
            left = lexicon.above(set(meaning.possible) - {"anything"})
            if not leaves_open:
                left &= lexicon.matters
            heard |= left
            possible = union(possible, ANYTHING if "anything" in meaning.possible else left)
            reasons.append(meaning.why)
        for member in meaning.members:
            classes = closure([member.id], lexicon.parents)
            holds = _holds(one, member.not_by, ask_route=member.ask_route)
            if holds is None:
                heard |= classes
                possible = union(possible, classes)
                reasons.append(f"by which route {meaning.name} is taken is not said")
            elif holds:
                concepts |= classes
                for id_ in classes:
                    if why.get(id_, ("judged",))[0] != MemberBasis.LABELLED.value:
                        why[id_] = (member.basis.value, member.why)
    certain = frozenset(concepts)
    left_open = minus(possible, certain)
    return Recognition(
        text=None,
        kind="",
        concepts=certain,
        named=frozenset(id_ for one in all_ for id_ in one.meaning.named),
        possible=left_open,
        heard=frozenset(heard) - certain,
        name=" and ".join(dict.fromkeys(filter(None, names))) or None,
        why=why,
        reason="; ".join(dict.fromkeys(reasons)) if left_open else "",
    )


def _settled(all_: list[Named], lexicon: Lexicon) -> dict[int, dict[int, frozenset[str]]]:
    """Return what is named without a doubt beside an ambiguous term, by item and bracket."""
    items = {one.item for one in all_ if one.meaning.possible}
    named: dict[int, dict[int, set[str]]] = {item: {} for item in items}
    for one in all_:
        if one.item in items and not one.meaning.possible:
            ids = named[one.item].setdefault(one.bracket, set())
            ids.update(closure(one.meaning.named, lexicon.parents), _classes(one.meaning))
    return {
        item: {bracket: frozenset(ids) for bracket, ids in there.items()}
        for item, there in named.items()
    }


def _classes(meaning: Meaning) -> Iterator[str]:
    return (member.id for member in meaning.members)


def _holds(one: Named, not_by: tuple[str, ...], *, ask_route: bool) -> bool | None:
    """Return whether a membership holds by the routes said; None if that is not settled."""
    if one.routes:
        local = one.routes.intersection(not_by)
        return None if local and local != one.routes else not local
    if ask_route or one.beside.intersection(not_by):
        return None
    return True


def union(one: Possible, other: Possible) -> Possible:
    """Return what is possible by either."""
    if one is ANYTHING or other is ANYTHING:
        return ANYTHING
    return one | other


def minus(possible: Possible, certain: frozenset[str]) -> Possible:
    """Return what is possible besides what is certain."""
    return possible if possible is ANYTHING else possible - certain
