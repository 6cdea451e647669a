"""Defines a piece: a name or word of an entry, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from attrs import define, field

from msrisk.model.concepts import WordKind
from msrisk.model.profile import PRODUCT_FIELDS
from msrisk.recognition.items import Token
from msrisk.recognition.meaning import Elsewhere, Meaning

__all__ = ["ALLERGEN", "PRODUCT_FIELDS", "Piece", "REACTIONS", "Read", "SILENT"]

ALLERGEN: Final = "allergen"
"""The home of what words of allergy speak of, in whatever field."""

REACTIONS: Final = frozenset(
    {
        "anaphylaxis",
        "difficulty-breathing",
        "face-or-throat-swelling",
        "hives",
        "itching",
        "skin-rash",
        "swelling",
        "urticaria",
        "epinephrine",
    }
)
"""What an allergy does, and what is carried against that."""

# "No allergies" among the conditions: it says nothing of conditions.
SILENT: Final = Meaning("", word=WordKind.FILLER)


class Piece(NamedTuple):
    """A known name or word where it stands in an entry.

    Attributes:
        meaning: what it stands for.
        start: number of its first token.
        end: number of the token behind its last.
        token: its first token.
        home: the field of whose vocabulary it is.
        others: what it names in other fields besides.
        indicated: whether it stands behind "for" or the like, as a reason for a medicine.
        taken: whether the words before or behind it say that it is taken, or had.
        aside: whether it stands in brackets or behind a dash.
        passed_over: whether the field has it as a word that says nothing.
        partial: whether it may be part of a longer name that is not known.
        combined: whether it is a part of a combination that is named by its parts.

    """

    meaning: Meaning
    start: int
    end: int
    token: Token
    home: str
    others: tuple[Elsewhere, ...] = ()
    indicated: bool = False
    taken: bool = False
    aside: bool = False
    passed_over: bool = False
    partial: bool = False
    combined: bool = False

    @property
    def word(self) -> WordKind | None:
        """What it does, if it names nothing."""
        return self.meaning.word

    @property
    def ids(self) -> tuple[str, ...]:
        """What it names, and what it may stand for besides."""
        return (*self.meaning.named, *self.meaning.possible)

    @property
    def is_name(self) -> bool:
        """Whether it names something."""
        return self.meaning.word is None


@define(eq=False)
class Read:
    """An entry in pieces.

    Attributes:
        list_field: the field that it stands in.
        plain: the text that was read.
        tokens: its words and numbers.
        pieces: the names and words that are known.
        unknown: numbers of the tokens that are not understood.
        second: names of a second reading, which the first does not tell.
        phrases: names of other fields that begin with a word of this one: "tablets for diabetes".
        names: the pieces that name something.
        said: the other pieces, by the kind of word that they are.

    """

    list_field: str
    plain: str
    tokens: tuple[Token, ...]
    pieces: tuple[Piece, ...]
    unknown: tuple[int, ...]
    second: tuple[Piece, ...] = ()
    phrases: tuple[Piece, ...] = ()
    names: tuple[Piece, ...] = field(init=False)
    said: Mapping[WordKind, Sequence[Piece]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        names: list[Piece] = []
        said: dict[WordKind, list[Piece]] = {}
        for piece in self.pieces:
            word = piece.meaning.word
            if word is None:
                names.append(piece)
            elif word in said:
                said[word].append(piece)
            else:
                said[word] = [piece]
        self.names = tuple(names)
        self.said = said

    def words(self, kind: WordKind) -> Sequence[Piece]:
        """Return the pieces that are words of a kind."""
        return self.said.get(kind, ())

    def runs(self) -> Iterator[str]:
        """Yield the words that are not understood, those side by side together."""
        for _, run in groupby(enumerate(self.unknown), lambda pair: pair[1] - pair[0]):
            yield " ".join(self.tokens[at].text for _, at in run)
