"""Finds the known names and words of an entry, and the words that nobody knows.

An entry is read from left to right, the longest name first, whatever field it is usually
told in. A comma, a bracket or another sign inside a name is allowed ("diabetes mellitus,
type 2"), but a list of two things is never read as a third ("soy, milk"). Where words may
be cut in two ways, the second way is kept beside the first: "egg soy milk" may hold milk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, pairwise
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.facts import facts_of
from msrisk.recognition.finding import Reader
from msrisk.recognition.forms import OUTSIDE, by_mouth, whole_body
from msrisk.recognition.items import BETWEEN, Token
from msrisk.recognition.joining import combined, rejoined
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, REACTIONS, Piece, Read
from msrisk.recognition.short_forms import means_other

__all__ = ["read_names"]

# No name is of so many words that a word inside one could be further from its begin.
_FURTHEST: Final = 6
_WITH: Final = {"with", "mit", "avec", "con", "com", "met"}
_SAY_NO: Final = {
    *(WordKind.NEGATED, WordKind.NONE, WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY)
}
_OF_ONE_PRODUCT: Final = {WordKind.ROUTE, WordKind.FORM}
_SPELLING: Final = frozenset("([-–—")  # between a short form and what it stands for


def read_names(plain: str, tokens: tuple[Token, ...], field: str, lexicon: Lexicon) -> Read:
    """Return the names and words of an entry that are known, and the tokens that are not."""
    texts = tuple([token.text for token in tokens])
    cut = rejoined(tokens, texts, field, lexicon)
    if cut is not tokens:
        tokens, texts = cut, tuple([token.text for token in cut])
    reader = Reader(plain, tokens, texts, field, lexicon)
    reader.read()
    if reader.allergic.speaks or (reader.unknown and _tells_reaction(reader)):
        _bear_foods(reader)
    several = bool(tokens) and tokens[0].item != tokens[-1].item
    if several and True in [token.soft for token in tokens]:
        _merge_items(reader)
        tokens = reader.tokens
    unknown = frozenset(reader.unknown)
    pieces = [*reader.pieces]
    if unknown or not _SPELLING.isdisjoint(plain):
        pieces = [
            piece._replace(partial=True)
            if piece.is_name
            and (
                _compound(piece, tokens, unknown, field)
                or means_other(piece, plain, tokens, lexicon)
            )
            else piece
            for piece in pieces
        ]
    if "/" in plain:
        products = field if field in PRODUCT_FIELDS else "medications"
        for at, meaning in combined(_in_groups(pieces, tokens), products, lexicon).items():
            told = facts_of(pieces[at].meaning, lexicon).told
            if told <= facts_of(meaning, lexicon).told:
                pieces[at] = pieces[at]._replace(meaning=meaning, combined=True)
            else:
                reader.second.append(pieces[at]._replace(meaning=meaning))
    second = [*reader.second]
    if reader.longer or reader.phrases:
        second += _inside(pieces, unknown | reader.borrowed, reader)
        second += _other_forms(pieces, reader)
    if unknown:
        second += _around(unknown, reader)
    if several or reader.phrases or not reader.named:
        second += _words_elsewhere(pieces, cut, reader)
    unread = tuple(reader.unknown)
    return Read(field, plain, tokens, tuple(pieces), unread, tuple(second), tuple(reader.phrases))


def _items_of(plain: str, tokens: tuple[Token, ...]) -> list[int]:
    """Return the item of each token by the signs alone.

    Two blanks are no more than one, and a full stop may be that of an abbreviation.
    """
    found = [token.item for token in tokens[:1]]
    for before, token in pairwise(tokens):
        between = plain[before.end : token.start]
        word = token.text in BETWEEN or between == " "
        slip = token.soft and not word and not between.strip(" \t.%()[]")
        found.append(found[-1] if slip or token.item == before.item else token.item)
    return found


def _tells_reaction(reader: Reader) -> bool:
    """Whether a food beside what is named may have done it: "hives after milk", "EpiPen (milk)"."""
    if reader.field == "symptoms":
        return True
    return reader.field in PRODUCT_FIELDS and any(
        piece.is_name and not REACTIONS.isdisjoint((*piece.ids, *piece.meaning.concepts))
        for piece in reader.pieces
    )


def _bear_foods(reader: Reader) -> None:
    """Keep that a food may be an allergen, wherever words of allergy stand in an entry.

    "Allergies: eggs; milk" and "milk - hives (allergy)": a list goes on behind signs.
    """
    read = {
        at
        for piece in (*reader.pieces, *reader.second)
        if piece.home == ALLERGEN
        for at in range(piece.start, piece.end)
    }
    for at in range(len(reader.texts)):
        found = reader.lexicon.match("allergies", reader.texts, at) if at not in read else None
        if found is not None and not reader.lexicon.foods.isdisjoint(found[1].concepts):
            reader.borne(at)


def _other_forms(pieces: Sequence[Piece], reader: Reader) -> Iterator[Piece]:
    """Yield what a name of one form is without it, where another form may be told too.

    "Prednisolone eye drops, 5 mg tablets": the drops have a name of their own.
    """
    named = [
        (reader.tokens[piece.start].start, reader.tokens[piece.end - 1].end)
        for piece in pieces
        if piece.is_name
    ]
    anywhere = whole_body(reader.plain, named)
    for piece in (*pieces, *reader.phrases):
        if not anywhere and not _dosed_by_mouth(piece, reader):
            continue
        for at in range(piece.start, piece.end) if piece.is_name else ():
            # "Ciclosporin eye" is the drops too, "ciclosporin" need not be.
            most = piece.end - at - (at == piece.start)
            while found := reader.lexicon.anywhere(reader.field, reader.texts, at, most):
                if found[2] or found[1] is None or found[1].is_name:
                    one = reader.piece(at, at + found[0], found)
                    if not reader.told(one) <= reader.told(piece):
                        yield from _as_product(one)
                most = found[0] - 1


def _dosed_by_mouth(piece: Piece, reader: Reader) -> bool:
    """Whether the name of a local form has a dose as tablets have: "ciclosporin eye drops 5 mg"."""
    end = reader.tokens[piece.end - 1].end
    if not (piece.is_name and by_mouth(reader.plain, end, end)):
        return False
    words = (
        reader.lexicon.match("medications", reader.texts, at)
        for at in range(piece.start + 1, piece.end)
    )
    return any(word is not None and word[1].route in OUTSIDE for word in words)


def _as_product(piece: Piece) -> Iterator[Piece]:
    """Yield a name that is that of a product; among the allergies as that of a product alone."""
    if piece.home in PRODUCT_FIELDS:
        yield piece
    for other in piece.others if piece.home not in PRODUCT_FIELDS else ():
        if other.field in PRODUCT_FIELDS:
            borne = piece.home in ("allergies", ALLERGEN)
            as_ = piece._replace(meaning=other.meaning, home=other.field, others=())
            yield as_ if borne else piece


def _words_elsewhere(
    pieces: Sequence[Piece], cut: tuple[Token, ...], reader: Reader
) -> Iterator[Piece]:
    """Yield what the words of an item without a name are the names of in other lists.

    "Infusions" are a route among the medicines, and a treatment among the illnesses.
    """
    telling = [one for one in pieces if (word := one.meaning.word) is None or word in _SAY_NO]
    phrases = {at for one in reader.phrases for at in range(one.start, one.end)}
    if len(telling) == len(pieces) or (telling and not phrases and cut[0].item == cut[-1].item):
        return
    texts, is_name = reader.texts, reader.lexicon.is_name
    others = [one for one in pieces if not one.is_name and is_name(texts[one.start : one.end])]
    if not others:
        return
    items = _items_of(reader.plain, cut)
    said = {items[at] for piece in telling for at in (piece.start, piece.end - 1)}
    for piece in others:
        words = texts[piece.start : piece.end]
        said_there = items[piece.start] in said and piece.start not in phrases
        if said_there or _is_abbreviated(piece, reader):
            continue
        for other in LIST_FIELDS:
            meaning = reader.lexicon.name(other, words)
            ill = reader.field == "conditions" and other == "symptoms"
            if meaning is not None and other != "allergies" and not ill:
                yield piece._replace(meaning=meaning, home=other)


def _is_abbreviated(piece: Piece, reader: Reader) -> bool:
    """Whether a full stop behind it, as in "Z.n. Apoplex", is that of an abbreviation."""
    end, behind = reader.tokens[piece.end - 1].end, reader.tokens[piece.end : piece.end + 1]
    return piece.word is WordKind.STOPPED and any(
        reader.plain[end : token.start] == "; " for token in behind
    )


def _merge_items(reader: Reader) -> None:
    """Put what may go on after a "with", a dash or two blanks with the item before it.

    It does if it names nothing; what names nothing in front of a name goes with that, and
    what stands behind an "or" with what stands before it.
    """
    named = {
        token.item
        for piece in (*reader.pieces, *reader.phrases)
        if piece.is_name
        for token in (piece.token, reader.tokens[piece.end - 1])
    }
    # Two blanks inside a name cut nothing.
    inside = {
        token.item
        for piece in reader.pieces
        for token in reader.tokens[piece.start + 1 : piece.end]
        if token.soft
    }
    either = {piece.end for piece in reader.pieces if piece.word is WordKind.DOUBTFUL}
    into: dict[int, int] = {}
    before = -1
    for at, token in enumerate(reader.tokens):
        if token.item in into:
            continue
        into[token.item] = token.item
        apart = not token.soft or before < 0
        # "Diabetes with ketoacidosis" is one illness.
        ill = reader.field in ("conditions", "symptoms") and token.text in _WITH
        goes_on = ill or token.item in inside or token.item not in named or at in either
        # A tab stands between the columns of a table.
        tab = at > 0 and "\t" in reader.plain[reader.tokens[at - 1].end : token.start]
        if not apart and (goes_on or (into[before] not in named and not tab)):
            into[token.item] = into[before]
            if token.item in named:
                named.add(into[before])
        before = token.item
    tokens = reader.tokens
    reader.tokens = tuple(
        token if into[token.item] == token.item else token._replace(item=into[token.item])
        for token in tokens
    )
    reader.pieces = [
        piece
        if piece.token is reader.tokens[piece.start]
        else piece._replace(token=reader.tokens[piece.start])
        for piece in reader.pieces
    ]


def _inside(pieces: Sequence[Piece], unknown: frozenset[int], reader: Reader) -> Iterator[Piece]:
    """Yield the names inside a longer one that stands beside others without a sign.

    "Egg soy milk" names soy milk, or soy and milk. One that goes over an "and" may be two.
    """
    tokens = reader.tokens
    names = [piece for piece in pieces if piece.is_name]
    loose = {_place(tokens[at]) for at in unknown}
    # "Foo (bar, baz) cataract surgery": behind the brackets goes on what began before them.
    loose |= {
        _place(behind)
        for at in unknown
        for behind in tokens[at + 1 : at + 2]
        if tokens[at].bracket and tokens[at].item == behind.item
    }
    there: defaultdict[tuple[int, int], list[Piece]] = defaultdict(list)
    company = (*names, *reader.phrases)
    reaches = _reaches(reader.phrases, len(tokens)) if reader.phrases else ()
    for other in company:
        token = other.token
        there[token.item, token.bracket].append(other)
        if other.end - other.start > 1:
            last = tokens[other.end - 1]
            there[_place(last)].append(other)
            # Where it ends, if that is in brackets.
            there[last.item, token.bracket].append(other)
    for piece in names:
        if piece.end - piece.start < 2:
            continue
        # One that goes over an "and" stands in two places.
        places = {_place(piece.token), _place(tokens[piece.end - 1])}
        # "Soy  milk  egg" may be three.
        blanks = any(token.soft for token in tokens[piece.start + 1 : piece.end])
        alone = places.isdisjoint(loose) and not any(
            (other.end <= piece.start or piece.end <= other.start)
            # Names of one phrase are no company to each other.
            and not (
                reaches and reaches[min(piece.start, other.start)] >= max(piece.end, other.end)
            )
            for other in (company if blanks else chain(*(there[place] for place in places)))
        )
        # The name of a product among allergies or conditions may hold that of a food.
        product = reader.field == "conditions" and piece.home in PRODUCT_FIELDS
        listed = bool(piece.others) and (reader.field == "allergies" or piece.home == ALLERGEN)
        food = alone and (product or listed)
        for at in range(piece.start + 1, piece.end):
            # "Plus" is a part of many a name.
            cut = tokens[at].text in BETWEEN and tokens[at].text != "plus"
            if not alone or cut or food:
                right, foods = at + cut, food and not cut
                yield from reader.beyond(piece, piece.start, at, food=foods)
                if right < piece.end:
                    yield from reader.beyond(piece, right, len(tokens), food=foods)
            elif not reader.lexicon.allergens.isdisjoint(piece.meaning.named):
                yield from _assessed_in(piece, at, reader)


def _assessed_in(piece: Piece, at: int, reader: Reader) -> Iterator[Piece]:
    """Yield the foods in the name of an allergy that may be a supplement: "whey intolerance"."""
    for start, end in ((piece.start, at), (at, piece.end)):
        for one in reader.beyond(piece, start, end, food=True):
            if not reader.lexicon.substances.isdisjoint(reader.told(one)):
                yield one


def _place(token: Token) -> tuple[int, int]:
    return token.item, token.bracket


def _reaches(phrases: Sequence[Piece], tokens: int) -> list[int]:
    """Return for each token how far a phrase goes at most that begins there or before."""
    found = [0] * tokens
    for phrase in phrases:
        found[phrase.start] = max(found[phrase.start], phrase.end)
    return list(accumulate(found, max))


def _around(unknown: frozenset[int], reader: Reader) -> Iterator[Piece]:
    """Yield the names that are found when the words that are not understood are left out."""
    if len(unknown) == len(reader.tokens):
        return
    kept = [at for at in range(len(reader.tokens)) if at not in unknown]
    texts = tuple(reader.texts[at] for at in kept)
    for before, (one, other) in enumerate(pairwise(kept)):
        if other - one < 2:
            continue
        for at in range(max(0, before - _FURTHEST), before + 1):
            if at + reader.lexicon.longest(texts, at) <= before + 1:
                continue
            found = reader.lexicon.anywhere(reader.field, texts, at)
            if found is not None and at + found[0] > before + 1:
                piece = reader.piece(kept[at], kept[at + found[0] - 1] + 1, found)
                if piece.is_name:
                    yield piece


def _in_groups(
    pieces: Sequence[Piece], tokens: tuple[Token, ...]
) -> Iterator[tuple[int, str, int]]:
    """Yield the names by number, as written, and with the number of their group.

    Between names of one group stands a stroke and nothing but strengths: a form between
    them ("tablets / cream") is that of one of two products.
    """
    group = 0
    before: Piece | None = None
    for at, piece in enumerate(pieces):
        if piece.word in _OF_ONE_PRODUCT:
            before = None
        if not piece.is_name or piece.indicated or piece.home not in PRODUCT_FIELDS:
            continue
        if before is None or not _stroke_between(before, piece, tokens):
            group += 1
        before = piece
        yield at, " ".join(token.text for token in tokens[piece.start : piece.end]), group


def _stroke_between(one: Piece, other: Piece, tokens: tuple[Token, ...]) -> bool:
    between = tokens[one.end : other.start + 1]
    if not any(token.stroke for token in between):
        return False
    return all(
        after.item == before.item or after.stroke
        for before, after in pairwise(tokens[one.end - 1 : other.start + 1])
    )


def _compound(piece: Piece, tokens: tuple[Token, ...], unknown: frozenset[int], field: str) -> bool:
    """Whether a name may be part of another thing's name: "anti-insulin", "coconut milk"."""
    before = piece.start - 1 in unknown and not piece.token.apart
    after = piece.end in unknown and not tokens[piece.end].apart
    return (
        (before and piece.token.joined)
        or (after and tokens[piece.end].joined and not _is_suffix(tokens[piece.end].text))
        or (field == "allergies" and (before or after))
    )


def _is_suffix(text: str) -> bool:
    """Whether this may be the ending that tells biological medicines apart ("-aqvh")."""
    return len(text) == 4 and text.isalpha()
