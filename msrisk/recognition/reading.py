"""The words of an entry → what they certainly and what they possibly mean.

A name that stands under a qualifier (stopped, negated, planned, somebody else's,
doubtful) is neither a yes nor a no. Words that are not understood leave open that
anything else is meant. "None" is concluded from nothing but words that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from msrisk.model.concepts import (
    ANYTHING,
    Dose,
    Possible,
    Recognition,
    WordKind,
    WordsRead,
)
from msrisk.recognition.directions import UNKNOWN_DOSE, Directions, read_directions
from msrisk.recognition.doses import summed
from msrisk.recognition.items import tokenise
from msrisk.recognition.lexicon import Lexicon, Meaning
from msrisk.recognition.meanings import Named, minus, read_meanings, union
from msrisk.recognition.names import ALLERGEN, PRODUCT_FIELDS, SILENT, Piece, Read, read_names
from msrisk.recognition.places import Place, places_of, worded, wordings_of
from msrisk.recognition.status import QUALIFIERS, qualifiers_of
from msrisk.recognition.suggesting import suggestions_for

__all__ = ["read_words"]

_OF_SOME: Final = (WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY)
_NO_YES: Final = {*QUALIFIERS, WordKind.NOTHING_ELSE, WordKind.UNSAID, *_OF_SOME}
_FILLERS: Final = {WordKind.FILLER, WordKind.FORM}
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
    told = _Told(read, lexicon, coded)
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
    open_ = _left_open(read, lexicon)
    if open_:
        possible = ANYTHING
        reasons += open_
    suggestions, warning = suggestions_for(read, lexicon) if suggest else ((), "")
    possible = minus(possible, sure_ids)
    doses = _doses(read, lexicon, every=every_dose)
    return evolve(
        certain,
        text=text,
        kind=kind,
        named=_named(certain.named, field, lexicon),
        possible=possible,
        heard=heard - sure_ids,
        allergens=frozenset(told.allergens - told.taken) & sure_ids,
        may_be_allergens=frozenset(told.may_be_allergens),
        unnamed=unnamed - heard - sure_ids,
        says=_says(read, qualifiers),
        name=certain.name or doubted.name or besides.name,
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

    "Tablets for diabetes" adds nothing where tablets and diabetes are told.
    """
    found = read_meanings([Named(piece.meaning) for piece in read.phrases], lexicon)
    ids = (found.concepts | found.may_be | found.named) - lexicon.drugs
    return frozenset(id_ for id_ in ids if not lexicon.is_told_by(id_, sure))


@frozen
class _Doses:
    """The dose of an entry, that of each substance in it, and what is not understood."""

    dose: Dose | None
    of_each: Mapping[str, Dose] = MappingProxyType({})
    left: tuple[str, ...] = ()


_NO_PRODUCT: Final = _Doses(None)
_NO_DOSE: Final = _Doses(UNKNOWN_DOSE)


