"""The words of an entry → what they certainly and what they possibly mean.

The words are read from left to right, the longest known name first. A name that stands
under a qualifier (stopped, negated, planned, somebody else's, doubtful) is neither a yes
nor a no. Words that are not understood leave open that anything else is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from msrisk.model.concepts import ANYTHING, MemberBasis, Possible, Recognition, WordKind, closure
from msrisk.recognition.lexicon import NAMED, Lexicon, Meaning
from msrisk.recognition.tokens import Token, tokenise

__all__ = ["read_meanings", "read_words"]

_QUALIFIERS: Final = {
    WordKind.NEGATED: "negated",
    WordKind.STOPPED: "stopped or past",
    WordKind.PLANNED: "planned",
    WordKind.OTHER_PERSON: "somebody else's",
    WordKind.DOUBTFUL: "doubtful",
}
_PRODUCTS: Final = ("supplements", "medications")


@frozen
class _Piece:
    """A known name or word where it stands in an entry."""

    meaning: Meaning
    first: Token
    start: int
    routes: frozenset[str] = frozenset()
    qualifier: str = ""


def read_words(text: str, field: str, kind: str, lexicon: Lexicon) -> Recognition:
    """Return what the words of one entry of a list field mean."""
    tokens = tokenise(text, lexicon.tokens)
    pieces, leftover = _pieces(tokens, field, lexicon)
    words = [piece for piece in pieces if piece.meaning.word is not None]
    names = [piece for piece in pieces if piece.meaning.word is None]
    kinds = {piece.meaning.word for piece in words}
    if not names and not leftover and WordKind.NONE in kinds:
        return Recognition(text, kind, says=False)
    names = _qualified(_routed(names, words), words, field)
    read = read_meanings(
        [(piece.meaning, piece.routes) for piece in names if not piece.qualifier], lexicon
    )
    doubted = read_meanings(
        [(piece.meaning, piece.routes) for piece in names if piece.qualifier], lexicon
    )
    possible = _union(read.possible, _union(doubted.possible, doubted.concepts))
    reasons = [read.reason] if read.reason else []
    for qualifier in dict.fromkeys(piece.qualifier for piece in names if piece.qualifier):
        reasons.append(f"said to be {qualifier}: neither a yes nor a no")
    if WordKind.NO_DRUG_ALLERGY in kinds:
        possible = _union(possible, lexicon.not_drug_allergies)
        reasons.append("speaks of drug allergies only")
    suggestions: tuple[str, ...] = ()
    unsaid = WordKind.UNSAID in kinds
    if leftover:
        possible = ANYTHING
        reasons.append(f"not understood: “{' '.join(leftover)}”")
        suggestions = () if read.named else lexicon.alike(field, " ".join(leftover))
    elif unsaid or (not names and WordKind.NO_DRUG_ALLERGY not in kinds):
        possible = ANYTHING
        reasons.append("says that it is not known" if unsaid else "names nothing")
    return evolve(
        read,
        text=text,
        kind=kind,
        possible=_minus(possible, read.concepts),
        says=_says(read.named, names, kinds, bool(leftover)),
        name=read.name or doubted.name,
        reason="; ".join(reasons),
        suggestions=suggestions,
        taking=_taking(kinds) if field == "supplements" else None,
    )


def _says(
    named: frozenset[str], names: list[_Piece], kinds: set[WordKind | None], leftover: bool
) -> bool | None:
    if any(not piece.qualifier for piece in names) or named:
        return True
    qualified = kinds & {*_QUALIFIERS, WordKind.UNSAID, WordKind.NO_DRUG_ALLERGY, WordKind.NONE}
    return None if names or qualified else True


def _taking(kinds: set[WordKind | None]) -> bool | None:
    planned, now = WordKind.PLANNED in kinds, WordKind.NOW in kinds
    return None if planned is now else now


def _pieces(
    tokens: tuple[Token, ...], field: str, lexicon: Lexicon
) -> tuple[list[_Piece], list[str]]:
    """Return the names and words that are known, and the words that are not."""
    texts = tuple(token.text for token in tokens)
    allergic = _allergic_clauses(tokens, texts, field, lexicon)
    pieces: list[_Piece] = []
    leftover: list[str] = []
    at, indication = 0, -1
    while at < len(tokens):
        token = tokens[at]
        home = "allergies" if token.clause in allergic else field
        found = lexicon.match(home, texts, at)
        if found is None and indication == token.clause:
            # "for asthma": the reason for a medicine, which is a fact of its own.
            found = lexicon.match("conditions", texts, at)
        if found is None:
            if not token.number:
                leftover.append(token.text)
            at += 1
            continue
        length, meaning = found
        if meaning.word is WordKind.INDICATION:
            indication = token.clause
        pieces.append(_Piece(meaning, token, at))
        at += length
    return pieces, leftover


def _allergic_clauses(
    tokens: tuple[Token, ...], texts: tuple[str, ...], field: str, lexicon: Lexicon
) -> frozenset[int]:
    """Return the clauses of another list that speak of an allergy."""
    if field not in ("conditions", "symptoms"):
        return frozenset()
    found = set()
    at = 0
    while at < len(tokens):
        match = lexicon.match(field, texts, at)
        if match and match[1].word is WordKind.ALLERGY:
            found.add(tokens[at].clause)
        at += match[0] if match else 1
    return frozenset(found)


def _routed(names: list[_Piece], words: list[_Piece]) -> list[_Piece]:
    """Give each name the routes that are said of it: in its clause, or of all of them."""
    routes = [piece for piece in words if piece.meaning.word is WordKind.ROUTE]
    alone = len({piece.meaning.named for piece in names}) == 1
    return [
        evolve(
            piece,
            routes=frozenset(
                route.meaning.route
                for route in routes
                if alone or route.first.clause == piece.first.clause
            ),
        )
        for piece in names
    ]


def _qualified(names: list[_Piece], words: list[_Piece], field: str) -> list[_Piece]:
    """Mark each name with the qualifier under which it stands, if any."""
    qualifiers = dict(_QUALIFIERS)
    if field == "supplements":
        # To plan a supplement is what msrisk is asked about; it is assessed as such.
        del qualifiers[WordKind.PLANNED]
    if field in _PRODUCTS:
        qualifiers[WordKind.ALLERGY] = "what the patient is allergic to"
    # "No medication but insulin": a name beside a "none" is not denied, nor affirmed.
    qualifiers[WordKind.NONE] = "said beside a “none”"
    turns = [piece.start for piece in words if piece.meaning.word is WordKind.NOW]
    marks = [piece for piece in words if piece.meaning.word in qualifiers]
    return [
        evolve(name, qualifier=_qualifier(name, names, marks, turns, qualifiers)) for name in names
    ]


def _qualifier(
    name: _Piece,
    names: list[_Piece],
    marks: list[_Piece],
    turns: list[int],
    qualifiers: dict[WordKind, str],
) -> str:
    for mark in marks:
        if mark.first.sentence != name.first.sentence or mark.meaning.word is None:
            continue
        # "Tacrolimus (stopped), insulin": behind a name it speaks of that clause alone,
        # in brackets of the clause before; in front of names it speaks of all that follow.
        behind = [one for one in names if one.start < mark.start]
        same = [one for one in behind if one.first.clause == mark.first.clause]
        near = max((one.first.clause for one in behind), default=-1)
        bracketed = bool(behind) and not _names_follow(mark, names)
        if same or bracketed:
            hit = name.first.clause == (mark.first.clause if same else near)
        else:
            hit = mark.start < name.start and not any(
                mark.start < turn < name.start for turn in turns
            )
        if hit:
            return qualifiers[mark.meaning.word]
    return ""


def _names_follow(mark: _Piece, names: Iterable[_Piece]) -> bool:
    return any(one.start > mark.start and one.first.clause == mark.first.clause for one in names)


def read_meanings(meanings: list[tuple[Meaning, frozenset[str]]], lexicon: Lexicon) -> Recognition:
    """Return what names or codes, each with the routes said of it, certainly and possibly are."""
    concepts: set[str] = set()
    possible: Possible = frozenset()
    why: dict[str, tuple[str, str]] = {}
    reasons: list[str] = []
    for meaning, routes in meanings:
        own = closure(meaning.concepts, lexicon.parents)
        concepts |= own
        for one in own:
            why.setdefault(one, (NAMED, f"named “{meaning.name}”"))
        for possible_ in _left_open(meaning, [one for one, _ in meanings], lexicon):
            possible = _union(possible, possible_)
            reasons.append(meaning.why)
        for member in meaning.members:
            classes = closure([member.id], lexicon.parents)
            holds = _holds(routes, member.not_by, ask_route=member.ask_route)
            if holds is None:
                possible = _union(possible, classes)
                reasons.append(f"by which route {meaning.name} is taken is not said")
            elif holds:
                concepts |= classes
                for one in classes:
                    if why.get(one, ("judged",))[0] != MemberBasis.LABELLED.value:
                        why[one] = (member.basis.value, member.why)
    certain = frozenset(concepts)
    names = dict.fromkeys(meaning.name for meaning, _ in meanings)
    return Recognition(
        text=None,
        kind="",
        concepts=certain,
        named=frozenset(id_ for meaning, _ in meanings for id_ in meaning.named),
        possible=_minus(possible, certain),
        name=" and ".join(names) or None,
        why=why,
        reason="; ".join(dict.fromkeys(reasons)) if _minus(possible, certain) else "",
    )


def _left_open(meaning: Meaning, meanings: list[Meaning], lexicon: Lexicon) -> Iterator[Possible]:
    """Yield what an ambiguous term leaves open, unless a name beside it says which it is."""
    if not meaning.possible:
        return
    if "anything" in meaning.possible:
        yield ANYTHING
        return
    may_be = closure(_told(meaning.possible, lexicon), lexicon.parents)
    beside = {id_ for one in meanings if one is not meaning for id_ in _certain(one)}
    if not may_be & beside:
        yield may_be


def _certain(meaning: Meaning) -> Iterator[str]:
    if not meaning.possible:
        yield from meaning.concepts
        yield from meaning.named
        yield from (member.id for member in meaning.members)


def _told(ids: Iterable[str], lexicon: Lexicon) -> Iterator[str]:
    """Yield ids, and for a drug its classes as well."""
    for id_ in ids:
        yield id_
        yield from (member.id for member in lexicon.members(id_))


def _holds(routes: frozenset[str], not_by: tuple[str, ...], *, ask_route: bool) -> bool | None:
    """Return whether a membership holds by the routes said; None if that is not settled."""
    if not routes:
        return None if ask_route else True
    local = routes & set(not_by)
    if local and local != routes:
        return None
    return not local


def _union(one: Possible, other: Possible) -> Possible:
    if one is ANYTHING or other is ANYTHING:
        return ANYTHING
    return one | other


def _minus(possible: Possible, certain: frozenset[str]) -> Possible:
    return possible if possible is ANYTHING else possible - certain
