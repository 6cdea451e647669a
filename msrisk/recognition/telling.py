"""Decides what each name of an entry means there: for certain, perhaps, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.facts import facts_of
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Facts, Meaning
from msrisk.recognition.meanings import Named
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, Piece, Read
from msrisk.recognition.places import Place

__all__ = ["Told"]

_NO_PLACE: Final = Place()
_PREVENTING: Final = {"prevent", "prevents", "preventing", "prevention", "prophylaxis", "risk"}
# Behind them stands who has what: "to prevent stroke in patients with diabetes".
_IN_WHOM: Final = {
    "in",
    "with",
    "bei",
    "mit",
    "chez",
    "avec",
    "en",
    "con",
    "nel",
    "em",
    "com",
    "met",
}
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


class Told:
    """What the names of an entry tell: for certain, perhaps, and in another field perhaps."""

    def __init__(
        self,
        read: Read,
        lexicon: Lexicon,
        places: Mapping[int, Place],
        coded: Mapping[str, frozenset[str]],
    ) -> None:
        self.certain: list[Named] = []
        self.doubted: list[Named] = []
        self.besides: list[Named] = []
        self.second: list[Named] = []
        self.allergens: set[str] = set()
        self.may_be_allergens: set[str] = set()
        self.causes: set[str] = set()
        self.products: set[str] = set()
        self.taken: set[str] = set()
        self.borne: set[str] = set()
        self.bears_medicine = False
        self.reasons: list[str] = []
        self._read = read
        self._lexicon = lexicon
        self._places = places
        self._routes = self._routes_of(coded) if coded else {}
        # A reaction is to the allergen beside it; to the supplement it may be, if that is named.
        # "Allergic to foo" among the products may be said of each of them.
        self._bears_products = read.list_field in PRODUCT_FIELDS and WordKind.ALLERGY in read.said
        self._reactive = read.list_field == "allergies" and self._bears_all()

    def _routes_of(self, coded: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
        """Return the routes that codes say of what is named alone and without one."""
        read = self._read
        named = {piece.meaning.named for piece in read.names if not piece.indicated}
        bare = not (read.words(WordKind.ROUTE) or read.words(WordKind.FORM))
        return coded if bare and len(named) == 1 else {}

    def take(self, piece: Piece, *, qualified: bool, second: bool = False) -> None:
        """Take in what a name tells in its field and, perhaps, in others."""
        field = self._read.list_field
        own = piece.home in (field, ALLERGEN)
        is_allergen = piece.home == ALLERGEN or (own and field == "allergies")
        taken = piece.taken and self._is_taken(piece)
        for home, meaning in ((piece.home, piece.meaning), *piece.others):
            here = own and meaning is piece.meaning
            # A symptom inside the name of a product, "acid", is a part of that.
            part = second and home == "symptoms" and self._is_in_product(piece)
            facts = facts_of(meaning, self._lexicon)
            may_be_silent = facts.symptom or piece.passed_over or home == "conditions"
            if part or (may_be_silent and self._is_silent(piece, home, facts)):
                continue
            sure = not qualified
            if (qualified or self._read.unknown) and self._bears_products:
                self.may_be_allergens.update(facts.products, facts.allergens)
            if self._is_product(piece):
                self.products |= self._lexicon.told_by(meaning) & self._lexicon.products
            if meaning.possible and home not in PRODUCT_FIELDS:
                causes = self._lexicon.above(meaning.possible) & self._lexicon.allergens
                self.may_be_allergens |= causes
                self.causes |= causes & self._lexicon.products
            if here and is_allergen:
                sure &= not taken
                self.bears_medicine |= self._is_medicine(piece)
                borne = self.allergens if sure else self.may_be_allergens
                borne.update(facts.products, facts.allergens)
            elif not here:
                sure &= self._is_sure(piece, home, taken=taken)
            if is_allergen and not here and home in PRODUCT_FIELDS and not sure:
                # A medicine that is borne by no name of its own, such as "penicillin".
                self.borne.update({*facts.products, *meaning.possible} & self._lexicon.medicines)
            named = self._named(piece, meaning)
            if not (here and is_allergen):
                borne = self.allergens if sure else self.may_be_allergens
                borne |= facts.allergens
                if home == "allergies":
                    borne |= facts.products
                elif sure:
                    self.taken |= facts.products
            if sure:
                self.certain.append(named)
            elif second:
                self.second.append(named)
            elif (
                meaning is piece.meaning
                or (piece.home == ALLERGEN and home == "conditions")
                or {home, field} <= set(PRODUCT_FIELDS)
            ):
                self.doubted.append(named)
            else:
                self.besides.append(named)
            if not sure and not here and not second and not self._is_told(piece, meaning):
                self.reasons.append(_elsewhere(home, field))

    def _is_medicine(self, piece: Piece) -> bool:
        """Whether a name is that of a medicine, or of several: "triptan"."""
        if not self._lexicon.told_as_drug.isdisjoint(self._ids(piece.meaning)):
            return True
        words = tuple(token.text for token in self._read.tokens[piece.start : piece.end])
        taken = self._lexicon.name("medications", words)
        return taken is not None and not self._lexicon.medicines.isdisjoint(
            (*taken.named, *taken.possible)
        )

    def _is_product(self, piece: Piece) -> bool:
        """Whether a name is that of a product as well: "whey powder", "universal antioxidant"."""
        words = tuple(token.text for token in self._read.tokens[piece.start : piece.end])
        return any(self._lexicon.name(field, words) for field in PRODUCT_FIELDS)

    def _bears_all(self) -> bool:
        """Whether all that is named are allergens which are no substance that is assessed."""
        read = self._read
        borne = [one for one in read.names if self._ids(one.meaning) and not one.passed_over]
        return bool(borne) and all(map(self._bears, borne))

    def _is_in_product(self, piece: Piece) -> bool:
        """Whether a name stands inside that of a product, among products."""
        return self._read.list_field in PRODUCT_FIELDS and any(
            whole.start <= piece.start < whole.end and whole.home in PRODUCT_FIELDS
            for whole in self._read.names
        )

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
        """Whether a product is taken that is called so among illnesses or allergies."""
        if self._read.list_field != "allergies":
            return True
        clause = piece.token.clause
        return not any(mark.token.clause == clause for mark in self._read.words(WordKind.ALLERGY))

    def _is_silent(self, piece: Piece, home: str, facts: Facts) -> bool:
        """Whether it is what a medicine is for or prevents, or the reaction to an allergen."""
        reaction = self._reactive and home not in PRODUCT_FIELDS
        if piece.passed_over and (reaction or home == "conditions"):
            # "Hives" beside an allergen is what that did. A "Dexcom" is worn by somebody, and
            # beside no allergen "anaphylaxis" is to something.
            told = facts.told - self._lexicon.symptoms
            return reaction or (
                len(self._read.names) > 1 and told.isdisjoint(self._lexicon.matters)
            )
        products = self._read.list_field in PRODUCT_FIELDS
        if products and home == "conditions" and self._is_prevented(piece):
            return True
        if not facts.symptom:
            return False
        if products:
            # Behind the supplement itself, a dash or "as needed" may tell what it did.
            if not piece.indicated or home != "symptoms":
                return False
            return self._is_asked_for(piece) or not self._names_assessed
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
        """Whether a medicine is said to prevent an illness, which nobody says is there.

        Of "to prevent stroke in diabetes" the second is there.
        """
        tokens = self._read.tokens
        return any(
            mark.start < piece.start
            and mark.token.clause == piece.token.clause
            and any(token.text in _PREVENTING for token in tokens[mark.start : mark.end])
            and not any(token.text in _IN_WHOM for token in tokens[mark.end : piece.start])
            for kind in (WordKind.DOUBTFUL, WordKind.INDICATION)
            for mark in self._read.words(kind)
        )

    def _is_asked_for(self, piece: Piece) -> bool:
        """Whether words such as "for" lead to a name, and not a sign alone."""
        return not piece.aside and any(
            mark.start < piece.start and mark.token.clause == piece.token.clause
            for mark in self._read.words(WordKind.INDICATION)
        )

    def _bears(self, piece: Piece) -> bool:
        """Whether a name is that of an allergen which is not a substance that is assessed."""
        inside = (
            one
            for one in self._read.second
            if piece.start <= one.start < piece.end and one.home not in ("conditions", "symptoms")
        )
        return bool(self._ids(piece.meaning)) and not any(
            map(self._may_be_assessed, (piece, *inside))
        )

    @cached_property
    def _names_assessed(self) -> bool:
        return any(map(self._may_be_assessed, self._read.names))

    def _may_be_assessed(self, piece: Piece) -> bool:
        meanings = (piece.meaning, *(one.meaning for one in piece.others))
        return any(facts_of(one, self._lexicon).assessed for one in meanings)

    def _ids(self, meaning: Meaning) -> frozenset[str]:
        """Return the allergens and products that a name stands for."""
        facts = facts_of(meaning, self._lexicon)
        return facts.products | facts.allergens

    def _named(self, piece: Piece, meaning: Meaning) -> Named:
        place = self._places.get(piece.start, _NO_PLACE)
        said = place.said
        if self._routes and len(meaning.named) == 1:
            said = self._routes.get(meaning.named[0], said)
        item, bracket = piece.token.item, piece.token.bracket
        if meaning.possible and not bracket:
            # "ALA (alpha lipoic acid) detox tea": what is explained stands before the brackets.
            before = self._read.tokens[: piece.start]
            bracket = -max((token.bracket for token in before if token.item == item), default=0)
        directs = bool(piece.meaning.possible) and self._directs(piece)
        return Named(
            meaning, said, place.perhaps, item, bracket, directs, self._opened(piece, meaning)
        )

    def _opened(self, piece: Piece, meaning: Meaning) -> frozenset[str]:
        """Return what a name leaves open by itself and by the words in its sentence."""
        said = [meaning.opens]
        for kind, ids in (
            (WordKind.TREATED, meaning.if_treated),
            (WordKind.PLANNED, meaning.if_planned),
        ):
            sentences = (mark.token.sentence for mark in self._read.words(kind)) if ids else ()
            said += [ids] if piece.token.sentence in sentences else []
        return frozenset().union(*said)

    def _directs(self, piece: Piece) -> bool:
        """Whether each word of a name is one of directions."""
        field, tokens = self._read.list_field, self._read.tokens[piece.start : piece.end]
        if field == "allergies" or not any(token.number for token in tokens):
            return False
        if any(token.stroke for token in self._read.tokens[piece.start : piece.end + 1]):
            return False  # a stroke may be an "or"
        words = (self._lexicon.match(field, (token.text,), 0) for token in tokens)
        return all(
            token.number or (word is not None and word[1].word is not None)
            for token, word in zip(tokens, words, strict=True)
        )
