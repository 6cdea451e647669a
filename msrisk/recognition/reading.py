"""Reads the words of one entry in stages; begin here to see how recognition works.

A name that stands under a qualifier (stopped, negated, planned, somebody else's,
doubtful) is neither a yes nor a no. Words that are not understood leave open that
anything else is meant. "None" is concluded from nothing but words that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msrisk.model.concepts import (
    ANYTHING,
    Possible,
    Recognition,
    WordKind,
    WordsRead,
)
from msrisk.recognition.doses import doses_in
from msrisk.recognition.items import tokenise
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meanings import Named, minus, read_meanings, union
from msrisk.recognition.names import read_names
from msrisk.recognition.pieces import PRODUCT_FIELDS, SILENT, Piece, Read
from msrisk.recognition.status import QUALIFIERS, qualifiers_of
from msrisk.recognition.suggesting import suggestions_for
from msrisk.recognition.telling import Told

__all__ = ["read_words"]

_OF_SOME: Final = (WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY)
_NO_YES: Final = {*QUALIFIERS, WordKind.NOTHING_ELSE, WordKind.UNSAID, *_OF_SOME}
_FILLERS: Final = {WordKind.FILLER, WordKind.FORM}
# That a none was looked at again takes nothing of it back: "none (verified 3/2024)".
_CONFIRMS: Final = {"verified", "reviewed", "confirmed", "checked"}
_BESIDE_NONE: Final = {WordKind.NONE, WordKind.NOTHING_ELSE, WordKind.NOW, WordKind.NEGATED}


def read_words(
    text: str,
    field: str,
    kind: str,
    lexicon: Lexicon,
    *,
    suggest: bool = True,
    every_dose: bool = False,
    coded: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Recognition:
    """Return what the words of one entry of a list field mean.

    Args:
        text: the words.
        field: the list field that they stand in.
        kind: the kind of entry.
        lexicon: what names and words mean.
        suggest: whether to look for names that are like words that are not understood.
        every_dose: whether to read the dose of what no rule asks for the dose of, too.
        coded: the routes that codes beside the words say, by the id of the medicine.

    """
    plain, tokens = tokenise(text, lexicon.tokens)
    read = read_names(plain, tokens, field, lexicon)
    if _says_none(read, lexicon):
        return Recognition(text, kind, says=False, read=tuple(_explained(read)))
    qualifiers = qualifiers_of(read)
    told = Told(read, lexicon, coded)
    for piece in read.names:
        told.take(piece, qualified=piece.start in qualifiers)
    for piece in read.second:
        told.take(piece, qualified=True, second=True)
    certain = read_meanings(told.certain, lexicon)
    doubted = read_meanings(told.doubted, lexicon)
    besides = read_meanings(told.besides, lexicon)
    sure_ids = certain.concepts | certain.named
    doubtful = doubted.concepts | doubted.named
    beside = (besides.concepts | besides.may_be | besides.named) - lexicon.drugs
    if field in PRODUCT_FIELDS:
        # "Flu vaccine" and "hearing aids" are products, whatever illness they tell of.
        beside &= lexicon.matters
    if read.phrases:
        phrases = _phrases(read, sure_ids, lexicon)
        beside |= phrases
        told.reasons += ["may be read in two ways"] if phrases - sure_ids else []
        told.may_be_allergens |= phrases & lexicon.allergens - lexicon.products
    if told.second:
        second = read_meanings(told.second, lexicon)
        inside = (second.concepts | second.may_be) & lexicon.matters - sure_ids
        told.reasons += ["may be read in two ways"] if inside else []
        beside |= inside
    possible: Possible = union(union(certain.possible, doubted.possible), doubtful | beside)
    heard = certain.may_be | doubted.may_be | doubtful | beside
    reasons = [certain.reason] if certain.reason else []
    reasons += [_reason(words) for words in dict.fromkeys(qualifiers.values())]
    reasons += told.reasons
    named_allergens = frozenset(told.may_be_allergens)
    unnamed = _open_allergies(read, lexicon)
    if unnamed:
        possible = union(possible, unnamed)
        told.may_be_allergens |= unnamed
        reasons.append("speaks of some allergies only, of medicines or of foods")
    if field == "allergies" and told.bears_medicine:
        # A list that speaks of medicines leaves foods open.
        told.may_be_allergens |= lexicon.foods
        unnamed |= lexicon.foods & lexicon.allergens - named_allergens
    open_ = _left_open(read, lexicon) or _left_open_by_overlap(read)
    if open_:
        possible = ANYTHING
        reasons += open_
    suggestions, warning = suggestions_for(read, lexicon) if suggest else ((), "")
    # "NAC, anaphylaxis": what an illness comes from may be another precursor than the one named.
    settled = sure_ids - (told.causes - set(certain.named))
    possible = minus(possible, settled)
    doses = doses_in(read, lexicon, every=every_dose)
    return Recognition(
        text=text,
        kind=kind,
        concepts=certain.concepts,
        named=_named(certain.named, field, lexicon),
        possible=possible,
        heard=heard - settled,
        allergens=(frozenset(told.allergens - told.taken) & sure_ids) | told.borne,
        may_be_allergens=frozenset(told.may_be_allergens),
        unnamed=unnamed - heard - sure_ids,
        says=_says(read, qualifiers),
        name=certain.name or doubted.name or besides.name,
        why=certain.why,
        reason="; ".join(dict.fromkeys(reasons)) if possible else "",
        suggestions=suggestions,
        warning=warning,
        dose=doses.dose,
        doses=doses.of_each,
        directions_left=doses.left,
        taking=_taking(read) if field == "supplements" else None,
        read=tuple(_explained(read)),
    )


def _phrases(read: Read, sure: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Return what phrases of other fields tell that is not told by their words.

    "Tablets for diabetes" adds nothing where tablets and diabetes are told. A "herpes zoster
    vaccine" among the illnesses is a medicine that is named by all its words alone.
    """
    found = read_meanings([Named(piece.meaning) for piece in read.phrases], lexicon)
    ids = found.concepts | found.may_be | found.named
    if any(piece.home in PRODUCT_FIELDS for piece in read.names):
        ids -= lexicon.drugs
    return frozenset(
        id_ for id_ in ids if id_ in lexicon.classes or not lexicon.is_told_by(id_, sure)
    )