class _Told:
    """What the names of an entry tell: for certain, perhaps, and in another field perhaps."""

    def __init__(self, read: Read, lexicon: Lexicon, coded: Mapping[str, frozenset[str]]) -> None:
        self.certain: list[Named] = []
        self.doubted: list[Named] = []
        self.besides: list[Named] = []
        self.second: list[Named] = []
        self.allergens: set[str] = set()
        self.may_be_allergens: set[str] = set()
        self.taken: set[str] = set()
        self.bears_medicine = False
        self.reasons: list[str] = []
        self._read = read
        self._lexicon = lexicon
        self._places = places_of(read)
        self._coded = coded
        self._bare = len({piece.meaning.named for piece in read.names if not piece.indicated}) == 1
        self._bare &= not (read.words(WordKind.ROUTE) or read.words(WordKind.FORM))
        self._reactive = read.list_field == "allergies" and any(map(self._bears, read.names))

    def take(self, piece: Piece, *, qualified: bool, second: bool = False) -> None:
        """Take in what a name tells in its field and, perhaps, in others."""
        field = self._read.list_field
        own = piece.home in (field, ALLERGEN)
        is_allergen = piece.home == ALLERGEN or (own and field == "allergies")
        taken = self._is_taken(piece)
        for home, meaning in (
            (piece.home, piece.meaning),
            *((one.field, one.meaning) for one in piece.others),
        ):
            here = own and meaning is piece.meaning
            if self._is_silent(piece, home, meaning):
                continue
            sure = not qualified
            if qualified and field in PRODUCT_FIELDS and self._read.words(WordKind.ALLERGY):
                self.may_be_allergens.update(self._ids(meaning))
            if home not in PRODUCT_FIELDS:
                self.may_be_allergens |= self._lexicon.above(meaning.possible) & (
                    self._lexicon.allergens
                )
            if here and is_allergen:
                sure &= not taken
                self.bears_medicine |= not self._lexicon.told_as_drug.isdisjoint(self._ids(meaning))
                (self.allergens if sure else self.may_be_allergens).update(self._ids(meaning))
            elif not here:
                sure &= self._is_sure(piece, home, taken=taken)
            named = self._named(piece, meaning)
            if not (here and is_allergen):
                borne = self._ids(meaning)
                borne -= frozenset() if home == "allergies" else self._lexicon.products
                (self.allergens if sure else self.may_be_allergens).update(borne)
                self.taken.update(self._ids(meaning) - borne if sure else ())
            if sure:
                self.certain.append(named)
            elif second:
                self.second.append(named)
            elif meaning is piece.meaning:
                self.doubted.append(named)
            else:
                self.besides.append(named)
            if not sure and not here and not second and not self._is_told(piece, meaning):
                self.reasons.append(_elsewhere(home, field))

    def _is_told(self, piece: Piece, meaning: Meaning) -> bool:
        """Whether another meaning of a name tells nothing that the first does not."""
        if meaning is piece.meaning:
            return False
        return self._lexicon.told_by(meaning) <= self._lexicon.told_by(piece.meaning)

    def _is_sure(self, piece: Piece, home: str, *, taken: bool) -> bool:
        """Whether what is usually told elsewhere is certain here, by the words around it."""
        if home in PRODUCT_FIELDS:
            return self._read.list_field in PRODUCT_FIELDS or taken
        return home == "conditions" and (piece.indicated or piece.taken)

    def _is_taken(self, piece: Piece) -> bool:
        """Whether words say that a product named among illnesses or allergies is taken."""
        if self._read.list_field != "allergies":
            return piece.taken
        clause = piece.token.clause
        speaks = any(mark.token.clause == clause for mark in self._read.words(WordKind.ALLERGY))
        return piece.taken and not speaks

    def _is_silent(self, piece: Piece, home: str, meaning: Meaning) -> bool:
        """Whether it is what a medicine is for or prevents, or the reaction to an allergen."""
        if piece.passed_over and (self._reactive or home == "conditions"):
            # "Hives" beside an allergen is what that did.
            return self._reactive or len(self._read.names) > 1
        products = self._read.list_field in PRODUCT_FIELDS
        if products and home == "conditions" and self._is_prevented(piece):
            return True
        if self._lexicon.symptoms.isdisjoint(meaning.named):
            return False
        if products:
            # Behind the supplement itself, a dash tells what it did.
            did = piece.aside and any(map(self._may_be_assessed, self._read.names))
            return piece.indicated and home == "symptoms" and not did
        if self._read.list_field == "conditions":
            return piece.aside and any(
                other.home == ALLERGEN
                and other.start < piece.start
                and other.token.sentence == piece.token.sentence
                and self._bears(other)
                for other in self._read.names
            )
        return self._reactive

    def _is_prevented(self, piece: Piece) -> bool:
        """Whether a medicine is said to prevent an illness, which nobody says is there."""
        return any(
            mark.start < piece.start
            and mark.token.clause == piece.token.clause
            and any(token.text in _PREVENTING for token in self._read.tokens[mark.start : mark.end])
            for kind in (WordKind.DOUBTFUL, WordKind.INDICATION)
            for mark in self._read.words(kind)
        )

    def _bears(self, piece: Piece) -> bool:
        """Whether a name is that of an allergen which is not a substance that is assessed."""
        return bool(self._ids(piece.meaning)) and not self._may_be_assessed(piece)

    def _may_be_assessed(self, piece: Piece) -> bool:
        meanings = (piece.meaning, *(one.meaning for one in piece.others))
        told = {id_ for one in meanings for id_ in (*one.named, *one.possible)}
        return not self._lexicon.substances.isdisjoint(self._lexicon.above(told))

    def _ids(self, meaning: Meaning) -> frozenset[str]:
        """Return the allergens and products that a name stands for."""
        told = meaning.concepts.union(meaning.named)
        return told & self._lexicon.borne

    def _named(self, piece: Piece, meaning: Meaning) -> Named:
        place = self._places.get(piece.start, _NO_PLACE)
        said = place.said
        if self._bare and len(meaning.named) == 1:
            said = self._coded.get(meaning.named[0], said)
        where = piece.token.item, piece.token.bracket
        return Named(meaning, said, place.perhaps, *where, directs=self._directs(piece))

    def _directs(self, piece: Piece) -> bool:
        """Whether each word of a name that leaves open what it is is one of directions."""
        field, tokens = self._read.list_field, self._read.tokens[piece.start : piece.end]
        if not piece.meaning.possible or not any(token.number for token in tokens):
            return False
        words = (self._lexicon.match(field, (token.text,), 0) for token in tokens)
        return all(
            token.number or (word is not None and word[1].word is not None)
            for token, word in zip(tokens, words, strict=True)
        )


