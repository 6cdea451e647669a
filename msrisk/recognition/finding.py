"""Finds what is known at each word of an entry, given the words before it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final

from msrisk.model.concepts import WordKind
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.allergic import LONGEST, Allergic, is_food, room
from msrisk.recognition.facts import all_told, facts_of
from msrisk.recognition.items import BETWEEN, Token, is_behind_dash
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.meaning import Found, meaning_there, says_little
from msrisk.recognition.nameless import says_nothing
from msrisk.recognition.pieces import ALLERGEN, PRODUCT_FIELDS, SILENT, Piece

__all__ = ["Reader"]

_AS_NEEDED: Final = {"prn", "sos", "needed", "required", "necessary"}
_BRINGS: Final = {"gives", "gave", "causes", "caused", "makes", "made"}
_SINCE: Final = {"since", "seit", "depuis", "desde", "dal", "sinds"}
_UNITS: Final = {"g", "mg", "mcg"}
_Texts = tuple[str, ...]
_UNSAID: Final = (False, False, False, False, False)
_NEW: Final = tuple.__new__  # half the time of a piece by its fields, of which there are many
# Looked at for every word, and slow to find in their class.
_ALLERGY: Final = WordKind.ALLERGY
_FILLER: Final = WordKind.FILLER
_INDICATION: Final = WordKind.INDICATION
_NOW: Final = WordKind.NOW
_OF_TREATMENT: Final = {WordKind.TREATED, WordKind.ANY_MEDICINE}
# Words about a thing, which may stand beside its name in any field.
_OF_MAKE: Final = {WordKind.FILLER, WordKind.SALT, WordKind.FORM}
_OF_THINGS: Final = _OF_MAKE | {WordKind.ROUTE, WordKind.INDICATION}
# What the allergy part of another list must not be taken for: that list's own "none".
_OF_ANOTHER_LIST: Final = (WordKind.NONE, WordKind.NO_DRUG_ALLERGY, WordKind.NO_FOOD_ALLERGY)


class Reader:
    """Reads an entry from left to right, the longest name first."""

    def __init__(
        self, plain: str, tokens: tuple[Token, ...], texts: _Texts, field: str, lexicon: Lexicon
    ) -> None:
        self.plain = plain
        self.tokens = tokens
        self.texts = texts
        self.field = field
        self.lexicon = lexicon
        self.pieces: list[Piece] = []
        self.second: list[Piece] = []
        self.phrases: list[Piece] = []
        self.unknown: list[int] = []
        self.named = self.longer = False  # whether there are names, and one of several words
        self.borrowed: set[int] = set()
        self.indication = self.taken = self.allergy = self.needed = self.product = -1
        self.foreign = ""
        self.allergic = Allergic(tokens, texts, field, lexicon)

    def read(self) -> None:
        """Read the tokens from left to right."""
        at, end, numbers = 0, len(self.tokens), self.lexicon.numbers
        while at < end:
            token = self.tokens[at]
            if token.number and token.text not in numbers:
                at += 1
                continue
            found = self._find(at, token)
            if found is None:
                if not says_nothing(self.texts, at, self.field, self.lexicon, token.number):
                    self.unknown.append(at)
                at += 1
                continue
            self.pieces.append(found)
            at = found.end
            if found.meaning.word is None:
                self._note_name(found)
                self.named = True
                if found.end > found.start + 1:
                    self.longer = True
                    if self.tokens[at - 1].sentence != token.sentence:
                        self.unknown += self._alone(found)
            else:
                self._note_word(found)

    def _keep_overlapping(self, word: Piece) -> None:
        """Keep a name that begins inside a word of several and goes on behind it.

        "5 mg day time relief": milligrams a day, or by day a product for a cold.
        """
        for at in range(word.start + 1, word.end):
            found = self._goes_beyond(self.field, at, word.end)
            if found is not None and (found[1] is None or found[1].is_name):
                self.second.append(self.piece(at, at + found[0], found))

    def _keep_inside(self, word: Piece) -> None:
        """Keep the names in words of a treatment: "hormone tablets", "on tablets for sugar"."""
        self._keep_overlapping(word)
        for at in range(word.start, word.end):
            for field in ("conditions", "medications"):
                found = self.lexicon.match(field, self.texts, at, word.end - at)
                if found is not None and found[1].is_name:
                    self.second.append(self.piece(at, at + found[0], (*found, ())))
        for before in self.pieces[-2:-1]:
            self._keep_overlapping(before)

    def _alone(self, piece: Piece) -> Iterator[int]:
        """Yield what means nothing alone of a name that line ends or bullets cut.

        "Multiple" and "sclerosis" on two lines are one illness, or two things.
        """
        for _, part in groupby(range(piece.start, piece.end), lambda at: self.tokens[at].sentence):
            words = list(part)
            if not self.is_known(words[0], words[-1] + 1):
                yield from words

    def _note_word(self, piece: Piece) -> None:
        """Keep what a word says of those behind it."""
        token, word = piece.token, piece.meaning.word
        if word is _FILLER:
            if self.texts[piece.end - 1] in _AS_NEEDED:
                self.needed = piece.end
            if piece.end - piece.start > 1:
                self._keep_overlapping(piece)
        elif word is _INDICATION:
            self.indication = token.clause
        elif word is _NOW:
            self.taken = token.clause
        elif word is _ALLERGY:
            self.allergy = token.sentence
        elif word in _OF_TREATMENT:
            self._keep_inside(piece)

    def _note_name(self, piece: Piece) -> None:
        """Keep what a name says of the words behind it."""
        token = piece.token
        if self.allergic.leads(piece.end):
            self.allergy = token.sentence
        if piece.indicated:
            self.indication = token.clause
        elif not self.lexicon.products.isdisjoint(piece.meaning.named):
            self.product = token.sentence
            if self.field in PRODUCT_FIELDS:
                self.taken = -1  # "takes metformin" says it of this
        if piece.home != self.field and piece.home in LIST_FIELDS:
            self.foreign = piece.home
        named = piece.meaning.concepts
        if self.field not in PRODUCT_FIELDS and not self.lexicon.classes.isdisjoint(named):
            # "Diabetes on insulin and metformin": the first words are one name.
            self.taken = token.clause

    def is_known(self, start: int, end: int) -> bool:
        """Whether a stretch is made of names, words and numbers that are known."""
        while start < end:
            found = self.lexicon.anywhere(self.field, self.texts, start, end - start)
            if found is None and not self.tokens[start].number:
                return False
            start += found[0] if found else 1
        return True

    def beyond(self, piece: Piece, start: int, end: int, *, food: bool) -> Iterator[Piece]:
        """Yield the names that begin at a token and tell what another piece does not.

        If only those of a `food` are wanted, one is yielded if it is an allergen.
        """
        found = self.lexicon.anywhere(self.field, self.texts, start, end - start)
        while found is not None:
            length, meaning, others = found
            if others or meaning is None or meaning.is_name:
                one = self.piece(start, start + length, found)
                listed = self.lexicon.name("allergies", self.texts[start : start + length])
                asked = listed and not self.lexicon.foods.isdisjoint(listed.concepts)
                if (asked or not food) and not self.told(one) <= self.told(piece):
                    yield one
            # "Milk of magnesia" begins with a food.
            found = self.lexicon.anywhere(self.field, self.texts, start, length - 1)

    def told(self, piece: Piece) -> frozenset[str]:
        """Return everything that a name tells, whatever field it is usually told in."""
        return all_told(piece.meaning, piece.others, self.lexicon)

    def _find(self, at: int, token: Token) -> Piece | None:
        """Find the longest name or word at a token."""
        in_allergy = token.clause in self.allergic.clauses
        if in_allergy and self.field not in PRODUCT_FIELDS:
            listed = self._match("allergies", at)
            self._keep_beside(at, listed)
            own = self.lexicon.match(self.field, self.texts, at)
            names = listed is not None and (listed[1] is None or listed[1].is_name)
            if own is not None and own[1].word in _OF_TREATMENT and not names:
                return self.piece(at, at + own[0], (*own, ()))  # "on injections, milk allergy"
            return self._spelled(at) if listed is None else self._allergen(at, listed)
        if self.allergic.speaks:
            called = self.allergic.calls(at)
            if (called and self.field == "symptoms") or self.allergic.begins(at):
                return self._allergen(at, self._match("allergies", at))
            if called and not in_allergy:
                # "Milk allergy tablets" are against an allergy to milk, which is there.
                self.borne(at)
        found = self._match(self.field, at)
        if found is None:
            if self.lexicon.behind(token.text) is None:
                return self._spelled(at)
        elif not (found[1] is None or in_allergy or self.foreign or token.text in BETWEEN):
            return self.piece(at, at + found[0], found)  # as nothing around it says otherwise
        borne = in_allergy and not self.allergic.is_taken(at, found) and self._is_borne(at, token)
        if borne and (found is None or found[1] is None):
            listed = self._match("allergies", at)
            if listed is not None and listed[1] is not None and listed[1].is_name:
                self._keep_beside(at, listed)
                return self._allergen(at, listed)
        elif borne and self.field in PRODUCT_FIELDS:
            self.borne(at)  # "Allergic to milk protein", which is a product too.
        if found is not None and found[1] is None:
            shorter = self.lexicon.match(self.field, self.texts, at, found[0])
            if shorter is not None and self.is_known(at + shorter[0], at + found[0]):
                # "Metformin for diabetes" and "on chemo" are made of words of the medicines;
                # what they are elsewhere is possible.
                # "On metformin" among the medicines says no more than that it is taken.
                if shorter[1].word is not WordKind.NOW:
                    self.phrases.append(self.piece(at, at + found[0], found))
                named = self.lexicon.anywhere(self.field, self.texts, at, shorter[0])
                found = named if shorter[1].is_name else (*shorter, ())
            elif shorter is not None and shorter[1].is_name:
                # "Whey protein shake" names whey, and among the medicines "insulin resistance"
                # insulin, perhaps.
                self.second.append(self.piece(at, at + shorter[0], (*shorter, ())))
        if self.allergy == token.sentence and (found is None or found[1] is None):
            # "Allergic to eggs, milk": the list goes on behind the comma.
            listed = self._match("allergies", at)
            if listed is not None and self.field in ("conditions", "symptoms"):
                return self._allergen(at, listed)
        if found is not None and token.text in BETWEEN and self._hides_name(at, found):
            return None
        if found is None and at and self.field in PRODUCT_FIELDS and self.texts[at - 1] == "with":
            # "Take with milk": how it is taken.
            food = self.lexicon.match("allergies", self.texts, at)
            if food is not None and is_food(food, self.texts, at, self.lexicon):
                found = food[0], SILENT, ()
        if self.foreign and says_little(found):
            # "Psoriasis treated with methotrexate cream": words about a medicine.
            word = self.lexicon.match(self.foreign, self.texts, at, room(self.tokens, at, LONGEST))
            hides = word and token.text in BETWEEN and self._hides_name(at, (*word, ()))
            if word and word[1].word in _OF_THINGS and not hides and word[0] > (found or (0,))[0]:
                found = word[0], word[1], ()
                self.borrowed.add(at)
        return None if found is None else self.piece(at, at + found[0], found)

    def _is_borne(self, at: int, token: Token) -> bool:
        """Whether words of allergy among the products speak of what is named here."""
        goes_on = self.allergy == token.sentence and self.taken != token.clause
        return goes_on or self.allergic.is_one(at)

    def borne(self, at: int) -> None:
        """Keep beside what is named here that it may be an allergen."""
        borne = self._allergen(at, self._match("allergies", at))
        if borne is not None and borne.is_name:
            self.second.append(borne._replace(home=ALLERGEN))

    def _keep_beside(self, at: int, listed: Found | None) -> None:
        """Keep beside the name of an allergen what begins here if it is none.

        "Casein sensitivity then hypoglycemic drug" need not be a list of allergens, and "chemo
        infusion" behind one may tell of two treatments.
        """
        length, _, others = listed or (0, None, ())
        medicine = any(one.field in PRODUCT_FIELDS for one in others)
        words = range(at, at + (length if medicine else 1))
        matches = [(i, self.lexicon.match(self.field, self.texts, i)) for i in words]
        names = {i: (*one, ()) for i, one in matches if one is not None and one[1].is_name}
        self.second += [self.piece(i, i + one[0], one) for i, one in names.items()]
        away = self.lexicon.anywhere(self.field, self.texts, at)
        if at not in names and away is not None and away[1] is None and away[0] != length:
            self.second.append(self.piece(at, at + away[0], away))

    def _spelled(self, at: int) -> Piece | None:
        """Find the medicine that a word spells as another language does."""
        if self.texts[at] in self.lexicon.tokens:
            return None
        behind = self.texts[at + 1] if at + 1 < len(self.texts) else ""
        found = self.lexicon.spelled(self.field, self.texts[at], behind)
        return None if found is None else self.piece(at, at + found[0], found)

    def _hides_name(self, at: int, found: Found) -> bool:
        """Whether "and drugs" begins "and drugs that suppress the immune system"."""
        behind = self.lexicon.anywhere(self.field, self.texts, at + 1) if found[0] > 1 else None
        return behind is not None and behind[0] >= found[0]

    def piece(self, at: int, end: int, found: Found) -> Piece:
        """Return what was found between two tokens, with what is said around it."""
        _, meaning, others = found
        token, home = self.tokens[at], self.field
        indicated = self.indication == token.clause
        passed_over = False
        if meaning is not None and meaning.word is not None and not others:
            if token.joined and meaning.word is WordKind.UNSAID:
                meaning = SILENT  # "Thyroxine-Na": sodium
            return _NEW(Piece, (meaning, at, end, token, home, (), indicated, *_UNSAID))
        if meaning is None or (others and meaning.word is not None):
            passed_over = meaning is not None
            (home, meaning), *rest = others
            others = tuple(rest)
        aside = token.bracket > 0 or is_behind_dash(self.plain, token)
        if not indicated and self.field in PRODUCT_FIELDS and home not in PRODUCT_FIELDS:
            indicated = self._is_reason(at, token, aside=aside)
        taken = self.taken == token.clause
        taken = taken or (end < len(self.texts) and self.texts[end] in _SINCE)
        said = (indicated, taken, aside, passed_over, False, False)
        return _NEW(Piece, (meaning, at, end, token, home, others, *said))

    def _is_reason(self, at: int, token: Token, *, aside: bool) -> bool:
        """Whether an illness or symptom stands where what a medicine is for is told.

        That is behind its name, in brackets, after a dash, or after "as needed". Nobody takes
        a thing for what it "gives me".
        """
        before = (i for i in range(max(at - 4, 0), at) if self.tokens[i].bracket == token.bracket)
        if self.product != token.sentence or not _BRINGS.isdisjoint(self.texts[i] for i in before):
            return False
        between = self.plain[self.tokens[at - 1].end : token.start] if at else ""
        return aside or (self.needed == at and between.strip() in {"", ":"})

    def _allergen(self, at: int, found: Found | None) -> Piece | None:
        if found is None:
            return None
        length, meaning, others = found
        if meaning is not None and meaning.word in _OF_ANOTHER_LIST:
            # "No milk allergy" denies it; "allergies: none" speaks of the other list.
            one_word = length == 1 and meaning.word is WordKind.NONE
            denies = one_word and self.allergic.names_one(self.tokens[at].clause)
            meaning = meaning._replace(word=WordKind.NEGATED) if denies else SILENT
        piece = self.piece(at, at + length, (length, meaning, others))
        return piece._replace(home=ALLERGEN if piece.home == self.field else piece.home)

    def _match(self, field: str, at: int) -> Found | None:
        """Find the longest name or word at a token that is not a list of several."""
        found = self.lexicon.anywhere(field, self.texts, at)
        if found is not None and found[0] > 1 and self.tokens[at + found[0] - 1].number:
            found = self._without_amount(field, at, found)
        if found is None or found[0] == 1:
            return found
        length, meaning, others = found
        is_name = bool(others) or meaning is None or meaning.is_name
        ends = [
            i
            for i in range(at + 1, at + length)
            if self.tokens[i].apart
            and (
                is_name
                or self.tokens[i].clause != self.tokens[at].clause
                or self._goes_beyond(field, i, at + length)
            )
        ]
        if not ends or (is_name and self._is_one(field, found, [at, *ends, at + length])):
            return found
        if is_name:
            self.second.append(self.piece(at, at + length, found))
        return self.lexicon.anywhere(field, self.texts, at, ends[0] - at)

    def _without_amount(self, field: str, at: int, found: Found) -> Found | None:
        """Return a name without the number at its end, if that is an amount by what follows.

        "Prednisolone 0.5 g" are not the drops of 0.5 %. "Diabetes 1 mg weekly" may be type 1.
        """
        length, end = found[0] - 1, at + found[0]
        if _UNITS.isdisjoint(self.texts[end : end + 1]):
            return found
        shorter = self.lexicon.anywhere(field, self.texts, at, length)
        if "." in self.texts[end - 1]:
            return shorter
        if shorter is None or shorter[0] < length or self._told_of(found) <= self._told_of(shorter):
            return found
        self.second.append(self.piece(at, end, found))
        return shorter

    def _is_one(self, field: str, whole: Found, ends: list[int]) -> bool:
        """Whether the parts of a name mean nothing in its field that the whole does not.

        What they mean in other fields is kept beside it.
        """
        told = self._told_of(whole)
        elsewhere: list[Piece] = []
        for start, end in pairwise(ends):
            part = self.lexicon.anywhere(field, self.texts, start, end - start)
            if part is None or self._told_of(part) <= told:
                continue
            own = part[1] if whole[1] is not None else meaning_there(part, whole[2][0].field)
            if own and own.is_name and not facts_of(own, self.lexicon).told <= told:
                return False
            elsewhere.append(self.piece(start, start + part[0], part))
        if whole[1] is None:
            for at in range(ends[0], ends[-1]):
                # "Nurofen Cold & Flu Relief" among the symptoms is a cold and a flu, perhaps.
                mine = self.lexicon.match(self.field, self.texts, at, ends[-1] - at)
                if mine is None:
                    continue
                if mine[1].word in _OF_TREATMENT:
                    return False  # "Interferon / injections for MS"
                if mine[1].is_name:
                    elsewhere.append(self.piece(at, at + mine[0], (*mine, ())))
        for start in ends[1:-1]:
            # "Sugar" and "diabetes pills" on two lines, not "sugar diabetes".
            longer = self._goes_beyond(field, start, ends[-1])
            if longer is None:
                continue
            first = self.lexicon.anywhere(field, self.texts, ends[0], start - ends[0])
            if first and first[0] == start - ends[0] and told <= self._told_of(first):
                return False  # "Immune suppressant", "medication that can affect" something.
            elsewhere.append(self.piece(start, start + longer[0], longer))
        self.second += elsewhere
        return True

    def _goes_beyond(self, field: str, start: int, end: int) -> Found | None:
        found = self.lexicon.anywhere(field, self.texts, start)
        return found if found is not None and start + found[0] > end else None

    def _told_of(self, found: Found) -> frozenset[str]:
        return all_told(found[1], found[2], self.lexicon)
