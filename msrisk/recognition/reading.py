"""Reads the words of one entry in stages; begin here to see how recognition works.

A name that stands under a qualifier (stopped, negated, planned, somebody else's,
doubtful) is neither a yes nor a no. Words that are not understood leave open that
anything else is meant. "None" is concluded from nothing but words that say so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from msrisk.model.concepts import ANYTHING, Recognition, WordKind, WordsRead
from msrisk.recognition.content import content_of
from msrisk.recognition.doses import doses_in
from msrisk.recognition.items import Token, tokenise
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meanings import union
from msrisk.recognition.nameless_doses import may_be_any_medicine
from msrisk.recognition.names import read_names
from msrisk.recognition.pieces import PRODUCT_FIELDS, SILENT, Piece, Read
from msrisk.recognition.status import (
    QUALIFIERS,
    left_blank,
    qualifiers_of,
    told_intakes,
)
from msrisk.recognition.suggesting import Suggested

__all__ = ["read_words"]

_START: Final = attrgetter("start")
_OF_SOME: Final = frozenset({WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY})
_NO_YES: Final = _OF_SOME.union(QUALIFIERS, (WordKind.NOTHING_ELSE, WordKind.UNSAID))
_FORMS: Final = frozenset({WordKind.ROUTE, WordKind.FORM})
_NONES: Final = frozenset({WordKind.NONE, WordKind.NOTHING_ELSE})
_ROLES: Final = {kind: kind.value for kind in WordKind}
_OF_PRODUCT: Final = frozenset({WordKind.INDICATION, WordKind.ROUTE, WordKind.SALT, WordKind.FORM})
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
    typed: str | None = None,
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
        typed: the words with what was taken out of them, such as codes; None if nothing was.
        suggest: whether to look for names that are like words that are not understood.
        every_dose: whether to read the dose of what no rule asks for the dose of, too.
        coded: the routes that codes beside the words say, by the id of the medicine.

    """
    plain, tokens = tokenise(text, lexicon.tokens)
    read = read_names(plain, tokens, field, lexicon)
    if _says_none(read, lexicon):
        return Recognition(typed or text, kind, says=False, read=_explained(read))
    qualifiers = qualifiers_of(read)
    content = content_of(read, qualifiers, lexicon, coded)
    possible, reasons = content.possible, [*content.reasons]
    may_be_allergens = content.may_be_allergens
    unnamed = _open_allergies(read, lexicon)
    if unnamed:
        possible = union(possible, unnamed - content.settled)
        may_be_allergens |= unnamed
        reasons.append("speaks of some allergies only, of medicines or of foods")
    if field == "allergies" and content.bears_medicine:
        # A list that speaks of medicines leaves foods open.
        may_be_allergens |= lexicon.foods
        unnamed |= lexicon.foods & lexicon.allergens - content.may_be_allergens
    open_ = _left_open(read, lexicon) or _left_open_by_overlap(read)
    if open_:
        possible = ANYTHING
        reasons += open_
    heard = content.heard
    if may_be_any_medicine(read, lexicon, unclear=bool(open_)):
        # "On meds", "foo on treatment" or "hypertension, in drug trial".
        classes = lexicon.classes - content.settled
        heard, possible = heard | classes, union(possible, classes)
        reasons.append("a medicine that is not named")
    doses = doses_in(read, lexicon, every=every_dose)
    told = Recognition(
        text=typed or text,
        kind=kind,
        concepts=content.concepts,
        named=content.named,
        possible=possible,
        heard=heard,
        allergens=content.allergens,
        may_be_allergens=may_be_allergens,
        unnamed=content.unnamed | (unnamed - heard - content.sure),
        says=_says(read, qualifiers),
        name=content.name,
        why=content.why,
        reason="; ".join(dict.fromkeys(reasons)) if possible else "",
        dose=doses.dose,
        doses=doses.of_each,
        directions_left=doses.left,
        taking=_taking(read) if field == "supplements" else None,
        read=_explained(read),
    )
    if not (suggest and read.unknown):
        return told
    return told.leaving(Suggested(read, lexicon), "suggestions", "warning")