def _explained(read: Read) -> Iterator[WordsRead]:
    """Yield what each word was read as."""
    unknown = set(read.unknown)
    starts = {piece.start: piece for piece in read.pieces}
    at = 0
    while at < len(read.tokens):
        piece = starts.get(at)
        if piece is None:
            token = read.tokens[at]
            role = "number" if token.number else WordKind.FILLER.value
            yield WordsRead(token.text, "not understood" if at in unknown else role)
            at += 1
            continue
        words = " ".join([token.text for token in read.tokens[at : piece.end]])
        meaning = piece.meaning
        if meaning.word is None:
            yield WordsRead(words, "name", meaning.name)
        else:
            yield WordsRead(words, meaning.word.value, meaning.route)
        at = piece.end


def _reason(qualifier: str) -> str:
    return f"said to be {qualifier}: neither a yes nor a no"


def _open_allergies(read: Read, lexicon: Lexicon) -> frozenset[str]:
    """Return what words leave open that deny allergies to medicines alone, or to foods alone."""
    left = [
        ids
        for kind, ids in (
            (WordKind.NO_DRUG_ALLERGY, lexicon.not_drug_allergies),
            (WordKind.NO_FOOD_ALLERGY, lexicon.not_food_allergies),
        )
        if read.words(kind)
    ]
    return frozenset.intersection(*left) if left else frozenset()


def _says_none(read: Read, lexicon: Lexicon) -> bool:
    """Whether an entry says that there is nothing, and says it of everything in its list.

    Words in front may be the list's own heading ("Medications: none") or lead to a whole
    sentence ("I have no allergies"). Any others may limit it: "no prescription
    medication", "drug allergies: none" among all allergies.
    """
    nones = read.words(WordKind.NONE) or read.words(WordKind.NOTHING_ELSE)
    if read.names or read.unknown or not nones:
        return False
    first = nones[0]
    return all(
        piece.word in _BESIDE_NONE
        or (piece.word is WordKind.ALLERGY and read.list_field == "allergies")
        or (piece.word in _FILLERS and _leads(piece, first, read, lexicon))
        or _CONFIRMS.issuperset(token.text for token in read.tokens[piece.start : piece.end])
        for piece in read.pieces
    )


def _leads(piece: Piece, none: Piece, read: Read, lexicon: Lexicon) -> bool:
    if piece.start > none.start:
        return False
    if lexicon.heads(read.list_field, tuple(t.text for t in read.tokens[piece.start : piece.end])):
        return True
    between = read.tokens[piece.end : none.start + 1]
    return none.end - none.start > 1 and not any(token.apart for token in between)


def _named(named: frozenset[str], field: str, lexicon: Lexicon) -> frozenset[str]:
    """Leave out the reasons for which a product is taken: they are facts, not products."""
    return named & lexicon.products if field in PRODUCT_FIELDS else named


