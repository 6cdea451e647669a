"""The tokens of an entry → the names and words that are known, and those that are not.

An entry is read from left to right, the longest known name first. A comma or a bracket
inside a name is allowed ("diabetes mellitus, type 2"), but a list of two things is never
read as a third ("soy, milk").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Final

from attrs import evolve, field, frozen

from msrisk.model.concepts import WordKind
from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.joining import combined, rejoined
from msrisk.recognition.lexicon import Lexicon, Meaning
from msrisk.recognition.tokens import BETWEEN, Token, parts_of

__all__ = ["PRODUCT_FIELDS", "Piece", "Read", "SILENT", "read_pieces"]

PRODUCT_FIELDS: Final = ("supplements", "medications")
# "No allergies" among the conditions: it says nothing of conditions.
SILENT: Final = Meaning("", word=WordKind.FILLER)
_OF_ONE_PRODUCT: Final = {WordKind.ROUTE, WordKind.FORM}
# What the allergy part of another list must not be taken for: that list's own "none".
_OF_ANOTHER_LIST: Final = {WordKind.NONE, WordKind.NO_DRUG_ALLERGY}


@frozen
class Piece:
    """A known name or word where it stands in an entry.

    Attributes:
        meaning: what it stands for.
        start: number of its first token.
        end: number of the token behind its last.
        token: its first token.
        indicated: whether it stands behind "for" or the like, as a reason for a medicine.
        partial: whether it may be part of a longer name that is not known.

    """

    meaning: Meaning
    start: int
    end: int
    token: Token
    indicated: bool = False
    partial: bool = False

    @property
    def word(self) -> WordKind | None:
        """What it does, if it names nothing."""
        return self.meaning.word

    @property
    def is_name(self) -> bool:
        """Whether it names something."""
        return self.meaning.word is None


@frozen
class Read:
    """An entry in pieces; `unknown` are the numbers of the tokens that are not understood."""

    list_field: str
    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    unknown: tuple[int, ...]
    names: tuple[Piece, ...] = field(init=False)
    _words: Mapping[WordKind, list[Piece]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        names = tuple(piece for piece in self.pieces if piece.is_name)
        object.__setattr__(self, "names", names)
        words: dict[WordKind, list[Piece]] = {}
        for piece in self.pieces:
            if piece.word is not None:
                words.setdefault(piece.word, []).append(piece)
        object.__setattr__(self, "_words", words)

    def words(self, kind: WordKind) -> Sequence[Piece]:
        """Return the pieces that are words of a kind."""
        return self._words.get(kind, ())

    def runs(self) -> Iterator[str]:
        """Yield the words that are not understood, those side by side together."""
        for _, run in groupby(enumerate(self.unknown), lambda pair: pair[1] - pair[0]):
            yield " ".join(self.tokens[at].text for _, at in run)


def read_pieces(tokens: tuple[Token, ...], field: str, lexicon: Lexicon) -> Read:
    """Return the names and words of an entry that are known, and the tokens that are not."""
    tokens = rejoined(tokens, field, lexicon)
    reader = _Reader(tokens, field, lexicon)
    reader.read()
    unknown = frozenset(reader.unknown)
    pieces = [
        evolve(piece, partial=True)
        if piece.is_name
        and (_compound(piece, tokens, unknown, field) or _abbreviates(piece, tokens, lexicon))
        else piece
        for piece in reader.pieces
    ]
    if field in PRODUCT_FIELDS:
        for at, meaning in combined(_in_groups(pieces, tokens), field, lexicon).items():
            pieces[at] = evolve(pieces[at], meaning=meaning)
    return Read(field, tokens, tuple(pieces), tuple(reader.unknown))


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
        if not piece.is_name or piece.indicated:
            continue
        if before is None or not _stroke_between(before, piece, tokens):
            group += 1
        before = piece
        yield at, " ".join(token.text for token in tokens[piece.start : piece.end]), group


def _stroke_between(one: Piece, other: Piece, tokens: tuple[Token, ...]) -> bool:
    between = tokens[one.end : other.start + 1]
    return one.token.item == other.token.item and any(token.stroke for token in between)


class _Reader:
    def __init__(self, tokens: tuple[Token, ...], field: str, lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.texts = tuple(token.text for token in tokens)
        self.field = field
        self.lexicon = lexicon
        self.pieces: list[Piece] = []
        self.unknown: list[int] = []
        self.allergic = self._allergic_clauses()
        self.indication = self.taken = self.allergy = -1

    def read(self) -> None:
        """Read the tokens from left to right."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            indicated = self.indication == token.clause
            found = self._find(at, token, indicated=indicated)
            if found is None:
                # "Ramipril plus" has something added that is not named.
                joins = token.text in BETWEEN and at + 1 < len(self.tokens)
                silent = self._other(at) or self._times(at) or self._strength(at)
                if not (token.number or joins or silent):
                    self.unknown.append(at)
                at += 1
                continue
            length, meaning = found
            if meaning.word is WordKind.INDICATION:
                self.indication = token.clause
            elif meaning.word is WordKind.NOW:
                self.taken = token.clause
            elif meaning.word is WordKind.ALLERGY:
                self.allergy = token.sentence
            elif meaning.word is WordKind.UNSAID and token.joined:
                meaning = SILENT  # "Thyroxine-Na": sodium
            elif meaning.is_name and not self.lexicon.classes.isdisjoint(meaning.concepts):
                # "Diabetes on insulin and metformin": the first words are one name.
                self.taken = token.clause
            self.pieces.append(Piece(meaning, at, at + length, token, indicated=indicated))
            at += length

    def _strength(self, at: int) -> bool:
        """Whether this is a number with its unit that some name holds as one word: "24hr"."""
        parts = parts_of(self.texts[at])
        return len(parts) > 1 and all(
            part[0].isdigit()
            or ((found := self.lexicon.match(self.field, (part,), 0)) and not found[1].is_name)
            for part in parts
        )

    def _times(self, at: int) -> bool:
        """Whether this is a sign beside a number: "2 x 300 mg", "x 10 years"."""
        beside = self.tokens[max(at - 1, 0) : at + 2]
        return self.texts[at] == "x" and any(token.text[0].isdigit() for token in beside)

    def _other(self, at: int) -> bool:
        """Whether this begins the title of a class of diseases: "Other hypothyroidism"."""
        if self.texts[at] != "other" or self.field != "conditions" or at + 1 == len(self.texts):
            return False
        found = self._match(self.field, at + 1)
        return at == 0 and found is not None and found[1].is_name

    def _find(self, at: int, token: Token, *, indicated: bool) -> tuple[int, Meaning] | None:
        if self.field in PRODUCT_FIELDS:
            return self._find_product(at, indicated=indicated)
        if token.clause in self.allergic:
            found = self._match("allergies", at)
            if found is None or found[1].word not in _OF_ANOTHER_LIST:
                return found
            # "No milk allergy" denies it; "allergies: none" speaks of the other list.
            one_word = found[0] == 1 and found[1].word is WordKind.NONE
            denies = one_word and self._names_allergen(token.clause)
            return found[0], evolve(found[1], word=WordKind.NEGATED) if denies else SILENT
        found = self._match(self.field, at)
        if found is None and self.allergy == token.sentence:
            # "Allergic to eggs, milk": the list goes on behind the comma.
            found = self._match("allergies", at)
        if found is None and self.field == "conditions" and self.taken == token.clause:
            # "Diabetes, on metformin": a medicine among the conditions.
            found = self._match("medications", at)
            if found and not self.lexicon.is_medicine(found[1]):
                return None
        return found

    def _names_allergen(self, clause: int) -> bool:
        return any(
            token.clause == clause and (found := self._match("allergies", at)) and found[1].is_name
            for at, token in enumerate(self.tokens)
        )

    def _find_product(self, at: int, *, indicated: bool) -> tuple[int, Meaning] | None:
        """Find a product, or behind "for" the reason for it, which is a fact of its own."""
        found = self._match(self.field, at)
        reason = self._match("conditions", at)
        if reason is None or reason[1].word is not None:
            return found
        if found is None:
            return reason if indicated else None
        if reason[0] <= found[0] or not found[1].is_name:
            return found
        # "Insulin resistance" is no insulin; but "on" stays a word in "on warfarin".
        return reason if indicated else None

    def _match(self, field: str, at: int) -> tuple[int, Meaning] | None:
        """Find the longest name or word at a token that is not a list of several."""
        found = self.lexicon.match(field, self.texts, at)
        if found is None:
            return None
        length, meaning = found
        ends = [
            i
            for i in range(at + 1, at + length)
            if self.tokens[i].apart
            and (meaning.is_name or self.tokens[i].clause != self.tokens[at].clause)
        ]
        if not ends or (meaning.is_name and self._is_one(field, meaning, [at, *ends, at + length])):
            return found
        return self.lexicon.match(field, self.texts, at, ends[0] - at)

    def _is_one(self, field: str, meaning: Meaning, ends: list[int]) -> bool:
        """Whether the parts of a name mean nothing that the whole name does not."""
        whole = self.lexicon.told_by(meaning)
        for start, end in pairwise(ends):
            part = self.lexicon.match(field, self.texts, start, end - start)
            if part and part[1].is_name and not self.lexicon.told_by(part[1]) <= whole:
                return False
        return True

    def _allergic_clauses(self) -> frozenset[int]:
        """Return the clauses of another list that speak of an allergy."""
        found = set()
        at = 0
        while self.field in ("conditions", "symptoms") and at < len(self.tokens):
            match = self.lexicon.match(self.field, self.texts, at)
            if match and match[1].word is WordKind.ALLERGY:
                found.add(self.tokens[at].clause)
            at += match[0] if match else 1
        return frozenset(found)


