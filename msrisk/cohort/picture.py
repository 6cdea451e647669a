"""Draws counts as bars in SVG, which needs no script and can be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

__all__ = ["Bar", "bars"]

_ROW: Final = 26
_LABEL: Final = 430
_SIGNS: Final = 60  # of a label, which has room for no more
_WIDTH: Final = 930
_COUNT: Final = 150
# No green: no level says that there is nothing to fear.
_COLOURS: Final = {
    "urgent": "#8f0020",
    "contraindicated": "#d5002b",
    "caution": "#c77700",
    "undetermined": "#9a4fd0",
    "inform": "#2f7fd0",
    "no-finding": "#808080",
}


class Bar(NamedTuple):
    """One row: its label, what is certain, what is open besides, and its level."""

    label: str
    solid: int
    open: int = 0
    level: str = "no-finding"


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Return rows of bars; what is open is drawn as an outline behind what is certain.

    Args:
        title: what is counted, and what is certain of it and what is open.
        rows: from the top down.

    """
    most = max((one.solid + one.open for one in rows), default=0) or 1
    room = _WIDTH - _LABEL - _COUNT
    height = _ROW * len(rows) + 8
    out = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}"',
        ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13"',
        ' fill="currentColor">',
        f"<title>{escape(title)}</title>",
    ]
    for at, one in enumerate(rows):
        y, colour = at * _ROW + 4, _COLOURS[one.level]
        solid, open_ = room * one.solid / most, room * one.open / most
        text = f"{one.solid:,} + {one.open:,}" if one.open else f"{one.solid:,}"
        label = one.label if len(one.label) <= _SIGNS else f"{one.label[: _SIGNS - 1]}…"
        out += [
            f'<text x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{_LABEL}" y="{y}" width="{solid:.1f}" height="{_ROW - 6}" fill="{colour}"/>',
            f'<rect x="{_LABEL + solid:.1f}" y="{y + 0.5}" width="{open_:.1f}"',
            f' height="{_ROW - 7}" fill="none" stroke="{colour}" stroke-dasharray="3 2"/>',
            f'<text x="{_LABEL + solid + open_ + 6:.1f}" y="{y + 15}">{escape(text)}</text>',
        ]
    return "\n".join([*out, "</svg>"])