def _explained(read: Read) -> tuple[WordsRead, ...]:
    """Return what each word was read as."""
    tokens, unknown = read.tokens, frozenset(read.unknown)
    found: list[WordsRead] = []
    new = tuple.__new__  # there are as many as words
    at = 0
    for piece in read.pieces:
        start, meaning = piece.start, piece.meaning
        if at < start:
            found += _between(at, start, tokens, unknown)
        at = piece.end
        words = tokens[start].text
        if at - start > 1:
            words = " ".join([token.text for token in tokens[start:at]])
        word = meaning.word
        if word is None:
            found.append(new(WordsRead, (words, "name", meaning.name)))
        else:
            found.append(new(WordsRead, (words, _ROLES[word], meaning.route)))
    if at < len(tokens):
        found += _between(at, len(tokens), tokens, unknown)
    return tuple(found)


def _between(
    start: int, end: int, tokens: Sequence[Token], unknown: frozenset[int]
) -> Iterator[WordsRead]:
    """Yield what words were read as that are no piece of an entry."""
    for at in range(start, end):
        token = tokens[at]
        role = "number" if token.number else "filler"
        yield WordsRead(token.text, "not understood" if at in unknown else role, "")


def _open_allergies(read: Read, lexicon: Lexicon) -> frozenset[str]:
    """Return what words leave open that deny allergies to medicines alone, or to foods alone."""
    if _OF_SOME.isdisjoint(read.said):
        return frozenset()
    left = [
        ids
        for kind, ids in (
            (WordKind.NO_DRUG_ALLERGY, lexicon.not_drug_allergies),
            (WordKind.NO_FOOD_ALLERGY, lexicon.not_food_allergies),
        )
        if read.words(kind)
    ]
    return frozenset.intersection(*left)


def _says_none(read: Read, lexicon: Lexicon) -> bool:
    """Whether an entry says that there is nothing, and says it of everything in its list.

    Words in front may be the list's own heading ("Medications: none") or lead to a whole
    sentence ("I have no allergies"). Any others may limit it: "no prescription
    medication", "drug allergies: none" among all allergies.
    """
    if read.names or read.unknown or _NONES.isdisjoint(read.said):
        return False
    nones = read.words(WordKind.NONE) or read.words(WordKind.NOTHING_ELSE)
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


def _left_open(read: Read, lexicon: Lexicon) -> list[str]:
    """Return why an entry may tell anything besides; nothing if it cannot."""
    if read.unknown:
        return [f"not understood: “{' '.join(read.tokens[at].text for at in read.unknown)}”"]
    if WordKind.UNSAID in read.said and len(read.words(WordKind.UNSAID)) > len(left_blank(read)):
        return ["says that it is not known"]
    if read.list_field in PRODUCT_FIELDS:
        return ["a product that is not named"] if _unnamed_product(read, lexicon) else []
    if not (read.names or read.phrases) and _OF_SOME.isdisjoint(read.said):
        return ["names nothing"]
    marks = read.words(WordKind.ALLERGY) if read.list_field != "allergies" else ()
    told = {p.token.item for p in read.pieces if p.is_name or p.meaning is SILENT} if marks else ()
    # "Allergies; milk": what a name tells behind such a word, in its sentence, it speaks of.
    last = {name.token.sentence: name.start for name in read.names} if marks else {}
    if any(
        piece.token.item not in told and last.get(piece.token.sentence, -1) < piece.start
        for piece in marks
    ):
        return ["an allergy, to what is not said"]
    return []


def _left_open_by_overlap(read: Read) -> list[str]:
    """Return why an entry may tell anything where a name goes on behind the end of another piece.

    In "Alka-Seltzer Plus Cold and cough and congestion" two names share the "cough".
    """
    found: list[str] = []
    for piece in read.second:
        if "anything" in piece.meaning.possible:
            at = bisect_left(read.pieces, piece.start, key=_START)
            if at and piece.start < read.pieces[at - 1].end < piece.end:
                found.append(piece.meaning.why)
    return found


_ANY_PRODUCT: Final = frozenset(
    {"drug", "drugs", "medicine", "medicines", "medication", "medications"}
)