def _left_open(read: Read, lexicon: Lexicon) -> list[str]:
    """Return why an entry may tell anything besides; nothing if it cannot."""
    if read.unknown:
        return [f"not understood: “{' '.join(read.tokens[at].text for at in read.unknown)}”"]
    if read.words(WordKind.UNSAID):
        return ["says that it is not known"]
    if read.list_field in PRODUCT_FIELDS:
        return ["a product that is not named"] if _unnamed_product(read, lexicon) else []
    if not (read.names or read.phrases) and not any(map(read.words, _OF_SOME)):
        return ["names nothing"]
    told = {p.token.item for p in read.pieces if p.is_name or p.meaning is SILENT}
    if read.list_field != "allergies" and any(
        piece.token.item not in told and not _goes_on(piece, read)
        for piece in read.words(WordKind.ALLERGY)
    ):
        return ["an allergy, to what is not said"]
    return []


def _left_open_by_overlap(read: Read) -> list[str]:
    """Return why an entry may tell anything where a name goes on behind the end of another piece.

    In "Alka-Seltzer Plus Cold and cough and congestion" two names share the "cough".
    """
    return [
        piece.meaning.why
        for piece in read.second
        if "anything" in piece.meaning.possible
        and any(one.start < piece.start < one.end < piece.end for one in read.pieces)
    ]


def _goes_on(mark: Piece, read: Read) -> bool:
    return any(
        name.start > mark.start and name.token.sentence == mark.token.sentence
        for name in read.names
    )


def _unnamed_product(read: Read, lexicon: Lexicon) -> bool:
    """Whether an entry speaks of a product without a name: "for my thyroid", "and a cream"."""
    products = [
        piece
        for piece in read.names
        if piece.home in PRODUCT_FIELDS and not lexicon.products.isdisjoint(piece.ids)
    ]
    if not products:
        # "T2DM" is no product, and speaks of none; "for my thyroid" does.
        speaks = (WordKind.INDICATION, WordKind.ROUTE, WordKind.SALT)
        # "Adult failure to thrive" is no product for adults.
        forms = [form for form in read.words(WordKind.FORM) if not _is_in_phrase(form, read)]
        return not read.names or bool(forms) or any(map(read.words, speaks))
    since = 0
    for reason in read.words(WordKind.INDICATION):
        if reason.indicated:
            continue
        if not any(since <= product.start < reason.start for product in products):
            return True
        since = reason.end
    items = {name.token.item for name in products}
    if any(salt.token.item not in items for salt in read.words(WordKind.SALT)):
        return True  # "omeprazole, citrate"
    ends = {name.end for name in read.names if name.indicated and name not in products}
    usual = {p.meaning.route for p in read.words(WordKind.ROUTE) if p.token.item in items}
    for form in (*read.words(WordKind.ROUTE), *read.words(WordKind.FORM)):
        route = form.meaning.route
        if route and form.start in ends:
            return True  # "for an asthma inhaler"
        if form.indicated or form.token.item in items or (route and route in usual):
            continue
        item = [at for at, token in enumerate(read.tokens) if token.item == form.token.item]
        before, first = read.tokens[max(item[0] - 1, 0)], read.tokens[item[0]]
        # "One and a half tablets" is one phrase.
        joined = any(piece.start < item[0] < piece.end for piece in read.pieces)
        listed = before.item != first.item and before.clause == first.clause and not joined
        counted = any(read.tokens[at].number for at in item)
        if not counted and (listed or (route and usual)):
            return True  # "metformin and an inhaler"
    return False


def _is_in_phrase(piece: Piece, read: Read) -> bool:
    return any(one.start <= piece.start < one.end for one in read.phrases)


def _says(read: Read, qualifiers: Mapping[int, str]) -> bool | None:
    """Return whether an entry says that the patient takes or has something."""
    names = [name for name in read.names if not name.indicated]
    if any(name.start not in qualifiers for name in names):
        return True
    allergic = read.list_field in PRODUCT_FIELDS and read.words(WordKind.ALLERGY)
    if names or allergic or any(piece.word in _NO_YES for piece in read.pieces):
        return None
    something = (
        read.unknown or read.names or read.words(WordKind.ROUTE) or read.words(WordKind.FORM)
    )
    return True if something else None


def _taking(read: Read) -> bool | None:
    """Return whether the words say that a supplement was started."""
    planned = [piece.start for piece in read.words(WordKind.PLANNED)]
    # "Would like to take": what is planned is to take it.
    now = [
        piece.start
        for piece in read.words(WordKind.NOW)
        if not any(start < piece.start for start in planned)
        or any(name.start < piece.start for name in read.names)
    ]
    other = any(
        piece.word in QUALIFIERS and piece.word is not WordKind.PLANNED for piece in read.pieces
    )
    if other or bool(planned) is bool(now):
        return None
    return bool(now)
