"""Joins the meanings of several names: what the entry certainly is, and what it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from msrisk.model.concepts import ANYTHING, MemberBasis, Possible, closure
from msrisk.recognition.facts import facts_of
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import NAMED, Joined, Meaning

__all__ = ["Named", "minus", "read_meanings", "union"]

_NOWHERE: Final[frozenset[str]] = frozenset()


class Named(NamedTuple):
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
        opens: what it leaves open that comes with it, by itself or by the words around it.

    """

    meaning: Meaning
    routes: frozenset[str] = _NOWHERE
    beside: frozenset[str] = _NOWHERE
    item: int = 0
    bracket: int = 0
    directs: bool = False
    opens: frozenset[str] = _NOWHERE


_Beside = Mapping[str, tuple[int, int]]
"""What is named without a doubt beside an ambiguous term: the first and last brackets with it."""

_NOBODY: Final[_Beside] = MappingProxyType({})
_NOTHING: Final = Joined()
_LABELLED: Final = MemberBasis.LABELLED.value


def read_meanings(given: Sequence[Named], lexicon: Lexicon, *, coded: bool = False) -> Joined:
    """Return what names or codes, each with the routes said of it, certainly and possibly are.

    Args:
        given: the names, or the meanings of one code.
        lexicon: what is known.
        coded: whether they are of a code, which may be in no vocabulary.

    """
    if not given:
        return _NOTHING
    alone = _part if coded else _alone
    if len(given) < 2:
        return alone(given[0], lexicon)
    settled = _settled(given, lexicon)
    parts = [
        _part(one, lexicon, settled[one.item]) if one.meaning.possible else alone(one, lexicon)
        for one in given
    ]
    concepts: frozenset[str] = frozenset().union(*[part.concepts for part in parts])
    anything, may_be = False, set[str]()
    why: dict[str, tuple[str, str]] = {}
    for part in parts:
        if part.possible is ANYTHING:
            anything = True
        else:
            may_be |= part.possible
        for id_, reason in part.why.items():
            # That it is labelled goes before that it is judged, both before its name alone.
            before = why.get(id_)
            if before is None or (reason[0] != NAMED and before[0] != _LABELLED):
                why[id_] = reason
    return Joined(
        concepts,
        frozenset().union(*[part.named for part in parts]),
        ANYTHING if anything else frozenset(may_be - concepts),
        frozenset().union(*[part.heard for part in parts]) - concepts,
        why,
        tuple([name for part in parts for name in part.names]),
        tuple([reason for part in parts for reason in part.reasons]),
    )


def _alone(one: Named, lexicon: Lexicon) -> Joined:
    """Return what a name of the vocabulary is that no other one beside it settles.

    That is kept, as far as nothing else of the entry tells it but at most one route.
    """
    kept = facts_of(one.meaning, lexicon).joined
    key = one.routes, one.beside
    part = None if one.opens else kept.get(key)
    if part is None:
        part = _part(one, lexicon)
        if len(one.routes | one.beside) < 2 and not one.opens:
            kept[key] = part
    return part


def _part(one: Named, lexicon: Lexicon, beside: _Beside = _NOBODY) -> Joined:
    """Return what one name is, given what is named without a doubt beside it."""
    meaning = one.meaning
    concepts = set(meaning.concepts)
    possible: Possible = frozenset()
    heard: set[str] = set()
    why = dict.fromkeys(concepts, (NAMED, f"named “{meaning.name}”"))
    reasons: list[str] = []
    # Of an ambiguous term, a name beside it says which thing it is, or a further one.
    said = beside.keys()
    # A class is told by a member, anything else by one of the things that it may be.
    may_be = meaning.concepts & lexicon.classes or frozenset(meaning.possible)
    leaves_open = bool(meaning.possible) and said.isdisjoint(may_be)
    # "Steroid (prednisolone)" is one thing; "immunosuppressant tacrolimus" may be two.
    directs = one.directs and not said.isdisjoint(lexicon.products)
    same = directs or any(_is_apart(one.bracket, *beside[id_]) for id_ in said & may_be)
    if meaning.possible and not same:
        left = lexicon.above(set(meaning.possible) - {"anything"})
        if not leaves_open:
            left &= lexicon.matters
        heard |= left
        possible = ANYTHING if "anything" in meaning.possible else left
        reasons.append(meaning.why)
    if one.opens:
        comes = lexicon.above(one.opens) - concepts
        heard |= comes
        possible = union(possible, comes)
        reasons.append(f"what is done or taken for it is not said: {meaning.name}")
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
                if why.get(id_, (NAMED,))[0] != _LABELLED:
                    why[id_] = (member.basis.value, member.why)
    certain = frozenset(concepts)
    names = (meaning.name,) if leaves_open or not meaning.possible else ()
    named = frozenset(meaning.named)
    left_open, others = minus(possible, certain), frozenset(heard) - certain
    return Joined(certain, named, left_open, others, why, names, tuple(reasons))


def _is_apart(bracket: int, first: int, last: int) -> bool:
    """Whether what stands between two pairs of brackets is in others than an ambiguous term."""
    if bracket > 0:
        return first != bracket or last != bracket
    return last > -bracket


def _settled(all_: Sequence[Named], lexicon: Lexicon) -> dict[int, dict[str, tuple[int, int]]]:
    """Return what is named without a doubt beside an ambiguous term, by item."""
    found: dict[int, dict[str, tuple[int, int]]] = {
        one.item: {} for one in all_ if one.meaning.possible
    }
    for one in all_ if found else ():
        if one.item in found and not one.meaning.possible:
            there = found[one.item]
            for id_ in (*closure(one.meaning.named, lexicon.parents), *_classes(one.meaning)):
                first, last = there.get(id_, (one.bracket, one.bracket))
                there[id_] = min(first, one.bracket), max(last, one.bracket)
    return found


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
