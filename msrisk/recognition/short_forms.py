"""Decides which short forms stand for something else than they do alone, by brackets."""

from __future__ import annotations

from typing import Final

from msrisk.model.profile import LIST_FIELDS
from msrisk.recognition.items import Token, is_behind_dash
from msrisk.recognition.lexicon import Lexicon
from msrisk.recognition.pieces import Piece

__all__ = ["means_other"]

# In brackets behind an illness it marks what counts for payments, a "hierarchical condition
# category", in one record system.
_MARK: Final = "hcc"
_FAR: Final = (
    3  # words from which on a short form is spelt out: "severe congenital mitral stenosis"
)


def means_other(piece: Piece, plain: str, tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a name may stand for something else: "mitral stenosis (MS)", "diabetes (HCC)"."""
    letters = piece.token.text
    if piece.end - piece.start > 1:
        return False
    here, place = piece.start, piece.token.bracket
    if place and here and tokens[here - 1].bracket != place:
        if letters == _MARK:
            return tokens[here + 1 : here + 2] == () or tokens[here + 1].bracket != place
        spelt = tokens[max(here - len(letters), 0) : here]
        if _begin_with(letters, spelt) and not _told_by(piece, spelt, lexicon):
            return True
    # It may be spelt out behind: in brackets, or after a dash.
    runs = (tokens[at : at + len(letters)] for at in _explained(piece, plain, tokens))
    return any(
        _begin_with(letters, spelt) and _told_by(piece, spelt, lexicon) is False for spelt in runs
    )


def _explained(piece: Piece, plain: str, tokens: tuple[Token, ...]) -> range:
    """Return where words may begin that say what a short form right before them stands for."""
    first = end = piece.end
    if first == len(tokens):
        return range(0)
    behind, here = tokens[first].bracket, piece.token.bracket
    if not (is_behind_dash(plain, tokens[first]) if behind == here else behind):
        return range(0)
    most = min(len(tokens), first + _FAR)
    while end < most and tokens[end].bracket == behind:
        end += 1
    return range(first, end)


def _begin_with(letters: str, spelt: tuple[Token, ...]) -> bool:
    return "".join(token.text[0] for token in spelt) == letters


def _told_by(piece: Piece, spelt: tuple[Token, ...], lexicon: Lexicon) -> bool | None:
    """Whether words are a name that tells a part of what a piece tells; None if they are none."""
    texts = tuple(token.text for token in spelt)
    found = [lexicon.match(field, texts, 0) for field in LIST_FIELDS]
    names = [one[1] for one in found if one and one[0] == len(texts) and one[1].is_name]
    told = lexicon.told_by(piece.meaning)
    return any(told & lexicon.told_by(name) for name in names) if names else None
