"""Finds words of a form that acts in the whole body, beside the name of one that does not.

"Hydrocortisone cream, 20 mg by mouth daily" is a cream and tablets. What is said of the one form
must not hide the other, so neither is certain where both may be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["LOCAL", "OUTSIDE", "by_mouth", "whole_body"]

LOCAL: Final = frozenset({"ear", "eye", "inhaled", "mouth", "nose", "rectal", "skin", "vaginal"})
"""The routes by which a medicine may act where it is given alone."""

OUTSIDE: Final = frozenset({"ear", "eye", "nose", "skin"})
"""Those of them by which nobody takes an amount in milligrams."""

# The text that is read has no accents.
_FORMS: Final = re.compile(
    r"\b(?:tab(?:let)?s?|tabletten?|caps?|capsules?|kapseln?|compresse|comprimes?|comprimidos?|"
    r"compresa|capsulas?|gelules?|cachets?|pastillas?|cpr?s?|cp|pills?|po|p\.o|per os|oral|orally|"
    r"by mouth|swallowed|iv|i\.v|im|sc|subcut\w*|inje[ck]\w*|inyec\w*|iniez\w*|infusi?on\w*|infuus|"
    r"perfusion|spritzen?|dragees?)\b"
)
# Of a solution or cream an amount is that in a gram or millilitre.
_AMOUNT: Final = re.compile(
    r"\d\s?mg\b(?!\s?(?:/|per\b)(?!\s?(?:d|day|die|tag|jour|dia|giorno|dag|24)\b))"
)
# "1-0-1": so many pieces in the morning, at noon and in the evening.
_SCHEME: Final = re.compile(r"(?<![\d-])\d\s?-\s?\d\s?-\s?\d(?!\d)")
_CUT: Final = re.compile(
    r"[,;:|/+&(\n\t]|\.\s|\s[-–—]\s|\s{2,}|\b(?:and|also|then|plus|with|as well|und|dann|mit|et|"
    r"puis|avec|y|con|luego|e|com|poi|en|met|dan)\b"
)
_SLIP: Final = re.compile(r"\A {2,}(?=\S)")


def whole_body(plain: str, names: Iterable[tuple[int, int]]) -> bool:
    """Return whether words outside the names tell a form for the whole body, or may.

    Args:
        plain: the text that is read.
        names: where each name begins and ends in it.

    """
    return any(
        _FORMS.search(rest) or (_AMOUNT.search(rest) and apart)
        for rest, apart in _rests(plain, sorted(names))
    )


def by_mouth(plain: str, end: int, form: int) -> bool:
    """Return whether a name has a dose as tablets have, so that a form may be another's.

    So it has by an amount in milligrams, and by a scheme before the form: "ciclosporin 1-0-1
    eye drops".

    Args:
        plain: the text that is read.
        end: where the name ends in it.
        form: where a form begins that is told of it, by which nobody takes milligrams.

    """
    return bool(_AMOUNT.search(plain, end) or _SCHEME.search(plain, end, max(end, form)))


def _rests(plain: str, names: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield what stands between names in pieces, and whether a sign cuts it from its name."""
    at = 0
    for start, end in [*names, (len(plain), len(plain))]:
        # Two blanks behind a name are no more than one.
        first, *others = _CUT.split(_SLIP.sub(" ", plain[at:start]))
        yield first, False
        yield from ((one, at > 0) for one in others)
        at = max(at, end)