def _unnamed_product(read: Read, lexicon: Lexicon) -> bool:
    """Whether an entry speaks of a product without a name: "for my thyroid", "and a cream"."""
    if _OF_PRODUCT.isdisjoint(read.said):
        return not read.names
    products = [
        piece
        for piece in read.names
        if piece.home in PRODUCT_FIELDS and not lexicon.products.isdisjoint(piece.ids)
    ]
    if not products:
        # "T2DM" is no product, and speaks of none; "for my thyroid" does.
        speaks = any(kind in read.said for kind in _OF_PRODUCT if kind is not WordKind.FORM)
        # "Adult failure to thrive" is no product for adults.
        inside = {at for phrase in read.phrases for at in range(phrase.start, phrase.end)}
        forms = (form for form in read.words(WordKind.FORM) if form.start not in inside)
        return not read.names or speaks or any(forms)
    since = 0
    for reason in read.words(WordKind.INDICATION):
        if reason.indicated:
            continue
        at = bisect_left(products, reason.start, key=_START)
        if not at or products[at - 1].start < since:
            return True
        since = reason.end
    items = {name.token.item for name in products}
    if any(salt.token.item not in items for salt in read.words(WordKind.SALT)):
        return True  # "omeprazole, citrate"
    if _FORMS.isdisjoint(read.said):
        return False
    own = {product.start for product in products}
    ends = {name.end for name in read.names if name.indicated and name.start not in own}
    usual = {p.meaning.route for p in read.words(WordKind.ROUTE) if p.token.item in items}
    # "One and a half tablets" is one phrase.
    inside = {at for piece in read.pieces for at in range(piece.start + 1, piece.end)}
    tokens = read.tokens
    begins: dict[int, int] = {}
    for at, token in enumerate(tokens):
        begins.setdefault(token.item, at)
    counted = {token.item for token in tokens if token.number}
    for form in (*read.words(WordKind.ROUTE), *read.words(WordKind.FORM)):
        route = form.meaning.route
        if route and form.start in ends:
            return True  # "for an asthma inhaler"
        if form.indicated or form.token.item in items or (route and route in usual):
            continue
        start = begins[form.token.item]
        # "Metformin and an inhaler"; where the form comes first, what it is joined to is behind.
        at = start or begins.get(tokens[0].item + 1, 0)
        before, first = tokens[max(at - 1, 0)], tokens[at]
        listed = before.item != first.item and before.clause == first.clause and at not in inside
        if form.token.item not in counted and (listed or (route and usual)):
            return True
        if start and form.token.text in _ANY_PRODUCT:
            return True  # "baclofen, specialist drug"
    return False


def _says(read: Read, qualifiers: Mapping[int, str]) -> bool | None:
    """Return whether an entry says that the patient takes or has something."""
    named = False
    for name in read.names:
        if not name.indicated:
            if name.start not in qualifiers:
                return True
            named = True
    allergic = read.list_field in PRODUCT_FIELDS and WordKind.ALLERGY in read.said
    if named or allergic or not _NO_YES.isdisjoint(read.said):
        return None
    something = read.unknown or read.names or not _FORMS.isdisjoint(read.said)
    return True if something else None


def _plans_product(mark: Piece, read: Read) -> bool:
    """Whether what is named first behind a "planned" is no illness: "waiting for surgery"."""
    at = bisect_right(read.names, mark.start, key=_START)
    behind = read.names[at] if at < len(read.names) else None
    return behind is None or behind.home in PRODUCT_FIELDS or behind.indicated


def _taking(read: Read) -> bool | None:
    """Return whether the words say that a supplement was started.

    Beside an illness, "scheduled for surgery", they say nothing of the supplement.
    """
    products = {one.token.item for one in read.names if one.home in PRODUCT_FIELDS}
    others = {one.token.item for one in read.names} - products
    planned = [
        piece.start
        for piece in read.words(WordKind.PLANNED)
        if piece.token.item not in others and _plans_product(piece, read)
    ]
    intakes = told_intakes(read)
    once = (one for one in read.words(WordKind.STOPPED) if one.start in intakes)
    # "Would like to take": what is planned is to take it.
    now = [
        piece.start
        for piece in (*read.words(WordKind.NOW), *once)
        if piece.token.item not in others
        and (
            not (planned and planned[0] < piece.start)
            or (read.names and read.names[0].start < piece.start)
        )
    ]
    # "About to start NAC. R-lipoate" plans the one, and says nothing of the other.
    at = {read.tokens[start].sentence for start in planned}
    if planned and any(
        one.token.sentence not in at for one in read.names if one.home in PRODUCT_FIELDS
    ):
        return None
    other = any(
        piece.word in QUALIFIERS
        and piece.word is not WordKind.PLANNED
        and piece.start not in intakes
        for piece in read.pieces
    )
    if other or bool(planned) is bool(now):
        return None
    return bool(now)
