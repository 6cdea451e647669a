"""Decides what each name of an entry means there: for certain, perhaps, or nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.recognition.facts import facts_of
from msrisk.recognition.forms import by_mouth
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Facts, Meaning
from msrisk.recognition.meanings import Named
from msrisk.recognition.nameless_doses import nameless_doses
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, REACTIONS, Piece, Read
from msrisk.recognition.places import Place

__all__ = ["Told"]

_NO_PLACE: Final = Place()
_NOTHING_OPEN: Final[frozenset[str]] = frozenset()
_LEADS: Final = frozenset({WordKind.DOUBTFUL, WordKind.INDICATION})
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
        self._firsts: dict[WordKind, Mapping[int, int]] = {}
        self._marked: dict[WordKind, frozenset[int]] = {}
        self._routes = self._routes_of(coded) if coded else {}
        # A reaction is to the allergen beside it; to the supplement it may be, if that is named.
        # "Allergic to foo" among the products may be said of each of them.
        self._bears_products = read.list_field in PRODUCT_FIELDS and WordKind.ALLERGY in read.said
        # "Lipoic acid, hives last time": each of them may have done it.
        self._reacted = read.list_field in PRODUCT_FIELDS and any(
            map(self._is_reaction, read.names)
        )
        self._reactive = read.list_field == "allergies" and self._bears_all()

    def _routes_of(self, coded: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
        """Return the routes that codes say of what is named alone and without one."""
        read = self._read
        named = {piece.meaning.named for piece in read.names if not piece.indicated}
        bare = not (read.words(WordKind.ROUTE) or read.words(WordKind.FORM))
        return coded if bare and len(named) == 1 else {}

    def take(self, piece: Piece, *, qualified: bool, second: bool = False) -> None:
        """Take in what a name tells in its field and, perhaps, in others."""
        if self._is_way(piece):
            return
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
            if self._reacted or ((qualified or self._read.unknown) and self._bears_products):
                self.may_be_allergens.update(facts.products, facts.allergens)
                may_be = self._lexicon.above({*meaning.possible} - {"anything"})
                self.may_be_allergens |= may_be & self._lexicon.allergens
            if field not in PRODUCT_FIELDS and self._is_product(piece):
                self.products |= facts.told & self._lexicon.products
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
            if not sure and not here and not second and not self._is_told(piece, facts):
                self.reasons.append(_elsewhere(home, field))

    def _is_way(self, piece: Piece) -> bool:
        """Whether a name among illnesses says how the medicine before it is given.

        In "Ocrevus infusions" these are of that, and say no more than "injections" do.
        """
        read, token = self._read, piece.token
        if read.list_field != "conditions" or not piece.meaning.possible or token.soft:
            return False
        words = tuple(one.text for one in read.tokens[piece.start : piece.end])
        found = self._lexicon.match("medications", words, 0)
        if found is None or found[0] < len(words) or found[1].word is not WordKind.ROUTE:
            return False
        at = bisect_left(read.names, piece.start, key=attrgetter("start"))
        return any(
            one.end == piece.start
            and one.token.item == token.item
            and not self._lexicon.medicines.isdisjoint(one.meaning.named)
            for one in read.names[max(at - 1, 0) : at]
        )

    def _is_medicine(self, piece: Piece) -> bool:
        """Whether a name is that of a medicine, or of several: "triptan"."""
        if not self._lexicon.told_as_drug.isdisjoint(self._ids(piece.meaning)):
            return True
        words = tuple(token.text for token in self._read.tokens[piece.start : piece.end])
        taken = self._lexicon.name("medications", words)
        return taken is not None and not self._lexicon.medicines.isdisjoint(
            (*taken.named, *taken.possible)
        )

    def _is_reaction(self, piece: Piece) -> bool:
        """Whether a name is that of what an allergy does, and not of what a medicine is for."""
        if piece.home in PRODUCT_FIELDS or (piece.indicated and not piece.aside):
            return False
        return not REACTIONS.isdisjoint(facts_of(piece.meaning, self._lexicon).told)

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
        names = self._read.names
        at = bisect_right(names, piece.start, key=attrgetter("start"))
        if self._read.list_field not in PRODUCT_FIELDS or at == 0:
            return False
        whole = names[at - 1]
        return piece.start < whole.end and whole.home in PRODUCT_FIELDS

    def _is_told(self, piece: Piece, other: Facts) -> bool:
        """Whether another meaning of a name tells nothing that the first does not."""
        if other.meaning is piece.meaning:
            return False
        return other.told <= facts_of(piece.meaning, self._lexicon).told

    def _is_sure(self, piece: Piece, home: str, *, taken: bool) -> bool:
        """Whether what is usually told elsewhere is certain here, by the words around it."""
        if home in PRODUCT_FIELDS:
            return self._read.list_field in PRODUCT_FIELDS or taken
        return home == "conditions" and (piece.indicated or piece.taken)

    def _is_taken(self, piece: Piece) -> bool:
        """Whether a product is taken that is called so among illnesses or allergies."""
        if self._read.list_field != "allergies":
            return True
        return piece.token.clause not in self._first_in_clauses(WordKind.ALLERGY)

    def _is_silent(self, piece: Piece, home: str, facts: Facts) -> bool:
        """Whether it is what a medicine is for or prevents, or the reaction to an allergen."""
        reaction = self._reactive and home not in PRODUCT_FIELDS
        if piece.passed_over and (reaction or home == "conditions"):
            # "Hives" beside an allergen is what that did. A "Dexcom" is worn by somebody, and
            # beside no allergen "anaphylaxis" is to something.
            told = (facts.told | self._opened(piece, facts.meaning)) - self._lexicon.symptoms
            return reaction or (
                len(self._read.names) > 1 and told.isdisjoint(self._lexicon.matters)
            )
        products = self._read.list_field in PRODUCT_FIELDS
        said = self._read.said
        prevents = products and home == "conditions" and not _LEADS.isdisjoint(said)
        if prevents and piece.start in self._prevented:
            return True
        if not facts.symptom:
            return False
        if products:
            # Behind the supplement itself, a dash or "as needed" may tell what it did.
            if not piece.indicated or home != "symptoms":
                return False
            return self._is_asked_for(piece) or not self._names_assessed
        if self._read.list_field == "conditions":
            first = self._first_borne.get(piece.token.sentence)
            return piece.aside and first is not None and first < piece.start
        return self._reactive

    @cached_property
    def _prevented(self) -> frozenset[int]:
        """Return the tokens of which words say that a medicine prevents what they name.

        Nobody says that it is there. Of "to prevent stroke in diabetes" the second is there.
        """
        read = self._read
        marks = {
            mark.start: mark.end
            for kind in _LEADS
            for mark in read.words(kind)
            if any(token.text in _PREVENTING for token in read.tokens[mark.start : mark.end])
        }
        found: set[int] = set()
        clause, end = -1, 0  # of the last such words, until others say in whom
        for at, token in enumerate(read.tokens) if marks else ():
            if token.clause == clause:
                found.add(at)
            if at in marks:
                clause, end = token.clause, marks[at]
            elif at >= end and token.text in _IN_WHOM:
                clause = -1
        return frozenset(found)

    def _is_asked_for(self, piece: Piece) -> bool:
        """Whether words such as "for" lead to a name, and not a sign alone."""
        first = self._first_in_clauses(WordKind.INDICATION).get(piece.token.clause)
        return not piece.aside and first is not None and first < piece.start

    def _first_in_clauses(self, kind: WordKind) -> Mapping[int, int]:
        """Return where the first word of a kind stands, by its clause."""
        if kind not in self._firsts:
            marks = reversed(self._read.words(kind))
            self._firsts[kind] = {mark.token.clause: mark.start for mark in marks}
        return self._firsts[kind]

    def _sentences(self, kind: WordKind) -> frozenset[int]:
        """Return the sentences in which words of a kind stand."""
        if kind not in self._marked:
            marks = [*self._read.words(kind)]
            if kind is WordKind.ANY_MEDICINE:
                marks += filter(self._is_way, self._read.names)
            self._marked[kind] = frozenset(mark.token.sentence for mark in marks)
        return self._marked[kind]

    @cached_property
    def _first_borne(self) -> Mapping[int, int]:
        """Return where the first allergen stands that is not a substance that is assessed.

        That is by the sentence.
        """
        names = reversed(self._read.names)
        return {
            one.token.sentence: one.start
            for one in names
            if one.home == ALLERGEN and self._bears(one)
        }

    def _bears(self, piece: Piece) -> bool:
        """Whether a name is that of an allergen which is not a substance that is assessed."""
        return (
            bool(self._ids(piece.meaning))
            and not self._may_be_assessed(piece)
            and self._assessed_inside.isdisjoint(range(piece.start, piece.end))
        )

    @cached_property
    def _assessed_inside(self) -> frozenset[int]:
        """Return where names of a second reading begin that may be a substance assessed."""
        return frozenset(
            one.start
            for one in self._read.second
            if one.home not in ("conditions", "symptoms") and self._may_be_assessed(one)
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
        said, perhaps = place.said, place.perhaps
        coded = self._routes.get(meaning.named[0]) if len(meaning.named) == 1 else None
        plain = self._read.plain
        if coded is not None and by_mouth(plain, piece.token.end, 0):
            perhaps |= coded  # "prednisolone 30 mg" beside the code of eye drops
        elif coded is not None:
            said = coded
        item, bracket = piece.token.item, piece.token.bracket
        if meaning.possible and not bracket and ("(" in plain or "[" in plain):
            # "ALA (alpha lipoic acid) detox tea": what is explained stands before the brackets.
            bracket = -self._brackets_before[piece.start]
        directs = bool(piece.meaning.possible) and self._directs(piece)
        return Named(meaning, said, perhaps, item, bracket, directs, self._opened(piece, meaning))

    @cached_property
    def _brackets_before(self) -> list[int]:
        """Return for each token the number of the last brackets before it in its item."""
        latest: dict[int, int] = {}
        found: list[int] = []
        for token in self._read.tokens:
            found.append(latest.get(token.item, 0))
            latest[token.item] = max(found[-1], token.bracket)
        return found

    def _opened(self, piece: Piece, meaning: Meaning) -> frozenset[str]:
        """Return what a name leaves open by itself and by the words in its sentence."""
        if not (meaning.opens or meaning.if_treated or meaning.if_planned):
            return _NOTHING_OPEN
        said = [meaning.opens]
        for kind, ids in (
            (WordKind.TREATED, meaning.if_treated),
            (WordKind.ANY_MEDICINE, meaning.if_treated),
            (WordKind.PLANNED, meaning.if_planned),
        ):
            said += [ids] if ids and piece.token.sentence in self._sentences(kind) else []
        if meaning.if_treated and not self._nameless.isdisjoint(self._around(piece)):
            said.append(meaning.if_treated)
        return frozenset().union(*said)

    @cached_property
    def _nameless(self) -> frozenset[int]:
        return nameless_doses(self._read, self._lexicon)

    def _around(self, piece: Piece) -> tuple[int, ...]:
        """Return the item of a name and the next that is not all unknown: "RA, takes 15 mg"."""
        items, item = self._items, piece.token.item
        at = bisect_right(items, item)
        return item, *items[at : at + 1]

    @cached_property
    def _items(self) -> Sequence[int]:
        """Return the items of which at least a word is understood."""
        unknown = frozenset(self._read.unknown)
        return sorted({one.item for at, one in enumerate(self._read.tokens) if at not in unknown})

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