def _compound(piece: Piece, tokens: tuple[Token, ...], unknown: frozenset[int], field: str) -> bool:
    """Whether a name may be part of another thing's name: "anti-insulin", "coconut milk"."""
    before = piece.start - 1 in unknown and not piece.token.apart
    after = piece.end in unknown and not tokens[piece.end].apart
    return (
        (before and piece.token.joined)
        or (after and tokens[piece.end].joined and not _is_suffix(tokens[piece.end].text))
        or (field == "allergies" and (before or after))
    )


def _abbreviates(piece: Piece, tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether it stands in brackets for the words before: "mitral stenosis (MS)" is not MS."""
    letters = piece.token.text
    start = piece.start - len(letters)
    if piece.end - piece.start > 1 or start < 0 or not piece.token.bracket:
        return False
    if tokens[piece.start - 1].bracket == piece.token.bracket:
        return False
    spelt = tokens[start : piece.start]
    if "".join(token.text[0] for token in spelt) != letters:
        return False
    texts = tuple(token.text for token in spelt)
    return not any(
        (found := lexicon.match(field, texts, 0))
        and found[0] == len(texts)
        and lexicon.told_by(piece.meaning) & lexicon.told_by(found[1])
        for field in LIST_FIELDS
    )


def _is_suffix(text: str) -> bool:
    """Whether this may be the ending that tells biological medicines apart ("-aqvh")."""
    return len(text) == 4 and text.isalpha()
