"""Adds up what the names of an entry tell: for certain, perhaps, and as allergens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msrisk.model.concepts import Fixed, WordKind
from msrisk.recognition.facts import facts_of
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Content
from msrisk.recognition.meanings import Named, minus, read_meanings, union
from msrisk.recognition.nameless_doses import nameless_doses
from msrisk.recognition.pieces import PRODUCT_FIELDS, Read
from msrisk.recognition.places import Place, places_of
from msrisk.recognition.telling import Told

__all__ = ["content_of"]

_NOTHING: Final = Content()
_NO_PLACE: Final = Place()
_OPENING: Final = {WordKind.TREATED, WordKind.ANY_MEDICINE, WordKind.PLANNED}
_TWO_WAYS: Final = "may be read in two ways"


def content_of(
    read: Read,
    qualifiers: Mapping[int, str],
    lexicon: Lexicon,
    coded: Mapping[str, frozenset[str]],
) -> Content:
    """Return what the names of an entry tell; of one that stands alone it is kept.

    Args:
        read: the entry.
        qualifiers: which names stand under one, by where they start.
        lexicon: what is known.
        coded: the routes that codes beside the words say, by the id of the medicine.

    """
    if not (read.names or read.second or read.phrases):
        return _NOTHING
    places = places_of(read)
    one = read.names[0] if len(read.names) == 1 else None
    if (
        one is None
        or (read.second or read.phrases or qualifiers or coded)
        or (one.others or one.indicated or one.home != read.list_field)
        or (read.list_field == "allergies" or not _OPENING.isdisjoint(read.said))
        or (one.meaning.if_treated and nameless_doses(read, lexicon))
    ):
        return _content(read, qualifiers, Told(read, lexicon, places, coded), lexicon)
    # What it tells depends on its meaning, its list and at most one route alone.
    place = places.get(one.start, _NO_PLACE)
    key = read.list_field, place.said, place.perhaps
    kept = facts_of(one.meaning, lexicon).content
    if key in kept:
        return kept[key]
    content = _content(read, qualifiers, Told(read, lexicon, places, coded), lexicon)
    if len(place.said | place.perhaps) < 2:
        kept[key] = content
    return content


def _content(read: Read, qualifiers: Mapping[int, str], told: Told, lexicon: Lexicon) -> Content:
    for piece in read.names:
        told.take(piece, qualified=piece.start in qualifiers)
    for piece in read.second:
        told.take(piece, qualified=True, second=True)
    certain = read_meanings(told.certain, lexicon)
    doubted = read_meanings(told.doubted, lexicon)
    besides = read_meanings(told.besides, lexicon)
    sure = certain.concepts | certain.named
    doubtful = doubted.concepts | doubted.named
    beside = besides.concepts | besides.may_be | besides.named
    if beside:
        beside -= lexicon.drugs
        if read.list_field in PRODUCT_FIELDS:
            # "Flu vaccine" and "hearing aids" are products, whatever illness they tell of.
            beside &= lexicon.matters
    reasons = [reason] if (reason := certain.reason) else []
    reasons += [_reason(words) for words in dict.fromkeys(qualifiers.values())]
    reasons += told.reasons
    if read.phrases:
        phrases = _phrases(read, sure, lexicon)
        beside |= phrases
        reasons += [_TWO_WAYS] if phrases - sure else []
        told.may_be_allergens |= (phrases & lexicon.allergens) - lexicon.products
    if told.second:
        second = read_meanings(told.second, lexicon)
        inside = ((second.concepts | second.may_be) & lexicon.matters) - sure
        reasons += [_TWO_WAYS] if inside else []
        beside |= inside
    possible = union(union(certain.possible, doubted.possible), doubtful | beside)
    heard = certain.may_be | doubted.may_be | doubtful | beside
    # "NAC, anaphylaxis": what an illness comes from may be another precursor than the one named.
    settled = sure - (told.causes - certain.named)
    # Among products, an illness is the reason for which one is taken, and no product.
    is_product = read.list_field in PRODUCT_FIELDS
    return Content(
        certain.concepts,
        certain.named & lexicon.products if is_product else certain.named,
        sure,
        settled,
        minus(possible, settled),
        heard - settled,
        (frozenset(told.allergens - told.taken) & sure) | told.borne,
        frozenset(told.may_be_allergens),
        frozenset() if is_product else frozenset(told.causes - told.products),
        told.bears_medicine,
        certain.name or doubted.name or besides.name,
        Fixed(certain.why),
        tuple(reasons),
    )


def _reason(qualifier: str) -> str:
    return f"said to be {qualifier}: neither a yes nor a no"


def _phrases(read: Read, sure: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Return what phrases of other fields tell that is not told by their words.

    "Tablets for diabetes" adds nothing where tablets and diabetes are told. A "herpes zoster
    vaccine" among the illnesses is a medicine that is named by all its words alone.
    """
    ids: frozenset[str] = frozenset()
    for phrase in read.phrases:
        named = Named(phrase.meaning, opens=frozenset(phrase.meaning.opens))
        found = read_meanings([named], lexicon)
        told = found.concepts | found.may_be | found.named
        # A medicine inside it is what is taken, but no "alpha" of "One-Alpha".
        inside = any(
            phrase.start <= one.start < phrase.end
            and not lexicon.medicines.isdisjoint(one.meaning.named)
            for one in read.names
            if one.home in PRODUCT_FIELDS
        )
        ids |= told - lexicon.drugs if inside else told
    return frozenset(
        id_ for id_ in ids if id_ in lexicon.classes or not lexicon.is_told_by(id_, sure)
    )