_NO_DIRECTIONS: Final = Directions(UNKNOWN_DOSE, ())
_NO_PLACE: Final = Place()
_PREVENTING: Final = {"prevent", "prevents", "preventing", "prevention", "prophylaxis", "risk"}
_ALSO_SAID: Final = {
    "allergies": "an allergen",
    "medications": "a medicine",
    "supplements": "a product",
    "conditions": "an illness",
    "symptoms": "a symptom",
}


def _elsewhere(home: str, field: str) -> str:
    verb = "taken" if home in PRODUCT_FIELDS else "there"
    return f"names {_ALSO_SAID[home]} among the {field}: whether it is {verb} is not said"


def _doses(read: Read, lexicon: Lexicon, *, every: bool) -> _Doses:
    """Return the dose of the substance that an entry names, or that of each of several.

    No rule asks for the dose of anything else, so it is read only for those who ask.
    """
    if not every and lexicon.substances.isdisjoint(
        lexicon.above(id_ for piece in read.names for id_ in _ids(piece))
    ):
        return _NO_DOSE if read.list_field in PRODUCT_FIELDS else _NO_PRODUCT
    found: list[tuple[frozenset[str], Directions]] = []
    for wording in wordings_of(read):
        told = lexicon.above(id_ for piece in wording.products for id_ in _ids(piece))
        directions = _NO_DIRECTIONS
        if wording.is_one(read):
            directions = read_directions(worded(read, wording))
        if every or told & lexicon.substances:
            found.append((told & lexicon.substances, directions))
    found.sort(key=lambda one: not one[0])
    left = tuple(word for ids, one in found if ids for word in one.left)
    doses: dict[str, Dose] = {}
    for ids, one in found:
        for id_ in ids:
            doses[id_] = summed(doses[id_], one.dose) if id_ in doses else one.dose
    if not found:
        return _NO_PRODUCT
    first = next(iter(doses.values()), found[0][1].dose)
    return _Doses(first, doses if len(found) > 1 else {}, left)


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
        words = " ".join(token.text for token in read.tokens[at : piece.end])
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
    if not read.names and not any(map(read.words, _OF_SOME)):
        return ["names nothing"]
    told = {p.token.item for p in read.pieces if p.is_name or p.meaning is SILENT}
    if read.list_field != "allergies" and any(
        piece.token.item not in told and not _goes_on(piece, read)
        for piece in read.words(WordKind.ALLERGY)
    ):
        return ["an allergy, to what is not said"]
    return []


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
        if piece.home in PRODUCT_FIELDS and not lexicon.products.isdisjoint(_ids(piece))
    ]
    if not products:
        # "T2DM" is no product, and speaks of none; "for my thyroid" does.
        speaks = (WordKind.INDICATION, WordKind.ROUTE, WordKind.FORM, WordKind.SALT)
        return not read.names or any(map(read.words, speaks))
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


def _ids(piece: Piece) -> tuple[str, ...]:
    return (*piece.meaning.named, *piece.meaning.possible)


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
